"""What a revoked award, or one that was taken back, has to give back, and when it came back (Arts. 9, 22, 26)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import RecoveryState
from app.measures.text import plain_number


class RecoveryItem(StrEnum):
    """What a revoked award gives back."""

    PLAQUE = "plaque"
    CERTIFICATE = "certificate"
    PRIZE = "prize"


class RecoveredUnder(StrEnum):
    """What demands something back, by the rule that its acts cite: the decision that revokes for a fraud (Art. 26), or
    the one that takes back what was conferred without ground (Art. 22)."""

    FRAUD = "art26.fraud"
    TAKING_BACK = "art22.approval"


@dataclass(frozen=True, slots=True)
class CameBack:
    """Something that came back: an amount in fen (0 for a thing), its day, and the paper that shows it."""

    amount_fen: int
    recovered_on: date
    evidence: str


@rule("art22.approval")
def owed_after_taking_back(*, plaque: bool, paid_fen: int) -> dict[RecoveryItem, int]:
    """What an award that was taken back owes: all that it has brought, since it should not have been conferred (Arts.
    8, 9, 22): the certificate, the plaque where it was handed over (`plaque`), the prize where it was paid
    (`paid_fen`; 0: it was not). By the item, with its amount in fen."""
    owed = {RecoveryItem.CERTIFICATE: 0}
    if plaque:
        owed[RecoveryItem.PLAQUE] = 0
    if paid_fen:
        owed[RecoveryItem.PRIZE] = paid_fen
    return owed


_TO_COME_BACK = {
    RecoveryItem.PLAQUE: Reason.PLAQUE_TO_COME_BACK,
    RecoveryItem.CERTIFICATE: Reason.CERTIFICATE_TO_COME_BACK,
}


@rule("art22.approval", "art09.disbursement")
def left_to_come_back(*, outstanding: Mapping[RecoveryItem, int]) -> list[Finding]:
    """What the holder of an award that was taken back still has to give back, and the office to enter as it comes
    (Arts. 9, 22). `outstanding`: by the item, of the prize with what is left of it in fen."""
    told: Facts = {"decides": "office", "next_act": "record_recovery"}
    return [
        needs_decision("art09.disbursement", Reason.PRIZE_TO_COME_BACK, amount_fen=outstanding[item], **told)
        if item is RecoveryItem.PRIZE
        else needs_decision("art22.approval", _TO_COME_BACK[item], **told)
        for item in RecoveryItem
        if item in outstanding
    ]


@rule("art26.fraud", "art22.approval")
def entered_once(
    *, new: CameBack, known: Iterable[CameBack], under: RecoveredUnder = RecoveredUnder.FRAUD
) -> list[Finding]:
    """Whether this is no entry that stands already: the same day, amount and paper are one payment, told twice (Arts.
    22, 26). `known`: the entries that stand. Nothing is found where none is the same."""
    for item in known:
        same_paper = plain_number(item.evidence) == plain_number(new.evidence)
        if same_paper and (item.amount_fen, item.recovered_on) == (new.amount_fen, new.recovered_on):
            facts: Facts = {"amount_fen": new.amount_fen, "recovered_on": new.recovered_on.isoformat()}
            return [fails(under.value, Reason.RECOVERY_ENTERED_ALREADY, **facts)]
    return []


@rule("art26.fraud", "art22.approval")
def recovery_recordable(
    *, decided_on: date, recovered_on: date, under: RecoveredUnder = RecoveredUnder.FRAUD
) -> list[Finding]:
    """Whether something can have come back on that day: on or after the day of the decision that demands it (Arts. 22,
    26). That it is not of tomorrow is asked of every day that people state."""
    facts: Facts = {"decided_on": decided_on.isoformat(), "recovered_on": recovered_on.isoformat()}
    if recovered_on < decided_on:
        return [fails(under.value, Reason.RECOVERED_BEFORE_DECISION, **facts)]
    return [passes(under.value, Reason.RECOVERY_RECORDABLE, **facts)]


@rule("art26.fraud")
def claim_ended(*, state: RecoveryState, recovered_fen: int) -> str | None:
    """The act by which a claim ends, where its decision is annulled on review or the bank has sent the prize back
    (Art. 26): what has come back, the whole or a part, is owed to the organisation, the rest is not demanded. None
    where the claim has ended already, whatever ended it. `recovered_fen`: what has come back of a prize."""
    if state not in (RecoveryState.OUTSTANDING, RecoveryState.RECOVERED):
        return None
    return "owe_back" if state is RecoveryState.RECOVERED or recovered_fen > 0 else "lift_recovery"
