"""Who decides and who proposes (Arts. 2, 10). Acts are those of `state_machines`."""

from __future__ import annotations

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.roles import Role

# Approval, decree, what they do to an award, the decision on a revocation and on a suspended prize: the government's
# alone (Art. 2).
DECISIONS = frozenset(
    {
        "approve_awards",
        "approve_awards_in_part",
        "issue_decree",
        "issue_decree_in_part",
        "issue_decree_afterwards",
        "confer",
        "withdraw_award",
        "revoke",
        "decide",
        "reject",
        "cancel",
        "restore",
        "annul_revocation",
        "reinstate",
        "void_conferral",
        "uphold_conferral",
        "take_back",
    }
)
# What fixes or changes the candidate and the proposed list: the office's alone (Art. 10).
PROPOSALS = frozenset(
    {
        "publish_candidates",
        "add_candidate",
        "correct_candidate",
        "remove_candidate",
        "fix_proposed_list",
    }
)
# No act of a state machine: a reviewer's sheet.
SCORING = frozenset({"score"})


@rule("art02.decider")
def decider(*, role: Role, act: str) -> list[Finding]:
    """Decisions are recorded by the government alone; the government neither scores nor proposes (Art. 2)."""
    facts: Facts = {"role": role.value, "act": act}
    if act in DECISIONS and role is not Role.GOVERNMENT:
        return [fails("art02.decider", Reason.GOVERNMENT_DECIDES, **facts)]
    if act in PROPOSALS | SCORING and role is Role.GOVERNMENT:
        return [fails("art02.decider", Reason.GOVERNMENT_DOES_NOT_SCORE_OR_PROPOSE, **facts)]
    return [passes("art02.decider", Reason.ORGAN_COMPETENT, **facts)]


@rule("art10.proposes")
def proposer(*, role: Role, act: str) -> list[Finding]:
    """Only the office fixes and changes the candidate and proposed lists (Art. 10)."""
    facts: Facts = {"role": role.value, "act": act}
    if act in PROPOSALS and role is not Role.OFFICE:
        return [fails("art10.proposes", Reason.OFFICE_PROPOSES, **facts)]
    return [passes("art10.proposes", Reason.ORGAN_COMPETENT, **facts)]
