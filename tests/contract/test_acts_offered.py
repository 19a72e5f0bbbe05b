"""What `available_actions` can offer has an operation for those who are offered it; what has none is never offered."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.measures.state_machines import STATE_MACHINES, StateMachine, Transition
from app.schemas.offered import ADDRESSES, BY_ROUND, OPERATIONS, WITHOUT_FORM, operation_of
from app.web.forms import operations as forms
from app.web.forms_of_round import MARKS
from tests.contract.test_roles import _oracle

ROOT = Path(__file__).parent.parent.parent
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
    name = operation_of(machine.name, transition.act)
    assert name in operations, f"{transition.act}: no operation {name}; say that it is not offered"
    may = {(method, path): roles for method, path, roles in _oracle()}[operations[name]]
    assert [role for role in transition.roles if not may[role]] == []


def test_the_table_names_nothing_that_there_is_not() -> None:
    acts = {
        (machine.name, item.act) for machine in STATE_MACHINES.values() for item in machine.transitions if item.offered
    }
    assert set(OPERATIONS) <= acts
    assert set(OPERATIONS.values()) <= set(_operations())


def test_an_act_is_offered_at_the_address_of_its_operation() -> None:
    operations = _operations()
    named = {operation_of(param.values[0].name, param.values[1].act) for param in OFFERED}  # type: ignore[union-attr]
    assert set(ADDRESSES) == named
    assert {name: " ".join(operations[name]) for name in ADDRESSES} == dict(ADDRESSES)


def test_an_act_that_takes_a_body_names_its_form_and_no_other_does() -> None:
    assert set(ADDRESSES) - WITHOUT_FORM == set(ADDRESSES) & set(forms())
    assert set(MARKS) == BY_ROUND
