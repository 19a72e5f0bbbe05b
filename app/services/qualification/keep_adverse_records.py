"""Adverse records of 13(6): entered, told to the applicant, answered by it, decided by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, existing, refuse
from app.measures.credentials import Credentials, named_credential
from app.measures.facts import CredentialKind, RecordCategory, RecordFinding, RecordOrigin, Severity
from app.measures.findings import Finding, fails
from app.measures.ownership import registration_stands
from app.measures.reasons import Reason
from app.measures.record import record_decidable, record_decision_complete
from app.measures.review_rules import ReviewRules, default_review_rules
from app.measures.roles import Membership
from app.measures.state_machines import ADVERSE_RECORD, OrganisationState
from app.measures.text import Text
from app.services.applications.access import visible
from app.services.applications.facts import eligibility_facts
from app.services.applications.under_review import (
    hearing_ends_at,
    in_the_round,
    last_day,
    locked_application,
    rules_of,
    running,
    under_review,
)
from app.services.days import future_faults
from app.services.instruments.in_force import cited, readings
from app.services.lifecycle import act, enter
from app.services.organisations.access import visible as visible_organisation
from app.store import organisations
from app.store import qualification as store
from app.store.applications import Application, eligibility
from app.store.qualification import AdverseRecord
from app.store.rounds import Round

# What a decision says of a record.
_DECIDED = ("finding", "attributable", "severity")


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that the office has found: at least one of the two days is known. `credential_kind` and `_number`: the
    certificate or licence that was withdrawn before its end, which is another record (h)."""

    category: RecordCategory
    fact: str
    source: str
    basis: str
    occurred_on: date | None
    determined_on: date | None
    rectified: bool = False
    credential_kind: CredentialKind | None = None
    credential_number: str | None = None


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """How a record is decided. `attributable`: whether the organisation is responsible. `severity` only for another
    h."""

    finding: RecordFinding
    reason: str
    attributable: bool | None = None
    severity: Severity | None = None


async def add_record(context: WriteContext, *, application_id: UUID, new: NewRecord) -> AdverseRecord:
    """The office enters a record; the applicant is told and has its days to reply. Also after the list: a record found
    in mid-round can remove the organisation."""
    application, round_row = await locked_application(context, application_id)
    running(context, round_row)
    in_the_round(context, application)
    row = _open_record(context, new, application.organisation_id, rules_of(round_row))
    row.application_id = application.id
    noted = ("application_id", *_noted(new))
    told = {name: getattr(row, name) for name in noted}
    named = await _listed(context, application, new)
    of_round = application.round_id
    await enter(context, row, "add_adverse_record", "adverse_record", round_id=of_round, findings=named, **told)
    return row


async def _listed(context: WriteContext, application: Application, new: NewRecord) -> list[Finding]:
    """Whether the credential that was withdrawn is one that the application lists; nothing where none is named."""
    if new.credential_kind is None or new.credential_number is None:
        return []
    facts = await eligibility_facts(context.session, application)
    held = Credentials(facts.certificates, facts.licences, facts.safety)
    return named_credential(kind=new.credential_kind, number=new.credential_number, held=held)


async def add_organisation_record(context: WriteContext, *, organisation_id: UUID, new: NewRecord) -> AdverseRecord:
    """The office enters a record on an organisation in no round, on any day: it counts at every gate of every round to
    come, or under way, on whose day it lies within the years that count (Art. 13(6)). The organisation is told and has
    the days that the shipped review rules give for a correction."""
    organisation = existing(await organisations.share(context.session, organisation_id))
    refuse(registration_stands(superseded=organisation.state == OrganisationState.SUPERSEDED))
    row = _open_record(context, new, organisation.id, default_review_rules())
    told = {name: getattr(row, name) for name in ("organisation_id", *_noted(new))}
    told["readings"] = await cited(context.session, context.today, "records_of_no_round")
    await enter(context, row, "add_organisation_record", "adverse_record", **told)
    return row


async def list_records(context: ReadContext, *, application_id: UUID) -> Sequence[AdverseRecord]:
    """The records of an application: its own organisation's, the office's and the auditor's to see."""
    application = await visible(context, application_id=application_id)
    return await eligibility.records_known_of(context.session, application)


async def list_organisation_records(context: ReadContext, *, organisation_id: UUID) -> Sequence[AdverseRecord]:
    """Every record of a legal person, of any round or none: its own to see, the office's and the auditor's."""
    row = await visible_organisation(context, organisation_id=organisation_id)
    return await eligibility.records_of_lineage(context.session, row.lineage_id)


async def reply_to_record(context: WriteContext, *, record_id: UUID, reply: str) -> AdverseRecord:
    """The applicant states its view, once, until the end of its time and before the decision."""
    row, place = await _locked(context, record_id)
    await _of_the_caller(context, row)
    if context.actor.membership != Membership.SUBMIT:
        raise Forbidden(
            Text("只有具有提交权限的成员可以执行此操作", "Only a member who may submit can do this"),
            code=ProblemCode.SUBMIT_MEMBERSHIP_REQUIRED,
        )
    if place is not None:
        in_the_round(context, place[0])
    text = Text("该记录已认定或已陈述意见", "It is decided, or replied to, already")
    of_round = None if place is None else place[0].round_id
    async with act(context, ADVERSE_RECORD, row, "reply_to_adverse_record", round_id=of_round, message=text) as doing:
        if row.reply_due_at is not None and context.now >= row.reply_due_at:
            over = fails(
                "art13.6.record", Reason.REPLY_DEADLINE_PASSED, next_act=None, ended_at=row.reply_due_at.isoformat()
            )
            raise Conflict(over, code=ProblemCode.REPLY_DEADLINE_PASSED)
        doing.hear()
        row.reply, row.replied_at = reply, context.now
        doing.tell(application_id=row.application_id)
    return row


