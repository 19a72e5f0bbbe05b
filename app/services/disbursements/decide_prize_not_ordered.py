"""The government decides that a prize which nobody has ordered is not paid (Art. 9)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing, refuse
from app.measures.appropriation import never_ordered_decidable
from app.measures.disbursements import FeedChange
from app.measures.document_numbers import Document
from app.measures.interpretations import resting_on
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.services.days import cited_in_time
from app.services.disbursements.orders import nobody_since
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import readings
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import create, enter
from app.store import approval, awards, organisations
from app.store import disbursements as store
from app.store.revocations import conferral_doubts


async def decide_prize_not_ordered(
    context: WriteContext, *, award_id: UUID, decision: str, reason: str
) -> store.Disbursement:
    """The government's recorded decision that the prize of a revoked award, or of a dissolved winner that no
    organisation continues, which nobody has ordered, is not paid."""
    award = existing(await awards.lock(context.session, award_id), "没有此获奖记录", "No such award")
    organisation = existing(await organisations.share(context.session, award.organisation_id))
    ordered = await store.of_award(context.session, award.id)
    ordered = ordered or await store.of_lineage(context.session, organisation.lineage_id)
    voided = await conferral_doubts.taken_back(context.session, award.id)
    since = await nobody_since(context, award, organisation)
    findings = never_ordered_decidable(
        award_state=award.state, prize_fen=award.prize_fen, ordered=ordered is not None, nobody_since=since
    )
    on = "prize_never_ordered" if since is None else "prize_of_a_dissolved_winner"
    findings = resting_on(findings, await readings(context.session, context.today), on)
    refuse(findings)
    cited_in_time("/decision", decision, latest=context.today, earliest=since or award.revoked_on)
    await of_one_document(context.session, Document.DECISION, decision, None)
    decree = existing(await approval.decree(context.session, award.decree_id))
    row = store.Disbursement(
        created_at=context.now,
        award_id=award.id,
        organisation_id=organisation.id,
        lineage_id=organisation.lineage_id,
        amount_fen=award.prize_fen,
        budget_year=decree.dated.year,
        decree_number=decree.number,
        decree_dated=decree.dated,
        award_year=award.award_year,
        payee_name=award.awarded_name,
        payee_uscc=organisation.uscc,
        bank_name=None,
        bank_account=None,
        bank_number=None,
        state=create(DISBURSEMENT, DisbursementState.CANCELLED),
        attempt=0,
        hold_reason=reason,
        cancelled_by=decision,
        taken_back_on=None if voided is None else voided.decided_on,
        ordered_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "decide_prize_not_ordered",
        "disbursement",
        round_id=award.round_id,
        findings=findings,
        decision=decision,
        reason=reason,
        award_id=award.id,
        amount_fen=row.amount_fen,
    )
    announce(context, row, FeedChange.CANCELLED)
    return row
