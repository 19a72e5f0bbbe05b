"""The tables of an application's form (Arts. 5, 13, 17), as the form prints them and as a spreadsheet has them to be
filled in (`filled_form.py` reads them back by the same titles and headings)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from app.kernel.printing.document import Block, pairs, table
from app.measures import sentences
from app.measures.asks import Indicator, IndicatorUnit
from app.services.papers.facts.told import day, figures, listed, yuan
from app.store.applications.form import Form, IndicatorItem, Person, ProductItem
from app.store.organisations import Organisation

_FIGURES = (
    ("营业收入", "revenue_fen"),
    ("净利润", "net_profit_fen"),
    ("纳税", "tax_fen"),
    ("研发投入", "rd_fen"),
    ("出口", "export_fen"),
)
# What is certified, who gives an honour and what it is, in a word; and so on for whatever is chosen from a list.
CERTIFIED = {"management_system": "管理体系", "product": "产品", "other": "其他"}
LEVELS = {
    "county": "县级",
    "municipal_mayor": "市长质量奖",
    "provincial_jinggang": "井冈质量奖",
    "national_china": "中国质量奖",
    "other": "其他",
}
HONOURED = {"award": "正奖", "nomination": "提名奖", "association": "协会奖"}
SIZES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
CLAIMS = {"encouraged": "鼓励类（中小创新）", "preferred": "优先类（行业龙头）"}
SCOPES = {"county": "全县", "city": "全市", "province": "全省", "nation": "全国", "world": "全球"}
STANDARDS = {
    "international": "国际标准",
    "national": "国家标准",
    "industry": "行业标准",
    "local": "地方标准",
    "group": "团体标准",
    "enterprise": "企业标准",
}
ROLES = {"led": "主导制定", "participated": "参与制定"}
RIGHTS = {
    "invention": "发明专利",
    "utility_model": "实用新型专利",
    "design": "外观设计专利",
    "trademark": "注册商标",
    "software": "软件著作权",
    "other": "其他",
}
# Amounts are printed in yuan, as everywhere on paper.
UNITS = {
    IndicatorUnit.FEN: "元",
    IndicatorUnit.FEN_PER_PERSON: "元/人",
    IndicatorUnit.PERCENT: "%",
    IndicatorUnit.COUNT: "个",
    IndicatorUnit.POINTS: "分值",
    IndicatorUnit.KGCE_PER_10000_YUAN: "千克标准煤/万元",
}
IN_YUAN = frozenset({IndicatorUnit.FEN, IndicatorUnit.FEN_PER_PERSON})
# Between names in one cell: a name may have a comma in it.
BETWEEN_NAMES = "；"
# How the tables of the self-assessment are called, before their own titles: none of them is read back.
SELF_TABLES = "自评表格"
_FORMS = {
    "limited_company": "有限责任公司",
    "joint_stock_company": "股份有限公司",
    "state_owned_enterprise": "全民所有制企业",
    "collective_enterprise": "集体所有制企业",
    "foreign_company_subsidiary": "外商投资企业",
    "public_institution": "事业单位",
    "private_non_enterprise": "民办非企业单位",
    "farmers_cooperative": "农民专业合作社",
}


def about(name: str | None, organisation: Organisation, form: Form) -> Block:
    """Who applies, and who answers for it. `name`: as it was handed in."""
    head, contact = _person(form.get("legal_representative")), form.get("contact")
    quality = _person(form.get("quality_officer"))
    capital, staff, size = form.get("registered_capital_fen"), form.get("staff"), form.get("size_class")
    products = [item["name"] for item in form.get("main_products") or []]
    branches = form.get("branches") or []
    return pairs(
        "一、基本情况",
        [
            ("组织名称", name),
            ("统一社会信用代码", organisation.uscc),
            ("组织形式", _FORMS.get(organisation.legal_form, organisation.legal_form)),
            ("注册地址", organisation.registered_address),
            ("成立日期", day(organisation.established_on)),
            ("国民经济行业代码", organisation.sector),
            ("法定代表人", head[0]),
            ("注册资本", None if capital is None else yuan(capital)),
            ("职工人数", None if staff is None else str(staff)),
            ("主要产品（服务）", listed(products)),
            ("联系人", contact["name"] if contact else None),
            ("联系电话", contact["phone"] if contact else None),
            ("传真", contact.get("fax") if contact else None),
            ("电子邮箱", contact.get("email") if contact else None),
            ("邮政编码", contact.get("postcode") if contact else None),
            ("法定代表人职务", head[1]),
            ("法定代表人电话", head[2]),
            ("质量负责人", quality[0]),
            ("质量负责人职务", quality[1]),
            ("质量负责人电话", quality[2]),
            ("规模类型", None if size is None else SIZES[size]),
            ("上级单位（母公司）", form.get("parent_organisation")),
            ("申报涵盖的分支机构", BETWEEN_NAMES.join(branches) or None),
            ("所属类别", BETWEEN_NAMES.join(CLAIMS[item] for item in form.get("tags") or []) or None),
        ],
    )


def _person(found: Person | None) -> tuple[str | None, str | None, str | None]:
    return (None, None, None) if found is None else (found["name"], found.get("office"), found.get("phone"))


def form_tables(
    form: Form, *, indicators: Sequence[Indicator], years: Iterable[int], files: Mapping[str, str]
) -> dict[str, Block]:
    """The tables by their names. `indicators`, `years`: those that the round asks for (of this applicant), with a line
    each, filled in or not. `files`: the application's file names by their ids."""
    return {
        **_of_the_measures(form),
        "安全生产标准化": _safety(form),
        "主要产品": _products(form.get("main_products") or []),
        "业绩指标": _indicators(form.get("indicators") or [], indicators, sorted(years)),
        "同行业地位": _position(form),
        "知识产权": _rights(form),
        "制修订标准": _standards(form),
        "佐证目录": _evidence(form, files),
        "内部公示": _internal_notice(form),
    }


