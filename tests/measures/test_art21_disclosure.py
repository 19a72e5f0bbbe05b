"""Arts. 21, 29, 31: who objected or reported is disclosed by two persons, for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.measures.disclosure import (
    LASTS,
    disclosure_decidable,
    disclosure_free,
    disclosure_in_force,
    disclosure_withdrawable,
)
from tests.measures.procedure_samples import only, refused

RULE = "art21.disclosure"
UNTIL = datetime(2024, 5, 23, 2, tzinfo=UTC)


def test_a_release_and_a_request_last_three_days() -> None:
    assert timedelta(days=3) == LASTS


def test_one_request_at_a_time_is_asked_for() -> None:
    assert only(disclosure_free(standing_until=None), RULE, "pass").reason == "disclosure_free"
    told = only(disclosure_free(standing_until=UNTIL), RULE, "fail")
    assert (told.reason, told.facts["ends_at"]) == ("disclosure_stands", "2024-05-23T02:00:00+00:00")


@pytest.mark.parametrize(
    ("own", "person", "recused", "standing", "reasons"),
    [
        (True, True, False, True, ["asker_decides"]),
        (False, False, False, True, ["decider_no_person"]),
        (False, True, True, True, ["decider_recused"]),
        (False, True, False, False, ["disclosure_over"]),
        (True, False, True, False, ["asker_decides", "decider_no_person", "decider_recused", "disclosure_over"]),
    ],
)
def test_another_person_without_interests_decides_while_it_stands(
    own: bool, person: bool, recused: bool, standing: bool, reasons: list[str]
) -> None:
    found = disclosure_decidable(own=own, person=person, recused=recused, standing=standing)
    assert refused(found, RULE) == reasons


def test_a_standing_request_is_decided() -> None:
    found = disclosure_decidable(own=False, person=True, recused=False, standing=True)
    assert only(found, RULE, "pass").reason == "disclosure_decidable"


@pytest.mark.parametrize(
    ("own", "person", "recused", "in_force", "reasons"),
    [
        (True, True, False, True, ["asker_decides"]),
        (False, False, False, True, ["decider_no_person"]),
        (False, True, True, True, ["decider_recused"]),
        (False, True, False, False, ["disclosure_not_standing"]),
        (
            True,
            False,
            True,
            False,
            ["asker_decides", "decider_no_person", "decider_recused", "disclosure_not_standing"],
        ),
    ],
)
def test_another_person_without_interests_withdraws_a_release_in_force(
    own: bool, person: bool, recused: bool, in_force: bool, reasons: list[str]
) -> None:
    found = disclosure_withdrawable(own=own, person=person, recused=recused, in_force=in_force)
    assert refused(found, RULE) == reasons


def test_a_release_in_force_is_withdrawn() -> None:
    found = disclosure_withdrawable(own=False, person=True, recused=False, in_force=True)
    assert only(found, RULE, "pass").reason == "disclosure_withdrawable"


def test_it_is_read_while_it_is_released() -> None:
    told = only(disclosure_in_force(asked=True, released_until=UNTIL), RULE, "pass")
    assert (told.reason, told.facts["ends_at"]) == ("disclosure_in_force", "2024-05-23T02:00:00+00:00")
    for asked, reason in ((False, "disclosure_not_released"), (True, "disclosure_undecided")):
        assert refused(disclosure_in_force(asked=asked, released_until=None), RULE) == [reason]
