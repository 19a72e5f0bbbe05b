"""Art. 31 (art31.exclusive): who investigates a report of a mark, and what of it others read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.measures.exclusivity import (
    names_no_reporter,
    report_by_its_investigator,
    report_has_summary,
    report_investigator_fit,
)
from app.measures.findings import Finding
from tests.measures.procedure_samples import only, refused

RULE = "art31.exclusive"


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_another_in_place_of_the_investigator_needs_a_reason(reason: str | None) -> None:
    assert refused(report_investigator_fit(of_the_office=True, replaces=True, reason=reason), RULE) == [
        "replacement_without_reason"
    ]
    told = only(report_investigator_fit(of_the_office=True, replaces=True, reason="调离"), RULE, "pass")
    assert (told.reason, told.facts["replaces"]) == ("investigator_fit", True)
    assert only(report_investigator_fit(of_the_office=True, reason=reason), RULE, "pass").facts["replaces"] is False


def test_whoever_has_recused_himself_is_not_assigned_again() -> None:
    for recused, reason in ((True, "investigator_recused"), (False, "investigator_fit")):
        (finding,) = report_investigator_fit(of_the_office=True, recused=recused)
        assert (finding.rule, finding.reason) == ("art31.exclusive", reason)


def test_the_investigator_is_of_the_office() -> None:
    assert refused(report_investigator_fit(of_the_office=False), RULE) == ["investigator_not_of_the_office"]
    assert refused(report_investigator_fit(of_the_office=False, replaces=True), RULE) == [
        "investigator_not_of_the_office",
        "replacement_without_reason",
    ]


@pytest.mark.parametrize(
    ("asked", "met", "missing", "next_act"),
    [
        (
            lambda held: report_by_its_investigator(investigator=held),
            "its_investigator",
            "not_its_investigator",
            "assign_report_investigator",
        ),
        (
            lambda held: report_has_summary(summarised=held),
            "summary_given",
            "summary_missing",
            "summarise_mark_report",
        ),
    ],
)
def test_what_is_asked_has_two_answers(
    asked: Callable[[bool], list[Finding]], met: str, missing: str, next_act: str
) -> None:
    assert only(asked(True), RULE, "pass").reason == met
    assert refused(asked(False), RULE) == [missing]
    assert asked(False)[0].facts["next_act"] == next_act


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("反映某门店悬挂伪造奖牌", []),
        ("隐 名 举 报 人 反映", ["name"]),
        ("来电5611111", ["contact"]),
        ("手机138.0013.8000", ["contact"]),
        ("隐名举报人，5611111", ["name", "contact"]),
    ],
)
def test_what_is_said_of_a_report_names_nobody_who_reported(said: str, told: list[str]) -> None:
    (finding,) = names_no_reporter(said=said, name="隐名举报人", contact="0797-5611111", original="手机13800138000")
    assert finding.reason == ("reporter_named" if told else "reporter_not_named")
    assert finding.facts.get("told", []) == told
