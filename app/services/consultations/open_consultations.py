"""The office asks the departments (Art. 17): who is asked about whom, in one act for the round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, refuse
from app.measures.call import applications_closed
from app.measures.consultations import answer_last_day, departments_known
from app.measures.dates import add_years, end_of_day
from app.measures.findings import Finding
from app.measures.review_rules import ReviewRules
from app.measures.text import Text
from app.services.applications.under_review import deadline_of, in_review, rules_of
from app.services.instruments.in_force import round_parameters
from app.services.rounds.read_rounds import locked
from app.store import consultations, rounds
from app.store import qualification as store
from app.store.applications import Application
from app.store.base import new_id
from app.store.units import Department


@dataclass(frozen=True, slots=True)
class Opened:
    """How many consultations were opened, on how many applications, at which departments, and their last day."""

    opened: int
    applications: int
    departments: tuple[str, ...]
    last_day: date


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
