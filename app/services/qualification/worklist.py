"""The office's worklist (Art. 17): per application what is open and who is late; of one application, every
condition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageRequest
from app.measures.catalogue import CATALOGUE, RuleEntry
from app.measures.deadlines import Step
from app.measures.findings import Finding
from app.measures.sectors import sector_known
from app.services.applications.facts import profile_changes
from app.services.applications.under_review import any_application, not_cancelled
from app.services.qualification.adverse_records import Heard, heard_on
from app.services.qualification.assess_application import Assessment, assess, assess_many
from app.store import consultations, rounds
from app.store import qualification as store
from app.store.applications import eligibility
from app.store.consultations import Given
from app.store.qualification import AdverseRecord, ConditionDecision, Correction
from app.store.units import Department

# Where the facts of a condition come from.
_SOURCES = {
    "art06.interval": "award_register",
    "exclusions": "exclusion_register",
    "art13.6.record": "adverse_records",
    "art13.4.leading": "decision",
    "art13.5.distinctive": "decision",
    "art04.merit": "decision",
    "art06.seats": "form_and_decision",
    "art05.lookback": "form",
    "art13.2.compliance": "form_and_decision",
    "art13.3.certified": "form",
    "art13.4.safety": "form",
    "art13.4.profit": "form",
    "art12.jurisdiction": "recommendation_and_decision",
    "art13.1.identity": "verification",
    "art13.1.local": "registration_and_decision",
    "art13.1.legal_person": "registration_and_decision",
    "art13.4.non_profit": "registration_and_decision",
    "art13.6.higher_award": "form",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision and the name of who made it."""

    row: ConditionDecision
    decided_by_name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its rule, what the service finds today, where the facts come from, and what people decided, the
    newest last."""

    entry: RuleEntry
    findings: Sequence[Finding]
    source: str
    decisions: Sequence[Decided]


@dataclass(frozen=True, slots=True)
class Qualification:
    """Everything that the review of one application rests on."""

    assessment: Assessment
    conditions: Sequence[Condition]
    records: Sequence[AdverseRecord]
    heard: Mapping[UUID, Heard]
    account_names: Mapping[UUID, str]
    consultations: Sequence[Given]

    @property
    def departments(self) -> Mapping[UUID, Department]:
        return self.assessment.departments

    @property
    def corrections(self) -> Sequence[Correction]:
        return self.assessment.corrections

    def late(self, at: datetime) -> list[tuple[Step, str, datetime]]:
        return self.assessment.late(at)


async def read_worklist(
    context: ReadContext, *, round_id: UUID, request: PageRequest, state: str | None
) -> Page[Assessment]:
    """Submitted applications of a round with what is open on each and who is late; a fixed number of queries."""
    row = await rounds.get(context.session, round_id)
    if row is None or row.called_at is None:
        raise NotFound("没有此届评审", "No such round")
    not_cancelled(row)
    filters = {"round": round_id, "state": state}
    found = await store.worklist_page(
        context.session, round_id=round_id, after=request.after(**filters), limit=request.limit, state=state
    )
    page = request.page(found, key=lambda item: item.id, **filters)
    assessed = await assess_many(context, page.items, row)
    changed = await profile_changes(context.session, page.items)
    return page.map(lambda item: replace(assessed[item.id], profile_changes=changed.get(item.id, ())))


async def qualification(context: ReadContext, *, application_id: UUID) -> Qualification:
    """One application's conditions as they stand today, with every decision ever made on them."""
    application = await any_application(context, application_id)
    row = await rounds.get(context.session, application.round_id)
    if row is None or application.submitted_at is None:
        raise NotFound("该申报尚未提交", "It has not been submitted")
    not_cancelled(row)
    changed = await profile_changes(context.session, [application])
    assessed = replace(await assess(context, application, row), profile_changes=changed.get(application.id, ()))
    decisions = await store.decisions_of(context.session, application.id)
    records = await eligibility.records_known_of(context.session, application)
    people = {item.decided_by for item in decisions} | {item.decided_by for item in records if item.decided_by}
    asked = await consultations.consultations_of(context.session, application.id)
    people |= {item.non_response_by for item in asked if item.non_response_by}
    people |= {item.requested_by for item in assessed.corrections}
    names = await store.account_names(context.session, people)
    heard = await heard_on(context, records)
    return Qualification(assessed, _conditions(assessed, decisions, names), records, heard, names, asked)


def _conditions(
    assessed: Assessment, decisions: Sequence[ConditionDecision], names: Mapping[UUID, str]
) -> list[Condition]:
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in assessed.findings:
        findings[finding.rule].append(finding)
    findings["art06.seats"] += sector_known(code=assessed.facts.organisation.sector)
    decided: defaultdict[str, list[Decided]] = defaultdict(list)
    for item in decisions:
        decided[item.rule].append(Decided(item, names.get(item.decided_by, "")))
    return [
        Condition(entry, findings[rule_id], _SOURCES.get(rule_id, "registration"), decided[rule_id])
        for rule_id, entry in CATALOGUE.items()
        if rule_id in findings and rule_id != "art17.qualification"
    ]
