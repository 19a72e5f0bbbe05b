"""What is open and what refuses, for one application or ten thousand, in a fixed number of queries (Art. 17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from anyio.lowlevel import checkpoint

from app.kernel.context import ReadContext
from app.measures import qualification as measure
from app.measures.consultations import Consultation
from app.measures.dates import shanghai_date
from app.measures.deadlines import Step
from app.measures.eligibility import Gate
from app.measures.facts import EligibilityFacts
from app.measures.findings import Finding, Outcome, failures
from app.measures.interpretations import Readings
from app.measures.review_rules import ReviewRules
from app.measures.sectors import SeatCategory, seat_category_of
from app.measures.state_machines import ApplicationState, ConsultationState, CorrectionState
from app.services.applications.asked import to_check
from app.services.applications.content import sections_of
from app.services.applications.endorsement import industry_findings
from app.services.applications.facts import ProfileChange, eligibility_facts_many
from app.services.applications.run_gate import judge
from app.services.applications.under_review import last_day, rules_of
from app.services.instruments.in_force import Terms, round_terms
from app.services.organisations.verification import verified
from app.services.turns import in_turns
from app.store import consultations as consultations_store
from app.store import qualification as store
from app.store import recommendations as recommendations_store
from app.store.applications import Application, eligibility
from app.store.applications.form import Form
from app.store.organisations import Organisation
from app.store.qualification import Correction
from app.store.rounds import Round
from app.store.units import Department


@dataclass(frozen=True, slots=True)
class Assessment:
    """One application today: the facts, each condition's findings, and what Art. 17 says of all together."""

    application: Application
    facts: EligibilityFacts
    conditions: Sequence[Finding]
    outcome: Sequence[Finding]
    consultations: Sequence[consultations_store.AskedLine]
    corrections: Sequence[Correction]
    # Correction requests that were not answered in time.
    expired: Sequence[Correction]
    departments: Mapping[UUID, Department]
    seat_category: SeatCategory | None
    rules: ReviewRules
    readings: Readings
    # What of the profile has changed since the submission, where somebody is shown it.
    profile_changes: Sequence[ProfileChange] = ()

    @property
    def open(self) -> list[Finding]:
        """What somebody still has to do. One whose time for a correction is over waits for nobody."""
        if self.expired:
            return []
        return [item for item in self.outcome if item.outcome is Outcome.NEEDS_DECISION]

    @property
    def to_check(self) -> Sequence[Finding]:
        """Amounts of the form that somebody should look at."""
        return to_check(content_of(self.application), self.rules, self.readings)

    @property
    def refusing(self) -> list[Finding]:
        """What refuses, whatever is still open."""
        return failures(self.outcome)

    @property
    def findings(self) -> list[Finding]:
        """The conditions and what Art. 17 adds to them, each once."""
        own = [item for item in self.outcome if item.rule == "art17.qualification"]
        return [*self.conditions, *own]

    def late(self, at: datetime) -> list[tuple[Step, str, datetime]]:
        """Who is late: kind of step, who, since when."""
        silent = [
            (Step.CONSULTATION, self.departments[item.department_id].name, item.due_at)
            for item in self.consultations
            if item.state == ConsultationState.ASKED and item.due_at <= at
        ]
        uncorrected = [
            (Step.CORRECTION, self.facts.organisation.name, item.due_at)
            for item in self.corrections
            if item.state == CorrectionState.OPEN and item.due_at <= at
        ]
        return [*silent, *uncorrected]


async def assess(context: ReadContext, application: Application, round_row: Round) -> Assessment:
    """One application; see `assess_many`."""
    return (await assess_many(context, [application], round_row))[application.id]


