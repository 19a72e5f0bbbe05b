"""The papers of a round from the candidates to the money (Arts. 9, 21, 22)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.printing.document import Block, table
from app.measures.objections import ObjectionClass
from app.measures.publicity import NoticeKind
from app.measures.state_machines import DISBURSEMENT, AwardState, ObjectionState, PlaqueState
from app.services.awards.plaques import next_number
from app.services.awards.register import printed_names
from app.services.organisations.names import names_of_the_day
from app.services.papers.catalogue import GOVERNMENT
from app.services.papers.facts.not_proposed import not_proposed
from app.services.papers.facts.told import (
    NotYet,
    category,
    day,
    in_words,
    listed,
    of_round,
    or_blank,
    parameters_of,
    period_told,
    reached,
    repeat,
    yuan,
)
from app.services.papers.wording import Filling
from app.services.reviews.entrants import Entrant, entrants
from app.store import approval, awards, deliberation, disbursements, notices, objections
from app.store.awards import plaques
from app.store.notices import Notice
from app.store.papers import counted_in
from app.store.rounds import Round

_WINNERS = "获奖组织名单"


async def candidate_notice(context: ReadContext, row: Round) -> Filling:
    """The candidates as they were published, or as they are to be: recommended by the committee."""
    found = await published(context, row)
    lines: list[tuple[str, str, str | None, str | None]]
    if found is not None:
        names = found.body.get("names")
        lines = [
            (str(place), item["name"], category(item["seat_category"]), repeat(item["repeat_award"]))
            for place, item in enumerate(names if isinstance(names, list) else [], 1)
        ]
        words = {
            **await period_told(context, found),
            "刊出媒体": listed(medium["name"] for medium in found.media),
        }
    else:
        # What it will be is known of its days alone: how many at least.
        days = str(parameters_of(row).publicity_days)
        words = {**await period_told(context, None), "公示天数": days, "刊出媒体": None}
        lines = await _recommended(context, row)
    columns = [("序号", 1), ("组织名称", 6), ("类别", 3), ("类型", 2)]
    return Filling(
        {**of_round(row), **words, **reached(context)},
        {"候选名单": table("获奖候选名单", columns, lines)},
    )


async def published(context: ReadContext, row: Round) -> Notice | None:
    """The notice of the candidates; None before it is published."""
    found = await notices.of_round(context.session, row.id)
    return next((item for item in found if item.kind is NoticeKind.CANDIDATES), None)


async def _recommended(context: ReadContext, row: Round) -> list[tuple[str, str, str | None, str | None]]:
    met = await deliberation.deliberation_of(context.session, row.id)
    if met is None:
        raise NotYet("评委会尚未审议", "The committee has not met yet")
    known = await entrants(context, row)
    chosen = [
        known[key] for item in met.conclusions if item["recommended"] and (key := UUID(item["application_id"])) in known
    ]
    names = await names_of_the_day(context.session, row.id, [item.row.organisation_id for item in chosen])
    return [
        (
            str(place),
            names[item.row.organisation_id].printed(),
            category(item.seat_category),
            repeat(item.prize.repeat_award),
        )
        for place, item in enumerate(chosen, 1)
    ]


async def proposed_list(context: ReadContext, row: Round) -> Filling:
    """The proposed list (Art. 21), once the period is over."""
    lines, _ = await _proposed(context, row)
    found = await published(context, row)
    words = {"公示截止": None if found is None else day(found.last_day), "组织数": str(len(lines))}
    return Filling({**of_round(row), **words}, {"拟奖名单": _proposal(lines)})


async def submission(context: ReadContext, row: Round) -> Filling:
    """The submission of the proposed list to the government (Art. 22): how many applied, what was objected, which names
    of the committee are not on it and why, what it costs. Nobody who objected is named, nor what was said."""
    lines, first = await _proposed(context, row)
    prize = parameters_of(row).prize_fen * first
    found = await published(context, row)
    applied, qualified = await counted_in(context.session, row.id)
    words = {
        **of_round(row),
        "申报数": str(applied),
        "合格数": str(qualified),
        **await period_told(context, found),
        "异议情况": await _objected(context, row),
        "未列入情况": await not_proposed(context, row),
        "组织数": str(len(lines)),
        "奖金合计": yuan(prize),
        "奖金合计大写": in_words(prize),
        "联系电话": context.settings.office_phone,
    }
    return Filling(words, {"拟奖名单": _proposal(lines)})


async def _objected(context: ReadContext, row: Round) -> str:
    found = await objections.objections_of(context.session, row.id)
    formal = [item for item in found if item.classification is ObjectionClass.FORMAL]
    if not found:
        return "公示期内未收到异议。"
    upheld = sum(item.state is ObjectionState.UPHELD for item in formal)
    still = sum(item.outcome_reason is None for item in formal)
    return (
        f"共收到异议{len(found)}件，其中实名异议{len(formal)}件；实名异议经核实成立{upheld}件，"
        f"不成立或者不予受理{len(formal) - upheld - still}件，尚在办理{still}件。"
    )


async def _proposed(context: ReadContext, row: Round) -> tuple[list[tuple[str, str, str | None, str]], int]:
    """The lines of the proposed list, and how many of them bring a prize."""
    found = await approval.proposed_of(context.session, row.id)
    if not found:
        raise NotYet("拟奖名单尚未确定", "The proposed list is not fixed yet")
    names = await names_of_the_day(context.session, row.id, [item.organisation_id for _, item in found])
    lines = [
        (
            str(place),
            names[item.organisation_id].printed(item.published_name),
            category(item.seat_category),
            repeat(item.repeat_award),
        )
        for place, (_, item) in enumerate(found, 1)
    ]
    return lines, await _first(context, row, {item.application_id for _, item in found})


async def _first(context: ReadContext, row: Round, applications: set[UUID]) -> int:
    known = await entrants(context, row)
    return sum(item.prize.prize_fen > 0 for key, item in known.items() if key in applications)


def _proposal(lines: list[tuple[str, str, str | None, str]]) -> Block:
    return table("拟奖名单", [("序号", 1), ("组织名称", 6), ("类别", 3), ("类型", 2)], lines)


async def decree(context: ReadContext, row: Round) -> Filling:
    """The decree (Art. 22) as it was recorded, or as it is to be written on what the meeting has approved."""
    meetings = await approval.approvals_of(context.session, row.id)
    if not meetings:
        raise NotYet("县政府常务会议尚未审定", "The executive meeting has not approved it yet")
    standing = [
        item for item in await awards.of_round(context.session, row.id) if item.state is not AwardState.WITHDRAWN
    ]
    decrees = await approval.decrees_of(context.session, row.id)
    last = decrees[-1] if decrees else None
    if last is not None:
        standing = [item for item in standing if item.decree_id == last.id]
    names = await printed_names(context, standing)
    known = await entrants(context, row)
    lines = [
        (
            str(place),
            item.decreed_name or names[item.id].printed,
            _listed_under(item, known),
            repeat(item.repeat_award),
            in_words(item.prize_fen) if item.prize_fen else "无",
        )
        for place, item in enumerate(standing, 1)
    ]
    basis = None if last is None else last.transitional_basis
    words = {
        **of_round(row),
        "发文字号": None if last is None else last.number,
        "发布机关": GOVERNMENT if last is None or last.issuer is None else last.issuer,
        "通报标题": _called(row, last),
        "主送": listed(last.addressees) if last is not None else None,
        "抄送": "、".join(last.copies_to) if last is not None else "",
        "附件": "；".join(last.attachments) if last is not None else "",
        "名单所在": "附件所列" if last is not None and any(_WINNERS in name for name in last.attachments) else "下列",
        "会议编号": _met(meetings[-1].meeting_number),
        "会议日期": day(meetings[-1].meeting_on),
        "组织数": str(len(lines)),
        "过渡依据": f"本通报依据：{basis}" if basis else "",
        "发布情况": "" if last is None or last.published_on is None else f"发布日期：{day(last.published_on)}。",
        "有效年数": str(parameters_of(row).validity_years),  # house: validity
    }
    columns = [("序号", 1), ("组织名称", 5), ("类别", 3), ("类型", 2), ("奖金", 4)]
    dated = None if last is None else last.dated
    return Filling(words, {"获奖组织": table(_WINNERS, columns, lines)}, dated)


def _called(row: Round, last: approval.Decree | None) -> str:
    """The decree's title as it was recorded; where none is, the usual one."""
    if last is not None and last.title is not None:
        return last.title
    issuer = GOVERNMENT if last is None or last.issuer is None else last.issuer
    return f"{issuer}关于表彰第{or_blank(of_round(row)['届次'])}届“会昌独好”质量奖获奖组织的通报"


