"""A decision of revocation that is annulled on review (行政复议): what stood before it stands again (Art. 26, 28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.document_numbers import Document
from app.measures.organs import decider
from app.measures.publicity import NoticeMark
from app.measures.revocation_cases import annulment_valid
from app.measures.revocations import RevocationKind
from app.measures.state_machines import (
    REVOCATION,
    AwardState,
    DisbursementState,
    RevocationState,
)
from app.measures.text import same_document
from app.services.days import not_in_future
from app.services.disbursements import hold_prize
from app.services.instruments import in_force
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import act
from app.services.notices.publish_notice import mark_notice
from app.services.revocations.cases import let_prize_go_on, locked_case, reinstate
from app.services.revocations.coming_back import end_recovery, recover_anew
from app.services.revocations.doubts import lift_doubts
from app.services.revocations.revive_case import revive_case
from app.store import awards as store
from app.store import disbursements, revocations, rounds


@dataclass(frozen=True, slots=True)
class Annulment:
    """The decision on review: by whom, its number and day, why, and where it is filed."""

    body: str
    number: str
    decided_on: date
    reason: str
    evidence: str


async def annul_revocation(
    context: WriteContext, *, revocation_id: UUID, annulment: Annulment
) -> revocations.Revocation:
    """Put on record that the decision was annulled. Without another that stands the award is conferred again, with the
    validity that it had. The exclusion is gone as if it had never been; what was demanded is no longer demanded, what
    came back is owed to the organisation, and a prize that was not paid is due again. A case that this one took over
    goes on."""
    row, award = await locked_case(context, revocation_id)
    its_round = existing(await rounds.get(context.session, award.round_id))
    async with act(context, REVOCATION, row, "annul_revocation", round_id=award.round_id) as doing:
        not_in_future(annulment.decided_on, context.today, "/decided_on")
        # That no decision annuls itself the rule says.
        if not same_document(annulment.number, row.decision_number or ""):
            await of_one_document(context.session, Document.REVIEW, annulment.number, annulment.decided_on)
        valid = annulment_valid(
            kind=RevocationKind(row.basis),
            decided_on=row.decided_on or context.today,
            decision_number=row.decision_number or "",
            annulled_on=annulment.decided_on,
            number=annulment.number,
            reviewed_by=annulment.body,
            plain=simplified(annulment.body),
            county_code=in_force.round_parameters(its_round).county_code,
            readings=await in_force.readings(context.session, context.today),
        )
        doing.hear([*decider(role=context.actor.role, act="annul_revocation"), *valid])
        row.annulled_on, row.annulled_number = annulment.decided_on, annulment.number
        row.annulled_by_body, row.annulled_reason = annulment.body, annulment.reason
        row.annulled_evidence = annulment.evidence
        doing.tell(award_id=award.id, number=annulment.number, decided_on=annulment.decided_on)
        rests_on = ("annulled_revocation", "notice_taken_back", "own_cancellation")
        doing.tell(readings=await in_force.cited(context.session, context.today, *rests_on))
        doing.tell(body=annulment.body, reason=annulment.reason, evidence=annulment.evidence)
    await mark_notice(context, row.notice_id, NoticeMark.WITHDRAWN, on=annulment.decided_on, basis=annulment.number)
    await _exclude_nobody(context, row, annulment)
    await _lift_recoveries(context, row, award, annulment)
    await reinstate(context, award, on=annulment.decided_on)
    await recover_anew(context, award)
    await revive_case(context, row, award)
    await lift_doubts(context, row, on=annulment.decided_on, number=annulment.number, reason=annulment.reason)
    await _prize_due(context, row, award, annulment)
    return row


async def _exclude_nobody(context: WriteContext, row: revocations.Revocation, annulment: Annulment) -> None:
    exclusion = await revocations.exclusion_of(context.session, row.id)
    if exclusion is not None:
        exclusion.annulled_on = annulment.decided_on
    await context.session.flush()


async def _lift_recoveries(
    context: WriteContext, row: revocations.Revocation, award: store.Award, annulment: Annulment
) -> None:
    for item in await revocations.lock_recoveries_of(context.session, row.id):
        await end_recovery(context, award, item, annulled_by=annulment.number)
    await context.session.flush()


async def _prize_due(
    context: WriteContext, annulled: revocations.Revocation, award: store.Award, annulment: Annulment
) -> None:
    """A cancellation goes with the decision that it followed from, and the government's own with the last decision that
    stands; a fraud that stands keeps either, as does that the award was taken back, and an open case holds the
    prize."""
    cases = await revocations.revocations_of(context.session, award.id)
    row = await disbursements.lock_of_award(context.session, award.id)
    if (
        row is None
        or row.taken_back_on is not None
        or any(item.state == RevocationState.DECIDED and item.basis == RevocationKind.FRAUD for item in cases)
    ):
        return
    followed = row.cancelled_under == annulled.id or award.state == AwardState.CONFERRED
    if row.state == DisbursementState.CANCELLED and followed:
        await hold_prize.restore(context, row, decision=annulment.number, reason=annulment.reason)
    await let_prize_go_on(context, award, decision=annulment.number, reason=annulment.reason)