async def assess_many(
    context: ReadContext, applications: Sequence[Application], round_row: Round
) -> dict[UUID, Assessment]:
    """Applications of one round on today's facts, as the confirmation would find them. As many queries, however many
    they are; whoever has thousands asks in slices."""
    session, ids = context.session, [row.id for row in applications]
    organisations = await eligibility.organisations(session, {row.organisation_id for row in applications})
    facts = await eligibility_facts_many(session, applications, organisations)
    await checkpoint()
    consultations, corrections, materials = defaultdict(list), defaultdict(list), defaultdict(set)
    for item in await consultations_store.asked_about(session, ids):
        consultations[item.application_id].append(item)
    await checkpoint()
    for correction in await store.corrections_of(session, ids):
        corrections[correction.application_id].append(correction)
    for application_id, material in await store.materials_of(session, ids):
        materials[application_id].add(material)
    asked = {item.department_id for group in consultations.values() for item in group}
    rules = rules_of(round_row)
    common = _Common(
        round_row,
        rules,
        round_terms(round_row),
        await consultations_store.departments(session, asked),
        {item.zh: item.code for item in rules.departments},
    )
    given = await recommendations_store.given_to(session, ids)
    assessed: dict[UUID, Assessment] = {}
    async for row in in_turns(applications):
        assessed[row.id] = _assessment(
            context,
            row,
            facts[row.id],
            common,
            consultations=consultations[row.id],
            corrections=corrections[row.id],
            materials=frozenset(materials[row.id]),
            endorsement=given.get(row.id),
            organisation=organisations[row.organisation_id],
        )
    return assessed


@dataclass(frozen=True, slots=True)
class _Common:
    """What is the same for every application of the round."""

    round_row: Round
    rules: ReviewRules
    terms: Terms
    departments: Mapping[UUID, Department]
    # The departments' codes in the rules, by their names.
    codes: Mapping[str, str]
    # What the departments have told, as the measures see it: ten thousand times the same.
    told: dict[tuple[UUID, ConsultationState, UUID | None], Consultation] = field(default_factory=dict)


def content_of(row: Application) -> Form:
    """The form that counts: as frozen, and as it is while it is being corrected."""
    if row.snapshot is None or row.state == ApplicationState.CORRECTION_REQUESTED:
        return row.content
    return row.snapshot["content"]


def _assessment(
    context: ReadContext,
    row: Application,
    facts: EligibilityFacts,
    common: _Common,
    *,
    consultations: Sequence[consultations_store.AskedLine],
    corrections: Sequence[Correction],
    materials: frozenset[str],
    endorsement: recommendations_store.EndorsementLine | None,
    organisation: Organisation,
) -> Assessment:
    readings, gate = common.terms.readings, Gate.CONFIRMATION
    tested = judge(
        context, row, facts, round_row=common.round_row, gate=gate, test_date=context.today, terms=common.terms
    )
    conditions = [
        *verified(organisation, readings, before="confirm_qualified_list", decisions=facts.decisions),
        *industry_findings(endorsement, facts.organisation, facts.decisions, readings),
        *tested,
    ]
    seat_category = seat_category_of(facts.organisation.sector)
    outcome = measure.qualification_decided(
        facts=measure.QualificationFacts(
            organisation=facts.organisation.name,
            conditions=tuple(conditions),
            consultations=tuple(_consultation(item, common) for item in consultations),
            corrections=tuple(_correction(item) for item in corrections),
            materials=materials,
            sections=sections_of(content_of(row)),
            seat_category=seat_category,
        ),
        rules=common.rules,
        at=context.now,
    )
    expired = [
        item
        for item in corrections
        if item.state == CorrectionState.OPEN
        and failures(measure.correction_in_time(correction=_correction(item), at=context.now))
    ]
    return Assessment(
        row,
        facts,
        conditions,
        outcome,
        consultations,
        corrections,
        expired,
        common.departments,
        seat_category,
        common.rules,
        common.terms.readings,
    )


def _consultation(row: consultations_store.AskedLine, common: _Common) -> Consultation:
    key = (row.department_id, row.state, row.non_response_by)
    found = common.told.get(key)
    if found is None:
        name = common.departments[row.department_id].name
        found = Consultation(common.codes.get(name, name), row.state, str(row.non_response_by or ""))
        common.told[key] = found
    return found


def _correction(row: Correction) -> measure.Correction:
    return measure.Correction(shanghai_date(row.created_at), last_day(row.due_at), row.answered_at)
