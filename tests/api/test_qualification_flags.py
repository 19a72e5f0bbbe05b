"""Art. 13(1): what is flagged in a registration waits for a person before the list is confirmed."""

from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.parties import uscc
from sandbox.stages.qualification import (
    answer_all,
    close_applications,
    confirm,
    consult,
    decide_conditions,
    under_review,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def wrong(code: str) -> str:
    """The code with another last sign."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("rule", "reason", "changes"),
    [
        ("art13.1.legal_person", "credit_code_doubtful", {"uscc": wrong(uscc(9_000_001))}),
        ("art13.1.legal_person", "credit_code_of_other_form", {"uscc": uscc(9_000_002, prefix="92360733MA")}),
        ("art13.1.local", "address_in_other_county", {"registered_address": "江西省赣州市于都县贡江镇样例路1号"}),
    ],
)
def test_a_flag_stops_the_confirmation_until_a_person_has_decided(
    world: World, rule: str, reason: str, changes: dict[str, Any]
) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, **changes)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    (item,) = under_review(world, round_id)
    assert [(found["rule"], found["reason"]) for found in item["open"]] == [(rule, reason)]
    refused(confirm(world, round_id), 422, "rule_refused", rule)
    ok(decide_conditions(world, applied.id, "pass", rule), 201)
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []
