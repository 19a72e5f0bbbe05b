"""The tables of an application's form, filled in offline and sent back as the XLSX that the form itself gives (Art.
17): read by the titles of its sheets and the headings of its columns, never trusted. A blank cell says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Invalid, TooLarge
from app.kernel.opening import Unreadable
from app.kernel.workbooks import Line, TooLargeUnpacked, lines_of
from app.measures.text import Text
from app.services.consultations import cells
from app.services.papers.facts.of_application import CERTIFIED, HONOURED, LEVELS, SECTION_COLUMNS, SELF_ASSESSMENT

MAX_LINES = 500
_SHEETS, _COLUMNS = 12, 12
# Of an amount in fen; what has more is for the schema to refuse, as it is written.
_MOST_DIGITS = 20
_BLANKS = frozenset({"", "＿", "（无记载）"})

Read = Callable[[object], object]


@dataclass(slots=True)
class FilledForm:
    """What is filled in: the form's sections with raw values for the schema to judge, and the cell in which each value
    stands (`figures/0/revenue_fen` → `“三年数据”B2`)."""

    values: dict[str, object] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


def _fen(cell: object) -> object:
    """An amount in yuan as fen; what is none stays as it is written."""
    written = str(cell).replace(",", "").replace("，", "").removesuffix("元").strip()
    try:
        fen = Decimal(written) * 100
    except ArithmeticError:
        return cell
    # Before anything is made of it: a short text may stand for a number without end.
    if not fen.is_finite() or fen.adjusted() > _MOST_DIGITS:
        return cell
    return int(fen) if fen == fen.to_integral_value() else cell


def _whole(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    written = cells.said(cell)
    return int(written) if isinstance(written, str) and written.isdecimal() and len(written) < 12 else cell


def _one_of(words: Mapping[str, str]) -> Read:
    """The code of one of these words, which are also taken as they are."""
    known = {word: key for key, word in words.items()}
    return lambda cell: known.get(str(cells.said(cell)), cell)


# By the word in a sheet's title: the section, and of each heading the field with how its cell is read.
_LISTS: Mapping[str, tuple[str, Mapping[str, tuple[str, Read]]]] = {
    "业绩数据": (
        "figures",
        {
            "年度": ("year", _whole),
            "营业收入（元）": ("revenue_fen", _fen),
            "净利润（元）": ("net_profit_fen", _fen),
            "纳税（元）": ("tax_fen", _fen),
            "研发投入（元）": ("rd_fen", _fen),
            "出口（元）": ("export_fen", _fen),
        },
    ),
    "体系认证": (
        "certificates",
        {
            "类别": ("kind", _one_of(CERTIFIED)),
            "标准": ("standard", cells.said),
            "编号": ("number", cells.said),
            "发证机构": ("issuer", cells.said),
            "有效期起": ("valid_from", cells.day),
            "有效期止": ("valid_to", cells.day),
        },
    ),
    "行政许可": (
        "licences",
        {
            "许可": ("kind", cells.said),
            "编号": ("number", cells.said),
            "有效期止": ("valid_to", cells.day),
            "行业必需": ("required", cells.yes_or_no),
        },
    ),
    "荣誉": (
        "honours",
        {
            "名称": ("name", cells.said),
            "级别": ("level", _one_of(LEVELS)),
            "类型": ("kind", _one_of(HONOURED)),
            "授予日期": ("awarded_on", cells.day),
            "有效期止": ("valid_to", cells.day),
        },
    ),
    "不良记录": (
        "adverse_records",
        {
            "类别": ("category", cells.category),
            "事实": ("fact", cells.said),
            "发生日期": ("occurred_on", cells.day),
            "认定日期": ("determined_on", cells.day),
            "来源": ("source", cells.said),
            "依据": ("basis", cells.said),
            "是否有责": ("attributable", cells.yes_or_no),
            "是否已整改": ("rectified", cells.yes_or_no),
        },
    ),
}
_SINGLE: Mapping[str, tuple[tuple[str, ...], Read]] = {
    "法定代表人": (("legal_representative", "name"), cells.said),
    "注册资本": (("registered_capital_fen",), _fen),
    "职工人数": (("staff",), _whole),
    "联系人": (("contact", "name"), cells.said),
    "联系电话": (("contact", "phone"), cells.said),
}


async def read_form_sheet(file: IO[bytes]) -> FilledForm:
    """What a workbook says of the form. Raises `Invalid` for what is none, `TooLarge`, `FileTooCostly`."""
    found = FilledForm()
    try:
        whole = await lines_of(file, first_sheets=_SHEETS, most_lines=MAX_LINES, columns=_COLUMNS)
        titles = [title for title, _ in whole]
        wanted = ("基本情况", SELF_ASSESSMENT, *_LISTS)
        known = [place for place, title in enumerate(titles) if any(word in title for word in wanted)]
        # Those that matter once more, with the formulas marked whose results nobody has computed.
        sheets = await lines_of(file, first_sheets=_SHEETS, most_lines=MAX_LINES, columns=_COLUMNS, of=known)
    except Unreadable:
        text = Text("无法读取：须为申报表导出的 XLSX", "It cannot be read: an XLSX as the application form gives it")
        raise Invalid(text, code=ProblemCode.UNREADABLE_SHEET) from None
    except TooLargeUnpacked:
        raise TooLarge(Text("表格展开后过大", "The workbook unpacks to too much")) from None
    for title, lines in sheets:
        if "基本情况" in title:
            _take_single(found, title, lines)
        if SELF_ASSESSMENT in title:
            _take_sections(found, title, lines)
        for word, (section, columns) in _LISTS.items():
            if word in title:
                _take_list(found, title, lines, section, columns)
    return found


def _take_single(found: FilledForm, title: str, lines: Sequence[Line]) -> None:
    for number, row in enumerate(lines, 1):
        label, value = (*row, None, None)[:2]
        known = _SINGLE.get(str(label).strip())
        if known is None or _blank(value):
            continue
        (section, *inner), read = known
        if inner:
            part = found.values.setdefault(section, {})
            if isinstance(part, dict):
                part[inner[0]] = read(value)
        else:
            found.values[section] = read(value)
        found.cells["/".join((section, *inner))] = f"“{title}”B{number}"


def _take_sections(found: FilledForm, title: str, lines: Sequence[Line]) -> None:
    """The texts by the code of their section; one that is long goes on in a line of the same code."""
    heads = [str(cell).strip() for cell in lines[0]] if lines else []
    if not {SECTION_COLUMNS[0], SECTION_COLUMNS[2]} <= set(heads):
        return
    of_code, of_text = heads.index(SECTION_COLUMNS[0]), heads.index(SECTION_COLUMNS[2])
    written: dict[str, object] = {}
    for number, row in enumerate(lines[1:], 2):
        code, said = (row[place] if place < len(row) else None for place in (of_code, of_text))
        if _blank(said) or cells.said(code) is None:
            continue
        key, before = str(cells.said(code)), written.get(str(cells.said(code)))
        # Each part as it stands: a blank at its end belongs to the text.
        written[key] = before + said if isinstance(before, str) and isinstance(said, str) else said
        found.cells.setdefault(f"sections/{key}", f"“{title}”{chr(ord('A') + of_text)}{number}")
    if written:
        found.values["sections"] = written


def _take_list(
    found: FilledForm, title: str, lines: Sequence[Line], section: str, columns: Mapping[str, tuple[str, Read]]
) -> None:
    heads = [str(cell).strip() for cell in lines[0]] if lines else []
    items: list[dict[str, object]] = []
    for number, row in enumerate(lines[1:], 2):
        item: dict[str, object] = {}
        for place, cell in enumerate(row[: len(heads)]):
            known = columns.get(heads[place])
            if known is None or _blank(cell):
                continue
            name, read = known
            item[name] = read(cell)
            found.cells[f"{section}/{len(items)}/{name}"] = f"“{title}”{chr(ord('A') + place)}{number}"
        if item:
            items.append(item)
    if items:
        found.values[section] = items


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().strip("＿") in _BLANKS)
