"""The tables of an application's form, filled in offline and sent back as the XLSX that the form itself gives (Art.
17): read by the titles of its sheets and the headings of its columns, never trusted. A blank cell says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Invalid, TooLarge
from app.kernel.opening import Unreadable
from app.kernel.workbooks import Line, TooLargeUnpacked, lines_of
from app.measures.text import Text
from app.services.consultations import cells
from app.services.papers.facts.form_tables import (
    BETWEEN_NAMES,
    CERTIFIED,
    CLAIMS,
    HONOURED,
    LEVELS,
    RIGHTS,
    ROLES,
    SCOPES,
    SELF_TABLES,
    SIZES,
    STANDARDS,
)
from app.services.papers.facts.of_application import SECTION_COLUMNS, SELF_ASSESSMENT

# More than any form can have: what lies beyond would be passed over in silence.
MAX_LINES = 6_000
_SHEETS, _COLUMNS = 150, 12
_BLANKS = frozenset({"", "＿", "（无记载）"})

# No exponent, no infinity: what nobody writes is nothing that is computed with.
_PLAIN = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")

Read = Callable[[object], object]


@dataclass(slots=True)
class FilledForm:
    """What is filled in: the form's sections with raw values for the schema to judge, and the cell in which each value
    stands (`figures/0/revenue_fen` → `“三年数据”B2`)."""

    values: dict[str, object] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


def _fen(cell: object) -> object:
    """An amount in yuan as fen; what is none stays as it is written."""
    written = unicodedata.normalize("NFKC", str(cell)).replace(",", "").strip().removesuffix("元").strip()
    if not _PLAIN.fullmatch(written):
        return cell
    fen = Decimal(written) * 100
    return int(fen) if fen == fen.to_integral_value() else cell


def _number(cell: object) -> object:
    """A number as decimal text: a cell that the spreadsheet takes for one is written without its exponent."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cells.said(cell)
    written = f"{Decimal(repr(cell)):f}"
    return written.removesuffix(".0")


def _amount(cell: object) -> object:
    """An amount in yuan as decimal text of fen; what is none stays as it is written."""
    fen = _fen(cell)
    return str(fen) if isinstance(fen, int) and not isinstance(fen, bool) else fen


def _names(cell: object) -> object:
    """The names of one cell, each once."""
    written = cells.said(cell)
    if not isinstance(written, str):
        return written
    parts = (part.strip() for part in re.split(rf"[{BETWEEN_NAMES};\n]", written))
    return list(dict.fromkeys(part for part in parts if part))


