"""Art. 20: both reports make the evaluation, the evaluation makes the candidates."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.measures.candidates import candidates_from_evaluation
from app.measures.deliberation import Conclusion
from app.measures.evaluation import Evaluation, EvaluationInput, evaluation
from app.measures.findings import Finding
from app.measures.review_rules import PreferencePoints
from app.measures.sectors import SeatCategory, SectorTag
from tests.measures.procedure_samples import READINGS, RULES, decided, only, outcomes, points, refused, rules
from tests.support.facts import part

RULE = "art20.evaluation"


def scored(
    name: str,
    material: str | None,
    onsite: str | None,
    seat_category: SeatCategory = SeatCategory.MANUFACTURING,
    tags: frozenset[SectorTag] = frozenset(),
    takes_seat: bool = True,
) -> EvaluationInput:
    return EvaluationInput(
        name,
        seat_category,
        None if material is None else Decimal(material),
        None if onsite is None else Decimal(onsite),
        tags,
        takes_seat,
    )


def test_the_score_is_weighted_ranked_by_bucket_and_states_its_inputs() -> None:
    report = evaluation(
        inputs=[
            scored("甲", "600", "700"),
            scored("乙", "800", "600.01"),
            scored("丙", "500", "600", SeatCategory.OTHER),
        ],
        rules=RULES,
    )
    assert [(line.organisation, line.seat_category, line.overall, line.rank, line.tied) for line in report.ranking] == [
        ("乙", SeatCategory.MANUFACTURING, points("680.01"), 1, False),
        ("甲", SeatCategory.MANUFACTURING, points("660.00"), 2, False),
        ("丙", SeatCategory.OTHER, points("560.00"), 1, False),
    ]
    assert report.rules_hash == RULES.content_hash
    assert outcomes(report.findings) == [(RULE, "pass")] * 3
    assert dict(report.findings[0].facts) == {
        "organisation": "乙",
        "seat_category": "manufacturing",
        "material": "800",
        "onsite": "600.01",
        "preference": "0",
        "overall": "680.01",
        "rank": 1,
        "tied": False,
        "passed": True,
        "weight_material": "0.4",
        "weight_onsite": "0.6",
    }


@pytest.mark.parametrize(
    ("material", "onsite", "missing"),
    [(None, "700", ["material"]), ("700", None, ["onsite"]), (None, None, ["material", "onsite"])],
)
def test_there_is_no_evaluation_without_both_reports(
    material: str | None, onsite: str | None, missing: list[str]
) -> None:
    report = evaluation(inputs=[scored("甲", material, onsite), scored("乙", "700", "700")], rules=RULES)
    assert outcomes(report.findings) == [(RULE, "fail"), (RULE, "pass")]
    assert (report.findings[0].facts["organisation"], report.findings[0].facts["missing"]) == ("甲", missing)
    assert [line.organisation for line in report.ranking] == ["乙"]


def test_equal_scores_share_a_rank_and_are_flagged() -> None:
    report = evaluation(
        inputs=[
            scored("丁", "500", "600"),
            scored("丙", "600", "700"),
            scored("乙", "600", "700"),
            scored("甲", "700", "700"),
            scored("戊", "600", "700", SeatCategory.OTHER),
        ],
        rules=RULES,
    )
    assert [(line.organisation, line.rank, line.tied) for line in report.ranking] == [
        ("甲", 1, False),
        ("丙", 2, True),
        ("乙", 2, True),
        ("丁", 4, False),
        ("戊", 1, False),
    ]


def test_weighted_scores_are_rounded_half_up_to_what_is_shown() -> None:
    own = rules(weight_material=Decimal("0.5"), weight_onsite=Decimal("0.5"))
    report = evaluation(inputs=[scored("甲", "600.01", "600"), scored("乙", "600.02", "600")], rules=own)
    assert [(line.overall, line.tied) for line in report.ranking] == [(points("600.01"), True)] * 2


@pytest.mark.parametrize(
    ("material", "onsite", "passed"),
    [
        ("550", "550", True),
        ("500", "583.34", True),
        ("499.99", "700", False),
        ("700", "500", True),
        ("700", "499.99", False),
        ("549.99", "550", True),
        ("549.98", "549.99", False),
    ],
)
def test_every_pass_line_counts_and_is_reached_at_the_line(material: str, onsite: str, passed: bool) -> None:
    report = evaluation(inputs=[scored("甲", material, onsite)], rules=RULES)
    assert report.ranking[0].passed is passed


def test_preference_points_exist_only_as_published_and_lift_nobody_over_a_pass_line() -> None:
    tagged = scored("甲", "600", "600", tags=frozenset({SectorTag.PREFERRED}))
    plain = evaluation(inputs=[tagged], rules=RULES)
    assert (plain.ranking[0].preference, plain.ranking[0].overall) == (points("0"), points("600"))
    published = {SectorTag.PREFERRED: Decimal(10), SectorTag.ENCOURAGED: Decimal(5)}
    own = rules(preference_points=tuple(PreferencePoints(*item) for item in published.items()))
    report = evaluation(
        inputs=[tagged, scored("乙", "605", "605"), scored("丙", "545", "545", tags=frozenset({SectorTag.PREFERRED}))],
        rules=own,
    )
    assert [(line.organisation, line.preference, line.overall, line.passed) for line in report.ranking] == [
        ("甲", points("10"), points("610"), True),
        ("乙", points("0"), points("605"), True),
        ("丙", points("10"), points("555"), False),
    ]


def for_all(*names: str, recommended: bool = True) -> list[Conclusion]:
    return [Conclusion(name, recommended, "经审议") for name in names]


REPORT = evaluation(
    inputs=[
        scored("甲", "800", "800"),
        scored("乙", "700", "700"),
        scored("丙", "700", "700"),
        scored("丁", "500", "500"),
        scored("戊", "600", "600", SeatCategory.OTHER),
        scored("己", "900", "900", takes_seat=False),
    ],
    rules=RULES,
)


def candidates(
    *names: str,
    conclusions: list[Conclusion] | None = None,
    report: Evaluation = REPORT,
    removed: tuple[str, ...] = (),
    outcome: str | None = None,
    lacking: str | None = None,
) -> list[Finding]:
    return candidates_from_evaluation(
        names=names,
        evaluation=report,
        conclusions=for_all("甲", "乙", "丙", "丁", "戊", "己") if conclusions is None else conclusions,
        readings=READINGS,
        removed=removed,
        decision=None if outcome is None else decided(RULE, outcome, **({lacking: " "} if lacking else {})),
    )


@pytest.mark.parametrize("names", [(), ("甲",), ("甲", "乙", "丙"), ("甲", "己"), ("戊",), ("己",), ("戊", "甲")])
def test_candidates_come_from_the_evaluation_and_seats_may_stay_empty(names: tuple[str, ...]) -> None:
    finding = only(candidates(*names), RULE, "pass")
    assert finding.facts["names"] == list(names)
    assert finding.facts["rules_hash"] == RULES.content_hash


def test_a_name_without_both_reports_below_a_line_or_twice_is_refused() -> None:
    findings = candidates("庚", "丁", "甲", "甲", "乙", "丙", conclusions=for_all("甲", "乙", "丙", "丁", "庚"))
    assert [(item.reason, item.facts["organisation"]) for item in findings] == [
        ("not_evaluated", "庚"),
        ("below_pass_line", "丁"),
        ("listed_twice", "甲"),
    ]
    assert refused(findings, RULE)


@pytest.mark.parametrize("conclusions", [[], for_all("甲", recommended=False)])
def test_a_name_that_the_committee_has_not_recommended_is_refused(conclusions: list[Conclusion]) -> None:
    findings = candidates("甲", conclusions=conclusions)
    assert refused(findings, RULE) == ["not_recommended"]
    assert findings[0].facts["organisation"] == "甲"


def test_a_name_removed_from_the_round_is_refused_and_holds_nobody_back() -> None:
    assert refused(candidates("甲", removed=("甲",)), RULE) == ["removed_from_round"]
    only(candidates("乙", "丙", removed=("甲",)), RULE, "pass")


@pytest.mark.parametrize(
    ("names", "passed_over", "listed"),
    [
        (("甲", "乙"), "丙", ["乙"]),
        (("乙", "丙"), "甲", ["乙", "丙"]),
    ],
)
def test_a_tie_at_the_last_seat_and_a_better_one_left_out_need_a_recorded_decision(
    names: tuple[str, ...], passed_over: str, listed: list[str]
) -> None:
    for outcome in (None, "fail"):
        finding = only(candidates(*names, outcome=outcome), RULE, "needs_decision")
        assert (finding.facts["organisation"], finding.facts["listed"]) == (passed_over, listed)
        assert part(finding.facts, "reading", "key") == "tie_at_last_seat"
    recorded = only(candidates(*names, outcome="pass"), RULE, "pass")
    assert (recorded.facts["reason"], recorded.facts["decided_by"]) == ("经核实", "office-1")


@pytest.mark.parametrize("missing", ["decided_by", "evidence", "reason"])
def test_a_choice_that_does_not_say_who_why_and_on_what_evidence_is_none(missing: str) -> None:
    only(candidates("甲", "乙", outcome="pass"), RULE, "pass")
    only(candidates("甲", "乙", outcome="pass", lacking=missing), RULE, "needs_decision")


def test_one_that_the_committee_did_not_recommend_is_not_passed_over() -> None:
    only(candidates("甲", "乙", conclusions=[*for_all("甲", "乙"), *for_all("丙", recommended=False)]), RULE, "pass")


def test_one_below_a_pass_line_is_not_passed_over() -> None:
    # 庚 has the best overall of all and fails on site.
    report = evaluation(inputs=[scored("庚", "1000", "499"), scored("甲", "600", "600")], rules=RULES)
    assert report.ranking[0].organisation == "庚"
    only(candidates("甲", report=report, conclusions=for_all("甲", "庚")), RULE, "pass")
