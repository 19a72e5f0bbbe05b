"""Why a rule answered as it did: short predicates in the field's words, one for each meaning under whatever rule.

Rule and reason together name the case. What a reason says to people stands in `data/reasons.toml`.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reasons of all findings, by the module that gives them first; passing findings have theirs too."""

    # acts
    # credentials
    LICENCE_MISSING = "licence_missing"
    LICENCE_EXPIRED = "licence_expired"
    LICENCES_VALID = "licences_valid"
    CERTIFICATE_VALID = "certificate_valid"
    CERTIFICATE_NOT_VALID = "certificate_not_valid"
    OPERATING_ORGANISATIONS_ONLY = "operating_organisations_only"
    MANUFACTURING_ONLY = "manufacturing_only"
    SAFETY_CERTIFICATE_MISSING = "safety_certificate_missing"
    SAFETY_LEVEL_INSUFFICIENT = "safety_level_insufficient"
    CERTIFICATE_NUMBER_MISSING = "certificate_number_missing"
    SAFETY_CERTIFICATE_EXPIRED = "safety_certificate_expired"
    SAFETY_CERTIFICATE_VALID = "safety_certificate_valid"
    # deliberation
    DELIBERATION_COMPLETE = "deliberation_complete"
    NOT_RECORDED = "not_recorded"
    RECORD_INCOMPLETE = "record_incomplete"
    RECORDED_AS_MET = "recorded_as_met"
    RECORDED_AS_NOT_MET = "recorded_as_not_met"
    COMMITTEE_NOT_MET = "committee_not_met"
    MEETING_BEFORE_EVALUATION = "meeting_before_evaluation"
    COMMITTEE_SIZE_WRONG = "committee_size_wrong"
    ATTENDANCE_WRONG = "attendance_wrong"
    QUORUM_MISSING = "quorum_missing"
    WITHDRAWN_WRONG = "withdrawn_wrong"
    NOBODY_MAY_VOTE = "nobody_may_vote"
    CONCLUSION_WITHOUT_REASON = "conclusion_without_reason"
    VOTES_WRONG = "votes_wrong"
    CONCLUSION_CONTRADICTS_VOTE = "conclusion_contradicts_vote"
    CONCLUSION_MISSING = "conclusion_missing"
    CONCLUSION_SURPLUS = "conclusion_surplus"
    CONCLUSION_REPEATED = "conclusion_repeated"
    # eligibility
    # hearing
    DEPARTMENT_NOT_REGISTERED = "department_not_registered"
    DEPARTMENTS_REGISTERED = "departments_registered"
    PERIOD_NOT_OVER = "period_not_over"
    PERIOD_OVER = "period_over"
    LIST_CONFIRMABLE = "list_confirmable"
    APPLICANT_HEARD = "applicant_heard"
    REPLY_AWAITED = "reply_awaited"
    REPLY_PERIOD_OVER = "reply_period_over"
    NEITHER_CONFIRMED_NOR_DENIED = "neither_confirmed_nor_denied"
    RESPONSIBILITY_OPEN = "responsibility_open"
    SEVERITY_OPEN = "severity_open"
    ONLY_LETTER_H_WEIGHED = "only_letter_h_weighed"
    DECISION_COMPLETE = "decision_complete"
    DECIDABLE_BY_A_PERSON = "decidable_by_a_person"
    NO_DEADLINE_RUNNING = "no_deadline_running"
    NOT_LATER = "not_later"
    NEW_DAY_IN_PAST = "new_day_in_past"
    NOT_REOPENED = "not_reopened"
    AFTER_APPLICATION_DEADLINE = "after_application_deadline"
    EXTENDABLE = "extendable"
    REMOVAL_UNGROUNDED = "removal_ungrounded"
    NOT_THE_GROUND = "not_the_ground"
    DECIDED_BY_FACTS = "decided_by_facts"
    REMOVAL_GROUNDED = "removal_grounded"
    # interpretations
    DOCUMENT_MISSING = "document_missing"
    OPTION_UNKNOWN = "option_unknown"
    EFFECTIVE_DAY_TAKEN = "effective_day_taken"
    READING_REGISTRABLE = "reading_registrable"
    # interval
    CYCLE_NOT_OVER = "cycle_not_over"
    YEAR_NOT_OF_CALL = "year_not_of_call"
    ANOTHER_ROUND_RUNNING = "another_round_running"
    CYCLE_KEPT = "cycle_kept"
    NO_EARLIER_AWARD = "no_earlier_award"
    INTERVAL_NOT_OVER = "interval_not_over"
    INTERVAL_OVER = "interval_over"
    AWARD_REPEATED = "award_repeated"
    AWARD_NOT_REPEATED = "award_not_repeated"
    # judgement
    UNDECIDED = "undecided"
    DECISION_INCOMPLETE = "decision_incomplete"
    DECIDED_FOR = "decided_for"
    DECIDED_AGAINST = "decided_against"
    # order
    ACT_MISSING = "act_missing"
    STATE_PASSED = "state_passed"
    STATE_FINAL = "state_final"
    # organisation
    RECIPIENT_BARRED = "recipient_barred"
    RECIPIENT_ACCEPTED = "recipient_accepted"
    NOT_REGISTERED_LOCALLY = "not_registered_locally"
    REGISTERED_LOCALLY = "registered_locally"
    LEGAL_PERSONALITY_HELD = "legal_personality_held"
    LEGAL_PERSONALITY_MISSING = "legal_personality_missing"
    CREDIT_CODE_DOUBTFUL = "credit_code_doubtful"
    ESTABLISHED_TOO_RECENTLY = "established_too_recently"
    ESTABLISHED_LONG_ENOUGH = "established_long_enough"
    # organs
    GOVERNMENT_DECIDES = "government_decides"
    GOVERNMENT_DOES_NOT_SCORE_OR_PROPOSE = "government_does_not_score_or_propose"
    ORGAN_COMPETENT = "organ_competent"
    OFFICE_PROPOSES = "office_proposes"
    FEE_MENTIONED = "fee_mentioned"
    NO_FEE_MENTIONED = "no_fee_mentioned"
    # parameters
    TRANSITIONAL_BASIS_RECORDED = "transitional_basis_recorded"
    INSTRUMENT_REGISTRABLE = "instrument_registrable"
    DOCUMENT_NUMBER_MISSING = "document_number_missing"
    DOCUMENT_NUMBER_YEAR_DIFFERS = "document_number_year_differs"
    DOCUMENT_NUMBER_MALFORMED = "document_number_malformed"
    DOCUMENT_NUMBER_TO_CHECK = "document_number_to_check"
    DOCUMENT_NUMBER_AGREES = "document_number_agrees"
    INSTRUMENT_NUMBER_UNUSABLE = "instrument_number_unusable"
    END_BEFORE_START = "end_before_start"
    PARAMETERS_INVALID = "parameters_invalid"
    EXTENSION_WITH_PARAMETERS = "extension_with_parameters"
    EXTENDED_INSTRUMENT_UNKNOWN = "extended_instrument_unknown"
    EXTENSION_BEFORE_START = "extension_before_start"
    EXTENSION_PAST_SUCCESSOR = "extension_past_successor"
    PARAMETERS_MISSING = "parameters_missing"
    EXTENDED_INSTRUMENT_WITHOUT_EXTENSION = "extended_instrument_without_extension"
    INSTRUMENTS_OVERLAP = "instruments_overlap"
    INSTRUMENT_IN_FORCE = "instrument_in_force"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    MEASURES_LAPSED = "measures_lapsed"
    TRANSITIONAL_BASIS_MISSING = "transitional_basis_missing"
    # payment
    AMOUNT_NOT_AS_ORDERED = "amount_not_as_ordered"
    PAYMENT_DAY_IMPOSSIBLE = "payment_day_impossible"
    RECEIPT_KNOWN_ALREADY = "receipt_known_already"
    RECEIPT_FITS = "receipt_fits"
    PAYMENT_FAILED = "payment_failed"
    # performance
    FIGURES_MISSING = "figures_missing"
    FIGURES_REPEATED = "figures_repeated"
    FIGURES_COMPLETE = "figures_complete"
    NET_PROFIT_MISSING = "net_profit_missing"
    NO_PROFIT = "no_profit"
    PROFITABLE = "profitable"
    # prize
    FIRST_AWARD = "first_award"
    NOT_FIRST_AWARD = "not_first_award"
    AWARD_REVOKED = "award_revoked"
    AWARD_STANDS = "award_stands"
    PRIZE_PAYABLE = "prize_payable"
    DECREE_NOT_RECORDED = "decree_not_recorded"
    DISBURSED_ALREADY = "disbursed_already"
    PAYEE_NOT_WINNER = "payee_not_winner"
    AMOUNT_NOT_THE_PRIZE = "amount_not_the_prize"
    BUDGET_YEAR_MISSING = "budget_year_missing"
    DECREE_OUTSTANDING = "decree_outstanding"
    AWARD_STRUCK = "award_struck"
    AWARD_SUSPENDED = "award_suspended"
    AWARD_NOT_CONFERRED = "award_not_conferred"
    # procedure
    # publicity
    # qualification
    # recommendation
    # record
    # review_rules
    # reviewers
    # sanctions
    # scoring
    # seats
    # sectors
    # services
    NOT_SUBMITTED = "not_submitted"
    ROLE_MADE_BY_OPERATOR = "role_made_by_operator"
    ROLE_KEPT_BY_OPERATOR = "role_kept_by_operator"
    NOTICE_PUBLISHED = "notice_published"
    ROLE_NOT_PERMITTED = "role_not_permitted"
    # stages
    # validity
    # working_days
    # end
