"""A department's batch as a spreadsheet (Art. 17): out to be filled in, in again to be read, never trusted.

Writing is work for a thread, reading for a process apart; here is no database.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO

from anyio import to_thread

from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import FieldError, Invalid, TooLarge
from app.kernel.opening import Unreadable
from app.kernel.workbooks import TooLargeUnpacked, Uncomputed, lines_of
from app.measures import sentences
from app.measures.text import Text
from app.services.applications.under_review import last_day
from app.services.consultations import cells
from app.services.consultations.cells import ANSWERS
from app.services.consultations.read_consultations import Asked

MAX_ROWS = 20_000
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
_RECORD = {
    "category": cells.category,
    "fact": cells.said,
    "basis": cells.said,
    "occurred_on": cells.day,
    "determined_on": cells.day,
    "rectified": cells.yes_or_no,
}

# A heading may be the exported one, or its Chinese or its key alone.
_HEADINGS = {cells.heading(text): key for key, (told, _) in _COLUMNS.items() for text in (f"{told} {key}", told, key)}
_MAX_COLUMNS = 40
_EXPLAINED = (
    "在“答复”栏填写：无不良记录（no_objection）、有不良记录（adverse）或不适用（not_applicable）。空白表示暂不答复。",
    "填“无”“/”或打“√”，即为无不良记录；“是否已整改”栏打“√”，即为是。",
    "有不良记录的，另填事项、事实、依据、发生日期或认定日期（如2023-05-06、2023/5/6、2023年5月6日）；"
    "同一征询有多条记录的，复制该行逐条填写。",
    f"事项（第十三条第六项）：{'；'.join(cells.CATEGORIES)}。",
    "Fill in `answer`; for `adverse` also category, fact and one of the two days; copy a row for a further record.",
)

# A title, who fills it in and until when may stand above the headings; covers and copies may lie in front and behind.
_ABOVE = 10
_SHEETS = 20

# What is put to a heading in brackets is a remark.
_REMARK = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")

# A line below the rows begins with one of these, and names nobody.
_BELOW = re.compile(
    "填表|填报|制表|经办|审核|审批|审签|复核|负责人|联系|电话|日期|合计|共计|小计|盖章|签字|签章|单位|备注|注:|说明"
)
_NAMED = ("code", "name", "period_from")


@dataclass(frozen=True, slots=True)
class RowNamed:
    """Whom a row names beside the consultation's id, as it is written there: the value and the address of its cell, by
    `code` and `name`; what the row leaves blank is not among them."""

    pointer: str
    given: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """An answer as it was filled in: where its row begins (`/rows/3`, from 1; `/sheets/2/rows/3` where several sheets
    are filled in), raw values and records for the schema to judge, the address of the cell in which each stands
    (`records/0/fact` → `J3`), and whom each of its rows names."""

    pointer: str
    values: dict[str, object]
    records: list[dict[str, object]]
    cells: dict[str, str]
    named: list[RowNamed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a sheet: number, raw values by key, the places of the columns, and the sheet as faults name it."""

    number: int
    values: dict[str, object]
    places: dict[str, int]
    pointer: str = ""
    prefix: str = ""

    def address(self, key: str) -> str:
        from openpyxl.utils import get_column_letter

        return f"{self.prefix}{get_column_letter(self.places[key] + 1)}{self.number}"


def write_sheet(asked: Sequence[Asked], *, made_at: datetime) -> bytes:
    """The workbook of a batch. Text is written as text: a name that begins with `=` is no formula."""
    import xlsxwriter

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


async def read_sheet(file: IO[bytes]) -> list[FilledRow]:
    """The answers of a workbook, rows of one consultation together; rows without an answer are left out.

    Raises `Invalid` for what is no such workbook, `TooLarge` for one that unpacks to too much or has too many rows,
    `FileTooCostly` past the limits of the process in which it is opened.
    """
    try:
        sheets = await _sheets(file)
    except Unreadable:
        raise _unreadable() from None
    except TooLargeUnpacked:
        raise TooLarge(Text("表格展开后过大", "The workbook unpacks to too much")) from None
    return await to_thread.run_sync(_rows, sheets)


