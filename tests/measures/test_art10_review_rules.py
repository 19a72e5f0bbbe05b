"""Art. 10: the office's review rules exist and are frozen before the call; the shipped ones are a default, not law."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest

from app.measures.facts import RecordCategory
from app.measures.hashes import RulesHash
from app.measures.review_rules import (
    ConsultedDepartment,
    FileType,
    FormPart,
    ItemKind,
    Named,
    PreferencePoints,
    ReviewRules,
    default_review_rules,
    review_rules_complete,
    review_rules_unchanged,
)
from app.measures.sectors import SectorTag
from app.measures.shipped import read_as
from tests.measures.procedure_samples import RULES, only, rules

RULE = "art10.review_rules"


def test_the_shipped_default_is_a_whole_set_of_a_thousand_points() -> None:
    finding = only(review_rules_complete(rules=RULES), RULE, "pass")
    assert dict(finding.facts) == {"rules_hash": RULES.content_hash, "items": 23, "total_points": 1000}
    by_category: dict[str, int] = {}
    for item in RULES.items:
        by_category[item.category_en] = by_category.get(item.category_en, 0) + item.points
    assert list(by_category.values()) == [110, 90, 90, 130, 100, 80, 400]
    assert sum(item.points for item in RULES.items if item.kind is ItemKind.RESULT) == 400
    assert {category for department in RULES.departments for category in department.categories} == set(RecordCategory)
    assert (RULES.quorum, RULES.majority) == (Fraction(2, 3), Fraction(2, 3))
    assert (RULES.weight_material, RULES.weight_onsite) == (Decimal("0.4"), Decimal("0.6"))
    assert RULES.preference_points == ()


def test_the_default_says_that_it_is_a_default() -> None:
    raw = json.loads(files("app.measures").joinpath("data", "review-rules-default.json").read_text(encoding="utf-8"))
    assert "not law" in raw["note_en"]
    assert "不是管理办法的内容" in raw["note_zh"]


def test_rules_go_to_json_and_back_unchanged() -> None:
    with_points = rules(preference_points=(PreferencePoints(SectorTag.PREFERRED, Decimal("10.50")),))
    for each in (RULES, with_points):
        assert read_as(ReviewRules, json.loads(json.dumps(each.to_mapping()))) == each
    assert with_points.to_mapping()["preference_points"] == [{"tag": "preferred", "points": "10.5"}]
    assert RULES.to_mapping()["pass_line_material"] == "500"
    assert RULES.to_mapping()["quorum"] == "2/3"
    without = {key: value for key, value in RULES.to_mapping().items() if key != "preference_points"}
    assert read_as(ReviewRules, without) == RULES


def test_the_hash_is_of_the_content_not_of_the_spelling() -> None:
    assert len(RULES.content_hash) == 64
    assert replace(RULES).content_hash == RULES.content_hash
    assert rules(weight_material=Decimal("0.40")).content_hash == RULES.content_hash
    assert rules(weight_material=Decimal("0.41")).content_hash != RULES.content_hash
    assert rules(votes_required=False).content_hash != RULES.content_hash
    assert default_review_rules().content_hash == "6e3f7f4ecb3169688d05a8bce1536c62970ba4a8c71c058759a91935709220ab"


def test_a_missing_field_is_named() -> None:
    raw = RULES.to_mapping()
    del raw["quorum"]
    with pytest.raises(KeyError, match="quorum"):
        read_as(ReviewRules, raw)


FIRST = RULES.items[0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"panel_size_material": 0}, "panel_size_material"),
        ({"panel_size_onsite": 0}, "panel_size_onsite"),
        ({"shortlist_manufacturing": 0}, "shortlist_manufacturing"),
        ({"shortlist_other": 0}, "shortlist_other"),
        ({"committee_size": 0}, "committee_size"),
        ({"consultation_days": 0}, "consultation_days"),
        ({"correction_days": 0}, "correction_days"),
        ({"recusal_years": 0}, "recusal_years"),
        ({"score_step": 0}, "score_step"),
        ({"score_step": 15}, "score_step"),
        ({"weight_material": Decimal("0.5")}, "weights"),
        ({"weight_material": Decimal("0"), "weight_onsite": Decimal("1")}, "weight_material"),
        ({"weight_material": Decimal("1"), "weight_onsite": Decimal("0")}, "weight_onsite"),
        ({"pass_line_material": Decimal("-1")}, "pass_line_material"),
        ({"pass_line_material": Decimal("1000.01")}, "pass_line_material"),
        ({"pass_line_onsite": Decimal("1001")}, "pass_line_onsite"),
        ({"pass_line_overall": Decimal("1001")}, "pass_line_overall"),
        ({"spread_for_consensus": Decimal("-0.01")}, "spread_for_consensus"),
        ({"quorum": Fraction(1, 2)}, "quorum"),
        ({"quorum": Fraction(4, 3)}, "quorum"),
        ({"majority": Fraction(1, 2)}, "majority"),
        ({"majority": Fraction(7, 6)}, "majority"),
        ({"total_points": 999}, "items"),
        ({"items": (replace(FIRST, points=0), replace(RULES.items[1], points=80), *RULES.items[2:])}, "items"),
        ({"items": (replace(FIRST, code=RULES.items[1].code), *RULES.items[1:])}, "items"),
        ({"preference_points": (PreferencePoints(SectorTag.ENCOURAGED, Decimal(0)),)}, "preference_points"),
        ({"preference_points": (PreferencePoints(SectorTag.ENCOURAGED, Decimal(1)),) * 2}, "preference_points"),
        ({"departments": ()}, "departments"),
        ({"departments": (*RULES.departments, RULES.departments[0])}, "departments"),
        ({"departments": (ConsultedDepartment("x", "某局", "Some bureau", ("fatal_accident", "z")),)}, "departments"),
        ({"departments": (ConsultedDepartment("x", "某局", "Some bureau", ()),)}, "departments"),
        ({"required_materials": ()}, "required_materials"),
        ({"required_sections": ()}, "required_sections"),
        ({"required_sections": (Named("a", "甲", "A"),) * 2}, "required_sections"),
    ],
)
def test_rules_that_cannot_carry_a_round_are_refused_and_the_field_named(changes: dict[str, Any], field: str) -> None:
    finding = only(review_rules_complete(rules=rules(**changes)), RULE, "fail")
    assert finding.facts["field"] == field


@pytest.mark.parametrize(
    "changes",
    [
        {"panel_size_material": 1, "panel_size_onsite": 1, "shortlist_manufacturing": 1, "shortlist_other": 1},
        {"committee_size": 1, "consultation_days": 1, "correction_days": 1, "recusal_years": 1, "score_step": 1},
        {"pass_line_material": Decimal(0), "pass_line_onsite": Decimal(1000), "spread_for_consensus": Decimal(0)},
        {"quorum": Fraction(1), "majority": Fraction(51, 100)},
        {"preference_points": tuple(PreferencePoints(tag, Decimal("0.5")) for tag in SectorTag)},
        {"score_step": 100},
        {"items": (replace(FIRST, points=1), replace(RULES.items[1], points=79), *RULES.items[2:])},
    ],
)
def test_rules_at_the_edge_are_the_offices_to_set(changes: dict[str, Any]) -> None:
    only(review_rules_complete(rules=rules(**changes)), RULE, "pass")


def test_every_problem_is_told() -> None:
    findings = review_rules_complete(rules=rules(items=(), total_points=0))
    assert [item.facts["field"] for item in findings] == [
        "total_points",
        "pass_line_material",
        "pass_line_onsite",
        "pass_line_overall",
        "spread_for_consensus",
    ]
    findings = review_rules_complete(rules=rules(items=(*RULES.items, RULES.items[3]), weight_onsite=Decimal(1)))
    assert [(item.facts["field"], item.facts.get("sum"), item.facts.get("codes")) for item in findings] == [
        ("weights", "1.4", None),
        ("items", 1040, None),
        ("items", None, ["4.2.1"]),
    ]


@pytest.mark.parametrize(
    ("frozen", "message"),
    [
        (None, "The review rules were not frozen with a call"),
        ("0" * 64, "The review rules cannot change after the call"),
        (RULES.content_hash, None),
    ],
)
def test_the_rules_applied_are_those_frozen_with_the_call(frozen: RulesHash | None, message: str | None) -> None:
    finding = only(review_rules_unchanged(frozen_hash=frozen, rules=RULES), RULE, "fail" if message else "pass")
    if message:
        assert finding.message.en == message
    if frozen:
        assert dict(finding.facts) == {"frozen": frozen, "applied": RULES.content_hash}


def test_rules_say_what_they_take_beside_the_required_materials() -> None:
    assert [item.code for item in RULES.further_materials] == ["extra"]
    own = rules(further_materials=(Named("licence", "许可证", "Licence"),))
    only(review_rules_complete(rules=own), RULE, "pass")
    assert read_as(ReviewRules, own.to_mapping()) == own
    # The hash of rules that say nothing of it is the one that they had before rules could.
    assert own.content_hash != RULES.content_hash == rules(further_materials=RULES.further_materials).content_hash
    required = RULES.required_materials[0]
    for further in ((required,), (own.further_materials[0],) * 2):
        (finding,) = review_rules_complete(rules=rules(further_materials=further))
        assert (finding.reason, finding.facts["field"]) == ("field_duplicated", "further_materials")
        assert finding.facts["codes"] == [further[0].code]


def test_rules_say_which_files_they_take_and_rules_that_do_not_take_all() -> None:
    few = rules(file_types=(FileType.PDF, FileType.WPS), max_file_bytes=1, files_per_material=1)
    only(review_rules_complete(rules=few), RULE, "pass")
    assert few.to_mapping()["file_types"] == ["pdf", "wps"]
    assert read_as(ReviewRules, few.to_mapping()) == few
    named = ("file_types", "max_file_bytes", "files_per_material", "before_recommendation", "further_materials")
    silent = {name: value for name, value in few.to_mapping().items() if name not in named}
    assert read_as(ReviewRules, silent) == RULES
    assert (RULES.file_types, RULES.max_file_bytes, RULES.files_per_material) == (tuple(FileType), 20_971_520, 10)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"file_types": ()}, "file_types", "field_empty"),
        ({"file_types": (FileType.PDF, FileType.DOC, FileType.PDF)}, "file_types", "field_duplicated"),
        ({"max_file_bytes": 0}, "max_file_bytes", "number_not_positive"),
        ({"files_per_material": 0}, "files_per_material", "number_not_positive"),
    ],
)
def test_rules_that_take_no_file_are_refused(changes: dict[str, Any], field: str, reason: str) -> None:
    (finding,) = review_rules_complete(rules=rules(**changes))
    assert (finding.outcome, finding.facts["field"], finding.reason) == ("fail", field, reason)


def test_rules_say_what_a_unit_is_shown() -> None:
    other = rules(before_recommendation=(FormPart.CERTIFICATES,))
    only(review_rules_complete(rules=other), RULE, "pass")
    assert other.to_mapping()["before_recommendation"] == ["certificates"]
    assert read_as(ReviewRules, other.to_mapping()) == other
    # Rules of before a round could say it keep their hash.
    assert "before_recommendation" in RULES.to_mapping() and other.content_hash != RULES.content_hash
    only(review_rules_complete(rules=rules(before_recommendation=())), RULE, "pass")
    twice = rules(before_recommendation=(FormPart.FIGURES, FormPart.FIGURES))
    (finding,) = review_rules_complete(rules=twice)
    assert (finding.outcome, finding.facts["field"], finding.reason) == (
        "fail",
        "before_recommendation",
        "field_duplicated",
    )


def test_rules_hold_nothing_that_json_does_not_know() -> None:
    with pytest.raises(TypeError, match="review rules hold no bytes"):
        replace(RULES, total_points=b"1000").to_mapping()  # type: ignore[arg-type]
