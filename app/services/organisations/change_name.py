"""Another name of the same legal person (Art. 8)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid
from app.measures.state_machines import OrganisationState
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.organisations.access import held
from app.services.organisations.former_profiles import keeping_the_former
from app.services.organisations.verification import drop_stated_name, reopen_where_changed
from app.store import organisations as store


async def change_name(
    context: WriteContext, *, organisation_id: UUID, name: str, effective_on: date, evidence: str
) -> store.Organisation:
    """Another name of the same legal person. Where the name before was compared with a document, that one stands, and
    is printed, until this one is compared too; the same name again takes back what was stated. One that nobody has
    compared is replaced: nobody has borne it."""
    row = await held(context, organisation_id)
    not_in_future(effective_on, context.today, "/effective_on")
    if effective_on < row.established_on:
        text = Text("更名日期早于成立日期", "The day is before the establishment")
        raise Invalid(text, errors=[FieldError("/effective_on", FieldCode.BEFORE_ESTABLISHMENT, text)])
    before = row.stated_name or row.name
    if name == before:
        raise Collision(Text("新名称与现名称相同", "That is its name already"), code=ProblemCode.NAME_UNCHANGED)
    with keeping_the_former(context, row):
        to_verify = reopen_where_changed(context, row, ["name"])
    if row.state != OrganisationState.CHANGED:
        row.name = name
    elif name == row.name:
        drop_stated_name(row)
    else:
        row.stated_name, row.stated_name_from, row.stated_name_evidence = name, effective_on, evidence
    await context.session.flush()
    audit.record(
        context,
        "change_name",
        "organisation",
        row.id,
        former=before,
        name=name,
        effective_on=effective_on,
        evidence=evidence,
        to_verify=to_verify,
    )
    return row
