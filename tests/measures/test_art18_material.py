"""Arts. 18 and 19 (art18.material, art19.onsite): sheets, the panel's result, the on-site list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.measures.reviews import Stage, onsite_scorable, sheet_total
from app.measures.scoring import MaterialResult, Sheet, combine, shortlist
from app.measures.sectors import SeatCategory
from tests.measures.procedure_samples import RULES, only, outcomes, points, refused, rules

STAGES = [(Stage.MATERIAL, "art18.material"), (Stage.ONSITE, "art19.onsite")]
FULL = {item.code: 100 for item in RULES.items}


@pytest.mark.parametrize(("stage", "rule_id"), STAGES)
@pytest.mark.parametrize(
    ("changes", "total"),
    [({}, "1000"), ({"4.1.1": 0}, "950"), ({"4.1.1": 95}, "997.5"), ({"4.4.2": 5}, "985.75")],
)
def test_a_sheet_is_the_sum_of_points_by_percentage(
    stage: Stage, rule_id: str, changes: dict[str, int], total: str
) -> None:
    answer = sheet_total(scores={**FULL, **changes}, rules=RULES, stage=stage)
    assert answer.total == points(total)
    assert points(str(only(answer.findings, rule_id, "pass").facts["total"])) == points(total)


def test_a_sheet_of_zeros_totals_zero() -> None:
    assert sheet_total(scores=dict.fromkeys(FULL, 0), rules=RULES, stage=Stage.ONSITE).total == 0


@pytest.mark.parametrize("percent", [-5, 105, 3, 101, True, 50.0, "50", None])
def test_a_score_is_a_step_from_0_to_100(percent: Any) -> None:
    answer = sheet_total(scores={**FULL, "4.1.1": percent}, rules=RULES, stage=Stage.MATERIAL)
    assert answer.total is None
    assert only(answer.findings, "art18.material", "fail").facts["items"] == ["4.1.1"]


def test_a_score_ends_at_100_whatever_the_step() -> None:
    own = rules(score_step=1)
    for percent, valid in ((100, True), (101, False), (0, True), (-1, False)):
        answer = sheet_total(scores={**FULL, "4.1.1": percent}, rules=own, stage=Stage.MATERIAL)
        assert (answer.total is not None) is valid


def test_the_step_is_the_rules() -> None:
    assert sheet_total(scores={**FULL, "4.1.1": 3}, rules=rules(score_step=1), stage=Stage.MATERIAL).total == points(
        "951.5"
    )


def test_missing_unknown_and_invalid_scores_are_all_told() -> None:
    scores = {code: percent for code, percent in FULL.items() if code != "4.7.6"} | {"9.9": 50, "4.1.1": 7}
    answer = sheet_total(scores=scores, rules=RULES, stage=Stage.ONSITE)
    assert answer.total is None
    assert [(item.rule, item.facts["items"]) for item in answer.findings] == [
        ("art19.onsite", ["4.7.6"]),
        ("art19.onsite", ["9.9"]),
        ("art19.onsite", ["4.1.1"]),
    ]


def sheets(*totals: str) -> list[Sheet]:
    return [Sheet(f"r{index}", points(total)) for index, total in enumerate(totals)]


@pytest.mark.parametrize(("stage", "rule_id"), STAGES)
@pytest.mark.parametrize(
    ("totals", "score", "spread"),
    [
        (("500", "550", "600"), "550", "100"),
        (("600", "600", "601"), "600.33", "1"),
        (("600", "601", "601"), "600.67", "1"),
        (("600", "600", "600.01", "600.01"), "600.01", "0.01"),
    ],
)
def test_the_panels_score_is_the_mean_rounded_half_up(
    stage: Stage, rule_id: str, totals: tuple[str, ...], score: str, spread: str
) -> None:
    result = combine(sheets=sheets(*totals), rules=RULES, stage=stage)
    assert (result.score, result.mean, result.spread) == (points(score), points(score), points(spread))
    assert result.consensus_needed is False
    facts = only(result.findings, rule_id, "pass").facts
    assert (facts["mean"], facts["spread"], facts["limit"]) == (f"{points(score):.2f}", spread, "100")


def test_a_wider_spread_needs_a_recorded_consensus() -> None:
    wide = sheets("500", "550", "600.01")
    result = combine(sheets=wide, rules=RULES, stage=Stage.MATERIAL)
    assert (result.score, result.consensus_needed, result.mean, result.spread) == (
        None,
        True,
        points("550.00"),
        points("100.01"),
    )
    assert only(result.findings, "art18.material", "fail").remedy is not None


@pytest.mark.parametrize(
    ("consensus", "accepted"), [("499.99", False), ("500", True), ("600.01", True), ("600.02", False)]
)
def test_a_consensus_lies_within_the_reviewers_scores(consensus: str, accepted: bool) -> None:
    wide = sheets("500", "550", "600.01")
    result = combine(sheets=wide, rules=RULES, stage=Stage.ONSITE, consensus=points(consensus))
    assert result.score == (points(consensus) if accepted else None)
    assert (result.consensus_needed, result.mean, result.spread) == (True, points("550.00"), points("100.01"))
    finding = only(result.findings, "art19.onsite", "pass" if accepted else "fail")
    assert finding.facts["consensus"] == consensus


def test_a_consensus_that_nobody_needs_has_no_effect() -> None:
    result = combine(sheets=sheets("500", "510", "520"), rules=RULES, stage=Stage.ONSITE, consensus=points("520"))
    assert result.score == points("510")


@pytest.mark.parametrize(
    ("stage", "size", "outcome"), [(Stage.MATERIAL, 2, "fail"), (Stage.MATERIAL, 3, "pass"), (Stage.ONSITE, 3, "fail")]
)
def test_a_panel_below_its_size_has_no_result(stage: Stage, size: int, outcome: str) -> None:
    own = rules(panel_size_material=3, panel_size_onsite=4)
    result = combine(sheets=sheets("500", "500", "500")[:size], rules=own, stage=stage)
    assert outcomes(result.findings) == [(stage.rule_id, outcome)]
    assert (result.score is None) is (result.mean is None) is (result.spread is None) is (outcome == "fail")
    assert result.consensus_needed is False


def test_sheets_set_aside_do_not_count() -> None:
    aside = Sheet("r9", points("100"), set_aside=True)
    assert combine(sheets=[*sheets("500", "500", "500"), aside], rules=RULES, stage=Stage.MATERIAL).score == points(
        "500"
    )
    result = combine(sheets=[*sheets("500", "500"), aside], rules=RULES, stage=Stage.MATERIAL)
    finding = only(result.findings, "art18.material", "fail")
    assert (finding.facts["required"], finding.facts["counted"]) == (3, 2)


def test_a_reviewer_scores_once() -> None:
    result = combine(
        sheets=[*sheets("500", "500", "500"), Sheet("r1", points("500"))], rules=RULES, stage=Stage.MATERIAL
    )
    assert only(result.findings, "art18.material", "fail").facts["reviewers"] == ["r1"]
    assert result.score is None


def material(
    name: str, score: str | None, seat_category: SeatCategory = SeatCategory.MANUFACTURING, qualified: bool = True
) -> MaterialResult:
    return MaterialResult(name, seat_category, qualified, None if score is None else Decimal(score))


SIZED = rules(shortlist_manufacturing=2, shortlist_other=1)


def test_the_best_of_each_bucket_go_on_site_up_to_the_rules_size() -> None:
    result = shortlist(
        results=[
            material("甲", "700"),
            material("乙", "650"),
            material("丙", "800"),
            material("丁", "510", SeatCategory.OTHER),
            material("戊", "520", SeatCategory.OTHER),
            material("己", "499.99"),
        ],
        rules=SIZED,
    )
    assert result.included == ("丙", "甲", "戊")
    assert {name: text.en for name, text in result.left_out.items()} == {
        "乙": "Material score 650, not among the first 2",
        "己": "Material score 499.99, below the pass line of 500",
        "丁": "Material score 510, not among the first 1",
    }
    assert all(text.zh for text in result.left_out.values())
    facts = only(result.findings, "art18.material", "pass").facts
    assert facts["included"] == ["丙", "甲", "戊"]
    assert facts["rules_hash"] == SIZED.content_hash
    assert sorted(result.left_out) == facts["left_out"]


def test_the_pass_line_is_reached_at_the_line() -> None:
    result = shortlist(results=[material("甲", "500"), material("乙", "499.99")], rules=SIZED)
    assert result.included == ("甲",)


def test_one_at_the_pass_line_that_is_left_out_is_told_that_others_were_better() -> None:
    result = shortlist(results=[material("甲", "700"), material("乙", "600"), material("丙", "500")], rules=SIZED)
    assert result.left_out["丙"].en == "Material score 500, not among the first 2"


def test_all_that_tie_at_the_end_of_the_list_are_included() -> None:
    result = shortlist(
        results=[material("丙", "600"), material("乙", "600"), material("甲", "700"), material("丁", "599.99")],
        rules=SIZED,
    )
    assert result.included == ("甲", "丙", "乙")
    assert list(result.left_out) == ["丁"]


def test_an_empty_list_is_a_list() -> None:
    assert shortlist(results=[], rules=SIZED).included == ()
    below = shortlist(results=[material("甲", "1")], rules=SIZED)
    assert (below.included, list(below.left_out)) == ((), ["甲"])


def test_only_qualified_and_finished_applications_are_listed() -> None:
    result = shortlist(
        results=[
            material("甲", "700"),
            material("乙", "600", qualified=False),
            material("丙", None),
            material("丁", None, qualified=False),
        ],
        rules=SIZED,
    )
    assert (result.included, result.left_out) == ((), {})
    assert [(item.reason, item.facts["organisation"]) for item in result.findings] == [
        ("not_qualified", "乙"),
        ("not_qualified", "丁"),
        ("report_missing", "丙"),
    ]
    assert refused(result.findings, "art18.material")


@pytest.mark.parametrize(
    ("name", "reports", "messages"),
    [
        ("甲", 0, []),
        ("甲", 1, ["report_exists"]),
        ("乙", 0, ["not_on_list"]),
        ("乙", 1, ["not_on_list", "report_exists"]),
    ],
)
def test_only_listed_organisations_are_reviewed_on_site_and_once(name: str, reports: int, messages: list[str]) -> None:
    findings = onsite_scorable(organisation=name, onsite_list=["甲"], reports=reports)
    assert refused(findings, "art19.onsite") == messages
    assert all(item.facts["organisation"] == name for item in findings)
    assert messages or outcomes(findings) == [("art19.onsite", "pass")]
