"""Art. 13(6): no adverse record within three years, by date of event or of determination, both ends included."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.eligibility import Gate
from app.measures.facts import AdverseRecord, RecordFinding, Severity
from app.measures.findings import Finding, obstacles
from app.measures.record import no_adverse_record
from tests.measures.eligibility_samples import FACTS, TEST_DATE, one, record, said
from tests.measures.procedure_samples import PARAMETERS, READINGS
from tests.measures.test_art13_gate import run
from tests.support.facts import part

RULE = "art13.6.record"
FIRST, BEFORE = date(2021, 6, 10), date(2021, 6, 9)
AFTER = date(2024, 6, 11)


def judge(*records: AdverseRecord, test_date: date = TEST_DATE, years: int = 3, due: bool = True) -> list[Finding]:
    return no_adverse_record(
        records=records,
        test_date=test_date,
        parameters=replace(PARAMETERS, record_years=years),
        readings=READINGS,
        decisions_due=due,
    )


def test_an_empty_record_is_clean() -> None:
    one(judge(), RULE, "pass", "in 3 years", records=0, window_from="2021-06-10", window_to="2024-06-10")


@pytest.mark.parametrize(
    ("occurred_on", "determined_on", "outcome"),
    [
        (BEFORE, None, "pass"),
        (FIRST, None, "fail"),
        (TEST_DATE, None, "fail"),
        (AFTER, None, "pass"),
        (None, BEFORE, "pass"),
        (None, FIRST, "fail"),
        (None, TEST_DATE, "fail"),
        (None, AFTER, "pass"),
        (date(2018, 1, 1), FIRST, "fail"),
        (date(2018, 1, 1), BEFORE, "pass"),
        (TEST_DATE, AFTER, "fail"),
        (BEFORE, AFTER, "pass"),
    ],
)
def test_the_window_holds_both_ends_and_either_date(
    occurred_on: date | None, determined_on: date | None, outcome: str
) -> None:
    found = judge(record("quality_complaint", occurred_on=occurred_on, determined_on=determined_on))
    if outcome == "pass":
        one(found, RULE, "pass", "No adverse record", records=1)
    else:
        one(
            found,
            RULE,
            "fail",
            category="quality_complaint",
            occurred_on=None if occurred_on is None else occurred_on.isoformat(),
            determined_on=None if determined_on is None else determined_on.isoformat(),
            window_from="2021-06-10",
            window_to="2024-06-10",
            source="市场监督管理局",
            finding="confirmed",
        )


@pytest.mark.parametrize(("occurred_on", "outcome"), [(date(2021, 2, 27), "pass"), (date(2021, 2, 28), "fail")])
def test_three_years_before_29_february_begin_on_the_28th(occurred_on: date, outcome: str) -> None:
    one(judge(record("tax_dishonesty", occurred_on=occurred_on), test_date=date(2024, 2, 29)), RULE, outcome)


def test_the_window_is_the_instruments() -> None:
    one(judge(record("quality_complaint", occurred_on=date(2022, 6, 9)), years=2), RULE, "pass", "in 2 years")
    one(judge(record("quality_complaint", occurred_on=date(2022, 6, 10)), years=2), RULE, "fail")


@pytest.mark.parametrize(
    ("category", "matter"),
    [
        ("quality_complaint", "major quality complaint"),
        ("failed_inspection", "spot check"),
        ("labour_dishonesty", "labour-security"),
        ("false_statistics", "falsified statistics"),
        ("tax_dishonesty", "tax dishonesty"),
    ],
)
@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize("attributable", [None, True])
def test_a_confirmed_record_bars_also_when_cured(
    category: str, matter: str, rectified: bool, attributable: bool | None
) -> None:
    found = judge(record(category, rectified=rectified, attributable=attributable))
    one(found, RULE, "fail", matter, category=category, rectified=rectified, attributable=attributable)


@pytest.mark.parametrize(
    "category", ["quality_complaint", "failed_inspection", "labour_dishonesty", "false_statistics", "tax_dishonesty"]
)
def test_attribution_does_not_excuse_where_the_article_does_not_ask_for_it(category: str) -> None:
    one(judge(record(category, attributable=False)), RULE, "fail", category=category)


@pytest.mark.parametrize(
    "category",
    [
        "fatal_accident",
        "quality_complaint",
        "attributable_return",
        "failed_inspection",
        "labour_dishonesty",
        "false_statistics",
        "tax_dishonesty",
    ],
)
def test_no_decision_on_severity_outweighs_what_the_service_decides(category: str) -> None:
    found = judge(record(category, attributable=True, severity_decision=Severity.DOES_NOT_BAR))
    one(found, RULE, "fail", category=category, severity="does_not_bar")


@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize(("attributable", "outcome"), [(True, "fail"), (False, "pass"), (None, "needs_decision")])
def test_an_accident_counts_by_responsibility_also_when_cured(
    attributable: bool | None, outcome: str, rectified: bool
) -> None:
    found = one(judge(record("fatal_accident", attributable=attributable, rectified=rectified)), RULE, outcome)
    assert ("fatal accident" in found.message.en) is (outcome != "pass")


@pytest.mark.parametrize("category", ["fatal_accident", "attributable_return"])
def test_an_open_responsibility_says_who_decides_it_and_until_when(category: str) -> None:
    found = judge(record(category, attributable=None))
    one(found, RULE, "needs_decision", "responsibility_undetermined", decides="office", before="confirm_qualified_list")
    for gate, before in (
        (Gate.CONFIRMATION, "confirm_qualified_list"),
        (Gate.PROPOSED, "fix_proposed_list"),
        (Gate.APPROVAL, "approve_awards"),
    ):
        (open_one,) = obstacles(run(replace(FACTS, records=(record(category),)), gate))
        assert (open_one.outcome.value, open_one.facts["before"]) == ("needs_decision", before)
    assert obstacles(run(replace(FACTS, records=(record(category),)), Gate.SUBMISSION)) == []


@pytest.mark.parametrize(("attributable", "outcome"), [(True, "fail"), (False, "pass"), (None, "needs_decision")])
def test_a_dispute_claim_or_return_counts_by_attribution(attributable: bool | None, outcome: str) -> None:
    found = one(judge(record("attributable_return", attributable=attributable)), RULE, outcome)
    if outcome != "pass":
        assert found.facts["category"] == "attributable_return"
        assert part(found.facts, "reading", "value") == "attributable_no_threshold"
    if outcome == "needs_decision":
        assert "Responsibility is open" in found.message.en
        assert found.remedy is not None


@pytest.mark.parametrize(
    ("severity", "outcome", "message"),
    [
        (Severity.BARS, "fail", "On record"),
        (Severity.DOES_NOT_BAR, "pass", "Decided to be no bar"),
        (None, "needs_decision", "Severity is not decided"),
    ],
)
def test_how_severe_another_bad_record_is_a_person_decides(
    severity: Severity | None, outcome: str, message: str
) -> None:
    found = judge(record("other_violation", severity_decision=severity))
    told = one(
        found, RULE, outcome, message, category="other_violation", severity=None if severity is None else severity.value
    )
    assert (told.remedy is not None) is (outcome != "pass")


@pytest.mark.parametrize(
    "category",
    [
        "fatal_accident",
        "quality_complaint",
        "attributable_return",
        "failed_inspection",
        "labour_dishonesty",
        "false_statistics",
        "tax_dishonesty",
        "other_violation",
    ],
)
def test_a_denied_record_does_not_count(category: str) -> None:
    one(judge(record(category, finding=RecordFinding.DENIED)), RULE, "pass", "No adverse record", records=1)
    one(judge(record(category, finding=RecordFinding.DENIED, occurred_on=None)), RULE, "pass")


@pytest.mark.parametrize(
    "category",
    [
        "fatal_accident",
        "quality_complaint",
        "attributable_return",
        "failed_inspection",
        "labour_dishonesty",
        "false_statistics",
        "tax_dishonesty",
        "other_violation",
    ],
)
@pytest.mark.parametrize("change", [{}, {"attributable": False}, {"severity_decision": Severity.DOES_NOT_BAR}])
def test_an_open_record_is_verified_first(category: str, change: dict[str, Any]) -> None:
    found = one(
        judge(record(category, finding=RecordFinding.OPEN, **change)),
        RULE,
        "needs_decision",
        "To be verified",
        category=category,
        finding="open",
    )
    assert found.remedy is not None


def test_an_open_record_outside_the_window_needs_nothing() -> None:
    one(judge(record("quality_complaint", finding=RecordFinding.OPEN, occurred_on=BEFORE)), RULE, "pass")


@pytest.mark.parametrize("finding", [RecordFinding.OPEN, RecordFinding.CONFIRMED])
def test_a_record_without_any_date_is_never_taken_as_past(finding: RecordFinding) -> None:
    found = one(
        judge(record("quality_complaint", occurred_on=None, finding=finding)), RULE, "needs_decision", occurred_on=None
    )
    assert found.remedy is not None
    if finding is RecordFinding.CONFIRMED:
        assert "Without any date" in found.message.en


def test_every_record_is_told() -> None:
    past = record("quality_complaint", occurred_on=BEFORE)
    found = judge(
        past,
        record("fatal_accident", attributable=True),
        record("other_violation"),
        record("attributable_return", attributable=False),
        record("failed_inspection", rectified=True),
    )
    said(found, (RULE, "fail"), (RULE, "needs_decision"), (RULE, "fail"))
    assert [item.facts["category"] for item in found] == ["fatal_accident", "other_violation", "failed_inspection"]


def test_decisions_are_due_unless_it_is_said_that_they_are_not() -> None:
    found = no_adverse_record(
        records=[record("other_violation")], test_date=TEST_DATE, parameters=PARAMETERS, readings=READINGS
    )
    one(found, RULE, "needs_decision")


def test_before_decisions_are_due_what_is_open_is_told_and_what_is_confirmed_refuses() -> None:
    found = judge(
        record("other_violation"),
        record("quality_complaint", finding=RecordFinding.OPEN),
        record("failed_inspection"),
        due=False,
    )
    said(found, (RULE, "pass"), (RULE, "pass"), (RULE, "fail"))
    assert [item.facts.get("pending") for item in found] == [True, True, None]
    assert [item.facts["category"] for item in found] == ["other_violation", "quality_complaint", "failed_inspection"]
    assert "Severity is not decided" in found[0].message.en
    assert "left to the qualification review" in found[0].message.en