def _rows(sheets: Sequence[_Sheet]) -> list[FilledRow]:
    if sum(len(sheet.lines) for sheet in sheets) > MAX_ROWS + _ABOVE:
        raise TooLarge(Text(f"表格超过{MAX_ROWS}行", f"The sheet has more than {MAX_ROWS} rows"))
    filled = [(sheet, lines) for sheet in sheets if (lines := list(_filled(sheet.lines)))]
    found: list[FilledRow] = []
    for sheet, lines in filled:
        if len(filled) > 1:
            pointer, prefix = f"/sheets/{sheet.number}", f"{sheet.title}!"
            lines = [replace(line, pointer=pointer, prefix=prefix) for line in lines]
        # The same answer once more in a copy of the sheet says nothing new; another one is for the schema to refuse.
        known = [(row.values, row.records) for row in found]
        found += [row for row in _answers(lines) if (row.values, row.records) not in known]
    return found


def _shown(item: Asked) -> Iterator[str]:
    row = item.row
    yield str(row.id)
    yield item.code
    yield item.name
    yield row.period_from.isoformat()
    yield row.period_to.isoformat()
    yield "、".join(sentences.label("category", category, "zh") for category in row.categories)
    yield last_day(row.due_at).isoformat()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the workbook: its number (from 1), title and lines."""

    number: int
    title: str
    lines: list[tuple[object, ...]]


async def _sheets(file: IO[bytes]) -> list[_Sheet]:
    """The sheets that have the headings; the first one where none has them."""
    above = await lines_of(file, first_sheets=_SHEETS, most_lines=_ABOVE, columns=_MAX_COLUMNS)
    tops = [_places(top[_headings(top)]) if top else {} for _, top in above]
    ours = [number for number, top in enumerate(tops) if {"consultation_id", "answer"} <= set(top)]
    some = [number for number, top in enumerate(tops) if "consultation_id" in top]
    chosen = ours or some[:1] or [0]
    if not above:
        raise Unreadable
    most = MAX_ROWS + _ABOVE + 1
    found = await lines_of(file, first_sheets=_SHEETS, most_lines=most, columns=_MAX_COLUMNS, of=chosen)
    return [_Sheet(number + 1, title, lines) for number, (title, lines) in zip(chosen, found, strict=True)]


def _headings(lines: Sequence[tuple[object, ...]]) -> int:
    """Which line holds the headings: the one among the first in which most of them stand."""
    return max(range(len(lines[:_ABOVE])), key=lambda number: len(_places(lines[number])))


def _places(line: Sequence[object]) -> dict[str, int]:
    """Where the columns stand, by key."""
    found: dict[str, int] = {}
    for number, cell in enumerate(line):
        key = _key(cell)
        if key is not None:
            found.setdefault(key, number)
    return found


def _key(cell: object) -> str | None:
    """The column of a heading, also where something is put to it in brackets."""
    told = cells.heading(cell)
    return _HEADINGS.get(told) or _HEADINGS.get(_REMARK.sub("", told))


def _filled(lines: Sequence[tuple[object, ...]]) -> Iterator[_Line]:
    """Every line that is filled in."""
    if not lines:
        raise _unreadable()
    top = _headings(lines)
    places = _places(lines[top])
    missing = [key for key in ("consultation_id", *_FILLED_IN) if key not in places]
    if missing:
        text = Text("缺少列，请使用导出的表格填写", "Columns are missing: fill in the exported sheet")
        raise Invalid(text, errors=[FieldError(f"/columns/{key}", FieldCode.REQUIRED, text) for key in missing])
    listed = Counter(key for cell in lines[top] if (key := _key(cell)))
    twice = [key for key, count in listed.items() if count > 1]
    if twice:
        text = Text("同一列出现两次", "The column stands there twice")
        raise Invalid(text, errors=[FieldError(f"/columns/{key}", FieldCode.DUPLICATE, text) for key in twice])
    for number, line in enumerate(lines[top + 1 :], start=top + 2):
        values = {key: line[place] if place < len(line) else None for key, place in places.items()}
        answered = cells.plain(values["answer"]) is not None
        if not answered and all(cells.said(values[key]) is None for key in _FILLED_IN):
            continue
        if not _signed(line, values):
            yield _Line(number, values, places)


def _signed(line: Sequence[object], values: dict[str, object]) -> bool:
    """Whether the line stands below the rows, for whoever has filled in or signed the sheet: it names nobody."""
    if any(cells.plain(values.get(key)) is not None for key in _NAMED):
        return False
    first = next((told for cell in line if (told := cells.heading(cell))), "")
    return _BELOW.match(first) is not None


def _answers(lines: Sequence[_Line]) -> list[FilledRow]:
    """Rows of one consultation become one answer with several records; contradictory ones stay apart, to be refused."""
    answers: list[FilledRow] = []
    adverse: dict[object, FilledRow] = {}
    above: _Line | None = None
    for line in lines:
        answer = cells.answer(line.values["answer"])
        consultation_id = cells.plain(line.values["consultation_id"])
        if above is not None and _goes_on(line, above):
            answer, consultation_id = "adverse", cells.plain(above.values["consultation_id"])
            line = replace(line, values={**line.values, "consultation_id": consultation_id})
        above = line if answer == "adverse" else None
        filled = adverse.get(consultation_id) if answer == "adverse" else None
        if filled is None:
            pointer = f"{line.pointer}/rows/{line.number}"
            filled = FilledRow(pointer, {"consultation_id": consultation_id, "answer": answer}, [], {})
            filled.cells.update({key: line.address(key) for key in ("consultation_id", "answer")})
            filled.cells["records"] = line.address("category")
            answers.append(filled)
            if answer == "adverse":
                adverse[consultation_id] = filled
        _add(filled, line)
    return answers


def _goes_on(line: _Line, above: _Line) -> bool:
    """Whether the line is a further record of the row above it, which has one: right below, without an answer of its
    own, and about nobody else."""
    if line.number != above.number + 1 or cells.plain(line.values["answer"]) is not None:
        return False
    named = ((line.values.get(key), above.values.get(key)) for key in ("consultation_id", *_NAMED))
    same = all(cells.plain(own) in (None, cells.plain(of_above)) for own, of_above in named)
    return same and any(cells.said(line.values[key]) is not None for key in ("category", "fact"))


def _add(filled: FilledRow, line: _Line) -> None:
    """What the line says beyond the answer, and about whom."""
    written = ((key, cells.plain(line.values.get(key))) for key in ("code", "name"))
    # A formula says nobody's name.
    given = {
        key: (str(told), line.address(key))
        for key, told in written
        if told is not None and not isinstance(told, Uncomputed)
    }
    filled.named.append(RowNamed(f"{line.pointer}/rows/{line.number}", given))
    record = {key: value for key, read in _RECORD.items() if (value := read(line.values[key])) is not None}
    if record:
        place = f"records/{len(filled.records)}"
        filled.cells.update({f"{place}/{key}": line.address(key) for key in _RECORD})
        filled.records.append(record)
    remark = cells.said(line.values["remark"])
    if remark is not None:
        filled.values["remark"] = remark
        filled.cells["remark"] = line.address("remark")


def _unreadable() -> Invalid:
    return Invalid(
        Text("不是可读的 XLSX 表格，请使用导出的表格填写", "Not a readable XLSX sheet; fill in the exported one"),
        code=ProblemCode.UNREADABLE_SHEET,
    )
