"""A refusal tells the facts that it used, all of them by their names, and the cure where there is one.

The facts go out with every answer that refuses (`violations[].facts`) and into the audit log: a fact that is missing or
has another name is a broken promise to those who read them. Articles 11 to 27 here; 26 to 33 in the file beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.measures.deliberation import (
    Conclusion,
    DeliberationFacts,
    deliberation_complete,
    recorded_before_candidates,
)
from app.measures.findings import Outcome, fails, passes
from app.measures.procedure import (
    CallFacts,
    call_complete,
    candidates_from_evaluation,
    deadline_extendable,
    decree_valid,
    within_window,
)
from app.measures.publicity import (
    ObjectionFacts,
    Period,
    nothing_to_publicise,
    objection_class,
    objection_closable,
    publication_dated,
)
from app.measures.qualification import (
    QUALIFICATION_CONDITIONS,
    Consultation,
    ConsultationState,
    Correction,
    QualificationFacts,
    application_complete,
    correction_in_time,
    qualification_decided,
    refusal_grounded,
)
from app.measures.scoring import Stage, evaluation, onsite_scorable, sheet_entries
from app.measures.sectors import Bucket
from app.measures.validity import (
    AwardFacts,
    SharingItem,
    TitleUse,
    TitleUseKind,
    VisitFacts,
    declining_legitimate,
    misuse_recorded,
    sharing_publishable,
    title_use_allowed,
    valid_on,
    visit_complete,
)
from app.measures.working_days import HolidayYear, UnknownYear, holiday_year_usable
from tests.measures.procedure_samples import PARAMETERS, READINGS, RULES, calendar, decided, rules, shanghai, told
from tests.measures.test_art20_evaluation import for_all, scored

MEMBERS = tuple(f"委员{index}" for index in range(1, 8))


# Art. 11


def test_art11_a_meeting_before_the_evaluation_and_of_the_wrong_size() -> None:
    facts = DeliberationFacts(date(2024, 9, 1), date(2024, 9, 2), MEMBERS[:6], MEMBERS[:6], (), ())
    assert told(deliberation_complete(facts=facts, rules=RULES)) == [
        ("The meeting was before the evaluation", {"held_on": "2024-09-01", "evaluated_on": "2024-09-02"}, False),
        ("The committee has 7 members by the rules", {"members": 6}, False),
    ]


@pytest.mark.parametrize(
    ("conclusion", "message", "facts"),
    [
        (
            Conclusion("甲", True, "同意", votes_for=5, votes_against=1, abstentions=2),
            "The votes do not add up to those present",
            {"votes": [5, 1, 2], "present": 7},
        ),
        (
            Conclusion("甲", True, "同意", votes_for=4, votes_against=2, abstentions=1),
            "The conclusion contradicts the vote",
            {"votes": [4, 2, 1], "present": 7, "majority": "2/3", "recommended": True},
        ),
    ],
)
def test_art11_a_conclusion_against_the_vote(conclusion: Conclusion, message: str, facts: dict[str, object]) -> None:
    meeting = DeliberationFacts(date(2024, 9, 2), date(2024, 9, 2), MEMBERS, MEMBERS, ("甲",), (conclusion,))
    own = rules(majority=Fraction(2, 3))
    assert told(deliberation_complete(facts=meeting, rules=own)) == [(message, {"organisation": "甲", **facts}, False)]


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
    assert told(call_complete(call=call)) == [("No channel of publication is stated", facts, True)]


@pytest.mark.parametrize(
    ("hour", "taking", "message"),
    [
        (8, True, "The call is not published yet"),
        (8, False, "The call is not published yet"),
        (9, True, "Within the time for applications"),
        (9, False, "The round takes no applications any more"),
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
    assert told(findings) == [(message, facts, False)]
    assert (findings[0].rule, findings[0].outcome is Outcome.PASS) == ("art16.call", hour == 9 and taking)


def test_art16_an_extension_is_told_with_all_three_dates() -> None:
    findings = deadline_extendable(current=date(2024, 4, 30), new=date(2024, 4, 30), at=shanghai(2024, 4, 1))
    facts = {"current": "2024-04-30", "new": "2024-04-30", "at": "2024-04-01T00:00:00+08:00"}
    assert told(findings) == [("A deadline can only move later", facts, False)]


# Art. 17

MET = tuple(passes(rule_id, "符合", "Met") for rule_id in QUALIFICATION_CONDITIONS)
FACTS = QualificationFacts(
    organisation="甲",
    conditions=MET,
    consultations=tuple(Consultation(item.code, ConsultationState.ANSWERED) for item in RULES.departments),
    corrections=(),
    materials=frozenset(item.code for item in RULES.required_materials),
    sections=frozenset(item.code for item in RULES.required_sections),
    bucket=Bucket.OTHER,
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
    assert [message.partition(":")[0] for message, _, _ in messages] == ["Incomplete material", "Incomplete sections"]


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
        assert told(findings) == [("The application is complete", facts, False)]
    else:
        facts = {"of": "statement", "missing": ["truthfulness"]}
        assert told(findings) == [("The statement of truth is not signed", facts, True)]


def test_art17_silence_an_open_correction_and_an_open_sector_are_told_with_what_to_do() -> None:
    facts = replace(
        FACTS,
        consultations=(*FACTS.consultations, Consultation("other", ConsultationState.OPEN)),
        corrections=(OPEN,),
        bucket=None,
    )
    assert told(qualification_decided(facts=facts, rules=RULES)) == [
        ("Silence is not consent: departments have not answered", {"departments": ["other"]}, True),
        ("A correction is not answered yet", {"requested_on": "2024-05-06"}, False),
        ("The sector is not determined", {}, True),
    ]


def test_art17_a_correction_is_told_with_its_dates() -> None:
    undated = correction_in_time(correction=replace(OPEN, due_on=None), at=shanghai(2024, 5, 7))
    assert told(undated) == [
        ("The correction request has no day of its own", {"requested_on": "2024-05-06"}, True),
    ]
    late = correction_in_time(correction=OPEN, at=shanghai(2024, 5, 12))
    facts = {"due_on": "2024-05-11", "at": "2024-05-12T00:00:00+08:00"}
    assert told(late) == [("The time for the correction is over", facts, False)]


def test_art17_a_refusal_without_a_reason_tells_its_grounds() -> None:
    grounds = [fails("art13.1.local", "不符合", "Not met")]
    assert told(refusal_grounded(reason=" ", grounds=grounds)) == [
        ("The reason of the refusal is not stated", {"grounds": ["art13.1.local"]}, False),
    ]


# Arts. 18, 19, 20


def test_art18_and_19_entries_and_a_second_report_are_told_by_number() -> None:
    assert told(sheet_entries(scores={"4.1.1": 50}, rules=RULES, stage=Stage.MATERIAL)) == [
        ("The entries are valid", {"entered": 1}, False),
    ]
    assert told(onsite_scorable(organisation="甲", onsite_list=["甲"], reports=2)) == [
        ("It already has its on-site report", {"organisation": "甲", "reports": 2}, False),
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
        ("The committee has not recommended it", {"organisation": "甲"}, False),
        ("It was removed from the round", {"organisation": "甲"}, False),
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
        assert told(findings) == [("One that scored as high or higher is left out", facts, True)]
    else:
        by = {"reason": "经核实", "decided_by": "office-1"}
        assert told(findings) == [("Chosen by a recorded decision", {**facts, **by}, False)]


# Arts. 21, 22

PERIOD = Period(date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 13), shanghai(2024, 6, 14))


def test_art21_the_days_of_publication_lie_between_the_list_and_today_both_included() -> None:
    dates = {"not_before": date(2024, 6, 3), "today": date(2024, 6, 5)}
    facts = {"not_before": "2024-06-03", "today": "2024-06-05"}
    within = [date(2024, 6, 3), date(2024, 6, 5)]
    assert told(publication_dated(published_on=within, **dates)) == [
        ("The days of publication are in order", {**facts, "published_on": ["2024-06-03", "2024-06-05"]}, False),
    ]
    assert told(publication_dated(published_on=[date(2024, 6, 2), *within, date(2024, 6, 6)], **dates)) == [
        ("Published before the list was made, 2024-06-03", {**facts, "days": ["2024-06-02"]}, False),
        ("The day of publication is still to come", {**facts, "days": ["2024-06-06"]}, True),
    ]


def test_art21_an_empty_list_has_nothing_to_publicise_and_any_name_has() -> None:
    cited = READINGS.cite("empty_candidate_list")
    assert told(nothing_to_publicise(names=[], readings=READINGS)) == [
        ("The list is empty: nothing to publicise", {"reading": cited, "names": []}, False),
    ]
    assert told(nothing_to_publicise(names=["甲"], readings=READINGS)) == [
        ("The candidates need their publicity", {"reading": cited, "names": ["甲"]}, True),
    ]


def test_art21_an_objection_is_told_when_it_came_and_when_the_period_ends() -> None:
    facts = {"received_at": "2024-06-10T00:00:00+08:00", "ends_at": "2024-06-14T00:00:00+08:00"}
    formal = objection_class(objection=ObjectionFacts(shanghai(2024, 6, 10), "李某", "1", "x"), period=PERIOD)
    assert told(formal.findings) == [("Taken as a formal objection", {**facts, "lacking": []}, False)]
    lead = objection_class(objection=ObjectionFacts(shanghai(2024, 6, 10), "", "1", "x"), period=PERIOD)
    assert told(lead.findings) == [
        ("Kept as a lead and answered for; it blocks nothing", {**facts, "lacking": ["name"]}, False),
    ]


def test_art21_an_objection_is_not_closed_without_a_reason_and_the_cure_is_told() -> None:
    assert told(objection_closable(upheld=True, reason="", verified_by="office-1")) == [
        ("Closing an objection needs who verified it and a reason", {"missing": ["reason"], "upheld": True}, True),
    ]


def test_art21_every_defect_of_a_holiday_year_names_the_year() -> None:
    bad = HolidayYear(
        frozenset({date(2024, 1, 1), date(2023, 12, 31), date(2024, 10, 12)}),
        frozenset({date(2024, 10, 12), date(2024, 10, 10)}),
        "",
    )
    assert [facts["year"] for _, facts, _ in told(holiday_year_usable(year=2024, data=bad))] == [2024] * 5


def test_art21_an_unknown_year_is_named_in_the_error() -> None:
    with pytest.raises(UnknownYear, match="2025"):
        calendar(2024).is_working_day(date(2025, 1, 2))


def test_art22_a_decree_before_the_meeting_is_told_with_both_dates() -> None:
    findings = decree_valid(
        number="会府字〔2024〕12号",
        decree_date=date(2024, 10, 8),
        meeting_date=date(2024, 10, 9),
        readings=READINGS,
    )
    assert told(findings)[1:] == [
        (
            "The decree is dated before the meeting",
            {"decree_date": "2024-10-08", "meeting_date": "2024-10-09"},
            False,
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
    }
    findings = valid_on(award=AWARD, on=date(2028, 3, 11), parameters=PARAMETERS)
    assert told(findings) == [("Expired after 2028-03-10", facts, False)]


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
    assert told(findings) == [("Outside validity the title may not be used", facts, True)]


def test_art23_an_incomplete_record_of_misuse_can_be_completed() -> None:
    assert told(misuse_recorded(description="包装标注", correction_order="", due_on=date(2026, 1, 1))) == [
        ("The record of misuse is incomplete", {"missing": ["correction_order"]}, True),
    ]


def test_art25_a_trade_secret_can_be_taken_out_and_another_sharing_arranged() -> None:
    assert told(sharing_publishable(items=[SharingItem("配方", True, True)])) == [
        ("A trade secret is never published", {"items": ["配方"]}, True),
    ]
    assert told(declining_legitimate(on_trade_secret=False, reason="繁忙")) == [
        ("Without a trade secret the duty to share stands", {"reason": "繁忙"}, True),
    ]


def test_art27_a_visit_to_whoever_holds_no_award_is_told_with_its_status() -> None:
    visit = VisitFacts("2028年计划", date(2028, 3, 11), ("张某",), "无异常", "无")
    facts = {"organisation": "甲", "visited_on": "2028-03-11", "status": "expired"}
    findings = visit_complete(visit=visit, award=AWARD, parameters=PARAMETERS)
    assert told(findings) == [("Not a current winner on that day", facts, False)]


def test_art27_several_visitors_without_a_name_are_none() -> None:
    visit = VisitFacts("2026年计划", date(2026, 3, 11), (" ", ""), "无异常", "无")
    facts = {"organisation": "甲", "visited_on": "2026-03-11", "missing": ["visitors"]}
    findings = visit_complete(visit=visit, award=AWARD, parameters=PARAMETERS)
    assert told(findings) == [("The visit's record is incomplete", facts, False)]
