"""Another name of the same legal person (Art. 8)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.organisations.access import held
from app.services.organisations.verification import reopen_where_changed
from app.store import organisations as store


async def change_name(
    context: WriteContext, *, organisation_id: UUID, name: str, effective_on: date, evidence: str
) -> store.Organisation:
    """Another name of the same legal person; the one before is kept with the day on which it ended. It is compared with
    a document before anything binds under it."""
    row = await held(context, organisation_id)
    not_in_future(effective_on, context.today, "/effective_on")
    if effective_on < row.established_on:
        text = Text("更名日期早于成立日期", "The day is before the establishment")
        raise Invalid(text, errors=[FieldError("/effective_on", FieldCode.BEFORE_ESTABLISHMENT, text)])
    if name == row.name:
        raise Collision(Text("新名称与现名称相同", "That is its name already"), code=ProblemCode.NAME_UNCHANGED)
    former = row.name
    context.session.add(
        store.OrganisationName(
            created_at=context.now, organisation_id=row.id, name=former, until=effective_on, evidence=evidence
        )
    )
    row.name = name
    to_verify = reopen_where_changed(context, row, ["name"])
    await context.session.flush()
    audit.record(
        context,
        "change_name",
        "organisation",
        row.id,
        former=former,
        name=name,
        effective_on=effective_on,
        evidence=evidence,
        to_verify=to_verify,
    )
    return row
