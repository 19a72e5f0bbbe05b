"""The papers of one application (Arts. 3, 17, 18, 19)."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.kernel.printing.document import Block, table
from app.kernel.stored import read_rules
from app.measures import sentences
from app.measures.performance import years_before
from app.measures.qualification import ConsultationAnswer
from app.measures.reviews import Stage, SurveyMethod
from app.services.applications.under_review import last_day
from app.services.papers.facts.form_tables import SELF_TABLES, about, form_tables, self_tables
from app.services.papers.facts.places import place_told
from app.services.papers.facts.told import NotYet, day, instant, listed, of_round, parameters_of
from app.services.papers.wording import Filling
from app.store import applications, consultations, organisations, qualification, recommendations, rounds
from app.store.applications import attachments
from app.store.consultations import Consultation
from app.store.organisations import Organisation
from app.store.recommendations import CountyEndorsement
from app.store.reviews import StageReport, reports
from app.store.units import Department, RecommendingUnit

# A cell of a spreadsheet holds 32,767 characters; a section may have more, and goes on in the next line.
_OF_A_CELL = 30_000
SELF_ASSESSMENT = "自我评价"
SECTION_COLUMNS = ("栏目代码", "栏目", "内容")
# How customers were asked.
SURVEYED = {
    SurveyMethod.TELEPHONE: "电话调查",
    SurveyMethod.QUESTIONNAIRE: "问卷调查",
    SurveyMethod.INTERVIEW: "面谈",
    SurveyMethod.OTHER: "其他",
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
    round_row = existing(await rounds.get(context.session, row.round_id))
    rules = read_rules(round_row.review_rules)
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
    asked = [item for item in rules.asks.indicators if item.concerns(operating=organisation.operating)]
    tables = {
        "基本情况": about(words["组织名称"], organisation, form),
        **form_tables(
            form,
            indicators=asked,
            years=years_before(round_row.year, parameters_of(round_row).lookback_years),
            files=await _file_names(context, row),
        ),
        "附件材料": table("附件材料", columns, files),
    }
    first, *further = self_tables(form, headings) or (table(SELF_TABLES, [("内容", 1)], []),)
    return Filling(
        words,
        {**tables, SELF_TABLES: first},
        sheets=(_assessment(headings, written),),
        further={SELF_TABLES: tuple(further)},
    )


async def _file_names(context: ReadContext, row: applications.Application) -> dict[str, str]:
    """The names of the application's files by their ids: those that were frozen, or those that are there."""
    if row.snapshot is not None:
        return {item["id"]: item["filename"] for item in row.snapshot["materials"]}
    return {str(item.id): item.filename for item in await attachments.of_application(context.session, row.id)}


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


async def recommendation_form(context: ReadContext, row: applications.Application) -> Filling:
    """The unit's opinion (Art. 3), or the form for it once the unit is asked."""
    words, _ = await _party(context, row)
    asked = await recommendations.open_of(context.session, row.id)
    if asked is None:
        raise NotYet("尚未请求推荐", "No unit is asked for a recommendation")
    unit = await context.session.by_id(RecommendingUnit, asked.unit_id)
    county = asked.county_endorsement
    named = (
        None if asked.county_unit_id is None else await context.session.by_id(RecommendingUnit, asked.county_unit_id)
    )
    words |= {
        "推荐单位": None if unit is None else unit.name,
        "核实事项": listed(asked.facts_verified),
        "推荐意见": asked.opinion,
        "行业相符理由": asked.industry_justification,
        "签发人": asked.signatory,
        "签发日期": day(asked.signed_on),
        "推荐文号": asked.letter_number,
        "推荐次序": None if asked.order is None else str(asked.order),
        "县级意见": None if county is None else f"{county['opinion']}（{'，'.join(_signed(named, county))}）",
    }
    return Filling(words)


def _signed(unit: RecommendingUnit | None, county: CountyEndorsement) -> list[str]:
    """Which department has said it, under which number, who has signed it and when: as far as it is stated."""
    told = (None if unit is None else unit.name, county["letter_number"], county["signatory"], day(county["signed_on"]))
    return [item for item in told if item]


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
        else f"{SURVEYED[SurveyMethod(survey['method'])]}：调查{survey['sample']}份，收回{survey['answered']}份，"
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
