"""What people write into the cells of a department's sheet, as the schema takes it (Art. 17).

Whatever is not one of the known writings is handed on as it stands, for the schema to refuse. Nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from app.measures import sentences
from app.measures.facts import RecordCategory
from app.measures.text import readable

ANSWERS = {"无不良记录": "no_objection", "有不良记录": "adverse", "不适用": "not_applicable"}


_TICKS = "√✓✔☑"


_CROSSES = "×✗✘☒"


# "None" and a tick answer the question whether there is nothing (interpretation `consultation_tick`).
_ANSWERS = {
    **ANSWERS,
    **{code: code for code in ANSWERS.values()},
    **dict.fromkeys(("无", "没有", "无记录", *_TICKS), "no_objection"),
    "有": "adverse",
}


_YES_OR_NO: dict[str, bool] = {
    **dict.fromkeys(("是", "已", "已整改", "true", "yes", "y", "1", *_TICKS), True),
    **dict.fromkeys(("否", "未", "未整改", "false", "no", "n", "0", *_CROSSES), False),
}


# The categories of Art. 13(6) by the words that the sheet shows; their codes, and the letters that sheets of former
# years had, are understood too.
CATEGORIES = {sentences.label("category", category, "zh"): category.value for category in RecordCategory}


_CATEGORIES = {
    **CATEGORIES,
    **{category.value: category.value for category in RecordCategory},
    **{letter: category.value for letter, category in zip("abcdefgh", RecordCategory, strict=True)},
}


# The separators of one day are the same.
_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])(?: 0{1,2}:00(?::00)?)?")


def plain(cell: object) -> object:
    """A cell of text: trimmed, a number as it is written, a day in ISO; null for nothing that can be read."""
    if isinstance(cell, datetime | date):
        return day(cell)
    if isinstance(cell, bool):
        return cell
    text = "" if cell is None else str(cell).strip()
    return text if readable(text) else None


def day(cell: object) -> object:
    """A day as ISO text: a cell that the spreadsheet itself takes for a day, or one of the ways in which a day is
    written. A bare number stays one: whether it was meant as a day only its writer knows."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    found = _DAY.fullmatch(_simple(cell))
    if found is None:
        return plain(cell)
    year, _, *parts = found.groups()
    month, of_month = (part for part in parts if part is not None)
    return f"{year}-{month:0>2}-{of_month:0>2}"


def answer(cell: object) -> object:
    """The answer's code."""
    return _known(cell, _ANSWERS)


def category(cell: object) -> object:
    """The category's code."""
    return _known(cell, _CATEGORIES)


def yes_or_no(cell: object) -> object:
    """True or false."""
    return cell if isinstance(cell, bool) else _known(cell, _YES_OR_NO)


def heading(cell: object) -> str:
    """A heading without case, width and blanks, so that a line break in it does not matter."""
    return "".join(_simple("" if cell is None else str(cell)).split())


def _simple(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _known(cell: object, writings: Mapping[str, object]) -> object:
    text = plain(cell)
    return writings.get(heading(text), text) if isinstance(text, str) else text
