"""A department's batch as a spreadsheet (Art. 17): out to be filled in, in again to be read, never trusted.

Reading and writing are work for a thread; here is no event loop and no database.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import xlsxwriter
from openpyxl import load_workbook

from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import FieldError, Invalid, TooLarge
from app.kernel.files import modest_directory
from app.measures import sentences
from app.measures.facts import RecordCategory
from app.measures.findings import Text
from app.services.applications.under_review import last_day
from app.services.consultations.open_consultations import Asked

MAX_ROWS = 20_000


_MAX_UNPACKED = 64 << 20


_MAX_MEMBERS = 200


MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# Key → heading and width. The key stands in the heading, so that columns may be moved about.
_COLUMNS = {
    "consultation_id": ("征询编号", 38),
    "code": ("统一社会信用代码", 22),
    "name": ("组织名称", 32),
    "period_from": ("期间起", 12),
    "period_to": ("期间止", 12),
    "categories": ("征询事项", 40),
    "due_on": ("答复期限", 12),
    "answer": ("答复", 16),
    "category": ("事项", 24),
    "fact": ("事实", 40),
    "basis": ("依据", 24),
    "occurred_on": ("发生日期", 12),
    "determined_on": ("认定日期", 12),
    "rectified": ("是否已整改", 12),
    "remark": ("备注", 24),
}


_FILLED_IN = ("answer", "category", "fact", "basis", "occurred_on", "determined_on", "rectified", "remark")


_RECORD = ("category", "fact", "basis", "occurred_on", "determined_on", "rectified")


ANSWERS = {"无不良记录": "no_objection", "有不良记录": "adverse", "不适用": "not_applicable"}


_YES = {"是": True, "true": True, "1": True, "yes": True, "否": False, "false": False, "0": False, "no": False}


# The categories of Art. 13(6) by the words that the sheet shows; their codes are understood too.
_CATEGORIES = {sentences.label("category", category, "zh"): category.value for category in RecordCategory}


_EXPLAINED = (
    "在“答复”栏填写：无不良记录（no_objection）、有不良记录（adverse）或不适用（not_applicable）。空白表示暂不答复。",
    "有不良记录的，另填事项、事实、依据、发生日期或认定日期（如2023-05-06）；同一征询有多条记录的，复制该行逐条填写。",
    f"事项（第十三条第六项）：{'；'.join(_CATEGORIES)}。",
    "Fill in `answer`; for `adverse` also category, fact and one of the two days; copy a row for a further record.",
)


# A cell as the schema takes it: trimmed text, ISO dates, null for nothing.
Cell: TypeAlias = str | bool | None


@dataclass(frozen=True, slots=True)
class FilledRow:
    """An answer as it was filled in: the sheet's row of its beginning (from 1), and raw values and records for the
    schema to judge."""

    row: int
    values: dict[str, Cell]
    records: list[dict[str, Cell]]


def write_sheet(asked: Sequence[Asked], *, made_at: datetime) -> bytes:
    """The workbook of a batch. Text is written as text: a name that begins with `=` is no formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "征询意见表", "created": made_at.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet("征询"), book.add_format({"bold": True, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        for number, (key, (heading, width)) in enumerate(_COLUMNS.items()):
            sheet.set_column(number, number, width, text)
            sheet.write_string(0, number, f"{heading} {key}", bold)
        for line, item in enumerate(asked, start=1):
            for number, value in enumerate(_shown(item)):
                sheet.write_string(line, number, value, text)
        sheet.freeze_panes(1, 3)
        answer = list(_COLUMNS).index("answer")
        sheet.data_validation(1, answer, max(len(asked), 1) * 3, answer, {"validate": "list", "source": list(ANSWERS)})
        help_sheet = book.add_worksheet("填写说明")
        help_sheet.set_column(0, 0, 120)
        for line, sentence in enumerate(_EXPLAINED):
            help_sheet.write_string(line, 0, sentence)
    return out.getvalue()


def read_sheet(data: bytes) -> list[FilledRow]:
    """The answers of a workbook, rows of one consultation together; rows without an answer are left out.

    Raises `Invalid` for what is no such workbook, `TooLarge` for one that unpacks to too much or has too many rows.
    """
    _check_package(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        lines = list(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=40, values_only=True))
        book.close()
    # A damaged file breaks the reading library in as many ways as there are damages; none of them is ours.
    except Exception as error:
        raise _unreadable() from error
    return _answers(_filled(lines))


def _shown(item: Asked) -> Iterator[str]:
    row = item.row
    yield str(row.id)
    yield item.code
    yield item.name
    yield row.period_from.isoformat()
    yield row.period_to.isoformat()
    yield "、".join(sentences.label("category", category, "zh") for category in row.categories)
    yield last_day(row.due_at).isoformat()


def _check_package(data: bytes) -> None:
    if not modest_directory(io.BytesIO(data)):
        raise _unreadable()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _unreadable() from error
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise TooLarge(Text("表格展开后过大", "The workbook unpacks to too much"))


def _filled(lines: Sequence[tuple[object, ...]]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Row number and values of every row that is filled in."""
    if not lines:
        raise _unreadable()
    keys = [str(cell or "").strip().split(" ")[-1] for cell in lines[0]]
    places = {key: number for number, key in enumerate(keys) if key in _COLUMNS}
    missing = [key for key in ("consultation_id", *_FILLED_IN) if key not in places]
    if missing:
        text = Text("缺少列，请使用导出的表格填写", "Columns are missing: fill in the exported sheet")
        raise Invalid(text, errors=[FieldError(f"/columns/{key}", FieldCode.REQUIRED, text) for key in missing])
    if len(lines) > MAX_ROWS + 1:
        raise TooLarge(Text(f"表格超过{MAX_ROWS}行", f"The sheet has more than {MAX_ROWS} rows"))
    for number, line in enumerate(lines[1:], start=2):
        values = {key: _plain(line[place] if place < len(line) else None) for key, place in places.items()}
        if any(values[key] is not None for key in _FILLED_IN):
            yield number, values


def _answers(rows: Iterator[tuple[int, dict[str, Cell]]]) -> list[FilledRow]:
    """Rows of one consultation become one answer with several records; contradictory ones stay apart, to be refused."""
    answers: list[FilledRow] = []
    adverse: dict[Cell, FilledRow] = {}
    for number, values in rows:
        answer = _word(ANSWERS, values["answer"])
        consultation_id = values["consultation_id"]
        record = {name: values[name] for name in _RECORD if values[name] is not None}
        if "category" in record:
            record["category"] = _word(_CATEGORIES, record["category"])
        rectified = record.get("rectified")
        if isinstance(rectified, str):
            record["rectified"] = _YES.get(rectified.lower(), rectified)
        filled = adverse.get(consultation_id) if answer == "adverse" else None
        if filled is None:
            filled = FilledRow(number, {"consultation_id": consultation_id, "answer": answer}, [])
            answers.append(filled)
            if answer == "adverse":
                adverse[consultation_id] = filled
        if record:
            filled.records.append(record)
        if values["remark"] is not None:
            filled.values["remark"] = values["remark"]
    return answers


def _word(words: Mapping[str, str], cell: Cell) -> Cell:
    return words.get(cell, cell) if isinstance(cell, str) else cell


def _plain(cell: object) -> Cell:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return cell
    text = "" if cell is None else str(cell).strip()
    return text or None


def _unreadable() -> Invalid:
    return Invalid(
        Text("不是可读的 XLSX 表格，请使用导出的表格填写", "Not a readable XLSX sheet; fill in the exported one"),
        code=ProblemCode.UNREADABLE_SHEET,
    )
