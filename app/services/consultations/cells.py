"""What people write into the cells of a department's sheet, as the schema takes it (Art. 17).

Whatever is not one of the known writings is handed on as it stands, for the schema to refuse. Nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from app.kernel.chinese import simplified
from app.kernel.workbooks import Uncomputed
from app.measures import sentences
from app.measures.facts import RecordCategory
from app.measures.text import Text, readable

ANSWERS = {"无不良记录": "no_objection", "有不良记录": "adverse", "不适用": "not_applicable"}


_TICKS = "√✓✔☑"


_CROSSES = "×✗✘☒"


# What stands in a cell so that it is not empty. In the column of the answer "none" and a stroke are one (see below).
_NOTHING = ("无", "没有", "/", "\\", "-", "--", "—", "——", "–")


# "None", a stroke and a tick answer the question whether there is nothing (interpretation `consultation_tick`).
_ANSWERS = {
    **ANSWERS,
    **{code: code for code in ANSWERS.values()},
    **dict.fromkeys(("无", "没有", "无记录", "无意见", "无异议", "没有意见", "/", "v", *_TICKS), "no_objection"),
    **dict.fromkeys(("未发现", "未发现不良记录", "无不良行为", "未发现不良行为"), "no_objection"),
    **dict.fromkeys(("没有发现", "没有发现不良记录", "没有不良记录", "没有异议"), "no_objection"),
    "有": "adverse",
}


_YES_OR_NO: dict[str, bool] = {
    **dict.fromkeys(("是", "已", "已整改", "true", "yes", "y", "1", *_TICKS), True),
    **dict.fromkeys(("否", "未", "未整改", "false", "no", "n", "0", *_CROSSES), False),
}


# The categories of Art. 13(6) by the words that the sheet shows; their codes, and the letters that sheets of former
# years had, are understood too.
CATEGORIES = {sentences.label("category", category, "zh"): category.value for category in RecordCategory}


_LETTERS = {letter: category.value for letter, category in zip("abcdefgh", RecordCategory, strict=True)}
_CATEGORIES = {
    **CATEGORIES,
    **{category.value: category.value for category in RecordCategory},
    **_LETTERS,
    **dict.fromkeys(("抽查不合格", "抽检不合格", "监督抽检不合格"), RecordCategory.FAILED_INSPECTION.value),
}
# A letter before its word; where the two are of different categories, neither is taken.
_LETTERED = re.compile(r"[(]?([a-h])[)、.:．]*(?=[^a-z])(.+)")


# What a cell takes, in the words of the sheet itself.
_DAYS = Text(
    "请填写日期，如 2023-05-06、2023/5/6、2023.5.6 或 2023年5月6日",
    "Must be a day, as 2023-05-06, 2023/5/6, 2023.5.6 or 2023年5月6日",
)
WANTED = {
    "answer": Text(
        f"请填写{'、'.join(ANSWERS)}之一；“无”“/”或“√”即为无不良记录",
        f"Must be one of {', '.join(ANSWERS)}; 无, / or √ says that there is none",
    ),
    "category": Text(f"请填写以下事项之一：{'、'.join(CATEGORIES)}", f"Must be one of {', '.join(CATEGORIES)}"),
    "occurred_on": _DAYS,
    "determined_on": _DAYS,
    "rectified": Text("请填写“是”或“否”，打“√”即为是", "Must be 是 or 否; √ says yes"),
}


# The separators of one day are the same; blanks may stand on both sides of each.
_BETWEEN = re.compile(r"\s*([-/.—–、·\\年月日号])\s*")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MIDNIGHT = re.compile(r"\s+0{1,2}:00(?::00)?$")
_DAY = re.compile(r"(\d{4})(?:([-/.—–、·\\])(\d{1,2})\2(\d{1,2})[日号]?|年(\d{1,2})月(\d{1,2})[日号]?)")
# Eight digits that begin as a year of ours does; the day of the week put to a day.
_IN_ONE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_STOP = re.compile(r"[.。,，;；]+$")
_WEEKDAY = re.compile(r"\s*[(]?(?:星期|周)[一二三四五六日天][)]?$")
# A day in Chinese numerals throughout.
_DIGITS = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零o", "0")
_IN_CHINESE = re.compile(
    rf"([{''.join(_DIGITS)}]{{4}})年([一二三四五六七八九十]{{1,3}})月([一二三四五六七八九十]{{1,3}})[日号]"
)


# What stands before an answer in words: that it was looked into, and whom it is about.
_FOUND_OUT = re.compile(
    r"^经(?:我局|本局|我单位)?(?:核查|核实|查询|查证|审核|调查|查|核)后?[,:]?(?=.)"
    r"(?:(?:该|其|贵)(?:单位|企业|公司|组织)?(?:近三年|近3年|三年内|3年内)?(?:暂|均)?(?=.))?"
)


# Around a word, and saying nothing of it.
_TICKED = re.compile(rf"^[{_TICKS}]|[(]?[{_TICKS}][)]?$")
_AROUND = re.compile(r"^[(\[【〔“\"]+|[)\]】〕”\"。.,;、!]+$")


def plain(cell: object) -> object:
    """A cell of text: trimmed, a number as it is written, a day in ISO; null for nothing that can be read."""
    if isinstance(cell, Uncomputed):
        return cell
    if isinstance(cell, datetime | date):
        return day(cell)
    if isinstance(cell, bool):
        return cell
    text = "" if cell is None else str(cell).strip()
    return text if readable(text) else None


def is_no_day(value: object) -> bool:
    """Whether it is written as a day that the calendar does not have."""
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return False
    try:
        date(*map(int, found.groups()))
    except ValueError:
        return True
    return False


def said(cell: object) -> object:
    """As `plain`; null also for a stroke or a word that only says that there is nothing."""
    text = plain(cell)
    return None if isinstance(text, str) and _word(text) in _NOTHING else text


def day(cell: object) -> object:
    """A day as ISO text: a cell that the spreadsheet itself takes for a day, or one of the ways in which a day is
    written. A bare number stays one: whether it was meant as a day only its writer knows."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    text = _BETWEEN.sub(r"\1", _MIDNIGHT.sub("", _WEEKDAY.sub("", _STOP.sub("", simplified(_simple(cell))))))
    found, chinese = _DAY.fullmatch(text) or _IN_ONE.fullmatch(text), _IN_CHINESE.fullmatch(text)
    if chinese is not None:
        year, month, of_month = ("".join(_DIGITS[sign] for sign in chinese[1]), _tens(chinese[2]), _tens(chinese[3]))
    elif found is not None:
        year, *parts = found.groups()
        month, of_month = (part for part in parts if part is not None and part.isdigit())
    else:
        return said(cell)
    return f"{year}-{month:0>2}-{of_month:0>2}"


