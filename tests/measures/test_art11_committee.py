"""Art. 11: what a round wants of the committee's minutes: its chair and offices, and ballots that add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.measures.asks import Asks, CommitteeDetail
from app.measures.deliberation import Ballots, Conclusion, deliberation_complete
from app.measures.findings import Finding
from tests.measures.procedure_samples import RULES, only, refused, rules
from tests.measures.test_art11_deliberation import MEETING, MEMBERS, NO, RULE, YES


def asking(*details: CommitteeDetail, **changes: Any) -> Any:
    return rules(asks=Asks(committee=details), **changes)


def with_ballots(conclusion: Conclusion, *ballots: int) -> Conclusion:
    return replace(conclusion, ballots=Ballots(*ballots))


def test_a_round_may_ask_for_the_chair() -> None:
    missing = only(deliberation_complete(facts=MEETING, rules=asking(CommitteeDetail.CHAIR)), RULE, "fail")
    assert (missing.reason, missing.facts["missing"]) == ("asked_for_missing", ["chair"])
    for given in (asking(CommitteeDetail.CHAIR), RULES):
        only(deliberation_complete(facts=replace(MEETING, chair=MEMBERS[5]), rules=given), RULE, "pass")
    only(deliberation_complete(facts=MEETING, rules=asking(CommitteeDetail.ODD_NUMBER)), RULE, "pass")


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"chair": "外人"}, ["外人"]),
        ({"offices": ("外人", MEMBERS[0])}, ["外人"]),
        ({"offices": (MEMBERS[1], MEMBERS[1])}, [MEMBERS[1]]),
        ({"chair": MEMBERS[0], "offices": (MEMBERS[0], "外人")}, ["外人", MEMBERS[0]]),
    ],
)
def test_offices_are_held_by_members_each_by_another(changes: dict[str, Any], names: list[str]) -> None:
    found = only(deliberation_complete(facts=replace(MEETING, **changes), rules=RULES), RULE, "fail")
    assert (found.reason, found.facts["names"]) == ("office_not_of_a_member", sorted(names))
    in_order = replace(MEETING, chair=MEMBERS[0], offices=MEMBERS[1:3])
    only(deliberation_complete(facts=in_order, rules=RULES), RULE, "pass")


@pytest.mark.parametrize(
    ("chair", "presided", "clear"),
    [
        (None, (), True),
        (MEMBERS[0], (), True),
        (MEMBERS[6], (), False),
        (MEMBERS[6], (MEMBERS[1],), True),
        (f" {MEMBERS[0]} ", (), True),
        (None, (MEMBERS[1],), True),
        (None, (MEMBERS[6],), False),
        (MEMBERS[0], (MEMBERS[6],), False),
        (MEMBERS[6], (MEMBERS[1], MEMBERS[2]), False),
    ],
)
def test_one_who_was_there_presided(chair: str | None, presided: tuple[str, ...], clear: bool) -> None:
    """Six of seven are present."""
    facts = replace(MEETING, chair=chair, offices=presided, presided=presided)
    found = only(deliberation_complete(facts=facts, rules=RULES), RULE, "pass" if clear else "fail")
    assert clear or found.reason == "presiding_unclear"


def test_a_round_may_ask_for_the_ballots_of_every_vote() -> None:
    asked = asking(CommitteeDetail.BALLOTS)
    half = replace(MEETING, conclusions=(with_ballots(YES, 6, 6, 0), NO))
    for facts in (MEETING, half):
        missing = only(deliberation_complete(facts=facts, rules=asked), RULE, "fail")
        assert (missing.reason, missing.facts["missing"]) == ("asked_for_missing", ["ballots"])
    whole = replace(MEETING, conclusions=(with_ballots(YES, 6, 6, 0), with_ballots(NO, 6, 6, 0)))
    for given in (asked, RULES):
        only(deliberation_complete(facts=whole, rules=given), RULE, "pass")
    without_votes = asking(CommitteeDetail.BALLOTS, votes_required=False)
    only(deliberation_complete(facts=MEETING, rules=without_votes), RULE, "pass")


def counted(votes: tuple[int, int, int], ballots: tuple[int, int, int], **changes: Any) -> list[Finding]:
    """A meeting of six of whom these vote on one organisation."""
    cast: dict[str, Any] = dict(zip(("votes_for", "votes_against", "abstentions"), votes, strict=True))
    one = replace(with_ballots(YES, *ballots), **cast, **changes)
    return deliberation_complete(facts=replace(MEETING, evaluated=("甲",), conclusions=(one,)), rules=RULES)


@pytest.mark.parametrize(
    ("votes", "ballots"),
    [
        ((6, 0, 0), (6, 6, 0)),
        ((5, 0, 0), (6, 6, 1)),
        ((4, 0, 1), (6, 5, 0)),
        ((4, 0, 0), (6, 5, 1)),
    ],
)
def test_ballots_that_add_up(votes: tuple[int, int, int], ballots: tuple[int, int, int]) -> None:
    only(counted(votes, ballots), RULE, "pass")


@pytest.mark.parametrize(
    ("votes", "ballots"),
    [
        ((6, 0, 0), (6, 6, 1)),
        ((5, 0, 0), (6, 6, 0)),
        ((5, 0, 0), (5, 5, 0)),
        ((6, 0, 0), (7, 7, 1)),
        ((6, 0, 1), (6, 7, 0)),
        ((0, 0, 0), (6, 0, 1)),
        ((6, 0, 0), (6, 5, -1)),
    ],
)
def test_ballots_that_do_not(votes: tuple[int, int, int], ballots: tuple[int, int, int]) -> None:
    found = only(counted(votes, ballots), RULE, "fail")
    assert found.reason == "ballots_wrong"
    assert tuple(found.facts[name] for name in ("issued", "returned", "invalid")) == ballots
    assert (found.facts["votes"], found.facts["present"]) == (list(votes), 6)


def test_those_who_withdrew_get_no_ballot() -> None:
    only(counted((5, 0, 0), (5, 5, 0), recused=(MEMBERS[0],)), RULE, "pass")
    assert refused(counted((5, 0, 0), (6, 6, 1), recused=(MEMBERS[0],)), RULE) == ["ballots_wrong"]


def test_invalid_ballots_and_those_kept_back_do_not_count_in_favour() -> None:
    """Four of six reach two thirds; three with a ballot less returned do not."""
    assert refused(counted((3, 0, 0), (6, 4, 1)), RULE) == ["conclusion_contradicts_vote"]
    assert refused(counted((-1, 7, 0), (6, 6, 0)), RULE) == ["votes_wrong"]
