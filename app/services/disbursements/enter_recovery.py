"""What an award owes back that was revoked for fraud (Art. 26) or taken back (Art. 22), entered as to be recovered, and
the prize that came back by itself."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.measures.recovery import RecoveryItem, claim_ended
from app.measures.revocations import RevocationKind
from app.measures.state_machines import RECOVERY, RevocationState
from app.services.instruments.in_force import cited
from app.services.lifecycle import act, create
from app.store import awards as store
from app.store import revocations
from app.store.disbursements import Disbursement
from app.store.revocations import conferral_doubts
from app.store.revocations.conferral_doubts import ConferralDoubt


def enter_recovery(
    context: WriteContext,
    *,
    award: store.Award,
    by: revocations.Revocation | ConferralDoubt,
    item: RecoveryItem,
    amount_fen: int,
) -> None:
    """Enter something as to be recovered, `by` the decision on a case, or on a doubt."""
    revocation_id, doubt_id = (None, by.id) if isinstance(by, ConferralDoubt) else (by.id, None)
    context.session.add(
        revocations.Recovery(
            created_at=context.now,
            award_id=award.id,
            revocation_id=revocation_id,
            doubt_id=doubt_id,
            item=item,
            amount_fen=amount_fen,
            state=create(RECOVERY),
        )
    )
    audit.record(
        context,
        "enter_recovery",
        "award",
        award.id,
        round_id=award.round_id,
        item=item,
        amount_fen=amount_fen,
        revocation_id=revocation_id,
        doubt_id=doubt_id,
    )


async def enter_prize(context: WriteContext, disbursement: Disbursement) -> None:
    """Money that arrived although its award was revoked for fraud, or taken back, is to be recovered: nothing paid is
    forgotten."""
    by: list[revocations.Revocation | ConferralDoubt] = [
        case
        for case in await revocations.revocations_of(context.session, disbursement.award_id)
        if case.state == RevocationState.DECIDED and case.basis == RevocationKind.FRAUD
    ]
    doubt = await conferral_doubts.taken_back(context.session, disbursement.award_id)
    if doubt is not None:
        by.append(doubt)
    award = await store.get(context.session, disbursement.award_id)
    if (
        not by
        or award is None
        or await revocations.recovery_of(context.session, award.id, RecoveryItem.PRIZE) is not None
    ):
        return
    enter_recovery(context, award=award, by=by[0], item=RecoveryItem.PRIZE, amount_fen=disbursement.amount_fen)
    await context.session.flush()


async def claim_back_no_more(context: WriteContext, disbursement: Disbursement) -> None:
    """The bank has sent the prize back: the organisation does not have it and owes nothing of it. What it had paid
    back before is its own again."""
    claim = await revocations.recovery_of(context.session, disbursement.award_id, RecoveryItem.PRIZE)
    name = None if claim is None else claim_ended(state=claim.state, recovered_fen=claim.recovered_fen)
    if claim is None or name is None:
        return
    async with act(context, RECOVERY, claim, name, named=False, rule=claim.under.value) as doing:
        doing.tell(item=claim.item, amount_fen=claim.recovered_fen, disbursement_id=disbursement.id)
        doing.tell(readings=await cited(context.session, context.today, "returned_prize"))
