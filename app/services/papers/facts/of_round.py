"""The papers of a round from its call to the committee (Arts. 11, 16, 17, 20)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.printing.document import table
from app.kernel.stored import read_rules
from app.measures.reviewers import UndertakingKind
from app.measures.roles import Role
from app.services.papers.facts.told import (
    NotYet,
    category,
    day,
    day_of,
    in_words,
    listed,
    of_round,
    parameters_of,
    reached,
    yuan,
)
from app.services.papers.wording import Filling
from app.services.reviewers.sign_undertaking import TEXTS
from app.services.reviews.entrants import applicants
from app.store import deliberation, qualification, reviewers, reviews
from app.store.deliberation import ConclusionRecord, Deliberation
from app.store.reviews import judged
from app.store.rounds import Round


async def call(context: ReadContext, row: Round) -> Filling:
    """The call (Art. 16), as it was published or is to be."""
    rules = read_rules(row.review_rules)
    told = row.call or {}
    numbers = None if row.parameters is None else parameters_of(row)
    channels = told.get("channels")
    words = {
        **of_round(row),
        **reached(context),
        "截止日期": day(row.deadline),
        "发布渠道": listed(map(str, channels)) if isinstance(channels, list) else None,
        "制造业名额": None if numbers is None else str(numbers.seats_manufacturing),
        "其他行业名额": None if numbers is None else str(numbers.seats_other),
        "奖金": None if numbers is None else yuan(numbers.prize_fen),
        "奖金大写": None if numbers is None else in_words(numbers.prize_fen),
    }
    materials = [(str(place), item.zh, "必备") for place, item in enumerate(rules.required_materials, 1)]
    further = [(str(place), item.zh, "可附") for place, item in enumerate(rules.further_materials, len(materials) + 1)]
    points = [(item.code, item.category_zh, item.zh, str(item.points)) for item in rules.items]
    return Filling(
        words,
        {
            "申报材料": table("申报材料清单", [("序号", 1), ("材料", 7), ("要求", 2)], [*materials, *further]),
            "评分办法": table(
                f"评分办法（总分{rules.total_points}分）",
                [("编号", 1), ("类目", 3), ("评分项", 5), ("分值", 1)],
                points,
            ),
        },
    )


async def undertaking(context: ReadContext, row: Round) -> Filling:
    """A reviewer's undertakings (Art. 29), in the words that are signed; for others than the reviewer a form with
    blanks."""
    if row.called_at is None:
        raise NotYet("本届评审尚未发布通知", "The call is not published yet")
    words = {
        **of_round(row),
        "评审员": None,
        "保密承诺": TEXTS[UndertakingKind.CONFIDENTIALITY].zh,
        "廉洁承诺": TEXTS[UndertakingKind.INTEGRITY].zh,
        "保密签署日期": None,
        "廉洁签署日期": None,
    }
    if context.actor.role is Role.REVIEWER:
        found = await reviewers.of_account(context.session, context.actor.known_id)
        if found is None:
            raise NotYet("尚未入库", "The caller is not in the pool yet")
        signed = await reviewers.undertakings_of(context.session, reviewer_id=found.id, round_id=row.id)
        words["评审员"] = found.name
        for kind, place in (
            (UndertakingKind.CONFIDENTIALITY, "保密签署日期"),
            (UndertakingKind.INTEGRITY, "廉洁签署日期"),
        ):
            words[place] = day_of(signed[kind].created_at) if kind in signed else None
    return Filling(words)


async def qualified_list(context: ReadContext, row: Round) -> Filling:
    """The confirmed list (Art. 17), each name as it was published."""
    notice = await qualification.qualified_list(context.session, row.id)
    if notice is None:
        raise NotYet("合格名单尚未确认", "The qualified list is not confirmed yet")
    names = notice.body.get("names")
    rows = [(str(place), str(name)) for place, name in enumerate(names if isinstance(names, list) else [], 1)]
    return Filling(
        {**of_round(row), "组织数": str(len(rows))},
        {"合格组织": table("资格审查合格组织名单", [("序号", 1), ("组织名称", 9)], rows)},
    )


async def evaluation_report(context: ReadContext, row: Round) -> Filling:
    """The evaluation report (Art. 20)."""
    report = await reviews.evaluation_of(context.session, row.id)
    if report is None:
        raise NotYet("综合评价报告尚未出具", "The evaluation report is not issued yet")
    columns = [
        ("类别", 3),
        ("名次", 1),
        ("组织名称", 5),
        ("统一社会信用代码", 5),
        ("材料", 2),
        ("现场", 2),
        ("加分", 1),
    ]
    rows = [
        (
            category(item["seat_category"]),
            f"{item['rank']}{'（并列）' if item['tied'] else ''}",
            item["organisation_name"],
            item["uscc"],
            item["material"],
            item["onsite"],
            item["preference"],
            item["overall"],
            "是" if item["passed"] else "否",
        )
        for item in report.ranking
    ]
    return Filling(
        {**of_round(row), "综述": report.summary, "依据哈希": report.inputs_hash},
        {"综合排名": table("综合排名", [*columns, ("总分", 2), ("达线", 1)], rows)},
    )


async def minutes(context: ReadContext, row: Round) -> Filling:
    """The committee's minutes (Art. 11(5))."""
    met = await _met(context, row)
    named = await _concluded(context, row)
    rows = [
        (
            str(place),
            named.get(UUID(item["application_id"])),
            "推荐" if item["recommended"] else "不推荐",
            f"{item['votes_for']}／{item['votes_against']}／{item['abstentions']}",
            listed(item["recused"]) or "无",
            item["reason"],
        )
        for place, item in enumerate(met.conclusions, 1)
    ]
    offices = [f"{item['office']}：{item['name']}" for item in met.offices]
    words = {
        **of_round(row),
        "会议日期": day(met.meeting_on),
        "主持人": next((item["name"] for item in met.offices if item.get("presided")), met.chair),
        "应到人数": str(len(met.members)),
        "实到人数": str(len(met.present)),
        "委员": listed(met.members),
        "到会": listed(met.present),
        "职务": "；".join(offices),
        "纪要": met.minutes,
    }
    columns = [("序号", 1), ("组织", 4), ("结论", 2), ("赞成／反对／弃权", 4), ("回避", 2), ("理由", 5)]
    return Filling(words, {"审议结论": table("审议结论", columns, rows)})


