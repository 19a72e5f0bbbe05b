"""Arts. 8, 22, 26, 28 (art22.approval, art26.fraud, art28.grounds): the plaque, from its order to its recovery."""

from __future__ import annotations

import pytest

from app.measures.findings import Finding, Outcome
from app.measures.plaques import (
    PlaqueFacts,
    plaque_due,
    plaque_orderable,
    plaque_returnable,
    plaque_still_out,
    plaque_taken_back,
)
from app.measures.state_machines import AwardState, PlaqueState, RecoveryState

ORDERED = PlaqueFacts("P01", PlaqueState.ORDERED)
OUT = PlaqueFacts("P01", PlaqueState.HANDED_OVER)
DEMANDED = PlaqueFacts("P01", PlaqueState.HANDED_OVER, RecoveryState.OUTSTANDING)


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(item.rule, item.outcome.value, item.reason.value) for item in findings]


@pytest.mark.parametrize(
    ("first", "state", "answer"),
    [
        (True, AwardState.CONFERRED, ("pass", "plaque_due")),
        (True, AwardState.REVOKED, ("fail", "award_revoked")),
        (True, AwardState.WITHDRAWN, ("fail", "award_withdrawn")),
        (False, AwardState.CONFERRED, ("fail", "not_first_award")),
        (False, AwardState.REVOKED, ("fail", "not_first_award")),
    ],
)
def test_a_first_award_that_stands_brings_one(first: bool, state: AwardState, answer: tuple[str, str]) -> None:
    (found,) = plaque_due(first_award=first, award_state=state)
    assert told([found]) == [("art22.approval", *answer)]
    stands = first and state is AwardState.CONFERRED
    assert found.facts == ({"first": first} if stands or not first else {"award_state": state.value})


@pytest.mark.parametrize(
    ("known", "confirmed", "reasons"),
    [
        (None, True, ["plaque_due"]),
        (ORDERED, True, ["plaque_due", "plaque_in_circulation"]),
        (None, False, ["plaque_due", "printed_name_unconfirmed"]),
        (OUT, False, ["plaque_due", "plaque_in_circulation", "printed_name_unconfirmed"]),
    ],
)
def test_it_is_ordered_once_with_the_confirmed_name(
    known: PlaqueFacts | None, confirmed: bool, reasons: list[str]
) -> None:
    findings = plaque_orderable(
        name="甲", name_confirmed=confirmed, first_award=True, award_state=AwardState.CONFERRED, known=known
    )
    assert [item.reason.value for item in findings] == reasons
    facts = {key: value for item in findings for key, value in item.facts.items()}
    assert known is None or (facts["number"], facts["state"]) == ("P01", known.state.value)
    assert confirmed or facts["organisation"] == "甲"


@pytest.mark.parametrize(
    ("claim", "state", "answer", "act"),
    [
        (None, AwardState.CONFERRED, ("fail", "plaque_stays"), None),
        (None, AwardState.REVOKED, ("pass", "award_revoked"), None),
        (RecoveryState.OUTSTANDING, AwardState.REVOKED, ("fail", "plaque_claimed"), "record_recovery"),
        (RecoveryState.OWED_BACK, AwardState.REVOKED, ("pass", "award_revoked"), None),
    ],
)
def test_it_is_handed_in_of_a_revoked_award_that_no_fraud_demands(
    claim: RecoveryState | None, state: AwardState, answer: tuple[str, str], act: str | None
) -> None:
    (found,) = plaque_taken_back(plaque=PlaqueFacts("P01", PlaqueState.HANDED_OVER, claim), award_state=state)
    assert told([found]) == [("art28.grounds", *answer)]
    ahead = {"number": "P01", "next_act": act, "next_by": ["office"]}
    assert found.facts == ({"award_state": state.value} if act is None else ahead)


@pytest.mark.parametrize(
    ("claim", "state", "answer"),
    [
        (None, AwardState.CONFERRED, ("pass", "plaque_due")),
        (None, AwardState.REVOKED, ("fail", "award_revoked")),
        (RecoveryState.OWED_BACK, AwardState.CONFERRED, ("fail", "plaque_claimed")),
        (RecoveryState.OUTSTANDING, AwardState.CONFERRED, ("pass", "plaque_due")),
    ],
)
def test_it_goes_back_where_the_award_stands_again_and_nothing_else_gives_it_back(
    claim: RecoveryState | None, state: AwardState, answer: tuple[str, str]
) -> None:
    back = PlaqueFacts("P01", PlaqueState.RECOVERED, claim)
    findings = plaque_returnable(plaque=back, first_award=True, award_state=state)
    assert told(findings) == [("art22.approval", *answer)]


@pytest.mark.parametrize(
    ("plaque", "answer"),
    [
        (None, None),
        (ORDERED, None),
        (PlaqueFacts("P01", PlaqueState.RECOVERED), None),
        (PlaqueFacts("P01", PlaqueState.CANCELLED), None),
        (OUT, ("art28.grounds", "take_plaque_back")),
        (PlaqueFacts("P01", PlaqueState.LOST), ("art28.grounds", "take_plaque_back")),
        (DEMANDED, ("art26.fraud", "record_recovery")),
    ],
)
def test_a_revocation_leaves_the_office_to_see_to_what_is_out(
    plaque: PlaqueFacts | None, answer: tuple[str, str] | None
) -> None:
    found = [(item.rule, item.facts["next_act"]) for item in plaque_still_out(plaque=plaque)]
    assert found == ([] if answer is None else [answer])
    assert all(item.outcome is Outcome.NEEDS_DECISION for item in plaque_still_out(plaque=plaque))
