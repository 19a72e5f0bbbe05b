"""Arts. 13, 22: an act that states its own day is judged by the facts as they stood on it, and by what is known when it
is put on record."""

from datetime import date
from typing import Any

import pytest

from app.measures.findings import Finding, Outcome, fails, needs_decision, passes
from app.measures.reasons import Reason
from app.measures.stated_days import OF_THE_REGISTRATION, Until, begun_by, on_both_days, stood_on
from tests.measures.procedure_samples import READINGS

RULE = "art22.approval"
DAY, TODAY = date(2024, 6, 5), date(2024, 6, 8)
WHERE = {"county_code": "360702", "required": "360733"}
MOVED = fails("art13.1.local", Reason.NOT_REGISTERED_LOCALLY, **WHERE)
HERE = passes("art13.1.local", Reason.REGISTERED_LOCALLY, **WHERE)
EXCLUDED = fails("exclusions", Reason.EXCLUDED, test_date="2024-06-08", last_day="2029-06-07", articles=["28"])
FREE = passes("exclusions", Reason.NOT_EXCLUDED, test_date="2024-06-05")
OPEN = needs_decision("art13.1.identity", Reason.REGISTRATION_UNVERIFIED, organisation="甲", organisation_id="o1")


def both(
    stated: list[Finding], recorded: list[Finding], by_present_facts: list[Finding] | None = None
) -> list[Finding]:
    return on_both_days(
        stated=stated,
        by_present_facts=recorded if by_present_facts is None else by_present_facts,
        recorded=recorded,
        day=DAY,
        recorded_on=TODAY,
        before="issue_decree",
        readings=READINGS,
    )


@pytest.mark.parametrize(
    ("day", "stood"),
    [(3, "first"), (4, "second"), (5, "second"), (6, "third"), (7, "third")],
)
def test_what_is_replaced_counts_until_the_day_before_its_replacement(day: int, stood: str) -> None:
    former = [Until(date(2024, 6, 4), "first"), Until(date(2024, 6, 6), "second")]
    assert stood_on(date(2024, 6, day), "third", former) == stood
    assert stood_on(date(2024, 6, day), "third", []) == "third"


def test_of_several_on_one_day_what_stood_before_the_first_of_them_counts_until_then() -> None:
    former = [Until(date(2024, 6, 4), "first"), Until(date(2024, 6, 4), "second")]
    assert [stood_on(date(2024, 6, day), "third", former) for day in (3, 4)] == ["first", "third"]


@pytest.mark.parametrize(("since", "begun"), [(4, True), (5, True), (6, False), (None, False)])
def test_what_counts_from_a_day_counts_on_that_day(since: int | None, begun: bool) -> None:
    assert begun_by(DAY, None if since is None else date(2024, 6, since)) is begun


@pytest.mark.parametrize("then", [MOVED, OPEN])
def test_what_stood_in_the_way_and_was_settled_since_is_refused(then: Finding) -> None:
    (found,) = both([then], [HERE])
    assert (found.rule, found.outcome, found.reason) == (RULE, Outcome.FAIL, Reason.HELD_THAT_DAY)
    told = {name: found.facts[name] for name in ("day", "condition", "was", "next_act")}
    assert told == {
        "day": "2024-06-05",
        "condition": then.rule,
        "was": then.reason.value,
        "next_act": "issue_decree",
    }
    assert found.facts["reading"]["key"] == "facts_on_a_stated_day"  # type: ignore[index, call-overload]


def test_what_stands_in_the_way_on_both_days_says_so_itself() -> None:
    assert both([MOVED], [MOVED]) == [MOVED]


def test_what_the_day_alone_has_against_it_on_the_facts_of_today_says_so_itself() -> None:
    """An exclusion that has ended since, a certificate that had not begun: nothing was settled."""
    assert both([EXCLUDED], [FREE], by_present_facts=[EXCLUDED]) == [EXCLUDED]


@pytest.mark.parametrize("rule", sorted(OF_THE_REGISTRATION))
def test_what_the_registration_has_become_since_is_told_and_stops_nothing(rule: str) -> None:
    since = {
        "art04.recipient": fails("art04.recipient", Reason.RECIPIENT_BARRED, legal_form="individual"),
        "art13.1.local": MOVED,
        "art13.1.legal_person": fails(
            "art13.1.legal_person", Reason.LEGAL_PERSONALITY_MISSING, legal_form="branch", uscc="x"
        ),
        "art13.1.identity": OPEN,
    }[rule]
    first, told = both([HERE], [since])
    assert first == HERE
    assert (told.rule, told.outcome, told.reason) == (RULE, Outcome.PASS, Reason.CHANGED_SINCE)
    assert (told.facts["condition"], told.facts["was"]) == (rule, since.reason.value)
    assert (told.facts["day"], told.facts["tested_on"]) == ("2024-06-05", "2024-06-08")
    assert told.facts["reading"]["key"] == "facts_on_a_stated_day"  # type: ignore[index, call-overload]


def test_where_the_registration_failed_on_the_day_too_nothing_is_forgiven() -> None:
    other = fails("art13.1.local", Reason.DECIDED_AGAINST, subject="registration", **_decision())
    found = both([MOVED], [other], by_present_facts=[HERE])
    assert [(item.rule, item.reason) for item in found] == [
        (RULE, Reason.HELD_THAT_DAY),
        ("art13.1.local", Reason.DECIDED_AGAINST),
    ]


def test_whatever_else_has_come_up_since_stands_in_the_way_with_its_day() -> None:
    first, found = both([FREE], [EXCLUDED])
    assert first == FREE
    assert (found.rule, found.reason, found.facts["tested_on"]) == ("exclusions", Reason.EXCLUDED, "2024-06-08")


def test_what_is_told_already_hides_nothing_that_has_come_up_since() -> None:
    found = both([MOVED, FREE], [MOVED, EXCLUDED])
    assert [item.reason for item in found] == [
        *(Reason.NOT_REGISTERED_LOCALLY, Reason.NOT_EXCLUDED),
        Reason.EXCLUDED,
    ]


def _decision() -> dict[str, Any]:
    return {"decided_by": "a1", "decided_on": "2024-06-07", "evidence": "样例", "reason": "样例"}
