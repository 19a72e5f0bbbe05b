"""The plaque of a first award (Arts. 8, 22): one in circulation, handed over while the award stands, and back after a
revocation (Arts. 26, 28)."""

from __future__ import annotations

from dataclasses import dataclass

from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import AwardState, PlaqueState, RecoveryState

_DUE = "art22.approval"
_AFTER_GROUNDS = "art28.grounds"
_AFTER_FRAUD = "art26.fraud"
# A recovery that is under way, or undone by a review: by what the plaque goes then.
_GOES_WITH = {RecoveryState.OUTSTANDING: "record_recovery", RecoveryState.OWED_BACK: "give_back"}
OUT = frozenset({PlaqueState.HANDED_OVER, PlaqueState.LOST})


@dataclass(frozen=True, slots=True)
class PlaqueFacts:
    """A plaque: its number, its state, and that of what an Art. 26 decision demands of it (None: nothing)."""

    number: str
    state: PlaqueState
    claim: RecoveryState | None = None


@rule("art22.approval")
def plaque_due(*, first_award: bool, award_state: AwardState) -> list[Finding]:
    """Whether the award brings a plaque to its winner now: it is a first one (Art. 8), and it stands (Art. 22)."""
    if not first_award:
        return [fails(_DUE, Reason.NOT_FIRST_AWARD, first=False)]
    if award_state is AwardState.REVOKED:
        return [fails(_DUE, Reason.AWARD_REVOKED, award_state=award_state.value)]
    if award_state is not AwardState.CONFERRED:
        return [fails(_DUE, Reason.AWARD_WITHDRAWN, award_state=award_state.value)]
    return [passes(_DUE, Reason.PLAQUE_DUE, first=True)]


@rule("art22.approval")
def plaque_orderable(
    *, name: str, name_confirmed: bool, first_award: bool, award_state: AwardState, known: PlaqueFacts | None
) -> list[Finding]:
    """Whether a plaque is ordered (Art. 22): one that is due, none beside it, its inscription confirmed by the winner.
    `known`: the one in circulation, if any; `name`: as it is to be printed."""
    findings = plaque_due(first_award=first_award, award_state=award_state)
    if known is not None:
        facts = {"object": "plaque", "state": known.state.value}
        findings.append(fails(_DUE, Reason.PLAQUE_IN_CIRCULATION, number=known.number, **facts))
    if not name_confirmed:
        findings.append(fails(_DUE, Reason.PRINTED_NAME_UNCONFIRMED, organisation=name))
    return findings


@rule("art22.approval")
def plaque_returnable(*, plaque: PlaqueFacts, first_award: bool, award_state: AwardState) -> list[Finding]:
    """Whether a plaque that came back goes to its winner again: the award stands, by a review (Art. 22), and no
    recovery is to be given back first."""
    if plaque.claim is RecoveryState.OWED_BACK:
        return [fails(_DUE, Reason.PLAQUE_CLAIMED, number=plaque.number, next_act=_GOES_WITH[plaque.claim])]
    return plaque_due(first_award=first_award, award_state=award_state)


@rule("art28.grounds")
def plaque_taken_back(*, plaque: PlaqueFacts, award_state: AwardState) -> list[Finding]:
    """Whether the plaque is entered as handed in: its award is revoked, and no fraud demands it, whose recovery says so
    (Art. 26). Art. 28 demands no plaque; it ends the use of the mark."""
    if plaque.claim is RecoveryState.OUTSTANDING:
        return [fails(_AFTER_GROUNDS, Reason.PLAQUE_CLAIMED, number=plaque.number, next_act=_GOES_WITH[plaque.claim])]
    if award_state is not AwardState.REVOKED:
        return [fails(_AFTER_GROUNDS, Reason.PLAQUE_STAYS, award_state=award_state.value)]
    return [passes(_AFTER_GROUNDS, Reason.AWARD_REVOKED, award_state=award_state.value)]


@rule("art26.fraud", "art28.grounds")
def plaque_still_out(*, plaque: PlaqueFacts | None) -> list[Finding]:
    """What a decided revocation leaves to the office: the plaque that is not back yet (Art. 26), or that is not to be
    shown any more (Art. 28). Nothing where none was handed over."""
    if plaque is None or plaque.state not in OUT:
        return []
    if plaque.claim is RecoveryState.OUTSTANDING:
        act = _GOES_WITH[plaque.claim]
        return [needs_decision(_AFTER_FRAUD, Reason.PLAQUE_STILL_OUT, number=plaque.number, next_act=act)]
    return [needs_decision(_AFTER_GROUNDS, Reason.PLAQUE_STILL_OUT, number=plaque.number, next_act="take_plaque_back")]