def _claims(cell: object) -> object:
    """The claims of one cell (Arts. 14, 15), by their words."""
    written = _names(cell)
    known = {word: key for key, word in CLAIMS.items()}
    return [known.get(word, word) for word in written] if isinstance(written, list) else written


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
            "发证日期": ("issued_on", cells.day),
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
    "业绩指标": (
        "indicators",
        {
            "指标代码": ("code", cells.said),
            "年度": ("year", _whole),
            "数值": ("value", _number),
            "无数值的原因": ("blank_reason", cells.said),
            "位次范围": ("rank/scope", _one_of(SCOPES)),
            "位次": ("rank/rank", _whole),
            "位次来源": ("rank/source", cells.said),
        },
    ),
    "知识产权": (
        "intellectual_property",
        {
            "类型": ("kind", _one_of(RIGHTS)),
            "名称": ("title", cells.said),
            "编号": ("number", cells.said),
            "授权日期": ("granted_on", cells.day),
        },
    ),
    "制修订标准": (
        "standards",
        {
            "编号": ("number", cells.said),
            "名称": ("title", cells.said),
            "级别": ("level", _one_of(STANDARDS)),
            "参与方式": ("role", _one_of(ROLES)),
        },
    ),
    "佐证目录": (
        "evidence",
        {"编号": ("number", cells.said), "名称": ("title", cells.said), "页码": ("pages", cells.said)},
    ),
}
_PRODUCTS: Mapping[str, tuple[str, Read]] = {
    "名称": ("name", cells.said),
    "标准编号": ("number", cells.said),
    "标准级别": ("level", _one_of(STANDARDS)),
    "主要顾客": ("customers", _names),
    "主要竞争对手": ("competitors", _names),
}
_OF_PRODUCTS, _OF_INDICATORS = "主要产品", "业绩指标"
# By the word in a sheet's title, of each label the field with how the cell beside it is read.
_PAIRS: Mapping[str, Mapping[str, tuple[tuple[str, ...], Read]]] = {
    "基本情况": {
        "法定代表人": (("legal_representative", "name"), cells.said),
        "法定代表人职务": (("legal_representative", "office"), cells.said),
        "法定代表人电话": (("legal_representative", "phone"), cells.said),
        "质量负责人": (("quality_officer", "name"), cells.said),
        "质量负责人职务": (("quality_officer", "office"), cells.said),
        "质量负责人电话": (("quality_officer", "phone"), cells.said),
        "注册资本": (("registered_capital_fen",), _fen),
        "职工人数": (("staff",), _whole),
        "规模类型": (("size_class",), _one_of(SIZES)),
        "上级单位（母公司）": (("parent_organisation",), cells.said),
        "申报涵盖的分支机构": (("branches",), _names),
        "所属类别": (("tags",), _claims),
        "联系人": (("contact", "name"), cells.said),
        "联系电话": (("contact", "phone"), cells.said),
        "传真": (("contact", "fax"), cells.said),
        "电子邮箱": (("contact", "email"), cells.said),
        "邮政编码": (("contact", "postcode"), cells.said),
    },
    "安全生产标准化": {
        "等级": (("safety", "level"), _whole),
        "证书编号": (("safety", "certificate_number"), cells.said),
        "发证日期": (("safety", "issued_on"), cells.day),
        "有效期止": (("safety", "valid_to"), cells.day),
    },
    "同行业地位": {
        "说明": (("market_position", "description"), cells.plain),
        "位次范围": (("market_position", "scope"), _one_of(SCOPES)),
        "位次": (("market_position", "rank"), _whole),
        "位次来源": (("market_position", "source"), cells.said),
    },
    "内部公示": {
        "起始日期": (("internal_notice", "from_day"), cells.day),
        "截止日期": (("internal_notice", "to_day"), cells.day),
        "地点": (("internal_notice", "place"), cells.said),
        "结果": (("internal_notice", "result"), cells.plain),
    },
}


async def read_form_sheet(file: IO[bytes], *, in_yuan: Collection[str]) -> FilledForm:
    """What a workbook says of the form. `in_yuan`: the codes of the indicators that are amounts. Raises `Invalid` for
    what is none, `TooLarge`, `FileTooCostly`."""
    found = FilledForm()
    try:
        whole = await lines_of(file, first_sheets=_SHEETS, most_lines=MAX_LINES, columns=_COLUMNS)
        titles = [title for title, _ in whole]
        wanted = (SELF_ASSESSMENT, _OF_PRODUCTS, *_PAIRS, *_LISTS)
        # What people call a table of their own says nothing of the form's.
        known = [
            place
            for place, title in enumerate(titles)
            if SELF_TABLES not in title and any(word in title for word in wanted)
        ]
        # Those that matter once more, with the formulas marked whose results nobody has computed.
        sheets = await lines_of(file, first_sheets=_SHEETS, most_lines=MAX_LINES, columns=_COLUMNS, of=known)
    except Unreadable:
        text = Text("无法读取：须为申报表导出的 XLSX", "It cannot be read: an XLSX as the application form gives it")
        raise Invalid(text, code=ProblemCode.UNREADABLE_SHEET) from None
    except TooLargeUnpacked:
        raise TooLarge(Text("表格展开后过大", "The workbook unpacks to too much")) from None
    for title, lines in sheets:
        for word, labels in _PAIRS.items():
            if word in title:
                _take_pairs(found, title, lines, labels)
        if _OF_PRODUCTS in title:
            _take_products(found, title, lines)
        if SELF_ASSESSMENT in title:
            _take_sections(found, title, lines)
        for word, (section, columns) in _LISTS.items():
            if word in title:
                _take_list(found, title, lines, section, columns)
    _amounts_of(found, in_yuan)
    return found


