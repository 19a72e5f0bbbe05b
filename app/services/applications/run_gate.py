"""The gate: the conditions of Arts. 4 to 6 and 13 tested at each step of the procedure, every run kept on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.measures.eligibility import Gate, evaluate_gate
from app.measures.exclusions import not_excluded
from app.measures.facts import EligibilityFacts
from app.measures.findings import Finding, obstacles
from app.measures.interval import interval_over
from app.services.applications.facts import eligibility_facts, eligibility_facts_many, facts_record
from app.services.instruments.in_force import Terms, round_parameters, round_readings, round_terms
from app.store.applications import Application
from app.store.applications.eligibility import EligibilityCheck
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Checked:
    """One application tested at a gate on a day: on which facts, with which findings."""

    application: Application
    facts: EligibilityFacts
    findings: Sequence[Finding]
    gate: Gate
    test_date: date


async def run_gate(
    context: ReadContext, round_row: Round, applications: Sequence[Application], *, gate: Gate, test_date: date
) -> dict[UUID, Checked]:
    """Test these applications of one round on a day; nothing is stored. The number of queries does not depend on the
    number of applications."""
    known = await eligibility_facts_many(context.session, applications)
    runs = {}
    terms = round_terms(round_row) if applications else None
    for row in applications:
        findings = judge(context, row, known[row.id], round_row=round_row, gate=gate, test_date=test_date, terms=terms)
        runs[row.id] = Checked(row, known[row.id], findings, gate, test_date)
    return runs


async def barring(context: ReadContext, round_row: Round, row: Application) -> list[Finding]:
    """What bars the legal person from this round today, whatever its form says: the interval after an award (Art. 6), a
    running exclusion (Art. 26, 28)."""
    if round_row.ordinal is None:
        return []
    facts = await eligibility_facts(context.session, row)
    return obstacles(
        [
            *interval_over(
                past_awards=facts.past_awards,
                round_ordinal=round_row.ordinal,
                parameters=round_parameters(round_row),
                readings=round_readings(round_row),
            ),
            *not_excluded(exclusions=facts.exclusions, test_date=context.today),
        ]
    )


def keep_runs(context: WriteContext, runs: Mapping[UUID, Checked]) -> None:
    """Put these runs on record, once the act that they were made for has been heard."""
    for run in runs.values():
        keep_run(context, run.application, run.facts, run.findings, gate=run.gate, test_date=run.test_date)


async def record_run(
    context: WriteContext, row: Application, findings: Sequence[Finding], *, gate: Gate, test_date: date
) -> None:
    """Put findings on record that another rule than the conditions has made, with the facts of the day: the payment."""
    known = await eligibility_facts_many(context.session, [row])
    keep_run(context, row, known[row.id], findings, gate=gate, test_date=test_date)
    await context.session.flush()


def judge(
    context: ReadContext,
    row: Application,
    facts: EligibilityFacts,
    *,
    round_row: Round,
    gate: Gate,
    test_date: date,
    terms: Terms | None = None,
) -> list[Finding]:
    """The findings on these facts, by the parameters and readings that the round's call has frozen (`terms`, where the
    caller has read them). The age is that of the day of submission, which is today where it has not been submitted."""
    if round_row.ordinal is None:
        raise RuntimeError("a round without a call has no gate")
    frozen = terms or round_terms(round_row)
    return evaluate_gate(
        facts,
        gate=gate,
        test_date=test_date,
        submission_date=shanghai_day(row.submitted_at or context.now),
        round_year=round_row.year,
        round_ordinal=round_row.ordinal,
        parameters=frozen.parameters,
        readings=frozen.readings,
    )


def keep_run(
    context: WriteContext,
    row: Application,
    facts: EligibilityFacts,
    findings: Sequence[Finding],
    *,
    gate: Gate,
    test_date: date,
) -> None:
    """Put a run on record: facts, day and findings, as they were."""
    context.session.add(EligibilityCheck(**run_values(context, row, facts, findings, gate=gate, test_date=test_date)))


def run_values(
    context: WriteContext,
    row: Application,
    facts: EligibilityFacts,
    findings: Sequence[Finding],
    *,
    gate: Gate,
    test_date: date,
) -> dict[str, object]:
    """A run as its row holds it, by column: for those who write many at once."""
    return {
        "created_at": context.now,
        "application_id": row.id,
        "gate": gate,
        "tested_on": test_date,
        "facts": facts_record(facts),
        "findings": [finding_record(finding) for finding in findings],
        "passed": not obstacles(findings),
    }
