"""Art. 22: a name that has left the list or the round since the proposal is left out, not approved."""

from __future__ import annotations

from datetime import date

from app.measures.approval import ApprovalFacts, approval_valid
from tests.measures.procedure_samples import only, refused

RULE = "art22.approval"


def facts(*approved: str, taken_out: tuple[str, ...]) -> ApprovalFacts:
    return ApprovalFacts(
        "第45次", date(2024, 9, 25), ("甲", "乙"), approved, date(2024, 9, 20), date(2024, 9, 23), taken_out
    )


def test_a_name_that_has_left_since_cannot_be_approved() -> None:
    findings = approval_valid(facts=facts("甲", "乙", taken_out=("乙",)))
    assert refused(findings, RULE) == ["removed_from_list"]
    assert findings[0].facts["names"] == ["乙"]


def test_once_it_is_struck_the_others_are_approved() -> None:
    finding = only(approval_valid(facts=facts("甲", taken_out=("乙",))), RULE, "pass")
    assert finding.facts["not_approved"] == ["乙"]
