"""Art. 32: the office interprets; the register holds question, reading, document and date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import app.measures
from app.measures.interpretations import (
    RegisteredReading,
    interpretations,
    reading_registrable,
    readings_on,
    resting_on,
)
from tests.measures.procedure_samples import only, refused

RULE = "art32.interpretations"
ENTRY = RegisteredReading("publicity_counting", "working_days", "解释〔2024〕1号", date(2024, 5, 1))

DEFAULTS = {
    "issuer_of_the_decree": "government_or_its_office",
    "interval_of_two_rounds": "n_plus_3",
    "publicity_counting": "calendar_days_rolled",
    "start_of_periods": "decree_and_decision_date",
    "first_award": "any_award_counts",
    "seats_at_candidate_list": "enforced",
    "committee": "review_rules",
    "returns_and_claims": "attributable_no_threshold",
    "safety_for_services": "required",
    "late_found_event": "no_revocation",
    "tie_at_last_seat": "decision_or_vacancy",
    "historic_codes": "flagged",
    "address_against_code": "flagged_either_way",
    "document_numbers": "warn_malformed",
    "last_day_of_years": "anniversary_included",
    "empty_candidate_list": "no_publicity",
    "one_round_at_a_time": "one",
    "objection_on_publication_day": "counts",
    "letters": "day_of_receipt",
    "letters_without_scan": "held_until_scanned",
    "informal_objections": "investigators_judgement",
    "inadmissible_objections": "read_and_reasoned",
    "objection_upheld_after_the_decree": "case_of_revocation",
    "transitional_approval": "recorded_basis",
    "larger_incidents": "grade_or_thresholds",
    "loss_years": "whole_years_in_validity",
    "shortlist_ties": "all_included",
    "years_of_figures": "round_year",
    "plaque": "first_winners",
    "unpaid_prize_in_a_case": "held",
    "conditions_at_payment": "no",
    "reaward_and_revoked": "interval_counts",
    "endless_higher_award": "valid",
    "hearing": "correction_days",
    "late_answer": "taken",
    "correction_and_endorsement": "no",
    "consensus_range": "within_sheets",
    "merged_winners": "both_stand",
    "reopening": "until_the_committee_meets",
    "submitted_sheets": "interest_or_misconduct",
    "preference_tags": "claimed_and_granted",
    "removed_names": "not_in_this_round",
    "removal_under_a_rule": "shown_as_for_the_application",
    "day_of_conditions_at_approval": "meeting_day",
    "round_year": "year_of_the_call",
    "consultation_tick": "no_adverse_record",
    "letters_beside_opinions": "its_year_since_the_call",
    "budget_year": "decree_year_or_next",
    "day_of_finding": "stated_with_evidence",
    "late_record": "from_the_record",
    "non_profit_bodies": "by_form_on_evidence",
    "facts_of_the_day": "anew_at_every_gate",
    "facts_on_a_stated_day": "as_they_stood",
    "withdrawal_entered_after_the_decree": "in_doubt",
    "revocation_before_a_later_decree": "refused_unless_stated",
    "conferral_in_doubt": "government_decides",
    "decree_entered_after_a_withdrawal": "conferred_and_told",
    "conditions_after_the_list": "until_the_decree",
    "conditions_at_the_decree": "on_the_decrees_day",
    "names_before_the_decree": "withdrawn_without_exclusion",
    "events_before_the_decree": "items_as_in_a_case",
    "names_left_to_a_later_decree": "later_decree_or_left_out",
    "lists_entered_before_an_earlier_decree": "each_by_its_own_day",
    "withdrawn_credentials": "not_held_from_that_day",
    "voluntary_withdrawal": "until_the_decree",
    "fee_receipts": "no_call_with_one",
    "news_media": "media_of_news",
    "register_of_media": "by_the_offices_register",
    "appropriation_of_the_year": "one_rounds_prizes",
    "hearing_before_revocation": "heard_first",
    "annulled_revocation": "restored",
    "annulment_published": "where_the_revocation_was",
    "account_that_came_back": "never_by_itself",
    "account_of_two_winners": "never",
    "report_again": "same_attempt_and_payment",
    "prize_never_ordered": "decided_on_record",
    "retroactive_extension": "only_where_stated",
    "withdrawal_of_a_case": "until_the_decision",
    "case_taken_over": "revives",
    "acknowledgement": "claim_of_one_consumer",
    "returned_prize": "not_owed",
    "day_of_recovery": "on_or_after_the_decision",
    "own_cancellation": "while_another_decision_stands",
    "notice_taken_back": "marked",
    "document_of_an_appropriation": "year_before_to_next",
    "numbers_as_read": "one_number",
    "who_owns_a_registration": "verified_against_a_document",
    "names_as_printed": "as_they_said_it",
    "holder_heard_on_a_claim": "verified_holders_correction_days",
    "applications_of_two_registrations": "the_owners_unless_confirmed",
    "records_of_no_round": "any_day_within_its_years",
    "reason_beyond_the_industry": "office_decides_the_reason",
    "area_after_the_endorsement": "as_endorsed",
    "reach_of_a_decision": "what_it_saw",
    "open_attribution": "decided_before_the_next_act",
    "form_before_recommendation": "by_its_rules",
    "round_of_the_open_check": "running_or_next",
    "codes_as_typed": "read_as_meant",
    "objection_original": "investigator_alone",
    "report_original": "investigator_alone",
    "dissolved_organisations": "no_gate_and_shown",
    "round_asks": "by_its_rules",
    "implausible_amounts": "flagged",
    "internal_notice": "first_day_counts",
    "length_of_texts": "without_blanks",
    "county_endorsement": "no",
    "ballots": "not_for",
    "quorum_after_withdrawals": "those_who_vote",
    "day_of_the_decree": "day_of_writing",
    "name_of_the_day": "legal_name_of_the_day",
    "same_name": "as_people_read_them",
    "who_reviews": "another_body",
    "one_approval_a_meeting": "once",
    "order_of_meetings": "told",
    "statements_on_paper": "day_of_receipt",
    "further_statements": "appended",
    "prize_of_a_dissolved_winner": "decided_on_record",
    "prize_beside_a_recovery": "waits_for_a_decision",
}


def test_the_defaults_are_those_of_the_register() -> None:
    assert dict(readings_on(date(2024, 1, 1)).values) == DEFAULTS


@pytest.mark.parametrize("key", sorted(DEFAULTS))
def test_every_question_is_told_in_both_languages_with_its_articles(key: str) -> None:
    question = interpretations()[key]
    assert question.key == key
    assert question.articles
    assert question.question.zh
    assert question.question.en
    assert question.default_text == question.options[question.default]
    for text in question.options.values():
        assert text.zh
        assert text.en


@pytest.mark.parametrize("key", sorted(key for key, item in interpretations().items() if len(item.options) > 1))
def test_a_question_with_a_choice_switches_a_rule(key: str) -> None:
    sources = (path.read_text(encoding="utf-8") for path in Path(app.measures.__path__[0]).glob("*.py"))
    assert any(f'readings["{key}"]' in source for source in sources)


def test_a_finding_cites_the_reading_that_it_rests_on_once() -> None:
    readings = readings_on(date(2025, 1, 1), [ENTRY])
    bare = reading_registrable(entry=ENTRY)
    resting = resting_on(bare, readings, "publicity_counting")
    assert [item.facts["reading"] for item in resting] == [readings.cite("publicity_counting")]
    assert dict(resting[0].facts) == {**bare[0].facts, "reading": readings.cite("publicity_counting")}
    # What a rule has cited itself stays.
    assert resting_on(resting, readings, "hearing") == resting
    assert resting_on([], readings, "hearing") == []


@pytest.mark.parametrize(
    ("day", "value", "document"),
    [(date(2024, 4, 30), "calendar_days_rolled", None), (date(2024, 5, 1), "working_days", "解释〔2024〕1号")],
)
def test_an_entry_reads_from_its_effective_date(day: date, value: str, document: str | None) -> None:
    readings = readings_on(day, [ENTRY])
    assert readings["publicity_counting"] == value
    assert readings.cite("publicity_counting") == {
        "key": "publicity_counting",
        "value": value,
        "document": document,
    }
    assert readings["historic_codes"] == "flagged"


def test_the_latest_effective_entry_prevails_in_whatever_order_they_come() -> None:
    later = RegisteredReading("publicity_counting", "calendar_days_rolled", "解释〔2025〕1号", date(2025, 1, 1))
    for registered in ([ENTRY, later], [later, ENTRY]):
        assert readings_on(date(2025, 1, 1), registered).cite("publicity_counting")["document"] == later.document
        assert readings_on(date(2024, 12, 31), registered).cite("publicity_counting")["document"] == ENTRY.document
    same_day = RegisteredReading("publicity_counting", "calendar_days_rolled", "解释〔2024〕2号", ENTRY.effective_on)
    assert readings_on(date(2025, 1, 1), [ENTRY, same_day]).cite("publicity_counting")["document"] == same_day.document


@pytest.mark.parametrize(("key", "value"), [("other", "working_days"), ("publicity_counting", "other")])
def test_an_entry_that_the_rules_do_not_know_switches_nothing(key: str, value: str) -> None:
    entry = RegisteredReading(key, value, "解释〔2024〕1号", date(2024, 5, 1))
    assert dict(readings_on(date(2025, 1, 1), [entry, ENTRY]).documents) == {"publicity_counting": ENTRY.document}


@pytest.mark.parametrize(("key", "value", "switches"), [(ENTRY.key, ENTRY.value, True), ("other", "free text", False)])
def test_an_entry_with_its_document_can_be_registered(key: str, value: str, switches: bool) -> None:
    entry = RegisteredReading(key, value, "解释〔2024〕1号", date(2024, 5, 1))
    finding = only(reading_registrable(entry=entry), RULE, "pass")
    assert finding.facts["switches"] is switches
    assert finding.facts["effective_on"] == "2024-05-01"


def test_an_entry_without_document_or_with_an_unknown_option_is_refused() -> None:
    entry = RegisteredReading("publicity_counting", "weeks", " ", date(2024, 5, 1))
    findings = reading_registrable(entry=entry, registered=[ENTRY])
    assert refused(findings, RULE) == [
        "document_missing",
        "option_unknown",
        "effective_day_taken",
    ]
    assert findings[1].facts["options"] == ["calendar_days_rolled", "working_days"]


def test_one_question_has_one_entry_a_date() -> None:
    for key, day, expected in (
        ("publicity_counting", date(2024, 5, 1), "fail"),
        ("publicity_counting", date(2024, 5, 2), "pass"),
        ("late_found_event", date(2024, 5, 1), "pass"),
    ):
        value = interpretations()[key].default
        findings = reading_registrable(entry=RegisteredReading(key, value, "解释", day), registered=[ENTRY])
        only(findings, RULE, expected)
