"""Arts. 26, 28: whether an exclusion runs on a day has one answer, at the gate and in the public list."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.measures.exclusions import not_excluded
from app.measures.facts import Exclusion
from app.measures.findings import Outcome
from app.measures.validity import Day, Holds
from app.store import revocations
from sandbox.stages.awarded import Winner
from sandbox.world import World, ok
from tests.api.test_art28_annulment import annul, revoked, winner
from tests.api.test_revocations import FRAUD, QUALITY

__all__ = ["winner"]
DAY = timedelta(days=1)


def answers(world: World, told: dict[str, Any]) -> dict[str, tuple[bool, bool]]:
    """Whether the exclusion runs, by the law and by the public list, on the days on both sides of both of its ends."""
    first, last = (date.fromisoformat(told[name]) for name in ("from_day", "last_day"))
    known = [Exclusion(first, last, told["article"])]
    found = {}
    for day in (first - DAY, first, first + DAY, last - DAY, last, last + DAY):
        by_law = not_excluded(exclusions=known, test_date=day)[0].outcome is Outcome.FAIL
        listed = ok(world.public.get("/v1/exclusions", params={"on": day.isoformat()}))["items"]
        found[day.isoformat()] = (by_law, [item["id"] for item in listed] == [told["id"]])
    return found


@pytest.mark.parametrize("case", [FRAUD, QUALITY])
def test_art28_the_law_and_the_list_say_the_same_on_every_boundary_day(
    world: World, winner: Winner, case: dict[str, Any]
) -> None:
    decided = revoked(world, winner, case)
    told = ok(world.public.get("/v1/exclusions"))["items"][0]
    assert list(answers(world, told).values()) == [
        (False, False),
        *[(True, True)] * 4,
        (False, False),
    ]
    ok(annul(world, decided))
    assert {listed for _, listed in answers(world, told).values()} == {False}


def _later(first_day: Day[Holds], last_day: Day[Holds], on: date) -> tuple[Holds, Holds]:
    return first_day <= on - DAY, last_day >= on


def _sooner(first_day: Day[Holds], last_day: Day[Holds], on: date) -> tuple[Holds, Holds]:
    return first_day <= on, last_day >= on + DAY


def test_art28_a_list_that_moves_a_boundary_is_found_out(
    world: World, winner: Winner, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked(world, winner, FRAUD)
    told = ok(world.public.get("/v1/exclusions"))["items"][0]
    for moved, day in ((_later, told["from_day"]), (_sooner, told["last_day"])):
        monkeypatch.setattr(revocations, "runs", moved)
        assert [at for at, (by_law, listed) in answers(world, told).items() if by_law is not listed] == [day]
