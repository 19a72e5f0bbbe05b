"""What a decision that ends an award demands back (Arts. 22, 26), each thing once, and what ends such a demand."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.context import WriteContext
from app.measures.recovery import RecoveryItem, claim_ended, owed_after_taking_back
from app.measures.state_machines import RECOVERY, DisbursementState
from app.services.awards.plaques import was_handed_over
from app.services.disbursements.enter_recovery import enter_recovery
from app.services.lifecycle import one_of_many
from app.store import awards, disbursements, revocations
from app.store.revocations import conferral_doubts
from app.store.revocations.conferral_doubts import ConferralDoubt


async def recover(
    context: WriteContext,
    award: awards.Award,
    by: revocations.Revocation | ConferralDoubt,
    owed: Mapping[RecoveryItem, int],
) -> None:
    """Enter what is owed, with its amount in fen, as demanded `by` this decision; not what another demands already."""
    known = {item.item for item in await revocations.standing_recoveries(context.session, award.id)}
    for item, amount_fen in owed.items():
        if item not in known:
            enter_recovery(context, award=award, by=by, item=item, amount_fen=amount_fen)
    await context.session.flush()


async def recover_after_taking_back(context: WriteContext, award: awards.Award, doubt: ConferralDoubt) -> None:
    """All that an award has brought that was taken back (Arts. 8, 9, 22)."""
    prize = await disbursements.of_award(context.session, award.id)
    paid = prize is not None and prize.state == DisbursementState.PAID
    owed = owed_after_taking_back(plaque=await was_handed_over(context, award), paid_fen=award.prize_fen if paid else 0)
    await recover(context, award, doubt, owed)


async def recover_anew(context: WriteContext, award: awards.Award) -> None:
    """What was demanded by a decision that a review has annulled, where the award was taken back as well: by that."""
    doubt = await conferral_doubts.taken_back(context.session, award.id)
    if doubt is not None:
        await recover_after_taking_back(context, award, doubt)


async def end_recovery(
    context: WriteContext, award: awards.Award, item: revocations.Recovery, *, annulled_by: str
) -> None:
    """The decision that demands it is annulled on review, by the number of that one: what has come back is owed to the
    organisation, the rest is not demanded."""
    name = claim_ended(state=item.state, recovered_fen=item.recovered_fen)
    if name is None:
        return  # The bank has sent the prize back, or it is with the organisation again.
    with one_of_many(context, RECOVERY, item, name, round_id=award.round_id, rule=item.under.value) as doing:
        doing.tell(item=item.item, amount_fen=item.recovered_fen, annulled_by=annulled_by)
