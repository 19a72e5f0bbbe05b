"""Arts. 18 and 19 (art18.material, art19.onsite): who is scored at which stage, what a sheet takes, when a visit
counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.measures.reviewers import panel_room
from app.measures.reviews import (
    Stage,
    material_scorable,
    onsite_reviewed,
    panel_sheets_visible,
    sheet_entries,
    visit_dated,
)
from tests.measures.procedure_samples import RULES, only, refused, rules

STAGES = [(Stage.MATERIAL, "art18.material"), (Stage.ONSITE, "art19.onsite")]


@pytest.mark.parametrize(("stage", "rule_id"), STAGES)
@pytest.mark.parametrize(
    ("scores", "messages"),
    [
        ({}, []),
        ({"4.1.1": 65}, []),
        ({"4.1.1": 0, "4.7.6": 100}, []),
        ({"4.1.1": 64}, ["scores_invalid"]),
        ({"4.1.1": 105}, ["scores_invalid"]),
        ({"9.9": 50}, ["items_unknown"]),
        ({"9.9": 51, "4.1.1": 51}, ["items_unknown", "scores_invalid"]),
    ],
)
def test_a_draft_may_be_incomplete_but_not_wrong(
    stage: Stage, rule_id: str, scores: dict[str, int], messages: list[str]
) -> None:
    findings = sheet_entries(scores=scores, rules=RULES, stage=stage)
    assert refused(findings, rule_id) == messages
    if messages:
        assert findings[0].facts["items"] == ["9.9" if "9.9" in scores else "4.1.1"]
        assert findings[-1].facts["items"] == ["4.1.1" if "4.1.1" in scores else "9.9"]
    else:
        assert only(findings, rule_id, "pass").facts["entered"] == len(scores)


@pytest.mark.parametrize(("stage", "rule_id"), STAGES)
def test_the_others_sheets_open_with_the_own_submission(stage: Stage, rule_id: str) -> None:
    assert only(panel_sheets_visible(own_submitted=False, stage=stage), rule_id, "fail").remedy is not None
    only(panel_sheets_visible(own_submitted=True, stage=stage), rule_id, "pass")


@pytest.mark.parametrize(
    ("qualified", "reports", "messages"),
    [
        (True, 0, []),
        (False, 0, ["not_qualified"]),
        (True, 1, ["report_exists"]),
        (False, 1, ["not_qualified", "report_exists"]),
    ],
)
def test_only_qualified_applications_are_scored_and_once(qualified: bool, reports: int, messages: list[str]) -> None:
    findings = material_scorable(organisation="甲", qualified=qualified, reports=reports)
    assert refused(findings, "art18.material") == messages
    assert all(item.facts["organisation"] == "甲" for item in findings)
    assert all(item.facts["reports"] == 1 for item in findings if item.reason == "report_exists")
    if not messages:
        only(findings, "art18.material", "pass")


LISTED = date(2024, 6, 1)
TODAY = date(2024, 6, 20)


@pytest.mark.parametrize(
    ("visited_on", "first_sheet_on", "messages"),
    [
        (LISTED, None, []),
        (LISTED, LISTED, []),
        (TODAY, TODAY, []),
        (LISTED - timedelta(days=1), LISTED, ["before_list"]),
        (TODAY + timedelta(days=1), None, ["date_in_future"]),
        (LISTED + timedelta(days=1), LISTED, ["sheet_before_visit"]),
        (TODAY + timedelta(days=1), TODAY, ["date_in_future", "sheet_before_visit"]),
    ],
)
def test_a_visit_follows_the_list_and_the_sheets_follow_the_visit(
    visited_on: date, first_sheet_on: date | None, messages: list[str]
) -> None:
    findings = visit_dated(visited_on=visited_on, listed_on=LISTED, today=TODAY, first_sheet_on=first_sheet_on)
    assert refused(findings, "art19.onsite") == messages
    expected: dict[str, Any] = {
        "visited_on": visited_on.isoformat(),
        "listed_on": "2024-06-01",
        "first_sheet_on": None if first_sheet_on is None else first_sheet_on.isoformat(),
    }
    assert all(dict(item.facts) == expected for item in findings)
    if not messages:
        only(findings, "art19.onsite", "pass")


@pytest.mark.parametrize(
    ("name", "reports", "messages"),
    [
        ("甲", 1, []),
        ("甲", 0, ["report_missing"]),
        ("甲", 2, ["several_reports"]),
        ("乙", 1, ["not_on_list"]),
        ("乙", 0, ["not_on_list", "report_missing"]),
    ],
)
def test_an_evaluation_needs_each_listed_organisation_reviewed_on_site(
    name: str, reports: int, messages: list[str]
) -> None:
    findings = onsite_reviewed(organisation=name, onsite_list=["甲"], reports=reports)
    assert refused(findings, "art19.onsite") == messages
    assert all(dict(item.facts) == {"organisation": name, "reports": reports} for item in findings)
    cures = {item.reason.value: item.remedy.en for item in findings if item.remedy is not None}
    assert list(cures) == messages
    assert cures.get("report_missing") in (None, "Record the on-site report")
    if not messages:
        only(findings, "art19.onsite", "pass")


@pytest.mark.parametrize(("stage", "rule_id"), STAGES)
@pytest.mark.parametrize(("assigned", "added", "room"), [(0, 3, True), (2, 1, True), (2, 2, False), (3, 1, False)])
def test_a_panel_has_the_size_of_the_rules(stage: Stage, rule_id: str, assigned: int, added: int, room: bool) -> None:
    own = rules(
        panel_size_material=3 if stage is Stage.MATERIAL else 1, panel_size_onsite=3 if stage is Stage.ONSITE else 1
    )
    finding = only(
        panel_room(assigned=assigned, added=added, rules=own, stage=stage), rule_id, "pass" if room else "fail"
    )
    assert dict(finding.facts) == {"required": 3, "assigned": assigned, "added": added}
    assert (finding.remedy is None) is room
