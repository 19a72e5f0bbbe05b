"""The gate: the conditions of Arts. 4 to 6 and 13 tested at each step of the procedure, every run kept on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.measures.eligibility import DECIDED_BEFORE, Gate, evaluate_gate, next_gate, told_before_the_list
from app.measures.exclusions import not_excluded
from app.measures.facts import EligibilityFacts
from app.measures.findings import Finding, obstacles
from app.measures.interpretations import Readings
from app.measures.interval import interval_over
from app.measures.operating import operates
from app.measures.organisations import age, legal_person, local
from app.measures.reasons import Reason
from app.measures.recipients import recipient
from app.measures.record import no_adverse_record
from app.measures.state_machines import IN_THE_ROUND, LIVE_ROUND_STATES, RoundState
from app.measures.stated_days import on_both_days
from app.services.applications.facts import Standing, eligibility_facts_many, facts_record, standing
from app.services.applications.facts_on_a_day import registrations
from app.services.instruments.in_force import Terms, round_parameters, round_readings, round_terms
from app.services.organisations.verification import verified
from app.store.applications import Application, eligibility
from app.store.applications.eligibility import EligibilityCheck
from app.store.organisations import Organisation
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Checked:
    """One application tested at a gate on a day: on which facts, with which findings."""

    application: Application
    facts: EligibilityFacts
    findings: Sequence[Finding]
    gate: Gate
    test_date: date


@dataclass(frozen=True, slots=True)
class DatedRuns:
    """The runs of an act that states its own day: of that day, on the facts as they stood then; where it lies back, of
    the day of recording, and beside them those of the stated day on the facts of today, which are kept nowhere."""

    stated: Mapping[UUID, Checked]
    recorded: Mapping[UUID, Checked] | None
    by_present_facts: Mapping[UUID, Checked]
    readings: Readings

    def findings(self, application_id: UUID) -> list[Finding]:
        """What both days find on one application; see `on_both_days`."""
        stated = self.stated[application_id]
        if self.recorded is None:
            return list(stated.findings)
        recorded = self.recorded[application_id]
        return on_both_days(
            stated=stated.findings,
            by_present_facts=self.by_present_facts[application_id].findings,
            recorded=recorded.findings,
            day=stated.test_date,
            recorded_on=recorded.test_date,
            before=DECIDED_BEFORE[stated.gate],
            readings=self.readings,
        )

    def changed_since(self, application_id: UUID) -> list[Finding]:
        """What the registration has become since the stated day, which is told and stops nothing."""
        return [item for item in self.findings(application_id) if item.reason is Reason.CHANGED_SINCE]

    def operating(self, application_id: UUID) -> bool:
        """Whether it produces or operates, on the facts of these runs (Art. 13(4))."""
        facts = self.stated[application_id].facts
        return operates(facts.organisation, facts.decisions)

    def keep(self, context: WriteContext) -> None:
        """Put the runs of both days on record."""
        for runs in (self.stated, self.recorded or {}):
            keep_runs(context, runs)


async def run_gate(
    context: ReadContext, round_row: Round, applications: Sequence[Application], *, gate: Gate, test_date: date
) -> dict[UUID, Checked]:
    """Test these applications of one round on a day; nothing is stored. The number of queries does not depend on the
    number of applications."""
    return await _run_on(context, round_row, applications, gate=gate, test_date=test_date)


async def run_gate_dated(
    context: ReadContext, round_row: Round, applications: Sequence[Application], *, gate: Gate, dated: date
) -> DatedRuns:
    """Test these applications for an act that states its own day: on that day, by the facts as they stood then, and on
    the day of recording where it is another. No date that somebody writes takes an act past what stood on it, nor past
    what is known when it is recorded (Arts. 13, 22)."""
    readings = round_readings(round_row)
    present = await _run_on(context, round_row, applications, gate=gate, test_date=dated)
    if dated == context.today:
        return DatedRuns(present, None, present, readings)
    stated = await _run_on(context, round_row, applications, gate=gate, test_date=dated, facts_of=dated)
    recorded = await _run_on(context, round_row, applications, gate=gate, test_date=context.today)
    return DatedRuns(stated, recorded, present, readings)


async def _run_on(
    context: ReadContext,
    round_row: Round,
    applications: Sequence[Application],
    *,
    gate: Gate,
    test_date: date,
    organisations: Mapping[UUID, Organisation] | None = None,
    facts_of: date | None = None,
) -> dict[UUID, Checked]:
    """`facts_of`: by the facts as they stood on that day; None: by those of today."""
    if organisations is None:
        organisations = await eligibility.organisations(context.session, {row.organisation_id for row in applications})
    known = await eligibility_facts_many(context.session, applications, organisations, day=facts_of)
    registered = await registrations(context.session, organisations, facts_of)
    terms = round_terms(round_row) if applications else None

    def run(row: Application) -> Checked:
        facts = known[row.id]
        findings = judge(context, row, facts, round_row=round_row, gate=gate, test_date=test_date, terms=terms)
        if gate is not Gate.SUBMISSION:
            # Draft and submission wait for no verification; everything after them does (Art. 13(1)).
            identity = verified(
                organisations[row.organisation_id],
                round_readings(round_row),
                before=DECIDED_BEFORE[gate],
                decisions=facts.decisions,
                registration=registered[row.organisation_id],
            )
            findings = [*identity, *findings]
        return Checked(row, facts, findings, gate, test_date)

    return {row.id: run(row) for row in applications}


@dataclass(frozen=True, slots=True)
class Barred:
    """What bars a legal person from a round, whatever its form says: `today`, and of that `throughout`, what no
    correction of its profile helps and what still bars it on the last day for applications: it can never submit, and
    no unit is asked for it."""

    today: Sequence[Finding] = ()
    throughout: Sequence[Finding] = ()


async def barred(context: ReadContext, round_row: Round, row: Application, organisation_row: Organisation) -> Barred:
    """By who it is (Art. 4), where it is registered, its personality, its age on the last day for applications
    (Art. 13(1)), and by what lies behind it, confirmed records of no round too (Art. 13(6))."""
    if round_row.ordinal is None or round_row.deadline is None:
        return Barred()
    facts = await standing(context.session, row, organisation_row)
    organisation, parameters = facts.organisation, round_parameters(round_row)
    readings = round_readings(round_row)
    present = [
        *recipient(organisation=organisation),
        *local(organisation=organisation, parameters=parameters, readings=readings),
        *legal_person(organisation=organisation, readings=readings),
        *age(organisation=organisation, submission_date=round_row.deadline, parameters=parameters),
        *_behind_it(facts, round_row, round_row.ordinal, context.today),
        # Not throughout: a decision on a record of no round may be replaced on any day. What is open bars nobody yet.
        *no_adverse_record(
            records=facts.records,
            test_date=context.today,
            parameters=parameters,
            readings=readings,
            decisions_due=False,
        ),
    ]
    return Barred(obstacles(present), obstacles(_behind_it(facts, round_row, round_row.ordinal, round_row.deadline)))


def _behind_it(facts: Standing, round_row: Round, ordinal: int, test_date: date) -> list[Finding]:
    """The interval after an award (Art. 6), exclusions (Arts. 26, 28)."""
    parameters, readings = round_parameters(round_row), round_readings(round_row)
    return [
        *interval_over(past_awards=facts.past_awards, round_ordinal=ordinal, parameters=parameters, readings=readings),
        *not_excluded(exclusions=facts.exclusions, test_date=test_date),
    ]


async def told_today(
    context: ReadContext, round_row: Round, row: Application, organisations: Mapping[UUID, Organisation]
) -> list[Finding]:
    """What the facts of today fail or leave open at the gate that comes next, for the organisation itself; nothing of
    an application that is not, or no longer, in a round that runs. `organisations`: its own, by id."""
    if row.state not in IN_THE_ROUND or round_row.state not in LIVE_ROUND_STATES:
        return []
    gate = next_gate(RoundState(round_row.state))
    runs = await _run_on(context, round_row, [row], gate=gate, test_date=context.today, organisations=organisations)
    return told_before_the_list(runs[row.id].findings)


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
