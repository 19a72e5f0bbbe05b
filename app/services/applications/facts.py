"""The facts of eligibility of one or many applications, loaded in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TypedDict, cast
from uuid import UUID

from app.kernel.audit import PLAIN_TYPES, plain_value
from app.kernel.clock import shanghai_day
from app.measures.credentials import without_withdrawn
from app.measures.facts import (
    AdverseRecord,
    CredentialKind,
    CredentialWithdrawal,
    EligibilityFacts,
    Exclusion,
    OrganisationFacts,
    PastAward,
    RecordCategory,
    RecordedDecision,
    RecordFinding,
    RecordOrigin,
)
from app.measures.plain import Plain
from app.measures.state_machines import IN_THE_ROUND, ApplicationState, AwardState
from app.services.applications.content import (
    Declared,
    declared,
    declared_records,
    organisation_facts,
    organisation_fields,
    organisation_record,
    with_renewals,
)
from app.services.applications.facts_on_a_day import Found, found_now, found_of, made_by, registrations
from app.services.turns import in_turns
from app.store import applications as store
from app.store import qualification
from app.store.applications import eligibility, renewals
from app.store.applications.form import DeclaredItem, Form, OrganisationRecord
from app.store.database import ReadSession
from app.store.organisations import Organisation
from app.store.organisations.profiles import Registration, registration_of
from app.store.reviews.judged import Judged
from app.store.revocations import Exclusion as ExclusionRow

# About ten milliseconds of work.
_FACTS_IN_A_TURN, _DECISIONS_IN_A_TURN = 50, 1_000


class OfTheDay(TypedDict):
    """The fields of an organisation that no submission freezes for the gate."""

    county_code: str
    registered_address: str
    legal_form: str
    established_on: str


async def eligibility_facts(session: ReadSession, application: store.Application) -> EligibilityFacts:
    """The facts of one application; see `eligibility_facts_many`."""
    return (await eligibility_facts_many(session, [application]))[application.id]


async def eligibility_facts_many(
    session: ReadSession,
    applications: Sequence[store.Application],
    organisations: Mapping[UUID, Organisation] | None = None,
    *,
    day: date | None = None,
) -> dict[UUID, EligibilityFacts]:
    """By application: what it states (as frozen, once submitted), what is recorded and decided about it, and the awards
    and exclusions of its legal person, predecessors and successors included. Five queries, however many
    applications. `organisations`: theirs by id, where the caller has read them.

    `day`: as it all stood at the end of that day, by two queries more: registrations, decisions, accepted renewals and
    what was decided of each record. A record that was entered later counts as it is decided now, by the days of what
    it tells; so does a credential that was withdrawn. An exclusion runs by its own days, and one that was annulled on
    review never did."""
    ids = [row.id for row in applications]
    if organisations is None:
        organisations = await eligibility.organisations(session, {row.organisation_id for row in applications})
    lineages = {row.lineage_id for row in organisations.values()}
    awards = await _awards(session, lineages)
    exclusions = await _exclusions(session, lineages)
    records, of_no_round = defaultdict(list), defaultdict(list)
    known = await eligibility.known_records(session, ids, lineages)
    decided = await found_of(session, [item.record for item in known], day)
    for item in known:
        if item.record.application_id is None:
            of_no_round[item.lineage_id].append(item.record)
        else:
            records[item.record.application_id].append(item.record)
    renewed: defaultdict[UUID, list[renewals.Renewal]] = defaultdict(list)
    for renewal in await renewals.of_applications(session, ids, accepted=True):
        if made_by(day, renewal.decided_at):
            renewed[renewal.application_id].append(renewal)
    asked = await corrected_fields(session, applications)
    decisions: defaultdict[UUID, dict[str, RecordedDecision]] = defaultdict(dict)
    async for decision in in_turns(await eligibility.condition_decisions(session, ids), turn=_DECISIONS_IN_A_TURN):
        if made_by(day, decision.created_at):
            decisions[decision.application_id][decision.rule] = _decision(decision)
    registered = await registrations(session, organisations, day)
    found: dict[UUID, EligibilityFacts] = {}
    async for row in in_turns(applications, turn=_FACTS_IN_A_TURN):
        lineage_id = organisations[row.organisation_id].lineage_id
        found[row.id] = _facts(
            row,
            organisations[row.organisation_id],
            registered[row.organisation_id],
            [(item, decided[item.id]) for item in (*records[row.id], *of_no_round[lineage_id])],
            decisions[row.id],
            corrected=asked.get(row.id, frozenset()),
            renewed=renewed[row.id],
            past_awards=[award for round_id, award in awards[lineage_id] if round_id != row.round_id],
            exclusions=exclusions[lineage_id],
        )
    return found


async def past_awards_of(session: ReadSession, rows: Collection[Judged]) -> dict[UUID, list[PastAward]]:
    """The awards of earlier rounds of each application's legal person, predecessors and successors included, by the
    application's id. One query, however many applications."""
    awards = await _awards(session, {row.lineage_id for row in rows})
    return {row.id: [award for round_id, award in awards[row.lineage_id] if round_id != row.round_id] for row in rows}


