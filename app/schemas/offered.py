"""Where an act that is offered is done: its operation, the address of it, the form that it takes.

The addresses are the contract's own (a test holds them to it); they stand here because an answer names them, below the
routes that know them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.measures.acts import ACTS
from app.measures.state_machines import STATE_MACHINES
from app.measures.text import Text
from app.schemas.labels import title
from app.services.lifecycle import AvailableAction

# An act is called as its operation is, or its operation has a longer name.
OPERATIONS: Mapping[tuple[str, str], str] = {
    ("adverse_record", "confirm_adverse_record"): "decide_adverse_record",
    ("adverse_record", "deny_adverse_record"): "decide_adverse_record",
    ("adverse_record", "enter_reply_late"): "enter_reply",
    ("application", "edit"): "edit_application",
    ("application", "resubmit"): "resubmit_application",
    ("application", "submit"): "submit_application",
    ("application", "withdraw"): "withdraw_application",
    ("application", "remove"): "remove_application",
    ("application", "endorse"): "endorse_application",
    ("application", "decline"): "decline_application",
    ("application", "return_for_correction"): "return_application",
    # Done to each application by one act on the round.
    ("application", "confirm_qualification"): "confirm_qualified_list",
    ("application", "refuse_qualification"): "confirm_qualified_list",
    ("application", "shortlist"): "close_material_review",
    ("application", "leave_out"): "close_material_review",
    ("application", "evaluate"): "issue_evaluation",
    ("assignment", "recuse"): "recuse_reviewer",
    ("conferral_doubt", "uphold_conferral"): "decide_conferral",
    ("conferral_doubt", "void_conferral"): "decide_conferral",
    ("disbursement", "acknowledge"): "acknowledge_disbursement",
    ("disbursement", "cancel"): "cancel_disbursement",
    ("disbursement", "note_failure"): "report_failure",
    ("disbursement", "reissue"): "reissue_disbursement",
    ("disbursement", "report_failed"): "report_failure",
    ("disbursement", "report_paid"): "report_payment",
    ("disbursement", "report_returned"): "report_return",
    ("objection", "dismiss"): "decide_objection",
    ("objection", "find_formal"): "classify_objection",
    ("objection", "find_inadmissible"): "decide_objection",
    ("objection", "find_informal"): "classify_objection",
    ("objection", "uphold"): "decide_objection",
    ("recommendation", "decline"): "decline_application",
    ("recommendation", "endorse"): "endorse_application",
    ("recommendation", "return_for_correction"): "return_application",
    ("recovery", "give_back"): "give_back_recovery",
    ("recovery", "record_recovery_in_part"): "record_recovery",
    ("registration_claim", "dismiss_claim"): "decide_registration_claim",
    ("registration_claim", "uphold_claim"): "decide_registration_claim",
    ("renewal", "accept_renewal"): "decide_renewal",
    ("renewal", "refuse_renewal"): "decide_renewal",
    ("revocation", "decide"): "decide_revocation",
    ("revocation", "enter_statement_late"): "enter_statement",
    ("revocation", "make_statement"): "state_on_revocation",
    ("revocation", "publish_notice"): "publish_revocation",
    ("revocation", "reject"): "reject_revocation",
    ("round", "issue_material_report"): "close_material_review",
    ("round", "revise_rules"): "revise_round",
    ("score_sheet", "edit_sheet"): "edit_score_sheet",
    ("score_sheet", "submit_sheet"): "submit_score_sheet",
    ("title_misuse", "record_correction"): "record_misuse_correction",
}
# The forms that a round describes: what it asks for, its sections, its scoring items.
BY_ROUND = frozenset({"edit_application", "edit_score_sheet", "endorse_application", "reply_to_consultation"})
WITHOUT_FORM = frozenset(
    {
        "activate_webhook",
        "close_material_review",
        "deactivate_webhook",
        "fix_proposed_list",
        "remove_attachment",
        "resubmit_application",
        "return_to_draft",
        "submit_application",
        "submit_revocation",
        "submit_score_sheet",
        "upload_objection_file",
        "upload_withdrawal_letter",
        "add_evidence",
    }
)
ADDRESSES: Mapping[str, str] = {
    "deactivate_account": "POST /v1/accounts/{account_id}/deactivation",
    "activate_account": "POST /v1/accounts/{account_id}/activation",
    "verify_organisation": "POST /v1/organisations/{organisation_id}/verification",
    "record_dissolution": "POST /v1/organisations/{organisation_id}/dissolution",
    "withdraw_dissolution": "POST /v1/organisations/{organisation_id}/dissolution-withdrawal",
    "hand_in_claim_evidence": "POST /v1/registration-claims/{claim_id}/evidence",
    "reply_to_claim": "POST /v1/registration-claims/{claim_id}/reply",
    "decide_registration_claim": "POST /v1/registration-claims/{claim_id}/decision",
    "revise_round": "PATCH /v1/rounds/{round_id}",
    "publish_call": "POST /v1/rounds/{round_id}/call",
    "extend_deadline": "POST /v1/rounds/{round_id}/deadline-extensions",
    "confirm_qualified_list": "POST /v1/rounds/{round_id}/qualified-list",
    "close_material_review": "POST /v1/rounds/{round_id}/material-report",
    "issue_evaluation": "POST /v1/rounds/{round_id}/evaluation",
    "record_deliberation": "POST /v1/rounds/{round_id}/deliberation",
    "publish_candidates": "POST /v1/rounds/{round_id}/candidate-list",
    "add_candidate": "POST /v1/rounds/{round_id}/candidates",
    "correct_candidate": "POST /v1/candidates/{candidate_id}/correction",
    "remove_candidate": "POST /v1/candidates/{candidate_id}/removal",
    "fix_proposed_list": "POST /v1/rounds/{round_id}/proposed-list",
    "approve_awards": "POST /v1/rounds/{round_id}/approval",
    "issue_decree": "POST /v1/rounds/{round_id}/decree",
    "cancel_round": "POST /v1/rounds/{round_id}/cancellation",
    "edit_application": "PATCH /v1/applications/{application_id}",
    "request_recommendation": "POST /v1/applications/{application_id}/recommendation-request",
    "endorse_application": "POST /v1/recommendations/{recommendation_id}/endorsement",
    "decline_application": "POST /v1/recommendations/{recommendation_id}/decline",
    "return_application": "POST /v1/recommendations/{recommendation_id}/return",
    "return_to_draft": "POST /v1/applications/{application_id}/return-to-draft",
    "submit_application": "POST /v1/applications/{application_id}/submission",
    "request_correction": "POST /v1/applications/{application_id}/correction-requests",
    "resubmit_application": "POST /v1/applications/{application_id}/resubmission",
    "hand_in_renewal": "POST /v1/applications/{application_id}/renewals",
    "withdraw_application": "POST /v1/applications/{application_id}/withdrawal",
    "withdraw_on_paper": "POST /v1/applications/{application_id}/withdrawal-letter",
    "remove_application": "POST /v1/applications/{application_id}/removal",
    "endorse_for_county": "POST /v1/recommendations/{recommendation_id}/county-endorsement",
    "decline_for_county": "POST /v1/recommendations/{recommendation_id}/county-refusal",
    "reply_to_consultation": "POST /v1/consultations/{consultation_id}/reply",
    "record_non_response": "POST /v1/consultations/{consultation_id}/non-response",
    "decide_renewal": "POST /v1/renewals/{renewal_id}/decision",
    "revise_reviewer": "PATCH /v1/reviewers/{reviewer_id}",
    "suspend_reviewer": "POST /v1/reviewers/{reviewer_id}/suspension",
    "reinstate_reviewer": "POST /v1/reviewers/{reviewer_id}/reinstatement",
    "disqualify_reviewer": "POST /v1/reviewers/{reviewer_id}/disqualification",
    "release_reviewer": "POST /v1/review-assignments/{assignment_id}/release",
    "recuse_reviewer": "POST /v1/review-assignments/{assignment_id}/recusal",
    "edit_score_sheet": "PATCH /v1/review-assignments/{assignment_id}/score-sheet",
    "submit_score_sheet": "POST /v1/review-assignments/{assignment_id}/score-sheet/submission",
    "assign_investigator": "POST /v1/objections/{objection_id}/investigator",
    "recuse_investigator": "POST /v1/objections/{objection_id}/investigator-recusal",
    "summarise_objection": "POST /v1/objections/{objection_id}/summary",
    "upload_objection_file": "POST /v1/objections/{objection_id}/files",
    "add_evidence": "POST /v1/objection-status/{tracking_code}/files",
    "start_verification": "POST /v1/objections/{objection_id}/verification",
    "decide_objection": "POST /v1/objections/{objection_id}/decision",
    "classify_objection": "POST /v1/objections/{objection_id}/classification",
    "close_informal_objection": "POST /v1/objections/{objection_id}/closing",
    "withdraw_award": "POST /v1/awards/{award_id}/withdrawal",
    "accept_plaque": "POST /v1/plaques/{plaque_id}/delivery",
    "hand_over_plaque": "POST /v1/plaques/{plaque_id}/handover",
    "report_plaque_lost": "POST /v1/plaques/{plaque_id}/loss",
    "cancel_plaque": "POST /v1/plaques/{plaque_id}/cancellation",
    "take_plaque_back": "POST /v1/plaques/{plaque_id}/recovery",
    "return_plaque": "POST /v1/plaques/{plaque_id}/return",
    "acknowledge_disbursement": "POST /v1/disbursements/{disbursement_id}/acknowledgement",
    "report_payment": "POST /v1/disbursements/{disbursement_id}/payment-confirmation",
    "report_failure": "POST /v1/disbursements/{disbursement_id}/payment-failure",
    "report_return": "POST /v1/disbursements/{disbursement_id}/payment-return",
    "reissue_disbursement": "POST /v1/disbursements/{disbursement_id}/reissue",
    "cancel_disbursement": "POST /v1/disbursements/{disbursement_id}/cancellation",
    "record_visit": "POST /v1/visits/{visit_id}/findings",
    "cancel_visit": "POST /v1/visits/{visit_id}/cancellation",
    "record_misuse_correction": "POST /v1/title-misuses/{misuse_id}/correction",
    "assign_report_investigator": "POST /v1/mark-reports/{report_id}/investigator",
    "recuse_report_investigator": "POST /v1/mark-reports/{report_id}/investigator-recusal",
    "summarise_mark_report": "POST /v1/mark-reports/{report_id}/summary",
    "follow_up_mark_report": "POST /v1/mark-reports/{report_id}/follow-up",
    "state_on_revocation": "POST /v1/revocations/{revocation_id}/statement",
    "enter_statement": "POST /v1/revocations/{revocation_id}/letters",
    "submit_revocation": "POST /v1/revocations/{revocation_id}/submission",
    "upload_withdrawal_letter": "POST /v1/conferral-doubts/{doubt_id}/files",
    "decide_conferral": "POST /v1/conferral-doubts/{doubt_id}/decision",
    "decide_revocation": "POST /v1/revocations/{revocation_id}/decision",
    "withdraw_revocation": "POST /v1/revocations/{revocation_id}/withdrawal",
    "reject_revocation": "POST /v1/revocations/{revocation_id}/rejection",
    "publish_revocation": "POST /v1/revocations/{revocation_id}/notice",
    "annul_revocation": "POST /v1/revocations/{revocation_id}/annulment",
    "publish_annulment": "POST /v1/revocations/{revocation_id}/annulment-notice",
    "record_recovery": "POST /v1/recoveries/{recovery_id}/entries",
    "withdraw_recovery_entry": "POST /v1/recoveries/{recovery_id}/entries/{entry_id}/withdrawal",
    "give_back_recovery": "POST /v1/recoveries/{recovery_id}/giving-back",
    "remove_attachment": "POST /v1/applications/{application_id}/attachments/{attachment_id}/removal",
    "reply_to_adverse_record": "POST /v1/adverse-records/{record_id}/reply",
    "enter_reply": "POST /v1/adverse-records/{record_id}/letters",
    "decide_adverse_record": "POST /v1/adverse-records/{record_id}/decision",
    "withdraw_conflict_declaration": "POST /v1/conflict-declarations/{declaration_id}/withdrawal",
    "withdraw_cultivation": "POST /v1/cultivation-records/{record_id}/withdrawal",
    "end_medium": "POST /v1/media/{medium_id}/ending",
    "deactivate_webhook": "POST /v1/webhooks/{webhook_id}/deactivation",
    "activate_webhook": "POST /v1/webhooks/{webhook_id}/activation",
}
# Objects whose id is called otherwise in an address.
_CALLED = {
    "adverse_record": "record_id",
    "conflict_declaration": "declaration_id",
    "cultivation_record": "record_id",
    "mark_report": "report_id",
    "registration_claim": "claim_id",
    "title_misuse": "misuse_id",
}
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Offered:
    """Where an act is done. `form`: the address of the description of what it takes; None where it takes nothing."""

    method: str
    path: str
    form: str | None


def operation_of(machine: str, act: str) -> str:
    """The operation by which the act is done."""
    return OPERATIONS.get((machine, act), act)


def offered(action: AvailableAction, known: Mapping[str, object]) -> Offered:
    """Where the act is done on its object. What stays in braces is for the caller to choose: of several the one that it
    is about. `known`: ids that the object does not hold itself."""
    operation = operation_of(action.machine, action.act)
    method, _, template = ADDRESSES[operation].partition(" ")
    ids = {_CALLED.get(action.machine, f"{action.machine}_id"): getattr(action.subject, "id", None), **known}

    def filled(found: re.Match[str]) -> str:
        value = ids.get(found[1]) or getattr(action.subject, found[1], None)
        return found[0] if value is None else str(value)

    form = None if operation in WITHOUT_FORM else f"/v1/forms/{operation}"
    round_id = ids.get("round_id") or getattr(action.subject, "round_id", None)
    if operation in BY_ROUND and round_id is not None:
        form = f"{form}?round_id={round_id}"
    return Offered(method, _PARAMETER.sub(filled, template), form)


def title_of(operation: str, summary: str) -> Text:
    """What people call what is done by an operation: the act, or each of those among which its form chooses.
    `summary`: the contract's, in English."""
    names = [
        ACTS[item.act]
        for machine in STATE_MACHINES.values()
        for item in machine.transitions
        if item.offered and operation_of(machine.name, item.act) == operation
    ]
    chosen = dict.fromkeys(name.zh for name in names)
    return Text("、".join(chosen) if chosen else title(operation), summary)  # house: sentences
