"""A person's decision on one condition of one application (Art. 13): appended, never changed; the newest counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, refuse
from app.measures.catalogue import CATALOGUE
from app.measures.eligibility import Gate
from app.measures.facts import Verdict
from app.measures.findings import Finding
from app.measures.judgement import (
    DECIDED_AGAIN,
    DECIDED_BY_A_PERSON,
    DECIDED_WHERE_OPEN,
    condition_decidable,
    reasoned,
)
from app.measures.ownership import unverifiable
from app.measures.state_machines import RoundState
from app.measures.text import Text
from app.services.applications.endorsement import industry_findings
from app.services.applications.run_gate import run_gate
from app.services.applications.under_review import (
    in_review,
    in_the_round,
    locked_application,
    running,
    under_review,
)
from app.services.instruments.in_force import round_readings
from app.store import recommendations
from app.store.applications import Application
from app.store.qualification import ConditionDecision
from app.store.rounds import Round

# What new facts, or a changed registration, may turn after the list is confirmed.
_IDENTITY = "art13.1.identity"
_NAME = "decide_conditions"
_OPEN_AGAIN = frozenset([*DECIDED_BY_A_PERSON, *DECIDED_AGAIN, *DECIDED_WHERE_OPEN, _IDENTITY])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The decision on one rule: how, why, on what evidence."""

    rule: str
    outcome: Verdict
    reason: str
    evidence: str


async def decide_conditions(
    context: WriteContext, *, application_id: UUID, verdicts: Sequence[Verdicts]
) -> list[ConditionDecision]:
    """Record decisions on conditions that are a person's, all or none. A passing one is refused where the facts fail
    the same condition: nobody's opinion renews a licence that has expired. Until the round ends, and what a person has
    decided too: the gates that follow ask it anew, and new facts may turn it."""
    application, round_row = await locked_application(context, application_id)
    _known(verdicts)
    gate = _gate(round_row, application, verdicts)
    runs = await run_gate(context, round_row, [application], gate=gate, test_date=context.today)
    facts = runs[application.id].facts
    given = await recommendations.given_to(context.session, [application.id])
    tested = [
        *industry_findings(given.get(application.id), facts.organisation, facts.decisions, round_readings(round_row)),
        *runs[application.id].findings,
    ]
    findings = [finding for item in verdicts for finding in _decidable(item, tested)]
    refuse(findings)
    rows = [
        ConditionDecision(
            created_at=context.now,
            application_id=application.id,
            rule=item.rule,
            outcome=item.outcome,
            reason=item.reason,
            evidence=item.evidence,
            about=_seen(item.rule, tested),
            decided_by=context.actor.known_id,
        )
        for item in verdicts
    ]
    context.session.add_all(rows)
    await context.session.flush()
    rests_on = ["reach_of_a_decision", *(["conditions_after_the_list"] if gate is Gate.DECREE else [])]
    cited = [round_readings(round_row).cite(key) for key in rests_on]
    for row in rows:
        audit.record(
            context,
            "decide_condition",
            "application",
            application.id,
            round_id=application.round_id,
            rule=row.rule,
            outcome=row.outcome,
            reason=row.reason,
            evidence=row.evidence,
            about=row.about,
            readings=cited,
        )
    return rows


def _decidable(item: Verdicts, tested: Sequence[Finding]) -> list[Finding]:
    unsaid = reasoned(rule_id=item.rule, reason=item.reason, evidence=item.evidence)
    if unsaid:
        return unsaid
    passing = item.outcome is Verdict.PASS
    if item.rule == _IDENTITY:
        return unverifiable(passing=passing, tested=tested)
    return condition_decidable(rule_id=item.rule, passing=passing, tested=tested)


def _seen(rule_id: str, tested: Sequence[Finding]) -> list[str]:
    """What the decision is about: what its findings of today tell. What comes up later is decided anew."""
    return sorted({str(item.facts["about"]) for item in tested if item.rule == rule_id and "about" in item.facts})


def _gate(round_row: Round, application: Application, verdicts: Sequence[Verdicts]) -> Gate:
    """The gate whose findings leave it open; `WrongState`, under the first rule that was asked, where nothing is
    decided any more."""
    asked = verdicts[0].rule
    if round_row.state != RoundState.CALLED and all(item.rule in _OPEN_AGAIN for item in verdicts):
        running(round_row, _NAME, rule=asked)
        in_the_round(application, _NAME, rule=asked)
        return Gate.DECREE
    in_review(round_row, _NAME, rule=asked)
    under_review(application, _NAME, rule=asked)
    return Gate.CONFIRMATION


def _known(verdicts: Sequence[Verdicts]) -> None:
    unknown = Text("没有此规则", "No such rule")
    faults = [
        FieldError(f"/decisions/{number}/rule", FieldCode.NOT_FOUND, unknown)
        for number, item in enumerate(verdicts)
        if item.rule not in CATALOGUE
    ]
    if faults:
        raise Invalid(faults[0].message, errors=faults)
