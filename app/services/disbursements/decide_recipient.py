"""The government decides who receives the prize of a winner that has ceased to exist (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.measures.document_numbers import Document
from app.measures.prize import PrizeMatter, recipient_decidable
from app.measures.text import Text
from app.services.days import cited_in_time, not_before, not_in_future
from app.services.disbursements.orders import ends_by
from app.services.instruments.in_force import cited
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import enter
from app.store import awards, organisations
from app.store import disbursements as store

_EARLY = Text("早于该组织注销或者解散之日", "Before the winner was dissolved")


@dataclass(frozen=True, slots=True)
class GovernmentDecision:
    """A decision of the government on a prize: its number and day (Shanghai), why, and on what evidence."""

    number: str
    decided_on: date
    reason: str
    evidence: str


async def decide_recipient(
    context: WriteContext, *, award_id: UUID, recipient_id: UUID, decision: GovernmentDecision
) -> store.PrizeDecision:
    """Record that the prize of a dissolved winner goes to the organisation that continues it, whose succession is on
    record with its evidence. A later decision takes the place of an earlier one; both stay on record."""
    award = existing(await awards.lock(context.session, award_id), "没有此获奖记录", "No such award")
    winner = existing(await organisations.share(context.session, award.organisation_id))
    recipient = await organisations.organisation(context.session, recipient_id)
    if recipient is None:
        text = Text("没有此组织", "No such organisation")
        raise Invalid(text, errors=[FieldError("/organisation_id", FieldCode.NOT_FOUND, text)])
    not_in_future(decision.decided_on, context.today, "/decided_on")
    if winner.dissolved_on is not None:
        not_before(decision.decided_on, winner.dissolved_on, "/decided_on", _EARLY)
    cited_in_time("/number", decision.number, latest=decision.decided_on, earliest=decision.decided_on)
    await of_one_document(context.session, Document.DECISION, decision.number, decision.decided_on)
    findings = recipient_decidable(
        dissolved_on=winner.dissolved_on,
        prize_fen=award.prize_fen,
        recipient=recipient.name,
        continues=winner.id in await organisations.with_predecessors(context.session, recipient.id) - {recipient.id},
        recipient_dissolved_on=recipient.dissolved_on,
        ends_by=await ends_by(context, award, winner),
    )
    row = store.PrizeDecision(
        created_at=context.now,
        award_id=award.id,
        kind=PrizeMatter.RECIPIENT,
        number=decision.number,
        decided_on=decision.decided_on,
        reason=decision.reason,
        evidence=decision.evidence,
        recipient_id=recipient.id,
        recorded_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "decide_recipient",
        "award",
        subject=award,
        round_id=award.round_id,
        findings=findings,
        number=decision.number,
        decided_on=decision.decided_on,
        recipient_id=recipient.id,
        reason=decision.reason,
        evidence=decision.evidence,
        readings=await cited(context.session, context.today, "prize_of_a_dissolved_winner"),
    )
    return row