async def ballots(context: ReadContext, row: Round) -> Filling:
    """Ballots to fill in for every evaluated name, and how they were counted once the committee has met."""
    named = await _concluded(context, row)
    if not named:
        raise NotYet("综合评价报告尚未出具", "The evaluation report is not issued yet")
    met = await deliberation.deliberation_of(context.session, row.id)
    counted = {} if met is None else {UUID(item["application_id"]): item for item in met.conclusions}
    ballot = table(
        "表决票",
        [("序号", 1), ("组织", 5), ("赞成", 1), ("反对", 1), ("弃权", 1)],
        [(str(place), name, "", "", "") for place, name in enumerate(named.values(), 1)],
    )
    columns = [("组织", 4), ("发票", 1), ("收票", 1), ("废票", 1), ("赞成", 1), ("反对", 1), ("弃权", 1)]
    rows = [(name, *_count(counted.get(key))) for key, name in named.items()]
    return Filling(
        {**of_round(row), "会议日期": None if met is None else day(met.meeting_on)},
        {"表决票": ballot, "计票": table("计票单", columns, rows)},
    )


def _count(item: ConclusionRecord | None) -> tuple[str | None, ...]:
    if item is None:
        return (None,) * 6
    cast = item["ballots"]
    issued = (None,) * 3 if cast is None else (cast["issued"], cast["returned"], cast["invalid"])
    votes = (*issued, item["votes_for"], item["votes_against"], item["abstentions"])
    return tuple(None if number is None else str(number) for number in votes)


async def _met(context: ReadContext, row: Round) -> Deliberation:
    met = await deliberation.deliberation_of(context.session, row.id)
    if met is None:
        raise NotYet("评委会尚未审议", "The committee has not met yet")
    return met


async def _concluded(context: ReadContext, row: Round) -> dict[UUID, str]:
    """By application the names of the evaluation's ranking, those of one name told apart by their codes."""
    report = await reviews.evaluation_of(context.session, row.id)
    ids = [] if report is None else [UUID(item["application_id"]) for item in report.ranking]
    rows = await judged.judged_by_id(context.session, ids) if ids else []
    return {key: item.name for key, item in applicants(rows).items()}