def _listed_under(item: awards.Award, known: Mapping[UUID, Entrant]) -> str | None:
    """Its category; a repeat award takes no seat and has none of its own: that of its application."""
    found = known.get(item.application_id)
    return category(item.seat_category) or (None if found is None else category(found.seat_category))


def _met(number: str) -> str:
    """The meeting, with the government named once."""
    return number if "县政府" in number or GOVERNMENT in number else f"县政府{number}"


async def plaque_order(context: ReadContext, row: Round) -> Filling:
    """What is to be made for the winners (Art. 8, 22): by number, with the words that stand on it."""
    lines: list[tuple[str, ...]] = []
    for item in await _conferred(context, row):
        if item.plaque_number is None:
            continue
        made = await plaques.of_award(context.session, item.id)
        # The one that has taken a lost one's place; after one that was cancelled, the one that is to be ordered.
        found = made[-1] if made and made[-1].state != PlaqueState.CANCELLED else None
        lines.append(
            (
                str(len(lines) + 1),
                next_number(item, made) if found is None else found.number,
                item.decreed_name or item.awarded_name if found is None else found.inscription,
                f"第{or_blank(of_round(row)['届次'])}届“会昌独好”质量奖（{item.award_year}年度）",
                "" if found is None else day(found.delivered_on) or "",
            )
        )
    columns = [("序号", 1), ("奖牌编号", 4), ("获奖组织", 5), ("刻字", 5), ("验收日期", 4)]
    words = {**of_round(row), "通报文号": await _decreed(context, row), "块数": str(len(lines))}
    return Filling(words, {"奖牌": table("奖牌（奖杯）", columns, lines)})