def self_tables(form: Form, headings: Mapping[str, str]) -> tuple[Block, ...]:
    """The tables of the self-assessment, each under the section that it belongs to."""
    made = []
    for item in form.get("tables") or []:
        columns, rows = cast(list[str], item["columns"]), cast(list[list[str | None]], item["rows"])
        section = str(item["section"])
        title = f"{SELF_TABLES}（{headings.get(section, section)}）：{item['title']}"
        width = max(1, 12 // len(columns))
        made.append(table(title, [(name, width) for name in columns], [[cell or "" for cell in row] for row in rows]))
    return tuple(made)


def _of_the_measures(form: Form) -> dict[str, Block]:
    amounts = [
        (str(item["year"]), *(_amount(item.get(key)) for _, key in _FIGURES)) for item in form.get("figures") or []
    ]
    certified = [
        (
            CERTIFIED.get(item["kind"]),
            item["standard"],
            item["number"],
            item["issuer"],
            day(item["valid_from"]),
            day(item["valid_to"]),
        )
        for item in form.get("certificates") or []
    ]
    licences = [
        (
            item["kind"],
            item.get("number"),
            day(item.get("issued_on")) or "",
            day(item.get("valid_to")),
            "是" if item["required"] else "否",
        )
        for item in form.get("licences") or []
    ]
    honours = [
        (
            item["name"],
            LEVELS.get(item["level"], item["level"]),
            HONOURED.get(item["kind"], item["kind"]),
            day(item["awarded_on"]),
            day(item.get("valid_to")) or "",
        )
        for item in form.get("honours") or []
    ]
    records = [
        (
            sentences.label("category", item["category"], "zh"),
            item["fact"],
            day(item.get("occurred_on")) or "",
            day(item.get("determined_on")) or "",
            item["source"],
            item.get("basis") or "",
            _yes(item.get("attributable")),
            _yes(item["rectified"]),
        )
        for item in form.get("adverse_records") or []
    ]
    years = [("年度", 2), *((f"{name}（元）", 3) for name, _ in _FIGURES)]
    given = [("名称", 5), ("级别", 3), ("类型", 2), ("授予日期", 3), ("有效期止", 3)]
    declared = [("类别", 4), ("事实", 5), ("发生日期", 3), ("认定日期", 3), ("来源", 3), ("依据", 3)]
    declared += [("是否有责", 2), ("是否已整改", 2)]
    permits = [("许可", 5), ("编号", 4), ("发证日期", 3), ("有效期止", 3), ("行业必需", 2)]
    held = [("类别", 3), ("标准", 4), ("编号", 4), ("发证机构", 4), ("有效期起", 3), ("有效期止", 3)]
    return {
        "三年数据": table("二、近三年业绩数据", years, amounts),
        "体系认证": table("三、管理体系认证", held, certified),
        "行政许可": table("四、行政许可", permits, licences),
        "荣誉": table("五、质量奖等荣誉", given, honours),
        "不良记录": table("六、不良记录申报", declared, records),
    }


def _safety(form: Form) -> Block:
    held = form.get("safety")
    return pairs(
        "七、安全生产标准化",
        [
            ("等级", None if held is None else str(held["level"])),
            ("证书编号", None if held is None else held["certificate_number"]),
            ("发证日期", None if held is None else day(held.get("issued_on"))),
            ("有效期止", None if held is None else day(held["valid_to"])),
        ],
    )


def _products(products: Sequence[ProductItem]) -> Block:
    """A line for each standard that a product meets, at least one; customers and competitors in the first."""
    columns = [("名称", 4), ("标准编号", 4), ("标准级别", 3), ("主要顾客", 4), ("主要竞争对手", 4)]
    rows: list[tuple[str, ...]] = []
    for item in products:
        named = (
            BETWEEN_NAMES.join(item.get("customers") or []),
            BETWEEN_NAMES.join(item.get("competitors") or []),
        )
        standards = [(str(one["number"]), STANDARDS[str(one["level"])]) for one in item.get("standards") or []]
        first, *further = standards or [("", "")]
        rows.append((item["name"], *first, *named))
        rows += [(item["name"], *one, "", "") for one in further]
    return table("八、主要产品（服务）", columns, rows)


def _indicators(stated: Sequence[IndicatorItem], asked: Sequence[Indicator], years: Sequence[int]) -> Block:
    """What the round asks for, with a line for each of its years, and what is stated beside it."""
    columns = [("指标代码", 3), ("指标", 4), ("计量单位", 2), ("年度", 2), ("数值", 3), ("无数值的原因", 3)]
    columns += [("位次范围", 2), ("位次", 1), ("位次来源", 3)]
    known = {item.code: item for item in asked}
    found = {(item["code"], item["year"]): item for item in stated}
    places = [(code, year) for code in known for year in years]
    places += [place for place in found if place not in set(places)]
    rows = [
        (code, *_told(known.get(code)), str(year), *_line(found.get((code, year)), known.get(code)))
        for code, year in places
    ]
    return table("九、近三年业绩指标", columns, rows)


def _told(indicator: Indicator | None) -> tuple[str, str]:
    return ("", "") if indicator is None else (indicator.zh, UNITS[indicator.counted_in])


def _line(item: IndicatorItem | None, indicator: Indicator | None) -> tuple[str | None, ...]:
    if item is None:
        return (None, "", "", "", "")
    value, rank = item.get("value"), item.get("rank") or {}
    if value is not None and indicator is not None and indicator.counted_in in IN_YUAN:
        value = f"{Decimal(value).scaleb(-2):f}"
    scope = rank.get("scope")
    return (
        value or "",
        item.get("blank_reason") or "",
        "" if scope is None else SCOPES[str(scope)],
        str(rank.get("rank") or ""),
        str(rank.get("source") or ""),
    )


def _position(form: Form) -> Block:
    held = form.get("market_position") or {}
    scope, rank, source = held.get("scope"), held.get("rank"), held.get("source")
    return pairs(
        "十、同行业地位",
        [
            ("说明", None if not held else str(held["description"])),
            ("位次范围", None if scope is None else SCOPES[str(scope)]),
            ("位次", None if rank is None else str(rank)),
            ("位次来源", None if source is None else str(source)),
        ],
    )


def _rights(form: Form) -> Block:
    columns = [("类型", 3), ("名称", 5), ("编号", 4), ("授权日期", 3)]
    rows = [
        (
            RIGHTS[str(item["kind"])],
            str(item["title"]),
            str(item["number"]),
            day(cast(str | date | None, item.get("granted_on"))) or "",
        )
        for item in form.get("intellectual_property") or []
    ]
    return table("十一、知识产权", columns, rows)


def _standards(form: Form) -> Block:
    columns = [("编号", 4), ("名称", 5), ("级别", 3), ("参与方式", 3)]
    rows = [
        (str(item["number"]), str(item["title"]), STANDARDS[str(item["level"])], ROLES[str(item["role"])])
        for item in form.get("standards") or []
    ]
    return table("十二、参与制修订标准", columns, rows)


def _evidence(form: Form, files: Mapping[str, str]) -> Block:
    columns = [("编号", 2), ("名称", 6), ("页码", 2), ("所在文件", 5)]
    rows = [
        (item["number"], item["title"], item.get("pages") or "", files.get(item.get("attachment_id") or "", ""))
        for item in form.get("evidence") or []
    ]
    return table("十三、佐证目录", columns, rows)


def _internal_notice(form: Form) -> Block:
    held = form.get("internal_notice")
    return pairs(
        "十四、内部公示",
        [
            ("起始日期", None if held is None else day(held["from_day"])),
            ("截止日期", None if held is None else day(held["to_day"])),
            ("地点", None if held is None else held["place"]),
            ("结果", None if held is None else held["result"]),
        ],
    )


def _yes(said: bool | None) -> str:
    return "" if said is None else "是" if said else "否"


def _amount(fen: object) -> str | None:
    """A figure in yuan; losses have their sign."""
    return figures(fen) if isinstance(fen, int) else None