def answer(cell: object) -> object:
    """The answer's code; how it was found out, and of whom, may be said before it."""
    told = plain(cell)
    bare = _FOUND_OUT.sub("", _word(told)) if isinstance(told, str) else ""
    return _ANSWERS.get(bare) or _known(told, _ANSWERS)


def category(cell: object) -> object:
    """The category's code, by its word, its letter, or both where they agree."""
    told = said(cell)
    found = _LETTERED.fullmatch(_word(told)) if isinstance(told, str) else None
    if found is not None and _CATEGORIES.get(found[2]) == _LETTERS[found[1]]:
        return _LETTERS[found[1]]
    return _known(told, _CATEGORIES)


def yes_or_no(cell: object) -> object:
    """True or false."""
    return cell if isinstance(cell, bool) else _known(said(cell), _YES_OR_NO)


def heading(cell: object) -> str:
    """A heading without case, width and blanks, so that a line break in it does not matter."""
    return "".join(_simple("" if cell is None else str(cell)).split())


def _simple(text: str) -> str:
    """Without case and width, and without what shows nothing."""
    shown = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isspace() or readable(char))
    return shown.strip().casefold()


def _word(text: str) -> str:
    """A word in simplified characters, without case, width and blanks, the brackets around it, the tick beside it and
    the stop after it."""
    told = simplified(heading(text))
    bare = _AROUND.sub("", told)
    return _TICKED.sub("", bare) or bare or told


def _known(text: object, writings: Mapping[str, object]) -> object:
    return writings.get(_word(text), text) if isinstance(text, str) else text


def _tens(numeral: str) -> str:
    """A number below 100 in Chinese numerals, in digits; the numeral itself where it is none."""
    if "十" not in numeral:
        return _DIGITS.get(numeral, numeral)
    tens, _, ones = numeral.partition("十")
    return _DIGITS.get(tens or "一", tens) + _DIGITS.get(ones or "〇", ones)
