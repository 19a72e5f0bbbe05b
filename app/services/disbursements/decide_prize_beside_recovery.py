"""The government decides that a prize is paid although whoever receives it owes another one back (Arts. 9, 26)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.document_numbers import Document
from app.measures.prize import PrizeMatter, payment_decidable
from app.services.days import cited_in_time, not_in_future
from app.services.disbursements.decide_recipient import GovernmentDecision
from app.services.instruments.in_force import cited
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import enter
from app.store import awards, organisations, revocations
from app.store import disbursements as store


async def decide_prize_beside_recovery(
    context: WriteContext, *, award_id: UUID, decision: GovernmentDecision
) -> store.PrizeDecision:
    """Record that the prize is paid whole while the recovery goes on by itself. It speaks of what is owed today: who
    comes to owe more is decided on anew."""
    award = existing(await awards.lock(context.session, award_id), "没有此获奖记录", "No such award")
    winner = existing(await organisations.share(context.session, award.organisation_id))
    not_in_future(decision.decided_on, context.today, "/decided_on")
    cited_in_time("/number", decision.number, latest=decision.decided_on, earliest=decision.decided_on)
    await of_one_document(context.session, Document.DECISION, decision.number, decision.decided_on)
    owed = await revocations.owed_back_by(context.session, winner.lineage_id)
    row = store.PrizeDecision(
        created_at=context.now,
        award_id=award.id,
        kind=PrizeMatter.RECOVERY,
        number=decision.number,
        decided_on=decision.decided_on,
        reason=decision.reason,
        evidence=decision.evidence,
        outstanding_fen=owed,
        recorded_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "decide_prize_beside_recovery",
        "award",
        subject=award,
        round_id=award.round_id,
        findings=payment_decidable(prize_fen=award.prize_fen, outstanding_fen=owed),
        number=decision.number,
        decided_on=decision.decided_on,
        outstanding_fen=owed,
        reason=decision.reason,
        evidence=decision.evidence,
        readings=await cited(context.session, context.today, "prize_beside_a_recovery"),
    )
    return row
