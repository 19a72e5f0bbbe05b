"""The papers of one application (Arts. 3, 17, 18, 19)."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.kernel.printing.document import Block, pairs, table
from app.kernel.stored import read_rules
from app.measures import sentences
from app.measures.qualification import ConsultationAnswer
from app.measures.reviews import Stage
from app.services.applications.under_review import last_day
from app.services.papers.facts.places import place_told
from app.services.papers.facts.told import NotYet, day, figures, instant, listed, of_round, yuan
from app.services.papers.wording import Filling
from app.store import applications, consultations, organisations, qualification, recommendations, rounds
from app.store.applications.form import Form
from app.store.consultations import Consultation
from app.store.organisations import Organisation
from app.store.reviews import StageReport, reports
from app.store.units import Department, RecommendingUnit

_FIGURES = (
    ("营业收入", "revenue_fen"),
    ("净利润", "net_profit_fen"),
    ("纳税", "tax_fen"),
    ("研发投入", "rd_fen"),
    ("出口", "export_fen"),
)
# What is certified, who gives an honour and what it is, in a word.
CERTIFIED = {"management_system": "管理体系", "product": "产品", "other": "其他"}
LEVELS = {
    "county": "县级",
    "municipal_mayor": "市长质量奖",
    "provincial_jinggang": "井冈质量奖",
    "national_china": "中国质量奖",
    "other": "其他",
}
HONOURED = {"award": "正奖", "nomination": "提名奖", "association": "协会奖"}
# A cell of a spreadsheet holds 32,767 characters; a section may have more, and goes on in the next line.
_OF_A_CELL = 30_000
SELF_ASSESSMENT = "自我评价"
SECTION_COLUMNS = ("栏目代码", "栏目", "内容")
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
_ANSWERS = {
    ConsultationAnswer.NO_OBJECTION: "无不良记录",
    ConsultationAnswer.ADVERSE: "有不良记录",
    ConsultationAnswer.NOT_APPLICABLE: "不适用",
}


async def _party(context: ReadContext, row: applications.Application) -> tuple[dict[str, str | None], Organisation]:
    """What every paper of an application can name; the name as it was handed in, where it was."""
    round_row = existing(await rounds.get(context.session, row.round_id))
    organisation = existing(await organisations.organisation(context.session, row.organisation_id))
    name = row.snapshot["organisation"]["name"] if row.snapshot is not None else organisation.name
    return {**of_round(round_row), "组织名称": name, "统一社会信用代码": organisation.uscc}, organisation


async def application_form(context: ReadContext, row: applications.Application) -> Filling:
    """The form (Art. 17): as it was frozen at the submission, or as far as it is filled in."""
    words, organisation = await _party(context, row)
    form = row.snapshot["content"] if row.snapshot is not None else row.content
    rules = read_rules(existing(await rounds.get(context.session, row.round_id)).review_rules)
    headings = {item.code: item.zh for item in rules.required_sections}
    written = form.get("sections") or {}
    said = [
        f"{headings.get(code, code)}：{written[code]}"
        for code in sorted(written, key=lambda code: _place(code, headings))
    ]
    truth = form.get("truthfulness")
    materials = row.snapshot["materials"] if row.snapshot is not None else []
    names = {item.code: item.zh for item in (*rules.required_materials, *rules.further_materials)}
    words |= {
        "申报编号": row.number,
        "提交时间": instant(row.submitted_at),
        "内容哈希": row.snapshot_hash,
        "自我评价": "\n".join(said) or None,
        "真实性声明人": truth["signatory"] if truth else None,
        "声明日期": day(truth["signed_on"]) if truth else None,
    }
    columns = [("材料", 4), ("文件", 5), ("SHA-256", 6)]
    files = [(names.get(item["material"], item["material"]), item["filename"], item["sha256"]) for item in materials]
    tables = {**_form_tables(form), "附件材料": table("附件材料", columns, files)}
    assessed = _assessment(headings, written)
    return Filling(words, {"基本情况": _about(words, organisation, form), **tables}, sheets=(assessed,))


def _assessment(headings: Mapping[str, str], written: Mapping[str, str]) -> Block:
    """The sections of the self-assessment, to be filled in: those that the round asks for, and what is written."""
    rows = []
    for code in [*headings, *(item for item in sorted(written) if item not in headings)]:
        said = written.get(code, "")
        parts = [said[at : at + _OF_A_CELL] for at in range(0, len(said), _OF_A_CELL)] or [""]
        rows += [(code, headings.get(code, code), part) for part in parts]
    made = table(SELF_ASSESSMENT, list(zip(SECTION_COLUMNS, (3, 5, 16), strict=True)), rows)
    return made if rows else {**made, "rows": []}


def _place(code: str, headings: Mapping[str, str]) -> tuple[int, str]:
    return (list(headings).index(code) if code in headings else len(headings), code)


def _about(words: Mapping[str, str | None], organisation: Organisation, form: Form) -> Block:
    head, contact = form.get("legal_representative"), form.get("contact")
    capital, staff = form.get("registered_capital_fen"), form.get("staff")
    products = [item["name"] for item in form.get("main_products") or []]
    return pairs(
        "一、基本情况",
        [
            ("组织名称", words["组织名称"]),
            ("统一社会信用代码", organisation.uscc),
            ("组织形式", _FORMS.get(organisation.legal_form, organisation.legal_form)),
            ("注册地址", organisation.registered_address),
            ("成立日期", day(organisation.established_on)),
            ("国民经济行业代码", organisation.sector),
            ("法定代表人", head["name"] if head else None),
            ("注册资本", None if capital is None else yuan(capital)),
            ("职工人数", None if staff is None else str(staff)),
            ("主要产品（服务）", listed(products)),
            ("联系人", contact["name"] if contact else None),
            ("联系电话", contact["phone"] if contact else None),
        ],
    )


def _form_tables(form: Form) -> dict[str, Block]:
    figures = [
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
        (item["kind"], item.get("number"), day(item.get("valid_to")), "是" if item["required"] else "否")
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
    held = [("类别", 3), ("标准", 4), ("编号", 4), ("发证机构", 4), ("有效期起", 3), ("有效期止", 3)]
    return {
        "三年数据": table("二、近三年业绩数据", years, figures),
        "体系认证": table("三、管理体系认证", held, certified),
        "行政许可": table("四、行政许可", [("许可", 5), ("编号", 4), ("有效期止", 3), ("行业必需", 2)], licences),
        "荣誉": table("五、质量奖等荣誉", given, honours),
        "不良记录": table("六、不良记录申报", declared, records),
    }


def _yes(said: bool | None) -> str:
    return "" if said is None else "是" if said else "否"


def _amount(fen: object) -> str | None:
    """A figure in yuan; losses have their sign."""
    return figures(fen) if isinstance(fen, int) else None


async def recommendation_form(context: ReadContext, row: applications.Application) -> Filling:
    """The unit's opinion (Art. 3), or the form for it once the unit is asked."""
    words, _ = await _party(context, row)
    asked = await recommendations.open_of(context.session, row.id)
    if asked is None:
        raise NotYet("尚未请求推荐", "No unit is asked for a recommendation")
    unit = await context.session.by_id(RecommendingUnit, asked.unit_id)
    county = asked.county_endorsement
    words |= {
        "推荐单位": None if unit is None else unit.name,
        "核实事项": listed(asked.facts_verified),
        "推荐意见": asked.opinion,
        "行业相符理由": asked.industry_justification,
        "签发人": asked.signatory,
        "签发日期": day(asked.signed_on),
        "推荐文号": asked.letter_number,
        "推荐次序": None if asked.order is None else str(asked.order),
        "县级意见": None
        if county is None
        else f"{county['opinion']}（{county['signatory']}，{day(county['signed_on'])}）",
    }
    return Filling(words)


