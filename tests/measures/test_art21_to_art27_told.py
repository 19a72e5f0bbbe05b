"""Arts. 21 to 27: what a refusal tells, as the file of Arts. 10 to 20 has it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.measures.approval import ApprovalFacts, approval_valid, decree_valid, nobody_waits
from app.measures.objections import ObjectionFacts, objection_class, objection_closable
from app.measures.proposed import PublicisedEntry, proposed_allowed
from app.measures.publicity import Period, nothing_to_publicise, publication_dated, publicity_period
from app.measures.sharing import SharingItem, declining_legitimate, sharing_publishable
from app.measures.title_use import TitleUse, TitleUseKind, misuse_recorded, title_use_allowed
from app.measures.validity import AwardFacts, valid_on
from app.measures.visits import VisitFacts, visit_complete
from app.measures.working_days import HolidayYear, UnknownYear, holiday_year_usable
from tests.measures.procedure_samples import PARAMETERS, READINGS, calendar, shanghai, told

# Arts. 21, 22

PERIOD = Period(date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 13), shanghai(2024, 6, 14))


def test_art21_the_days_of_publication_lie_between_the_list_and_today_both_included() -> None:
    dates = {"not_before": date(2024, 6, 3), "today": date(2024, 6, 5)}
    facts = {"not_before": "2024-06-03", "today": "2024-06-05"}
    within = [date(2024, 6, 3), date(2024, 6, 5)]
    assert told(publication_dated(published_on=within, **dates)) == [
        ("date_in_order", {**facts, "published_on": ["2024-06-03", "2024-06-05"]}, False),
    ]
    assert told(publication_dated(published_on=[date(2024, 6, 2), *within, date(2024, 6, 6)], **dates)) == [
        ("before_list", {**facts, "days": ["2024-06-02"]}, True),
        ("date_in_future", {**facts, "days": ["2024-06-06"]}, True),
    ]


def test_art21_an_empty_list_has_nothing_to_publicise_and_any_name_has() -> None:
    cited = READINGS.cite("empty_candidate_list")
    assert told(nothing_to_publicise(names=[], readings=READINGS)) == [
        ("list_empty", {"reading": cited, "names": []}, False),
    ]
    assert told(nothing_to_publicise(names=["甲"], readings=READINGS)) == [
        ("publicity_needed", {"reading": cited, "names": ["甲"]}, True),
    ]


def test_art21_an_objection_is_told_when_it_came_and_when_the_period_ends() -> None:
    facts = {"received_at": "2024-06-10T00:00:00+08:00", "ends_at": "2024-06-14T00:00:00+08:00"}
    formal = objection_class(
        objection=ObjectionFacts(shanghai(2024, 6, 10), "李样例", "5611111", "质量问题"), period=PERIOD
    )
    assert told(formal.findings) == [("formal_objection", {**facts, "lacking": []}, False)]
    lead = objection_class(objection=ObjectionFacts(shanghai(2024, 6, 10), "", "5611111", "质量问题"), period=PERIOD)
    assert told(lead.findings) == [
        ("kept_as_informal", {**facts, "lacking": ["name"]}, False),
    ]


def test_art21_an_objection_is_not_closed_without_a_reason_and_the_cure_is_told() -> None:
    assert told(objection_closable(upheld=True, reason="", verified_by="office-1")) == [
        ("record_incomplete", {"missing": ["reason"], "upheld": True}, True),
    ]


def test_art21_every_defect_of_a_holiday_year_names_the_year() -> None:
    bad = HolidayYear(
        frozenset({date(2024, 1, 1), date(2025, 12, 31), date(2024, 10, 12)}),
        frozenset({date(2024, 10, 12), date(2024, 10, 10)}),
        "",
    )
    assert [facts["year"] for _, facts, _ in told(holiday_year_usable(year=2024, data=bad))] == [2024] * 8


def test_art21_an_unknown_year_is_named_in_the_error() -> None:
    with pytest.raises(UnknownYear, match="2025"):
        calendar(2024).is_working_day(date(2025, 1, 2))


def test_art22_no_decree_while_a_name_waits() -> None:
    assert told(nobody_waits(names=["甲"])) == [("names_waiting", {"names": ["甲"]}, True)]
    # What comes next goes by the first of them: the list, the meeting, another decree.
    for names, proposed, since, ahead in (
        (["甲"], ["乙"], ["丙"], "fix_proposed_list"),
        ([], ["乙"], ["丙"], "approve_awards"),
        ([], [], ["丙"], "issue_decree"),
    ):
        (found,) = nobody_waits(names=names, proposed=proposed, approved_since=since)
        assert found.facts["names"] == [*names, *proposed, *since]
        assert found.facts["next_act"] == ahead
    assert told(nobody_waits(names=[])) == [("nobody_waits", {}, False)]


def test_art21_a_period_is_told_whole_and_what_it_lacks_can_be_cured() -> None:
    def ask(*published_on: date, announced: date | None = None) -> list[tuple[str, dict[str, Any], bool]]:
        answer = publicity_period(
            published_on=published_on,
            announced_last_day=announced,
            calendar=calendar(2024),
            parameters=PARAMETERS,
            readings=READINGS,
        )
        return told(answer.findings)

    cited = {"reading": READINGS.cite("publicity_counting"), "days": 10}
    days = {**cited, "published_on": ["2024-06-03", "2024-06-04"]}
    assert ask() == [("not_publicised", cited, True)]
    assert ask(date(2024, 6, 4), date(2024, 6, 3)) == [
        (
            "in_publicity",
            {**days, "required_last_day": "2024-06-14", "first_day": "2024-06-05", "last_day": "2024-06-14"},
            False,
        ),
    ]
    assert ask(date(2024, 6, 4), date(2024, 6, 3), announced=date(2024, 6, 13)) == [
        (
            "period_too_short",
            {**days, "required_last_day": "2024-06-14", "announced_last_day": "2024-06-13"},
            True,
        ),
    ]
    late = {**cited, "published_on": ["2024-12-28"], "year": 2025}
    assert ask(date(2024, 12, 28)) == [("holidays_unknown", late, True)]


def test_art21_a_name_that_cannot_be_proposed_yet_is_told_when_it_can() -> None:
    findings = proposed_allowed(
        names=["乙", "甲"],
        entries=[PublicisedEntry("甲", PERIOD)],
        at=shanghai(2024, 6, 13, 23, 59, 59),
    )
    assert told(findings) == [
        ("not_publicised", {"organisation": "乙"}, True),
        ("no_objection", {"organisation": "甲", "objections": []}, False),
        (
            "period_not_over",
            {"organisation": "甲", "last_day": "2024-06-13", "at": "2024-06-13T23:59:59+08:00"},
            True,
        ),
    ]


def test_art22_a_meeting_too_early_is_told_with_both_days_and_who_has_left_can_be_struck() -> None:
    facts = ApprovalFacts(
        "第50次",
        date(2024, 10, 8),
        ("甲", "乙"),
        ("甲", "乙"),
        date(2024, 10, 8),
        date(2024, 10, 9),
        taken_out=("乙",),
    )
    assert told(approval_valid(facts=facts)) == [
        (
            "period_not_over",
            {"meeting_date": "2024-10-08", "publicity_last_day": "2024-10-08"},
            True,
        ),
        (
            "before_list",
            {"meeting_date": "2024-10-08", "proposed_on": "2024-10-09"},
            True,
        ),
        ("removed_from_list", {"names": ["乙"]}, True),
    ]


def test_art22_a_decree_before_the_meeting_is_told_with_both_dates() -> None:
    findings = decree_valid(
        number="会府字〔2024〕12号",
        decree_date=date(2024, 10, 8),
        meeting_date=date(2024, 10, 9),
        readings=READINGS,
    )
    assert told(findings)[1:] == [
        (
            "before_meeting",
            {"decree_date": "2024-10-08", "meeting_date": "2024-10-09"},
            True,
        ),
    ]


# Arts. 23, 25, 27

AWARD = AwardFacts("甲", date(2025, 3, 10), 2024)


def test_art23_validity_is_told_with_its_dates() -> None:
    facts = {
        "organisation": "甲",
        "on": "2028-03-11",
        "valid_from": "2025-03-10",
        "last_day": "2028-03-10",
        "status": "expired",
        "revoked_on": None,
    }
    findings = valid_on(award=AWARD, on=date(2028, 3, 11), parameters=PARAMETERS)
    assert told(findings) == [("validity_over", facts, True)]


def test_art23_a_use_of_the_title_is_told_with_the_years_and_the_status() -> None:
    use = TitleUse(TitleUseKind.IMAGE, date(2028, 3, 11), 2024)
    facts = {
        "organisation": "甲",
        "kind": "image",
        "used_on": "2028-03-11",
        "year_named": 2024,
        "award_year": 2024,
        "status": "expired",
        "last_day": "2028-03-10",
    }
    findings = title_use_allowed(use=use, award=AWARD, parameters=PARAMETERS)
    assert told(findings) == [("outside_validity", facts, True)]


def test_art23_an_incomplete_record_of_misuse_can_be_completed() -> None:
    assert told(misuse_recorded(description="包装标注", correction_order="", due_on=date(2026, 1, 1))) == [
        ("record_incomplete", {"missing": ["correction_order"]}, True),
    ]


def test_art25_a_trade_secret_can_be_taken_out_and_another_sharing_arranged() -> None:
    assert told(sharing_publishable(items=[SharingItem("配方", True, True)])) == [
        ("trade_secret_published", {"items": ["配方"]}, True),
    ]
    assert told(declining_legitimate(on_trade_secret=False, reason="繁忙")) == [
        ("not_trade_secret", {"reason": "繁忙"}, True),
    ]


def test_art27_a_visit_to_whoever_holds_no_award_is_told_with_its_status() -> None:
    visit = VisitFacts("2028年计划", date(2028, 3, 11), ("张某",), "无异常", "无")
    facts = {"organisation": "甲", "visited_on": "2028-03-11", "status": "expired"}
    findings = visit_complete(visit=visit, award=AWARD, parameters=PARAMETERS)
    assert told(findings) == [("outside_validity", facts, True)]


def test_art27_several_visitors_without_a_name_are_none() -> None:
    visit = VisitFacts("2026年计划", date(2026, 3, 11), (" ", ""), "无异常", "无")
    facts = {"organisation": "甲", "visited_on": "2026-03-11", "missing": ["visitors"]}
    findings = visit_complete(visit=visit, award=AWARD, parameters=PARAMETERS)
    assert told(findings) == [("visit_incomplete", facts, True)]
