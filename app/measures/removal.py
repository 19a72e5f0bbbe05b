"""On what ground an organisation is removed from a running round, or its award withdrawn before the decree (Arts. 4 to
6, 13, 22, 26, 28)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from app.measures.findings import Finding, Outcome, fails, obstacles, passes
from app.measures.reasons import Reason
from app.measures.registry import rule


class RemovalGround(StrEnum):
    """Why an organisation leaves a round that runs: fraud found before an award, or any rule that a gate can fail on
    the day's facts (Arts. 4 to 6, 12, 13, 26, 28)."""

    FRAUD = "art26.fraud"
    RECORD = "art13.6.record"
    HIGHER_AWARD = "art13.6.higher_award"
    RECIPIENT = "art04.recipient"
    MERIT = "art04.merit"
    LOOKBACK = "art05.lookback"
    INTERVAL = "art06.interval"
    JURISDICTION = "art12.jurisdiction"
    LOCAL = "art13.1.local"
    IDENTITY = "art13.1.identity"
    LEGAL_PERSON = "art13.1.legal_person"
    AGE = "art13.1.age"
    COMPLIANCE = "art13.2.compliance"
    CERTIFIED = "art13.3.certified"
    SAFETY = "art13.4.safety"
    PROFIT = "art13.4.profit"
    LEADING = "art13.4.leading"
    DISTINCTIVE = "art13.5.distinctive"
    EXCLUDED = "exclusions"


class WithdrawalGround(StrEnum):
    """Why an approved award is withdrawn before the decree: whatever removes from a round, a ground of Art. 28, an
    objection that was upheld since (Art. 21), or too many seats, as a repeat award has turned into one that takes one
    (Art. 6)."""

    FRAUD = "art26.fraud"
    GROUNDS = "art28.grounds"
    OBJECTION = "art21.objections"
    RECORD = "art13.6.record"
    HIGHER_AWARD = "art13.6.higher_award"
    RECIPIENT = "art04.recipient"
    MERIT = "art04.merit"
    LOOKBACK = "art05.lookback"
    SEATS = "art06.seats"
    INTERVAL = "art06.interval"
    JURISDICTION = "art12.jurisdiction"
    LOCAL = "art13.1.local"
    IDENTITY = "art13.1.identity"
    LEGAL_PERSON = "art13.1.legal_person"
    AGE = "art13.1.age"
    COMPLIANCE = "art13.2.compliance"
    CERTIFIED = "art13.3.certified"
    SAFETY = "art13.4.safety"
    PROFIT = "art13.4.profit"
    LEADING = "art13.4.leading"
    DISTINCTIVE = "art13.5.distinctive"
    EXCLUDED = "exclusions"


# What the two acts ask in any case; another ground is asked where it is the one that is named.
_ASKED_AT_REMOVAL = ("art26.fraud", "art13.6.record", "art13.6.higher_award")
_ASKED_AT_WITHDRAWAL = ("art26.fraud",)
# What a person verifies and records; all else follows from the facts of the day.
_VERIFIED = frozenset({"art26.fraud", "art28.grounds"})


@rule("art26.fraud", "art13.6.record", "art13.6.higher_award")
def removal_grounded(*, ground: RemovalGround, tested: Sequence[Finding]) -> list[Finding]:
    """Whether an organisation leaves the round on `ground`, by what was `tested`: a condition (Arts. 4 to 6, 13;
    record and higher award: Art. 13(6)) by a failing finding of its rule, fraud by its verified one (before an award it
    excludes nobody, Art. 26)."""
    return _grounded(ground, _ASKED_AT_REMOVAL, tested)


@rule("art26.fraud", "art28.grounds", "art21.objections")
def withdrawal_grounded(*, ground: WithdrawalGround, tested: Sequence[Finding]) -> list[Finding]:
    """Whether an approved award is withdrawn before the decree on `ground`, by what was `tested`, as for a removal; a
    ground of Art. 28, like fraud, by its verified finding, an objection by its upholding (Arts. 13, 21, 22, 26, 28).
    What else is found against an event of Art. 28 refuses it."""
    return _grounded(ground, _ASKED_AT_WITHDRAWAL, tested)


def _grounded(ground: StrEnum, asked: Iterable[str], tested: Sequence[Finding]) -> list[Finding]:
    if ground is WithdrawalGround.GROUNDS and (against := obstacles(item for item in tested if item.rule == ground)):
        return against
    wanted = Outcome.PASS if ground.value in _VERIFIED else Outcome.FAIL
    proof = [item for item in tested if item.rule == ground.value and item.outcome is wanted]
    if not proof:
        return [fails(ground.value, Reason.REMOVAL_UNGROUNDED, ground=ground.value)]
    others = [passes(other, Reason.NOT_THE_GROUND, ground=ground.value) for other in asked if other != ground.value]
    grounded = passes(
        ground.value,
        Reason.REMOVAL_GROUNDED,
        **{**proof[0].facts, "proof": proof[0].reason.value},
    )
    return [grounded, *others]