async def correction_request(context: ReadContext, row: applications.Application) -> Filling:
    """The last request for correction (Art. 17)."""
    words, _ = await _party(context, row)
    found = await qualification.corrections_of(context.session, [row.id])
    if not found:
        raise NotYet("没有补正要求", "No correction was requested")
    last = found[-1]
    rules = read_rules(existing(await rounds.get(context.session, row.round_id)).review_rules)
    rows = [
        (str(place), place_told(item["pointer"], rules=rules), item["request"])
        for place, item in enumerate(last.items, 1)
    ]
    words |= {"申报编号": row.number, "补正期限": day(last_day(last.due_at))}
    return Filling(words, {"补正事项": table("补正事项", [("序号", 1), ("位置", 3), ("要求", 6)], rows)})


async def material_report(context: ReadContext, row: applications.Application) -> Filling:
    """The material report (Art. 18). Reviewers are told apart by their place, not by their names."""
    words, report = await _report(context, row, Stage.MATERIAL)
    return Filling(words, {"评分": _sheets(report)})


async def onsite_report(context: ReadContext, row: applications.Application) -> Filling:
    """The on-site report (Art. 19), as the material report."""
    words, report = await _report(context, row, Stage.ONSITE)
    survey = report.customer_survey
    words |= {
        "现场日期": day(report.visited_on),
        "顾客调查": None
        if survey is None
        else f"{survey['method']}：调查{survey['sample']}份，收回{survey['answered']}份，"
        f"满意度{survey['satisfaction']}%（{survey['carried_out_by']}，{day(survey['carried_out_on'])}）。",
    }
    return Filling(words, {"评分": _sheets(report)})