def _amounts_of(found: FilledForm, in_yuan: Collection[str]) -> None:
    """Indicators that are amounts are printed in yuan and kept in fen; a line that says nothing but which indicator of
    which year it is for is not filled in."""
    stated = found.values.get("indicators")
    if not isinstance(stated, list):
        return
    kept = [(place, item) for place, item in enumerate(stated) if item.keys() - {"code", "year"}]
    cells_of = {key: address for key, address in found.cells.items() if key.startswith("indicators/")}
    for key in cells_of:
        del found.cells[key]
    for now, (place, item) in enumerate(kept):
        if "value" in item and item.get("code") in in_yuan:
            item["value"] = _amount(item["value"])
        before = f"indicators/{place}/"
        found.cells |= {
            f"indicators/{now}/{key.removeprefix(before)}": address
            for key, address in cells_of.items()
            if key.startswith(before)
        }
    if kept:
        found.values["indicators"] = [item for _, item in kept]
    else:
        del found.values["indicators"]


def _take_products(found: FilledForm, title: str, lines: Sequence[Line]) -> None:
    """The products, a line for each standard of one: lines of the same name are of one product, and so is a line
    without a name below it."""
    heads = [str(cell).strip() for cell in lines[0]] if lines else []
    items: list[dict[str, object]] = []
    for number, row in enumerate(lines[1:], 2):
        said = {}
        for place, cell in enumerate(row[: len(heads)]):
            known = _PRODUCTS.get(heads[place])
            if known is not None and not _blank(cell):
                said[known[0]] = (known[1](cell), f"“{title}”{chr(ord('A') + place)}{number}")
        if not said:
            continue
        name = said.pop("name", None)
        if not items or (name is not None and name[0] != items[-1].get("name")):
            items.append({} if name is None else {"name": name[0]})
        if name is not None:
            found.cells.setdefault(f"main_products/{len(items) - 1}/name", name[1])
        _add_to_product(found, items[-1], f"main_products/{len(items) - 1}", said)
    if items:
        found.values["main_products"] = items


def _add_to_product(
    found: FilledForm, item: dict[str, object], pointer: str, said: Mapping[str, tuple[object, str]]
) -> None:
    standard = {name: said[name] for name in ("number", "level") if name in said}
    if standard:
        before = item.get("standards")
        standards = before if isinstance(before, list) else []
        for name, (_, address) in standard.items():
            found.cells[f"{pointer}/standards/{len(standards)}/{name}"] = address
        item["standards"] = [*standards, {name: value for name, (value, _) in standard.items()}]
    for name in ("customers", "competitors"):
        if name in said:
            value, address = said[name]
            before = item.get(name)
            item[name] = [*before, *value] if isinstance(before, list) and isinstance(value, list) else value
            found.cells[f"{pointer}/{name}"] = address


def _take_pairs(
    found: FilledForm, title: str, lines: Sequence[Line], labels: Mapping[str, tuple[tuple[str, ...], Read]]
) -> None:
    for number, row in enumerate(lines, 1):
        label, value = (*row, None, None)[:2]
        known = labels.get(str(label).strip())
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
            part, _, inner = name.rpartition("/")
            place_of = item.setdefault(part, {}) if part else item
            if isinstance(place_of, dict):
                place_of[inner] = read(cell)
            found.cells[f"{section}/{len(items)}/{name}"] = f"“{title}”{chr(ord('A') + place)}{number}"
        if item:
            items.append(item)
    if items:
        found.values[section] = items


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().strip("＿") in _BLANKS)
