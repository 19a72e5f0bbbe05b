"""What `available_actions` can offer has an operation for those who are offered it; what has none is never offered."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.measures.state_machines import STATE_MACHINES, StateMachine, Transition
from tests.contract.test_roles import _oracle

ROOT = Path(__file__).parent.parent.parent
# An act is called as its operation is, or its operation has a longer name.
OPERATIONS = {
    ("adverse_record", "confirm_adverse_record"): "decide_adverse_record",
    ("adverse_record", "deny_adverse_record"): "decide_adverse_record",
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
    ("revocation", "make_statement"): "state_on_revocation",
    ("revocation", "publish_notice"): "publish_revocation",
    ("revocation", "reject"): "reject_revocation",
    ("round", "issue_material_report"): "close_material_review",
    ("round", "revise_rules"): "revise_round",
    ("score_sheet", "edit_sheet"): "edit_score_sheet",
    ("score_sheet", "submit_sheet"): "submit_score_sheet",
    ("title_misuse", "record_correction"): "record_misuse_correction",
}

OFFERED = [
    pytest.param(machine, transition, id=f"{machine.name}-{transition.act}")
    for machine in STATE_MACHINES.values()
    for transition in machine.transitions
    if transition.offered
]


def _operations() -> dict[str, tuple[str, str]]:
    document: dict[str, Any] = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@pytest.mark.parametrize(("machine", "transition"), OFFERED)
def test_every_act_that_is_offered_has_an_operation_for_its_roles(
    machine: StateMachine, transition: Transition
) -> None:
    operations = _operations()
    name = OPERATIONS.get((machine.name, transition.act), transition.act)
    assert name in operations, f"{transition.act}: no operation {name}; say that it is not offered"
    may = {(method, path): roles for method, path, roles in _oracle()}[operations[name]]
    assert [role for role in transition.roles if not may[role]] == []


def test_the_table_names_nothing_that_there_is_not() -> None:
    acts = {
        (machine.name, item.act) for machine in STATE_MACHINES.values() for item in machine.transitions if item.offered
    }
    assert set(OPERATIONS) <= acts
    assert set(OPERATIONS.values()) <= set(_operations())
