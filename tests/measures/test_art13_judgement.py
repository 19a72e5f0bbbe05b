"""Art. 13(2), 13(4), 13(5): a person decides, and who, when, on what evidence and why are recorded."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from app.measures.facts import RecordedDecision
from app.measures.findings import Finding
from app.measures.judgement import condition_decidable, distinctive, lacking, leading, policy_conformity, reasoned
from app.measures.recipients import merit
from tests.measures.eligibility_samples import one, organisation
from tests.measures.procedure_samples import decided

Judge = Callable[..., list[Finding]]
CASES: list[tuple[str, Judge, str]] = [
    ("art13.2.compliance", policy_conformity, "conformity with policy"),
    ("art13.4.leading", partial(leading, organisation=organisation()), "indicators that lead the industry"),
    ("art13.4.leading", partial(leading, organisation=organisation(operating=False)), "a leading social contribution"),
    ("art13.5.distinctive", distinctive, "a distinctive practice worth spreading"),
    ("art04.merit", merit, "leading position and outstanding contribution"),
]
every_rule = pytest.mark.parametrize(("rule_id", "judge", "matter"), CASES)


@every_rule
def test_without_a_recorded_decision_one_is_needed(rule_id: str, judge: Judge, matter: str) -> None:
    assert one(judge(decisions={}), rule_id, "needs_decision", matter).remedy is not None


@every_rule
@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_the_recorded_decision_counts(rule_id: str, judge: Judge, matter: str, outcome: str) -> None:
    decisions: Mapping[str, RecordedDecision] = {rule_id: decided(rule_id, outcome)}
    found = one(
        judge(decisions=decisions),
        rule_id,
        outcome,
        matter,
        decided_by="office-1",
        decided_on="2024-06-01",
        evidence="核查记录3号",
        reason="经核实",
    )
    assert found.message.zh.startswith("已认定" if outcome == "pass" else "未认定")


@every_rule
def test_a_decision_on_another_rule_does_not_count(rule_id: str, judge: Judge, matter: str) -> None:
    one(judge(decisions={rule_id: decided("art11.verification")}), rule_id, "needs_decision", f"recorded on {matter}")


@every_rule
@pytest.mark.parametrize("name", ["decided_by", "evidence", "reason"])
@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_a_decision_without_its_person_evidence_or_reason_is_not_yet_one(
    rule_id: str, judge: Judge, matter: str, name: str, outcome: str
) -> None:
    blank: dict[str, Any] = {name: " "}
    incomplete = replace(decided(rule_id, outcome), **blank)
    found = one(judge(decisions={rule_id: incomplete}), rule_id, "needs_decision", matter, missing=[name])
    assert found.facts[name] == " "
    assert found.remedy is not None


def test_merit_is_decided_anew_once_the_review_has_found_it() -> None:
    rule = "art04.merit"
    one(condition_decidable(rule_id=rule, passing=True, tested=merit(decisions={})), rule, "fail")
    one(condition_decidable(rule_id=rule, passing=True, tested=[]), rule, "fail")
    for outcome in ("pass", "fail"):
        found = merit(decisions={rule: decided(rule, outcome)})
        for passing in (True, False):
            one(condition_decidable(rule_id=rule, passing=passing, tested=found), rule, "pass", passing=passing)
    # What is said under another rule is no finding on this one.
    other = distinctive(decisions={"art13.5.distinctive": decided("art13.5.distinctive")})
    one(condition_decidable(rule_id=rule, passing=False, tested=other), rule, "fail")


@pytest.mark.parametrize("nothing", ["-", "。", "无", " ", "\u200b", "略"])
@pytest.mark.parametrize("field", ["evidence", "reason"])
def test_a_decision_that_says_nothing_is_none(field: str, nothing: str) -> None:
    said = {"evidence": "样例核查记录", "reason": "样例：经核查认定。"}
    assert reasoned(rule_id="art12.jurisdiction", **said) == []
    (found,) = reasoned(rule_id="art12.jurisdiction", **(said | {field: nothing}))
    assert (found.rule, found.outcome, found.reason) == ("art12.jurisdiction", "fail", "decision_says_nothing")
    assert found.facts == {"missing": [field]} and found.remedy is not None
    (both,) = reasoned(rule_id="art13.1.local", evidence=nothing, reason=nothing)
    assert both.facts == {"missing": ["evidence", "reason"]}
    assert lacking(decided("art13.1.local", **{field: nothing})) == [field]
    assert lacking(decided("art13.1.local", decided_by=" ", **{field: nothing})) == ["decided_by", field]
    assert lacking(decided("art13.1.local")) == []
