"""What a refusal names as the next act is an act that somebody has an operation for, wherever the name is written."""

import re
from pathlib import Path

import pytest

from app.measures.acts import ACTS, whose
from app.measures.disbursements import following
from app.measures.state_machines import DisbursementState, RevocationState

APP = Path(__file__).parent.parent.parent / "app"
_NAMED = re.compile(
    r'next_act="([a-z_]+)"|ahead = "([a-z_]+)" if .* else "([a-z_]+)"|ahead = .*, "([a-z_]+)"\)$', re.MULTILINE
)


def _named() -> set[str]:
    found = {name for path in APP.rglob("*.py") for item in _NAMED.findall(path.read_text("utf-8")) for name in item}
    states = [(state, case) for state in DisbursementState for case in (None, *RevocationState)]
    return found - {""} | {ahead for state, case in states if (ahead := following(state=state, case=case))}


def test_the_names_are_found() -> None:
    assert {"submit_revocation", "withdraw_award", "assign_investigator", "reissue"} <= _named()


@pytest.mark.parametrize("name", sorted(_named()))
def test_an_act_that_is_named_has_an_operation_and_its_roles(name: str) -> None:
    assert name in ACTS
    assert whose(name), f"{name}: nobody can do it"
