"""Arts. 10 to 20: a refusal tells the facts that it used, all of them by their names, and the cure where there is one.

The facts go out with every answer that refuses (`violations[].facts`) and into the audit log: a fact that is missing or
has another name is a broken promise to those who read them. The articles after these are in the files beside this one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.measures.call import CallFacts, call_complete, deadline_extendable, within_window
from app.measures.candidates import candidates_from_evaluation
from app.measures.consultations import Consultation
from app.measures.deliberation import Conclusion, DeliberationFacts, deliberation_complete
from app.measures.evaluation import evaluation
from app.measures.findings import Outcome, fails, passes
from app.measures.office_duties import recorded_before_candidates
from app.measures.qualification import (
    QUALIFICATION_CONDITIONS,
    Correction,
    QualificationFacts,
    application_complete,
    correction_in_time,
    qualification_decided,
    refusal_grounded,
)
from app.measures.reasons import Reason
from app.measures.review_rules import ConsultedDepartment, PreferencePoints, default_note, review_rules_complete
from app.measures.reviews import Stage, onsite_scorable, sheet_entries
from app.measures.scoring import Sheet, combine
from app.measures.sectors import SeatCategory, SectorTag
from app.measures.state_machines import ConsultationState
from tests.measures.conftest import assert_both_languages
from tests.measures.procedure_samples import READINGS, RULES, decided, rules, shanghai, told
from tests.measures.test_art20_evaluation import for_all, scored

MEMBERS = tuple(f"委员{index}" for index in range(1, 8))


# Art. 10


@pytest.mark.parametrize(
    ("changes", "message", "facts"),
    [
        (
            {"recusal_years": 0},
            "number_not_positive",
            {"field": "recusal_years", "value": 0},
        ),
        ({"score_step": 15}, "score_step_uneven", {"field": "score_step", "value": 15}),
        (
            {"weight_material": Decimal(-1), "weight_onsite": Decimal(2)},
            "weight_not_positive",
            {"field": "weight_material", "value": "-1"},
        ),
        (
            {"pass_line_onsite": Decimal("1000.5")},
            "beyond_total_points",
            {"field": "pass_line_onsite", "value": "1000.5", "total_points": 1000},
        ),
        (
            {"quorum": Fraction(1, 2)},
            "no_majority",
            {"field": "quorum", "value": "1/2"},
        ),
        (
            {"total_points": 1001},
            "points_not_the_total",
            {"field": "items", "sum": 1000, "total_points": 1001},
        ),
        (
            {"preference_points": (PreferencePoints(SectorTag.ENCOURAGED, Decimal("-0.5")),)},
            "preference_not_positive",
            {"field": "preference_points", "tag": "encouraged", "points": "-0.5"},
        ),
        (
            {"departments": (ConsultedDepartment("x", "某局", "Some bureau", ("fatal_accident", "z")),)},
            "consultation_invalid",
            {
                "field": "departments",
                "code": "x",
                "categories": ["z"],
                "department_zh": "某局",
                "department_en": "Some bureau",
            },
        ),
    ],
)
def test_art10_a_field_that_cannot_be_is_told_with_its_value(
    changes: dict[str, Any], message: str, facts: dict[str, object]
) -> None:
    assert told(review_rules_complete(rules=rules(**changes))) == [(message, facts, True)]


def test_art10_the_shipped_rules_say_in_both_languages_that_they_are_no_law() -> None:
    note = default_note()
    assert_both_languages(note)
    assert "不是管理办法的内容" in note.zh
    assert "not law" in note.en


def test_art10_items_without_points_are_told_by_their_codes() -> None:
    first, second, *rest = RULES.items
    items = (replace(first, points=0), replace(second, points=first.points + second.points), *rest)
    assert told(review_rules_complete(rules=rules(items=items))) == [
        ("item_without_points", {"field": "items", "codes": [first.code]}, True),
    ]


# Art. 11


def test_art11_a_meeting_before_the_evaluation_and_of_the_wrong_size() -> None:
    facts = DeliberationFacts(date(2024, 9, 1), date(2024, 9, 2), MEMBERS[:6], MEMBERS[:6], (), ())
    assert told(deliberation_complete(facts=facts, rules=RULES)) == [
        ("meeting_before_evaluation", {"held_on": "2024-09-01", "evaluated_on": "2024-09-02"}, True),
        ("committee_size_wrong", {"members": 6, "required": 7}, True),
    ]


@pytest.mark.parametrize(
    ("conclusion", "message", "facts"),
    [
        (
            Conclusion("甲", True, "同意", votes_for=5, votes_against=1, abstentions=2),
            "votes_wrong",
            {"votes": [5, 1, 2], "present": 7},
        ),
        (
            Conclusion("甲", True, "同意", votes_for=4, votes_against=2, abstentions=1),
            "conclusion_contradicts_vote",
            {"votes": [4, 2, 1], "present": 7, "majority": "2/3", "recommended": True},
        ),
    ],
)
def test_art11_a_conclusion_against_the_vote(conclusion: Conclusion, message: str, facts: dict[str, object]) -> None:
    meeting = DeliberationFacts(date(2024, 9, 2), date(2024, 9, 2), MEMBERS, MEMBERS, ("甲",), (conclusion,))
    own = rules(majority=Fraction(2, 3))
    assert told(deliberation_complete(facts=meeting, rules=own)) == [(message, {"organisation": "甲", **facts}, True)]


def test_art11_a_recorded_finding_tells_who_why_and_on_what_evidence() -> None:
    decisions = {"甲": {"art04.merit": decided("art04.merit"), "art11.verification": decided("art11.verification")}}
    for _, facts, _ in told(recorded_before_candidates(organisations=["甲"], decisions=decisions)):
        assert facts == {
            "organisation": "甲",
            "decided_by": "office-1",
            "reason": "经核实",
            "evidence": "核查记录3号",
        }


# Art. 16


def test_art16_a_call_without_a_channel_tells_how_to_publish() -> None:
    call = CallFacts(shanghai(2024, 3, 1, 9), (), date(2024, 4, 30))
    facts = {"published_on": "2024-03-01", "deadline": "2024-04-30", "channels": []}
    assert told(call_complete(call=call, media=())) == [("channel_missing", facts, True)]


@pytest.mark.parametrize(
    ("hour", "taking", "message"),
    [
        (8, True, "call_not_published"),
        (8, False, "call_not_published"),
        (9, True, "within_time"),
        (9, False, "not_taking_applications"),
    ],
)
def test_art16_a_round_that_takes_no_more_refuses_within_its_time_too(hour: int, taking: bool, message: str) -> None:
    findings = within_window(
        at=shanghai(2024, 3, 1, hour),
        published_at=shanghai(2024, 3, 1, 9),
        deadline=date(2024, 4, 30),
        taking=taking,
    )
    facts = {"at": f"2024-03-01T0{hour}:00:00+08:00", "deadline": "2024-04-30"}
    assert told(findings) == [(message, facts, message != "within_time")]
    assert (findings[0].rule, findings[0].outcome is Outcome.PASS) == ("art16.call", hour == 9 and taking)


def test_art16_an_extension_is_told_with_all_three_dates() -> None:
    findings = deadline_extendable(current=date(2024, 4, 30), new=date(2024, 4, 30), at=shanghai(2024, 4, 1))
    facts = {"current": "2024-04-30", "new": "2024-04-30", "at": "2024-04-01T00:00:00+08:00"}
    assert told(findings) == [("not_later", facts, True)]


# Art. 17

MET = tuple(passes(rule_id, Reason.RECORDED_AS_MET) for rule_id in QUALIFICATION_CONDITIONS)
FACTS = QualificationFacts(
    organisation="甲",
    conditions=MET,
    consultations=tuple(Consultation(item.code, ConsultationState.ANSWERED) for item in RULES.departments),
    corrections=(),
    materials=frozenset(item.code for item in RULES.required_materials),
    sections=frozenset(item.code for item in RULES.required_sections),
    seat_category=SeatCategory.OTHER,
)
OPEN = Correction(date(2024, 5, 6), date(2024, 5, 11))


def test_art17_what_is_incomplete_is_told_by_kind_and_can_be_added() -> None:
    facts = replace(
        FACTS,
        materials=FACTS.materials - {"registration"},
        sections=FACTS.sections - {"profile"},
    )
    messages = told(qualification_decided(facts=facts, rules=RULES))
    assert [(rest["of"], rest["missing"], cure) for _, rest, cure in messages] == [
        ("material", ["registration"], True),
        ("sections", ["profile"], True),
    ]
    assert [reason for reason, _, _ in messages] == ["application_incomplete", "application_incomplete"]


@pytest.mark.parametrize("truth_stated", [True, False])
def test_art17_an_application_holds_its_material_and_its_statement_of_truth(truth_stated: bool) -> None:
    findings = application_complete(
        materials=FACTS.materials,
        sections=FACTS.sections,
        truth_stated=truth_stated,
        rules=RULES,
    )
    if truth_stated:
        facts: dict[str, object] = {"materials": sorted(FACTS.materials), "sections": sorted(FACTS.sections)}
        assert told(findings) == [("application_complete", facts, False)]
    else:
        facts = {"of": "statement", "missing": ["truthfulness"]}
        assert told(findings) == [("truth_not_stated", facts, True)]


def test_art17_silence_an_open_correction_and_an_open_sector_are_told_with_what_to_do() -> None:
    facts = replace(
        FACTS,
        consultations=(*FACTS.consultations, Consultation("other", ConsultationState.ASKED)),
        corrections=(OPEN,),
        seat_category=None,
    )
    assert told(qualification_decided(facts=facts, rules=RULES)) == [
        ("departments_not_replied", {"departments": ["other"]}, True),
        ("correction_open", {"requested_on": "2024-05-06"}, True),
        ("sector_open", {}, True),
    ]


def test_art17_a_correction_is_told_with_its_dates() -> None:
    undated = correction_in_time(correction=replace(OPEN, due_on=None), at=shanghai(2024, 5, 7))
    assert told(undated) == [
        ("last_day_missing", {"requested_on": "2024-05-06"}, True),
    ]
    late = correction_in_time(correction=OPEN, at=shanghai(2024, 5, 12))
    facts = {"due_on": "2024-05-11", "at": "2024-05-12T00:00:00+08:00"}
    assert told(late) == [("deadline_passed", facts, True)]


def test_art17_a_refusal_without_a_reason_tells_its_grounds() -> None:
    grounds = [fails("art13.1.local", Reason.RECORDED_AS_NOT_MET)]
    assert told(refusal_grounded(reason=" ", grounds=grounds)) == [
        ("reason_missing", {"grounds": ["art13.1.local"]}, True),
    ]


# Arts. 18, 19, 20


def test_art18_and_19_entries_and_a_second_report_are_told_by_number() -> None:
    assert told(sheet_entries(scores={"4.1.1": 50}, rules=RULES, stage=Stage.MATERIAL)) == [
        ("entries_valid", {"entered": 1}, False),
    ]
    assert told(onsite_scorable(organisation="甲", onsite_list=["甲"], reports=2)) == [
        ("report_exists", {"organisation": "甲", "reports": 2}, True),
    ]


def test_art20_who_is_not_a_candidate_is_named() -> None:
    report = evaluation(inputs=[scored("甲", "800", "800")], rules=RULES)
    assert told(
        candidates_from_evaluation(
            names=["甲"],
            evaluation=report,
            conclusions=[],
            readings=READINGS,
            removed=["甲"],
        )
    ) == [
        ("not_recommended", {"organisation": "甲"}, True),
        ("removed_from_round", {"organisation": "甲"}, True),
    ]


@pytest.mark.parametrize("outcome", [None, "pass"])
def test_art20_who_is_passed_over_is_told_with_the_score_and_what_to_decide(outcome: str | None) -> None:
    report = evaluation(inputs=[scored("甲", "800", "800"), scored("乙", "700", "700")], rules=RULES)
    findings = candidates_from_evaluation(
        names=["乙"],
        evaluation=report,
        conclusions=for_all("甲", "乙"),
        readings=READINGS,
        decision=None if outcome is None else decided("art20.evaluation", outcome),
    )
    facts = {
        "organisation": "甲",
        "listed": ["乙"],
        "overall": "800.00",
        "reading": READINGS.cite("tie_at_last_seat"),
    }
    if outcome is None:
        assert told(findings) == [("passed_over", facts, True)]
    else:
        by = {"reason": "经核实", "decided_by": "office-1"}
        assert told(findings) == [("chosen_by_decision", {**facts, **by}, False)]


SHEETS = [Sheet(f"r{number}", Decimal(total)) for number, total in enumerate(("500", "550", "600.01"), 1)]
SPREAD = {"mean": "550.00", "spread": "100.01", "limit": "100"}


def test_art18_a_panel_that_is_too_small_can_be_completed() -> None:
    result = combine(sheets=SHEETS[:1], rules=RULES, stage=Stage.MATERIAL)
    assert told(result.findings) == [("sheets_missing", {"required": 3, "counted": 1}, True)]


@pytest.mark.parametrize(
    ("consensus", "message", "facts", "cure"),
    [
        (None, "consensus_needed", {}, True),
        (
            "499",
            "consensus_outside_scores",
            {"consensus": "499", "lowest": "500", "highest": "600.01"},
            True,
        ),
        ("560", "consensus_score", {"consensus": "560"}, False),
    ],
)
def test_art18_a_consensus_is_told_with_what_it_lies_between(
    consensus: str | None, message: str, facts: dict[str, object], cure: bool
) -> None:
    given = None if consensus is None else Decimal(consensus)
    result = combine(sheets=SHEETS, rules=RULES, stage=Stage.MATERIAL, consensus=given)
    assert told(result.findings) == [(message, {**SPREAD, **facts}, cure)]


def test_art20_one_that_takes_no_seat_is_passed_over_by_nobody() -> None:
    for takes_seat, outcome in ((True, "needs_decision"), (False, "pass")):
        inputs = [scored("甲", "800", "800", takes_seat=takes_seat), scored("乙", "700", "700")]
        report = evaluation(inputs=inputs, rules=RULES)
        (found,) = candidates_from_evaluation(
            names=["乙"],
            evaluation=report,
            conclusions=for_all("甲", "乙"),
            readings=READINGS,
        )
        assert found.outcome.value == outcome
        assert [line.takes_seat for line in report.ranking] == [takes_seat, True]