async def _report(
    context: ReadContext, row: applications.Application, stage: Stage
) -> tuple[dict[str, str | None], StageReport]:
    words, _ = await _party(context, row)
    found = [item for item in await reports.standing_reports(context.session, [row.id]) if item.stage is stage]
    if not found:
        raise NotYet("评审报告尚未出具", "The report is not recorded yet")
    last = found[-1]
    words |= {
        "评审报告": last.summary,
        "得分": _points(last.score),
        "平均分": _points(last.mean),
        "极差": _points(last.spread),
        "合议理由": f"经合议确定：{last.consensus_reason}" if last.consensus_reason else "",
    }
    return words, last


def _points(score: object) -> str:
    return f"{score:.2f}"


def _sheets(report: StageReport) -> Block:
    rows = [(f"评审员{place}", item["total"]) for place, item in enumerate(report.sheets, 1)]
    return table("评分情况", [("评审员", 5), ("总分", 5)], rows)


async def department_opinion(context: ReadContext, row: Consultation) -> Filling:
    """What a department is asked and has answered (Art. 17): code, name and period, as it learns them."""
    application = existing(await applications.get(context.session, row.application_id))
    words, organisation = await _party(context, application)
    department = await context.session.by_id(Department, row.department_id)
    records = await consultations.records_of_consultations(context.session, [row.id])
    words |= {
        "组织名称": organisation.name,
        "部门": None if department is None else department.name,
        "期间起": day(row.period_from),
        "期间止": day(row.period_to),
        "答复期限": day(last_day(row.due_at)),
        "答复": None if row.answer is None else _ANSWERS[row.answer],
        "备注": row.remark,
        "复函文号": row.letter_number,
        "签发人": row.signatory,
    }
    asked = [(str(place), sentences.label("category", item, "zh"), "") for place, item in enumerate(row.categories, 1)]
    told = [
        (
            sentences.label("category", item.category.value, "zh"),
            item.fact,
            item.basis,
            day(item.occurred_on or item.determined_on),
        )
        for item in records
    ]
    return Filling(
        words,
        {
            "征询事项": table("征询事项", [("序号", 1), ("事项", 6), ("意见", 4)], asked),
            "不良记录": table("不良记录", [("事项", 3), ("事实", 5), ("依据", 3), ("日期", 3)], told),
        },
    )
