"""Art. 6: a round every second year; two rounds between awards, counted in ordinals; what a repeat award is."""

from dataclasses import replace
from datetime import date

import pytest

from app.measures.facts import PastAward
from app.measures.findings import Finding
from app.measures.interpretations import Readings
from app.measures.interval import (
    CycleFacts,
    interval_over,
    is_first,
    is_repeat_award,
    repeat_award,
    round_may_open,
)
from app.measures.text import Text
from tests.measures.eligibility_samples import award, one, said
from tests.measures.procedure_samples import PARAMETERS, READINGS, reading
from tests.support.facts import part

N_PLUS_2 = reading("interval_of_two_rounds", "n_plus_2")


def cycle(year: int, last: int | None, live_round: str | None = None, called: date | None = None) -> CycleFacts:
    """A round of the year, called in it unless told otherwise."""
    return CycleFacts(year, called or date(year, 3, 1), last, live_round)


def open_round(facts: CycleFacts, cycle_years: int = 2) -> list[Finding]:
    return round_may_open(facts=facts, parameters=replace(PARAMETERS, cycle_years=cycle_years), readings=READINGS)


@pytest.mark.parametrize(
    ("year", "outcome"),
    [
        (2022, "fail"),
        (2023, "fail"),
        (2024, "fail"),
        (2025, "pass"),
        (2026, "pass"),
        (2030, "pass"),
    ],
)
def test_the_next_round_is_two_years_after_the_last_concluded_one_or_later(year: int, outcome: str) -> None:
    one(
        open_round(cycle(year, 2023)),
        "art06.cycle",
        outcome,
        year=year,
        last_concluded_year=2023,
        earliest_year=2025,
    )


def test_the_first_round_may_be_in_any_year() -> None:
    one(open_round(cycle(2023, None)), "art06.cycle", "pass", last_concluded_year=None, earliest_year=None)


def test_the_cycle_is_the_instruments() -> None:
    one(open_round(cycle(2025, 2023), cycle_years=3), "art06.cycle", "fail", "cycle_not_over")


@pytest.mark.parametrize(
    ("called", "outcome"),
    [
        (date(2024, 12, 31), "fail"),
        (date(2025, 1, 1), "pass"),
        (date(2025, 12, 31), "pass"),
        (date(2026, 1, 1), "fail"),
    ],
)
def test_the_year_of_a_round_is_that_of_its_call(called: date, outcome: str) -> None:
    found = one(open_round(cycle(2025, 2023, called=called)), "art06.cycle", outcome, year=2025, earliest_year=2025)
    if outcome == "fail":
        assert found.message == Text(
            f"届次年份应为公告发布之年{called.year}", f"The round's year must be that of its call, {called.year}"
        )
        assert found.remedy == Text("修改届次年份", "Change the round's year")
        assert found.facts["called_on"] == called.isoformat()
        assert part(found.facts, "reading", "key") == "round_year"


def test_one_round_at_a_time() -> None:
    found = one(
        open_round(cycle(2025, 2023, live_round="round-2")),
        "art06.cycle",
        "fail",
        "another_round_running",
        live_round="round-2",
        year=2025,
    )
    assert part(found.facts, "reading", "key") == "one_round_at_a_time"
    assert found.remedy is not None


def test_both_defects_of_the_cycle_are_told() -> None:
    said(open_round(cycle(2024, 2023, live_round="x")), ("art06.cycle", "fail"), ("art06.cycle", "fail"))


def interval(
    *ordinals: int, now: int, readings: Readings = READINGS, rounds: int = 2, revoked: bool = False
) -> list[Finding]:
    return interval_over(
        past_awards=[award(ordinal, revoked=revoked) for ordinal in ordinals],
        round_ordinal=now,
        parameters=replace(PARAMETERS, interval_rounds=rounds),
        readings=readings,
    )


@pytest.mark.parametrize(("now", "outcome"), [(1, "fail"), (2, "fail"), (3, "fail"), (4, "pass"), (5, "pass")])
def test_a_winner_of_round_one_may_apply_again_from_round_four(now: int, outcome: str) -> None:
    found = one(
        interval(1, now=now),
        "art06.interval",
        outcome,
        round_ordinal=now,
        last_award_ordinal=1,
        earliest_ordinal=4,
    )
    assert found.facts["reading"] == {"key": "interval_of_two_rounds", "value": "n_plus_3", "document": None}
    if outcome == "fail":
        assert "from round 4" in found.message.en
        assert found.remedy == Text("第4届起申报", "Apply from round 4 on")


@pytest.mark.parametrize(("now", "outcome"), [(2, "fail"), (3, "pass")])
def test_a_registered_interpretation_may_read_it_as_n_plus_two(now: int, outcome: str) -> None:
    one(interval(1, now=now, readings=N_PLUS_2), "art06.interval", outcome, earliest_ordinal=3)


@pytest.mark.parametrize("ordinals", [(1, 4), (4, 1)])
@pytest.mark.parametrize(("now", "outcome"), [(6, "fail"), (7, "pass")])
def test_it_holds_after_every_award_the_repeated_one_included(
    ordinals: tuple[int, int], now: int, outcome: str
) -> None:
    one(interval(*ordinals, now=now), "art06.interval", outcome, last_award_ordinal=4, earliest_ordinal=7)


def test_a_revocation_does_not_bring_a_winner_back_sooner() -> None:
    one(interval(1, now=3, revoked=True), "art06.interval", "fail", earliest_ordinal=4)


def test_the_interval_is_the_instruments() -> None:
    one(interval(1, now=4, rounds=3), "art06.interval", "fail", earliest_ordinal=5)


def test_who_never_won_may_apply() -> None:
    one(interval(now=1), "art06.interval", "pass", "no_earlier_award", last_award_ordinal=None, round_ordinal=1)


@pytest.mark.parametrize(
    ("past", "first", "repeats", "standing", "revoked"),
    [
        ([], True, False, [], []),
        ([award(1)], False, True, [1], []),
        ([award(1, revoked=True)], False, False, [], [1]),
        ([award(1), award(4, revoked=True)], False, True, [1], [4]),
    ],
)
def test_an_award_is_repeated_while_an_earlier_one_stands(
    past: list[PastAward], first: bool, repeats: bool, standing: list[int], revoked: list[int]
) -> None:
    assert is_first(past) is first
    assert is_repeat_award(past) is repeats
    found = one(
        repeat_award(past_awards=past, readings=READINGS),
        "art06.repeat_award",
        "pass",
        "is_a_repeat_award" if repeats else "not_a_repeat_award",
        first=first,
        repeat_award=repeats,
        standing_rounds=standing,
        revoked_rounds=revoked,
    )
    assert part(found.facts, "reading", "key") == "first_award"
