"""What of recoveries has to agree with the awards and the payments (Arts. 9, 22, 26): questions whose answers are the
rows that do not."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select

from app.measures.disbursements import PaymentOutcome
from app.measures.recovery import RecoveryItem
from app.measures.revocations import RevocationKind
from app.measures.state_machines import ConferralDoubtState, DisbursementState, RecoveryState, RevocationState
from app.store.awards import Award
from app.store.disbursements import Disbursement, PaymentReport
from app.store.revocations import Recovery, RecoveryEntry, Revocation
from app.store.revocations.conferral_doubts import ConferralDoubt


def recovery_questions() -> Iterator[tuple[str, str, Select[UUID]]]:
    """Table, what is wrong with the rows, and the query that finds them."""
    claim = Recovery
    was_paid = exists().where(
        PaymentReport.outcome == PaymentOutcome.PAID,
        PaymentReport.disbursement_id == Disbursement.id,
        Disbursement.award_id == claim.award_id,
    )
    yield (
        "recoveries",
        "a prize is demanded back that was never paid, or another amount than it",
        select(claim.id)
        .join(Award, Award.id == claim.award_id)
        .where(claim.item == RecoveryItem.PRIZE, or_(~was_paid, claim.amount_fen != Award.prize_fen))
        .order_by(claim.id),
    )
    yield (
        "recoveries",
        "the prize is told as recovered, and not all of it came back",
        select(claim.id)
        .where(
            claim.item == RecoveryItem.PRIZE,
            claim.state == RecoveryState.RECOVERED,
            claim.recovered_fen != claim.amount_fen,
        )
        .order_by(claim.id),
    )
    entered = select(func.coalesce(func.sum(RecoveryEntry.amount_fen), 0)).where(RecoveryEntry.recovery_id == claim.id)
    yield (
        "recoveries",
        "what came back is not the sum of its entries, or more than was demanded",
        select(claim.id)
        .where(
            claim.item == RecoveryItem.PRIZE,
            or_(claim.recovered_fen != entered.scalar_subquery(), claim.recovered_fen > claim.amount_fen),
        )
        .order_by(claim.id),
    )
    yield "disbursements", "it was paid without ground, and is not demanded back", _paid_without_ground()


def _paid_without_ground() -> Select[UUID]:
    """Paid prizes of awards that were taken back (Art. 22), or revoked for fraud (Art. 26), and that nobody demands."""
    demanded = exists().where(
        Recovery.award_id == Disbursement.award_id,
        Recovery.item == RecoveryItem.PRIZE,
        Recovery.state.in_([RecoveryState.OUTSTANDING, RecoveryState.RECOVERED]),
    )
    taken_back = exists().where(
        ConferralDoubt.award_id == Disbursement.award_id, ConferralDoubt.state == ConferralDoubtState.VOIDED
    )
    for_fraud = exists().where(
        Revocation.award_id == Disbursement.award_id,
        Revocation.basis == RevocationKind.FRAUD,
        Revocation.state == RevocationState.DECIDED,
    )
    return (
        select(Disbursement.id)
        .where(Disbursement.state == DisbursementState.PAID, or_(taken_back, for_fraud), ~demanded)
        .order_by(Disbursement.id)
    )
