"""What `data/facts.toml` says of facts: every finding of the tests is held to it (`conftest.py`), and so is each case
whose sentences were approved; nothing else stands there."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.measures.acts import ACTS
from app.measures.fact_kinds import BESIDE, FactKind, fact_kinds, facts_by_reason
from app.measures.findings import fails, needs_decision
from app.measures.reasons import Reason
from tests.support.fact_kinds import untold_facts

_TOLD: list[dict[str, Any]] = json.loads(Path(__file__).with_name("reasons_told.json").read_text(encoding="utf-8"))


def test_every_reason_says_with_which_facts_it_is_told() -> None:
    assert set(facts_by_reason()) == set(Reason)


def test_every_fact_is_of_some_reason() -> None:
    told = {name for names in facts_by_reason().values() for name in names}
    assert set(fact_kinds()) == told | set(BESIDE)
    assert all(list(names) == sorted(set(names)) for names in facts_by_reason().values())


def test_every_approved_case_has_the_facts_of_its_reason() -> None:
    assert [wrong for case in _TOLD for wrong in untold_facts(Reason(case["reason"]), case["facts"])] == []


def test_an_amount_is_known_by_its_name() -> None:
    amounts = {name for name, kinds in fact_kinds().items() if FactKind.FEN in kinds}
    assert amounts == {name for name in fact_kinds() if name.endswith("_fen")}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"names": ["甲"]}, None),
        ({"names": []}, None),
        ({"names": ["甲"], "next_act": next(iter(ACTS)), "next_by": ["office"]}, None),
        ({"names": "甲"}, "names: '甲' is of none of the kinds texts"),
        ({"names": [1]}, "names: [1] is of none of the kinds texts"),
        ({"name": "甲"}, "removed_from_list: name is not among its facts"),
    ],
)
def test_a_fact_that_is_not_said_is_found(facts: dict[str, Any], found: str | None) -> None:
    assert untold_facts(Reason.REMOVED_FROM_LIST, facts) == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("reason", "name", "right", "wrong"),
    [
        (Reason.PERIOD_NOT_OVER, "last_day", "2024-06-13", "2024-06-13T00:00:00+08:00"),
        (Reason.PERIOD_NOT_OVER, "last_day", "2024-06-13", "soon"),
        (Reason.REPLY_DEADLINE_PASSED, "ended_at", "2024-06-13T16:00:00+00:00", "2024-06-13"),
        (Reason.REPLY_DEADLINE_PASSED, "ended_at", "2024-06-13T16:00:00+00:00", "2024-06-13T16:00:00"),
        (Reason.NUMBER_NOT_POSITIVE, "value", 0, True),
        (Reason.NUMBER_NOT_POSITIVE, "value", "0", 0.5),
        (Reason.SEATS_KEPT, "seat_category", "other", "others"),
        (Reason.SEVERITY_UNDETERMINED, "severity", None, "open"),
        (Reason.ROLE_NOT_PERMITTED, "permitted", ["office"], ["office", "clerk"]),
        (Reason.ROLE_NOT_PERMITTED, "permitted", [], "office"),
    ],
)
def test_a_value_of_another_kind_is_found(reason: Reason, name: str, right: object, wrong: object) -> None:
    assert untold_facts(reason, {name: right}) == []
    assert len(untold_facts(reason, {name: wrong})) == 1


def test_who_acts_next_is_named_beside_the_facts() -> None:
    # A pass has nothing ahead of it; every other finding may.
    for made in (fails, needs_decision):
        finding = made("art22.approval", Reason.REMOVED_FROM_LIST, names=["甲"], next_act="withdraw_award")
        assert untold_facts(finding.reason, finding.facts) == []