async def disbursement_list(context: ReadContext, row: Round) -> Filling:
    """The prizes that were ordered for a round's winners (Art. 9). Accounts by their last four digits."""
    lines: list[tuple[str | None, ...]] = []
    total = 0
    for item in await _conferred(context, row):
        found = await disbursements.of_award(context.session, item.id)
        if found is None or found.attempt == 0:
            continue
        total += found.amount_fen
        account = found.bank_account
        lines.append(
            (
                str(len(lines) + 1),
                found.payee_name,
                found.payee_uscc,
                yuan(found.amount_fen),
                found.amount_in_words,
                found.bank_name,
                None if account is None else f"尾号{account[-4:]}",
                str(found.budget_year),
                DISBURSEMENT.states[found.state].zh,
            )
        )
    if not lines:
        raise NotYet("尚无拨付单", "No prize is ordered yet")
    columns = [("序号", 1), ("收款组织", 5), ("统一社会信用代码", 5), ("金额", 3), ("大写", 4), ("开户银行", 4)]
    words = {
        **of_round(row),
        "通报文号": await _decreed(context, row),
        "合计": yuan(total),
        "合计大写": in_words(total),
    }
    further = [("账号", 3), ("预算年度", 3), ("状态", 3)]
    return Filling(words, {"拨付清单": table("奖金拨付清单", [*columns, *further], lines)})


async def _conferred(context: ReadContext, row: Round) -> list[awards.Award]:
    """The awards that stand: one that is revoked has neither plaque nor prize any more."""
    found = [item for item in await awards.of_round(context.session, row.id) if item.conferred_on is not None]
    if not found:
        raise NotYet("尚未通报表彰", "There is no decree yet")
    standing = [item for item in found if item.state is AwardState.CONFERRED]
    if not standing:
        raise NotYet("本届奖项均已被撤销", "Every award of the round is revoked")
    return standing


async def _decreed(context: ReadContext, row: Round) -> str | None:
    return listed(item.number for item in await approval.decrees_of(context.session, row.id))


async def publicity_change(context: ReadContext, row: Notice) -> Filling:
    """What a notice has changed of the candidate list (Art. 21): a name added, corrected or taken off."""
    said = {
        NoticeKind.ADDITION: "增加下列候选名称。",
        NoticeKind.CORRECTION: "更正下列候选名称。",
        NoticeKind.REMOVAL: "移出下列候选名称。",
    }.get(row.kind)
    if said is None:
        raise NotYet("此公告不是名单变更", "This notice changes no candidate list")
    names = row.body.get("names")
    lines = [
        (str(place), item["name"], str(item.get("before", "")), category(item["seat_category"]))
        for place, item in enumerate(names if isinstance(names, list) else [], 1)
    ]
    about = row.body.get("round")
    about = about if isinstance(about, dict) else {}
    told = await period_told(context, row)
    period = (
        f"变更后的名称自{told['公示起始']}至{told['公示截止']}24时公示，共{told['公示天数']}天"
        f"（其中工作日{or_blank(told['公示工作日'])}天）。"
        if row.last_day
        else ""
    )
    words = {
        **reached(context),
        "年度": str(about.get("year", "")) or None,
        "活动名称": str(about.get("title", "")) or None,
        "公告标题": row.title,
        "变更情况": said,
        "公示期间": period,
        "刊出媒体": listed(medium["name"] for medium in row.media),
    }
    columns = [("序号", 1), ("组织名称", 5), ("原公示名称", 5), ("类别", 3)]
    if not any(before for _, _, before, _ in lines):
        # Nothing was called otherwise before.
        columns.pop(2)
        return Filling(words, {"变更名单": table("变更名单", columns, [(at, name, of) for at, name, _, of in lines])})
    return Filling(words, {"变更名单": table("变更名单", columns, lines)})
