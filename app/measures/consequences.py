"""What a revocation brings (Arts. 26, 28): what is given back, what becomes of the prize, how long nobody may apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.exclusions import exclusion_last_day
from app.measures.instruments import Parameters
from app.measures.registry import rule
from app.measures.revocations import RevocationKind
from app.measures.state_machines import DISBURSEMENT, DisbursementState


@dataclass(frozen=True, slots=True)
class SanctionedAward:
    """What the revoked award had brought: plaque handed over or not, the prize due for it in fen (0: none), the state
    of its disbursement (None: none yet)."""

    decided_on: date
    plaque: bool
    prize_fen: int
    disbursement_state: DisbursementState | None


class PrizeEffect(StrEnum):
    """What becomes of the prize: a paid one is recovered, an unpaid one is cancelled or suspended."""

    RECOVER = "recover"
    CANCEL = "cancel"
    SUSPEND = "suspend"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a decision brings. `amount_fen`: the prize recovered, cancelled or suspended. The last day is included."""

    recover_plaque: bool
    recover_certificate: bool
    prize: PrizeEffect
    amount_fen: int
    public_notice: bool
    stop_use: bool
    out_of_round: bool
    exclusion_last_day: date | None


# Fraud found before an award: there is nothing to revoke, and the measures state no exclusion for it.
BEFORE_AWARD = Consequences(False, False, PrizeEffect.NONE, 0, False, False, True, None)


_UNPAID = frozenset(DISBURSEMENT.states) - {DisbursementState.PAID, DisbursementState.CANCELLED} | {None}


@rule("art26.fraud", "art28.grounds")
def consequences(*, kind: RevocationKind, award: SanctionedAward | None, parameters: Parameters) -> Consequences:
    """What follows. Art. 26: plaque and certificate recovered, the prize recovered if paid or cancelled if not.
    Art. 28: nothing recovered, an unpaid prize suspended for a recorded decision. None: fraud before an award."""
    if award is None:
        return BEFORE_AWARD
    fraud = kind is RevocationKind.FRAUD
    prize = _prize_effect(fraud, award)
    return Consequences(
        recover_plaque=fraud and award.plaque,
        recover_certificate=fraud,
        prize=prize,
        amount_fen=0 if prize is PrizeEffect.NONE else award.prize_fen,
        public_notice=True,
        stop_use=True,
        out_of_round=False,
        exclusion_last_day=exclusion_last_day(kind=kind, decided_on=award.decided_on, parameters=parameters),
    )


def _prize_effect(fraud: bool, award: SanctionedAward) -> PrizeEffect:
    if award.prize_fen == 0:
        return PrizeEffect.NONE
    if award.disbursement_state in _UNPAID:
        return PrizeEffect.CANCEL if fraud else PrizeEffect.SUSPEND
    if fraud and award.disbursement_state == DisbursementState.PAID:
        return PrizeEffect.RECOVER
    return PrizeEffect.NONE
