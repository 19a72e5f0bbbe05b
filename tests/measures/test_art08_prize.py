"""Arts. 6, 8: the prize of a first award; certificate and title of a repeated one; a seat alone after a revoked one."""

from dataclasses import replace

import pytest

from app.measures.facts import PastAward
from app.measures.prize import prize_due
from tests.measures.eligibility_samples import award, said
from tests.measures.procedure_samples import PARAMETERS, READINGS
from tests.support.facts import part

NOTHING_BUT_A_SEAT = (False, True, 0, False)
CERTIFICATE_AND_TITLE = (False, False, 0, False)


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ([], (True, True, 10_000_000, True)),
        ([award(1)], CERTIFICATE_AND_TITLE),
        ([award(1), award(4)], CERTIFICATE_AND_TITLE),
        ([award(1, revoked=True)], NOTHING_BUT_A_SEAT),
        ([award(1, revoked=True), award(6, revoked=True)], NOTHING_BUT_A_SEAT),
        ([award(1), award(4, revoked=True)], CERTIFICATE_AND_TITLE),
        ([award(1, revoked=True), award(6)], CERTIFICATE_AND_TITLE),
    ],
)
def test_what_an_award_brings_by_the_earlier_ones(
    past: list[PastAward], expected: tuple[bool, bool, int, bool]
) -> None:
    due = prize_due(past_awards=past, parameters=PARAMETERS, readings=READINGS)
    first, takes_seat, prize_fen, plaque = expected
    assert (due.first, due.takes_seat, due.prize_fen, due.plaque) == expected
    assert due.repeat_award is not takes_seat
    prize, repeated = said(due.findings, ("art08.prize", "pass"), ("art06.repeat_award", "pass"))
    assert prize.facts["first"] is first
    assert prize.facts["prize_fen"] == prize_fen
    assert prize.facts["plaque"] is plaque
    assert prize.facts["earlier_rounds"] == [item.round_ordinal for item in past]
    assert part(prize.facts, "reading", "value") == "any_award_counts"
    assert prize.message.en.startswith("A first award" if first else "Not a first award")
    assert repeated.facts["repeat_award"] is not takes_seat


def test_the_prize_is_exactly_the_instruments() -> None:
    due = prize_due(past_awards=[], parameters=replace(PARAMETERS, prize_fen=7), readings=READINGS)
    assert due.prize_fen == 7
