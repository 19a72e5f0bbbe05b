"""The government decides on an award that is in doubt (Arts. 2, 22): it is taken back, or stands."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.conferral import ConferralOutcome, conferral_decided
from app.measures.document_numbers import Document
from app.measures.organs import decider
from app.measures.state_machines import AWARD, CONFERRAL_DOUBT, DISBURSEMENT, AwardState
from app.measures.validity import RevokedUnder
from app.services.days import not_in_future
from app.services.disbursements import cancel_disbursement
from app.services.instruments.in_force import cited, readings
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import act, move
from app.services.revocations.cases import Decision, ended_under, let_prize_go_on
from app.services.revocations.coming_back import recover_after_taking_back
from app.services.revocations.doubts import locked_doubt
from app.store import awards, disbursements
from app.store.revocations import conferral_doubts

_ACTS = {ConferralOutcome.VOID: "void_conferral", ConferralOutcome.UPHOLD: "uphold_conferral"}


async def decide_conferral(
    context: WriteContext, *, doubt_id: UUID, outcome: ConferralOutcome, decision: Decision
) -> conferral_doubts.ConferralDoubt:
    """Taken back, the award ends on the day of the decision, without excluding anybody and as if it had never been won
    (Art. 6, 8): an unpaid prize is cancelled, a paid one to be recovered, with certificate and plaque. Upheld, a prize
    that was held goes on."""
    row, award = await locked_doubt(context, doubt_id)
    name = _ACTS[outcome]
    async with act(context, CONFERRAL_DOUBT, row, name, recorded="decide_conferral", round_id=award.round_id) as doing:
        not_in_future(decision.decided_on, context.today, "/decided_on")
        await of_one_document(context.session, Document.DECISION, decision.number, decision.decided_on)
        prize = await disbursements.lock_of_award(context.session, award.id)
        decided = conferral_decided(
            outcome=outcome,
            ground=row.ground,
            scanned=bool(await conferral_doubts.letter_files_of(context.session, row.id)),
            conferred_on=award.conferred_on or decision.decided_on,
            decided_on=decision.decided_on,
            number=decision.number,
            readings=await readings(context.session, context.today),
        )
        doing.hear([*decider(role=context.actor.role, act=name), *decided])
        row.decision_number, row.decided_on = decision.number, decision.decided_on
        row.decision_reason, row.decided_by = decision.reason, context.actor.known_id
        if outcome is ConferralOutcome.VOID:
            _take_back(context, award, decision)
        doing.tell(award_id=award.id, outcome=outcome.value, number=decision.number, decided_on=decision.decided_on)
        doing.tell(reason=decision.reason)
        doing.tell(readings=await cited(context.session, context.today, "conferral_in_doubt"))
    if outcome is ConferralOutcome.VOID:
        if prize is not None and prize.state in DISBURSEMENT.transition("cancel").sources:
            await cancel_disbursement.cancel_locked(context, prize, decision=decision.number, reason=decision.reason)
        if prize is not None:
            prize.taken_back_on = decision.decided_on
        await recover_after_taking_back(context, award, row)
    else:
        await let_prize_go_on(context, award, decision=decision.number, reason=decision.reason)
    return row


def _take_back(context: WriteContext, award: awards.Award, decision: Decision) -> None:
    # A case under Art. 26 or 28 may have revoked it meanwhile.
    if award.state == AwardState.CONFERRED:
        move(context, AWARD, award, "take_back", decider(role=context.actor.role, act="take_back"))
        award.revoked_on, award.revocation_annulled_on = decision.decided_on, None
    ended_under(award, RevokedUnder.TAKEN_BACK)
