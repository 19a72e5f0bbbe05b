"""What a revoked award owes back, entered as to be recovered, and the prize that came back by itself (Art. 26)."""

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


def enter_recovery(
    context: WriteContext,
    *,
    award: store.Award,
    revocation: revocations.Revocation,
    item: RecoveryItem,
    amount_fen: int,
) -> None:
    """Enter something as to be recovered."""
    context.session.add(
        revocations.Recovery(
            created_at=context.now,
            award_id=award.id,
            revocation_id=revocation.id,
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
        revocation_id=revocation.id,
    )


async def enter_prize(context: WriteContext, disbursement: Disbursement) -> None:
    """Money that arrived although its award was revoked for fraud is to be recovered: nothing paid is forgotten."""
    fraud = [
        case
        for case in await revocations.revocations_of(context.session, disbursement.award_id)
        if case.state == RevocationState.DECIDED and case.basis == RevocationKind.FRAUD
    ]
    award = await store.get(context.session, disbursement.award_id)
    if (
        not fraud
        or award is None
        or await revocations.recovery_of(context.session, award.id, RecoveryItem.PRIZE) is not None
    ):
        return
    enter_recovery(
        context, award=award, revocation=fraud[0], item=RecoveryItem.PRIZE, amount_fen=disbursement.amount_fen
    )
    await context.session.flush()


async def claim_back_no_more(context: WriteContext, disbursement: Disbursement) -> None:
    """The bank has sent the prize back: the organisation does not have it and owes nothing of it. What it had paid
    back before is its own again."""
    claim = await revocations.recovery_of(context.session, disbursement.award_id, RecoveryItem.PRIZE)
    name = None if claim is None else claim_ended(state=claim.state, recovered_fen=claim.recovered_fen)
    if claim is None or name is None:
        return
    async with act(context, RECOVERY, claim, name, named=False) as doing:
        doing.tell(item=claim.item, amount_fen=claim.recovered_fen, disbursement_id=disbursement.id)
        doing.tell(readings=await cited(context.session, context.today, "returned_prize"))