async def decide_record(context: WriteContext, *, record_id: UUID, decision: RecordDecision) -> AdverseRecord:
    """A person confirms or denies a record, after the applicant was heard. Until the list is confirmed a decision may
    be replaced, that on a record of no round on any day; each stands in the audit log."""
    row, place = await _locked(context, record_id)
    if place is not None:
        application, round_row = place
        running(context, round_row)
        in_the_round(context, application)
        if row.finding != RecordFinding.OPEN:
            under_review(context, application)
    name = "confirm_adverse_record" if decision.finding is RecordFinding.CONFIRMED else "deny_adverse_record"
    of_round = None if place is None else place[0].round_id
    async with act(context, ADVERSE_RECORD, row, name, recorded="decide_adverse_record", round_id=of_round) as doing:
        doing.hear(_findings(context, row, decision))
        doing.tell(application_id=row.application_id, before={item: getattr(row, item) for item in _DECIDED})
        row.finding, row.decision_reason = decision.finding, decision.reason
        row.attributable = row.attributable if decision.attributable is None else decision.attributable
        row.severity = decision.severity
        row.decided_by, row.decided_at = context.actor.known_id, context.now
        rests_on = ["hearing", "open_attribution", *([] if row.credential_kind is None else ["withdrawn_credentials"])]
        doing.rest_on(await readings(context.session, context.today), *rests_on)
        doing.tell(reason=decision.reason, **{item: getattr(row, item) for item in _DECIDED})
    return row


def _findings(context: WriteContext, row: AdverseRecord, decision: RecordDecision) -> list[Finding]:
    return [
        *record_decidable(
            declared=row.origin == RecordOrigin.DECLARED,
            replied=row.replied_at is not None,
            reply_last_day=None if row.reply_due_at is None else last_day(row.reply_due_at),
            at=context.now,
        ),
        *record_decision_complete(
            category=RecordCategory(row.category),
            finding=decision.finding,
            attributable=decision.attributable,
            severity=decision.severity,
        ),
    ]


async def _locked(context: WriteContext, record_id: UUID) -> tuple[AdverseRecord, tuple[Application, Round] | None]:
    """Round, application and record, locked in the order that every act keeps; the record alone where it came up in no
    round."""
    found = await context.session.get(AdverseRecord, record_id)
    if found is None:
        raise _no_such()
    place = None
    if found.application_id is not None:
        place = await locked_application(context, found.application_id)
    row = await store.adverse_record(context.session, record_id)
    if row is None:
        raise _no_such()
    return row, place


async def _of_the_caller(context: WriteContext, row: AdverseRecord) -> None:
    """Not found, unless the record is of the caller's legal person: a successor answers for whom it continues."""
    own_id = context.actor.organisation_id
    if own_id == row.organisation_id:
        return
    own = None if own_id is None else await organisations.organisation(context.session, own_id)
    whose = await organisations.organisation(context.session, row.organisation_id)
    if row.application_id is not None or own is None or whose is None or own.lineage_id != whose.lineage_id:
        raise _no_such()


def _open_record(context: WriteContext, new: NewRecord, organisation_id: UUID, rules: ReviewRules) -> AdverseRecord:
    """The record as it begins: told, and open until a person has decided it."""
    _dated(context, new)
    _credential_named(new)
    return AdverseRecord(
        created_at=context.now,
        organisation_id=organisation_id,
        origin=RecordOrigin.OFFICE,
        category=new.category,
        fact=new.fact,
        basis=new.basis,
        occurred_on=new.occurred_on,
        determined_on=new.determined_on,
        source=new.source,
        rectified=new.rectified,
        credential_kind=new.credential_kind,
        credential_number=new.credential_number,
        finding=RecordFinding.OPEN,
        notified_at=context.now,
        reply_due_at=hearing_ends_at(context.today, rules),
    )


def _noted(new: NewRecord) -> tuple[str, ...]:
    noted = ("category", "source", "occurred_on", "determined_on")
    return noted if new.credential_kind is None else (*noted, "credential_kind", "credential_number")


def _no_such() -> NotFound:
    return NotFound("没有此记录", "No such record")


def _credential_named(new: NewRecord) -> None:
    if (new.credential_kind is None) != (new.credential_number is None):
        missing = Text("证书类型和编号须同时填写", "The kind and the number of the certificate go together")
        field = "/credential_number" if new.credential_number is None else "/credential_kind"
        raise Invalid(missing, errors=[FieldError(field, FieldCode.REQUIRED, missing)])
    if new.credential_kind is not None and new.category is not RecordCategory.OTHER_VIOLATION:
        other = Text("证书被撤销按“其他”类别登记", "A withdrawn certificate is recorded under another violation")
        raise Invalid(other, errors=[FieldError("/category", FieldCode.CREDENTIAL_CATEGORY, other)])


def _dated(context: WriteContext, new: NewRecord) -> None:
    told = (("/occurred_on", new.occurred_on), ("/determined_on", new.determined_on))
    faults = future_faults(told, context.today)
    if new.occurred_on is None and new.determined_on is None:
        missing = Text("须填写发生日期或认定日期", "The day of the event or of its determination is needed")
        faults.append(FieldError("/occurred_on", FieldCode.REQUIRED, missing))
    if faults:
        raise Invalid(faults[0].message, errors=faults)