def stated(
    application: store.Application, organisation: Organisation, corrected: Collection[str] = ()
) -> tuple[OrganisationRecord, Form]:
    """Organisation and content that count: those frozen at the submission; before it, and while a correction is being
    made, the present ones. Of the organisation a correction takes the `corrected` fields alone."""
    if application.snapshot is None:
        return organisation_record(organisation), application.content
    frozen = application.snapshot["organisation"]
    if application.state == ApplicationState.CORRECTION_REQUESTED:
        present = organisation_record(organisation)
        changed = {name: value for name, value in present.items() if name in corrected}
        return cast(OrganisationRecord, {**frozen, **changed}), application.content
    return frozen, application.snapshot["content"]


def of_the_day(organisation: Registration) -> OfTheDay:
    """What the gate reads anew at every test whatever was frozen (Art. 13(1)): all that a rule or a flag looks at in
    the registration, where it is registered and since when, by code and in words, and in which legal form. What was
    measured, the sector and whether it states to operate stay as submitted."""
    return {
        "county_code": organisation.county_code,
        "registered_address": organisation.registered_address,
        "legal_form": organisation.legal_form,
        "established_on": organisation.established_on.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """A field of the organisation that has changed since the submission: what was handed in, what the profile says."""

    field: str
    submitted: object
    present: object


async def profile_changes(
    session: ReadSession,
    applications: Sequence[store.Application],
    organisations: Mapping[UUID, Organisation] | None = None,
) -> dict[UUID, list[ProfileChange]]:
    """By application that is in the round: what of its organisation's profile has changed since the submission
    (Art. 13). One query, however many applications, and none where the caller has read the `organisations`."""
    live = [row for row in applications if row.snapshot is not None and row.state in IN_THE_ROUND]
    if not live:
        return {}
    if organisations is None:
        organisations = await eligibility.organisations(session, {row.organisation_id for row in live})
    return {row.id: _changes(row, organisations[row.organisation_id]) for row in live}


def _changes(row: store.Application, organisation: Organisation) -> list[ProfileChange]:
    frozen: Mapping[str, object] = {} if row.snapshot is None else dict(row.snapshot["organisation"])
    changes = [
        ProfileChange(name, frozen[name], value)
        for name, value in organisation_record(organisation).items()
        if name in frozen and frozen[name] != value
    ]
    if organisation.stated_name is not None:
        # Not borne yet: no document was compared with it.
        changes.append(ProfileChange("stated_name", None, organisation.stated_name))
    if organisation.dissolved_on is not None:
        changes.append(ProfileChange("dissolved_on", None, organisation.dissolved_on.isoformat()))
    return changes


async def corrected_fields(
    session: ReadSession, applications: Sequence[store.Application]
) -> dict[UUID, frozenset[str]]:
    """By application that is being corrected: the fields of the organisation that the office asked to have
    corrected in its profile. Its code is never among them."""
    ids = [row.id for row in applications if row.state == ApplicationState.CORRECTION_REQUESTED]
    if not ids:
        return {}
    return {
        row.application_id: organisation_fields(item["pointer"] for item in row.items)
        for row in await qualification.open_corrections(session, ids)
    }


def facts_record(facts: object) -> Plain:
    """Facts as a gate run stores them: JSON-ready, field by field."""
    kind: type = type(facts)
    names = _names(kind)
    if names is not None:
        stored: dict[str, Plain] = {}
        for name in names:
            value = getattr(facts, name)
            stored[name] = value if type(value) in PLAIN_TYPES else facts_record(value)
        return stored
    if isinstance(facts, tuple | list):
        return [facts_record(item) for item in facts]
    if isinstance(facts, Mapping):
        return {str(key): facts_record(value) for key, value in facts.items()}
    return plain_value(facts)


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of facts that a run stores, None for what has none. Where in the form a fact stands is no part of what
    was tested."""
    return tuple(item.name for item in fields(kind) if item.name != "at") if is_dataclass(kind) else None


def undeclared_yet(
    content: Form, recorded: Iterable[qualification.AdverseRecord]
) -> list[tuple[DeclaredItem, AdverseRecord]]:
    """The records that the form declares and that are not on record yet."""
    known = {_on_record(row) for row in recorded}
    return [(item, record) for item, record in declared_records(content) if _as_declared(item, record) not in known]


def _as_declared(item: DeclaredItem, record: AdverseRecord) -> tuple[object, ...]:
    return record.category.value, record.occurred_on, record.determined_on, record.source, item["fact"]


def _on_record(row: qualification.AdverseRecord) -> tuple[object, ...] | None:
    """What tells a declared record from another; None where the applicant has not declared it."""
    if row.origin != RecordOrigin.DECLARED:
        return None
    return row.category, row.occurred_on, row.determined_on, row.source, row.fact


def _facts(
    row: store.Application,
    organisation: Organisation,
    registration: Registration,
    known: Sequence[tuple[qualification.AdverseRecord, Found]],
    decisions: Mapping[str, RecordedDecision],
    *,
    corrected: Collection[str],
    renewed: Sequence[renewals.Renewal],
    past_awards: Sequence[PastAward],
    exclusions: Sequence[Exclusion],
) -> EligibilityFacts:
    organisation_stated, content = stated(row, organisation, corrected)
    organisation_stated = {**organisation_stated, **of_the_day(registration)}
    records = [record for record, _ in known]
    form: Declared = declared(with_renewals(content, ((item.kind, item.item) for item in renewed)))
    if row.sector is not None:
        organisation_stated["sector"] = row.sector
    # Once submitted, what was declared is on record, where a person's finding on it counts.
    open_form = row.snapshot is None or row.state == ApplicationState.CORRECTION_REQUESTED
    new = [record for _, record in undeclared_yet(content, records)] if open_form else []
    places = {_as_declared(item, record): record.at for item, record in declared_records(content)}
    held = without_withdrawn(
        certificates=form.certificates,
        licences=form.licences,
        safety=form.safety,
        withdrawals=[
            gone
            for record, found in known
            for finding in (found.finding, record.finding)
            if (gone := _withdrawal(record, finding)) is not None
        ],
    )
    return EligibilityFacts(
        organisation=_organisation(organisation_stated, registration),
        figures=form.figures,
        certificates=held.certificates,
        licences=held.licences,
        safety=held.safety,
        records=(*(_record(record, found, places) for record, found in known), *new),
        honours=form.honours,
        past_awards=tuple(past_awards),
        exclusions=tuple(exclusions),
        decisions=MappingProxyType(dict(decisions)),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a legal person today, whatever the form of its application says."""

    organisation: OrganisationFacts
    past_awards: Sequence[PastAward]
    exclusions: Sequence[Exclusion]
    records: Sequence[AdverseRecord]


async def standing(session: ReadSession, application: store.Application, organisation: Organisation) -> Standing:
    """Of the legal person of an application, its predecessors and successors included; of its adverse records those
    that are confirmed out of any round, which no form of it has to declare. Two queries."""
    stated_record, _ = stated(application, organisation)
    registration = registration_of(organisation)
    awards = (await _awards(session, [organisation.lineage_id]))[organisation.lineage_id]
    exclusions, records = await eligibility.bars_of(session, organisation.lineage_id)
    return Standing(
        _organisation({**stated_record, **of_the_day(registration)}, registration),
        [award for round_id, award in awards if round_id != application.round_id],
        [_exclusion(item) for item in exclusions],
        [_record(item, found_now(item), {}) for item in records],
    )


def _organisation(record: OrganisationRecord, registration: Registration) -> OrganisationFacts:
    # Nothing that was handed in says whether the organisation still exists.
    return replace(organisation_facts(record), dissolved_on=registration.dissolved_on)


async def _awards(session: ReadSession, lineages: Iterable[UUID]) -> Mapping[UUID, list[tuple[UUID, PastAward]]]:
    found: defaultdict[UUID, list[tuple[UUID, PastAward]]] = defaultdict(list)
    for row in await eligibility.past_awards(session, set(lineages)):
        award = PastAward(
            round_ordinal=row.ordinal,
            awarded_on=row.conferred_on,
            first=row.first_award,
            revoked=row.state == AwardState.REVOKED,
            fraud=row.fraud,
        )
        found[row.lineage_id].append((row.round_id, award))
    return found


async def _exclusions(session: ReadSession, lineages: Iterable[UUID]) -> Mapping[UUID, list[Exclusion]]:
    found: defaultdict[UUID, list[Exclusion]] = defaultdict(list)
    for row in await eligibility.exclusions(session, set(lineages)):
        found[row.lineage_id].append(_exclusion(row))
    return found


def _exclusion(row: ExclusionRow) -> Exclusion:
    return Exclusion(row.from_day, row.last_day, row.article)


def recorded_as(row: qualification.AdverseRecord) -> AdverseRecord:
    """A record as the measures see it, by what is decided of it today."""
    return _record(row, found_now(row), {})


def _record(
    row: qualification.AdverseRecord, found: Found, places: Mapping[tuple[object, ...], str | None]
) -> AdverseRecord:
    declared_as = _on_record(row)
    return AdverseRecord(
        category=RecordCategory(row.category),
        occurred_on=row.occurred_on,
        determined_on=row.determined_on,
        source=row.source,
        evidence=row.basis or "",
        attributable=found.attributable,
        finding=found.finding,
        severity_decision=found.severity,
        rectified=row.rectified,
        at=None if declared_as is None else places.get(declared_as),
    )


def _withdrawal(row: qualification.AdverseRecord, finding: RecordFinding) -> CredentialWithdrawal | None:
    """The withdrawal that a confirmed record tells; None where it tells none. The authority's day counts, where it is
    known."""
    day = row.determined_on or row.occurred_on
    if (
        finding != RecordFinding.CONFIRMED
        or row.credential_kind is None
        or row.credential_number is None
        or day is None
    ):
        return None
    return CredentialWithdrawal(
        CredentialKind(row.credential_kind), row.credential_number, day, str(row.id), row.source
    )


def _decision(row: eligibility.DecisionLine) -> RecordedDecision:
    return RecordedDecision(
        rule=row.rule,
        outcome=row.outcome,
        reason=row.reason,
        evidence=row.evidence,
        decided_by=str(row.decided_by),
        decided_on=shanghai_day(row.created_at),
        about=tuple(row.about),
    )
