"""Asking the departments (Art. 17), and recording those that stay silent: silence is not consent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound, refuse
from app.kernel.paging import Page, PageRequest
from app.measures.call import applications_closed
from app.measures.consultations import answer_last_day, departments_known, non_response_recordable
from app.measures.dates import add_years, end_of_day
from app.measures.findings import Finding
from app.measures.review_rules import ReviewRules
from app.measures.roles import Role
from app.measures.state_machines import CONSULTATION, ConsultationState
from app.measures.text import Text
from app.services.applications.under_review import deadline_of, in_review, last_day, rules_of
from app.services.instruments.in_force import round_parameters
from app.services.lifecycle import act
from app.services.rounds.create_round import locked
from app.store import consultations, rounds
from app.store import qualification as store
from app.store.applications import Application
from app.store.base import new_id
from app.store.consultations import Consultation
from app.store.qualification import AdverseRecord
from app.store.units import Department


@dataclass(frozen=True, slots=True)
class Opened:
    """How many consultations were opened, on how many applications, at which departments, and their last day."""

    opened: int
    applications: int
    departments: tuple[str, ...]
    last_day: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation as it is shown: with code and name beside it, and what the department has put on record."""

    row: Consultation
    code: str
    name: str
    department_name: str
    records: Sequence[AdverseRecord]


async def open_consultations(
    context: WriteContext, *, round_id: UUID, application_ids: Sequence[UUID] | None
) -> Opened:
    """Ask every department of the round's rules about every application under review that it has not been asked about:
    of the whole round once applications have closed, or of single applications as soon as they are submitted."""
    row = await locked(context, round_id)
    in_review(context, row)
    rules = rules_of(row)
    found = await consultations.departments_named(context.session, [item.zh for item in rules.departments])
    findings: list[Finding] = departments_known(rules=rules, registered={item.name for item in found})
    if application_ids is None:
        findings = [*applications_closed(at=context.now, deadline=deadline_of(row)), *findings]
    refuse(findings)
    applications = await store.to_qualify(context.session, round_id, ids=application_ids)
    _all_there(application_ids, applications)
    rows = await _new_rows(context, row, rules, applications, found)
    await consultations.add_consultations(context.session, rows)
    last = answer_last_day(asked_on=context.today, rules=rules)
    audit.record(
        context,
        "open_consultations",
        "round",
        row.id,
        round_id=row.id,
        findings=findings,
        opened=len(rows),
        applications=len(applications),
        departments=[item.name for item in found],
        last_day=last,
    )
    return Opened(len(rows), len(applications), tuple(item.name for item in found), last)


async def list_consultations(
    context: ReadContext,
    *,
    request: PageRequest,
    round_id: UUID | None,
    application_id: UUID | None,
    department_id: UUID | None,
    state: str | None,
    late: bool,
) -> Page[Asked]:
    """A department's own consultations; all of them for the office and the auditor."""
    own = context.actor.department_id if context.actor.role is Role.DEPARTMENT else department_id
    named: dict[str, UUID | None] = {"department_id": own, "round_id": round_id, "application_id": application_id}
    states, late_at = None if state is None else [ConsultationState(state)], context.now if late else None
    rows = await consultations.consultation_rows(
        context.session,
        after=request.after(**named, states=states, late=late),
        limit=request.limit,
        states=states,
        late_at=late_at,
        **named,
    )
    page = request.page(rows, key=lambda item: item.consultation.id, **named, states=states, late=late)
    shown = {item.row.id: item for item in await with_records(context, page.items)}
    return page.map(lambda item: shown[item.consultation.id])


async def with_records(context: ReadContext, rows: Sequence[consultations.ConsultationLine]) -> list[Asked]:
    """These consultations with the records that came out of them; one query."""
    records: defaultdict[UUID | None, list[AdverseRecord]] = defaultdict(list)
    for record in await consultations.records_of_consultations(
        context.session, [item.consultation.id for item in rows]
    ):
        records[record.consultation_id].append(record)
    return [
        Asked(item.consultation, item.uscc, item.name, item.department_name, records[item.consultation.id])
        for item in rows
    ]


async def show(context: ReadContext, row: Consultation) -> Asked:
    """One consultation as it is shown."""
    rows = await consultations.consultation_rows(
        context.session, after=None, limit=1, department_id=row.department_id, application_id=row.application_id
    )
    return (await with_records(context, rows[:1]))[0]


async def record_non_response(context: WriteContext, *, consultation_id: UUID, reason: str) -> Asked:
    """A person records that a department has not answered in time; before its last day is over this is refused."""
    row, round_row = await locked_consultation(context, consultation_id)
    in_review(context, round_row)
    async with act(context, CONSULTATION, row, "record_non_response") as doing:
        told = non_response_recordable(
            asked_on=row.period_to, on=context.today, rules=rules_of(round_row), extended_to=last_day(row.due_at)
        )
        doing.hear(told)
        row.non_response_reason, row.non_response_by = reason, context.actor.known_id
        doing.tell(application_id=row.application_id, department_id=row.department_id, reason=reason)
    return await show(context, row)


async def locked_consultation(context: WriteContext, consultation_id: UUID) -> tuple[Consultation, rounds.Round]:
    """A consultation and its round, kept as they are until the transaction ends."""
    found = await consultations.consultation(context.session, consultation_id)
    if found is None:
        raise no_such()
    round_row = await rounds.share(context.session, found.round_id)
    locked_rows = await consultations.lock_consultations(context.session, [consultation_id])
    if round_row is None or consultation_id not in locked_rows:
        raise no_such()
    return locked_rows[consultation_id], round_row


def no_such() -> NotFound:
    """It does not exist, or it is another department's."""
    return NotFound("没有此征询", "No such consultation")


async def _new_rows(
    context: WriteContext,
    row: rounds.Round,
    rules: ReviewRules,
    applications: Sequence[Application],
    found: Sequence[Department],
) -> list[dict[str, object]]:
    categories = {item.zh: list(item.categories) for item in rules.departments}
    asked = await consultations.asked_pairs(context.session, [item.id for item in applications])
    since = add_years(context.today, -round_parameters(row).record_years)
    ends_at = end_of_day(answer_last_day(asked_on=context.today, rules=rules))
    return [
        {
            "id": new_id(),
            "created_at": context.now,
            "round_id": row.id,
            "application_id": application.id,
            "department_id": department.id,
            "categories": categories[department.name],
            "period_from": since,
            "period_to": context.today,
            "due_at": ends_at,
            "state": "asked",
        }
        for application in applications
        for department in found
        if (application.id, department.id) not in asked
    ]


def _all_there(wanted: Sequence[UUID] | None, found: Sequence[Application]) -> None:
    """Ids that are not under review in this round are a fault of the input."""
    if wanted is None:
        return
    known = {item.id for item in found}
    text = Text("本届资格审查中没有此申报", "Not an application under review in this round")
    faults = [
        FieldError(f"/application_ids/{number}", FieldCode.NOT_FOUND, text)
        for number, wanted_id in enumerate(wanted)
        if wanted_id not in known
    ]
    if faults:
        raise Invalid(text, errors=faults)
