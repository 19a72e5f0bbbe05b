"""The papers of an award and of what follows it (Arts. 21, 22, 26, 27, 28)."""

from __future__ import annotations

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.kernel.printing.document import table
from app.measures.recovery import RecoveryItem
from app.measures.revocations import RevocationKind
from app.measures.state_machines import OBJECTION, RECOVERY, AwardState, RecoveryState, RevocationState
from app.services.applications.under_review import last_day
from app.services.papers.facts.told import NotYet, article, day, day_of, in_words, instant, of_round, repeat, yuan
from app.services.papers.wording import Filling
from app.store import approval, awards, objections, organisations, papers, publicity, revocations, rounds
from app.store.revocations import PartyStatement, Revocation
from app.store.supervision import Visit

_CLASSES = {"formal": "实名异议", "informal": "匿名或者逾期线索"}
_ITEMS = {RecoveryItem.PLAQUE: "奖牌（奖杯）", RecoveryItem.CERTIFICATE: "证书", RecoveryItem.PRIZE: "奖金"}


async def certificate(context: ReadContext, row: awards.Award) -> Filling:
    """The certificate (Art. 22), once the decree has conferred it; the name as the decree has it."""
    if row.conferred_on is None:
        raise NotYet("尚未通报表彰", "There is no decree yet")
    if row.state is not AwardState.CONFERRED:
        raise NotYet("该奖项已被撤销或者撤回，不再出具证书", "The award stands no more: it has no certificate any more")
    round_row = existing(await rounds.get(context.session, row.round_id))
    decree = await approval.decree(context.session, row.decree_id)
    words = {
        **of_round(round_row),
        "获奖名称": row.awarded_name,
        "获奖类型": repeat(row.repeat_award),
        "证书编号": row.certificate_number,
        "通报文号": None if decree is None else decree.number,
        "有效期起": day(row.conferred_on),
        "有效期止": day(row.valid_until),
    }
    return Filling(words, dated=row.conferred_on)


async def objection_record(context: ReadContext, row: objections.Objection) -> Filling:
    """How an objection was dealt with (Art. 21): by its investigator's summary. What came in, and from whom, is no part
    of it."""
    words = await _objected(context, row)
    words |= {
        "收到时间": instant(row.received_at),
        "类别": _CLASSES[row.classification.value],
        "归类依据": row.classification_reason or "按收到时的情形",
        "摘要": row.summary,
        "核实情况": row.verification,
        "处理理由": row.outcome_reason or "",
        "办结时间": instant(row.closed_at),
    }
    return Filling(words)


async def objection_reply(context: ReadContext, row: objections.Objection) -> Filling:
    """What whoever objected is answered (Art. 21): the words that are meant for the public. It is addressed to nobody
    by name: the office does not know it."""
    if row.closed_at is None:
        raise NotYet("异议尚未办结", "The objection is not closed yet")
    words = await _objected(context, row)
    words |= {"收到日期": day_of(row.received_at), "答复内容": row.outcome_public, "办结日期": day_of(row.closed_at)}
    return Filling(words)


async def _objected(context: ReadContext, row: objections.Objection) -> dict[str, str | None]:
    round_row = existing(await rounds.get(context.session, row.round_id))
    candidate = await context.session.by_id(publicity.Candidate, row.candidate_id)
    return {
        **of_round(round_row),
        "被异议名称": None if candidate is None else candidate.published_name,
        "处理结果": None if row.closed_at is None else OBJECTION.states[row.state].zh,
    }


async def _case(context: ReadContext, row: Revocation) -> dict[str, str | None]:
    award = existing(await awards.get(context.session, row.award_id))
    words = await _winner(context, award)
    fraud = row.basis is RevocationKind.FRAUD
    basis = article("26" if fraud else f"28({row.ground})")
    return {**words, "证书编号": award.certificate_number, "依据": basis}


async def _winner(context: ReadContext, award: awards.Award) -> dict[str, str | None]:
    round_row = existing(await rounds.get(context.session, award.round_id))
    holder = existing(await organisations.organisation(context.session, award.organisation_id))
    return {**of_round(round_row), "组织名称": award.awarded_name, "统一社会信用代码": holder.uscc}


async def case_notice(context: ReadContext, row: Revocation) -> Filling:
    """What the organisation is told of a case (Art. 26, 28): the summary, which names no third party."""
    words = await _case(context, row)
    return Filling({**words, "情况摘要": row.summary, "陈述期限": day(last_day(row.reply_due_at))})


async def revocation_submission(context: ReadContext, row: Revocation) -> Filling:
    """The submission of a case to the government (Art. 26, 28), with its facts and evidence."""
    words = await _case(context, row)
    heard = [item for item in await revocations.statements_of(context.session, row.id) if not item.after_decision]
    said = [_said(item) for item in heard]
    stated = "\n".join(said) or "该组织未提交陈述。"
    words |= {"事实": row.facts, "证据": row.evidence, "陈述情况": stated}
    return Filling({**words, "联系电话": context.settings.office_phone})


def _said(item: PartyStatement) -> str:
    """One statement as the submission tells it, of a letter its day of receipt."""
    if item.received_on is None:
        return f"该组织于{day_of(item.stated_at)}提交陈述：\n{item.statement}"
    return f"该组织的书面陈述于{day(item.received_on)}收到（{item.letter_reference}）：\n{item.statement}"


async def revocation_notice(context: ReadContext, row: Revocation) -> Filling:
    """What the public is told (Art. 26, 28): the decision and its consequences. What was found stays with the case."""
    words = {**await _case(context, row), **_decided(row)}
    exclusion = await revocations.exclusion_of(context.session, row.id)
    words |= {
        "禁期起": None if exclusion is None else day(exclusion.from_day),
        "禁期止": None if exclusion is None else day(exclusion.last_day),
    }
    return Filling(words)


def _decided(row: Revocation) -> dict[str, str | None]:
    if row.state is not RevocationState.DECIDED:
        raise NotYet("县政府尚未决定撤销", "The government has not decided to revoke")
    return {"决定文号": row.decision_number, "决定日期": day(row.decided_on)}


_A_THING = "一件"


async def recovery_letter(context: ReadContext, row: Revocation) -> Filling:
    """What has to come back after fraud (Art. 26), and what has come already."""
    words = {**await _case(context, row), **_decided(row)}
    found = await papers.recoveries_of(context.session, row.id)
    if not found:
        raise NotYet("没有应收回的物品或者奖金", "Nothing has to come back")
    prize = sum(item.amount_fen for item in found)
    rows = [
        (
            _ITEMS[item.item],
            yuan(item.amount_fen) if item.amount_fen else _A_THING,
            yuan(item.recovered_fen) if item.amount_fen else _A_THING if item.state == RecoveryState.RECOVERED else "",
            RECOVERY.states[item.state].zh,
        )
        for item in found
    ]
    words |= {"追缴金额": yuan(prize), "追缴金额大写": in_words(prize)}
    columns = [("应收回", 4), ("金额（数量）", 4), ("已收回", 4), ("状态", 3)]
    return Filling(words, {"应收回": table("应收回的物品和奖金", columns, rows)})


async def visit_record(context: ReadContext, row: Visit) -> Filling:
    """A visit to a winner (Art. 27), planned or made."""
    words = await _winner(context, existing(await awards.get(context.session, row.award_id)))
    words |= {
        "计划日期": day(row.planned_on),
        "巡访日期": day(row.visited_on),
        "巡访人员": "、".join(row.visitors) or None,
        "发现": row.findings,
        "后续": row.follow_up,
    }
    return Filling(words)
