"""A new draft of an application (Art. 16, 17), with what the profile and the last form say already."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, Conflict, NotFound, existing, refuse
from app.measures import order
from app.measures.findings import Finding, fails
from app.measures.ownership import registration_stands
from app.measures.reasons import Reason
from app.measures.retention import anonymised_mark
from app.measures.state_machines import APPLICATION, ApplicationState, OrganisationState
from app.measures.text import Text
from app.services.applications.access import own
from app.services.applications.window import application_window
from app.services.lifecycle import create, enter
from app.store import applications as store
from app.store import organisations, rounds
from app.store.applications.form import Form
from app.store.organisations import Organisation, lineages

_STATEMENTS = frozenset({"truthfulness", "adverse_records"})


async def create_application(
    context: WriteContext, *, round_id: UUID, copy_of: UUID | None = None
) -> store.Application:
    """An application of the caller's organisation, while the round's call is open (Art. 16).

    A legal person applies once in a round. After a withdrawal it may begin again; after a refusal or removal it may
    not.
    """
    round_row = await rounds.share(context.session, round_id)
    organisation_id = context.actor.organisation_id
    if round_row is None or round_row.deadline is None or organisation_id is None:
        raise NotFound("没有此届评审", "No such round")
    findings = application_window(context, round_row)
    refuse(findings)
    organisation = await _alone(context, organisation_id)
    refuse(registration_stands(superseded=organisation.state == OrganisationState.SUPERSEDED))
    earlier = await store.of_lineage(context.session, round_id=round_id, lineage_id=organisation.lineage_id)
    standing = next((row for row in earlier if row.state != ApplicationState.WITHDRAWN), None)
    if standing is not None:
        raise Conflict(_applied_already(standing), code=ProblemCode.APPLICATION_EXISTS)
    content = await _copied(context, copy_of) if copy_of else _from_profile(organisation)
    row = store.Application(
        created_at=context.now,
        round_id=round_id,
        organisation_id=organisation_id,
        state=create(APPLICATION),
        content=content,
    )
    await enter(context, row, "create_application", "application", round_id=round_id, findings=findings)
    return row


def _applied_already(row: store.Application) -> Finding:
    """That there is an application, and what leads it to its submission, as long as anything does."""
    ahead = order.name_ahead(APPLICATION, row.state) if row.submitted_at is None else None
    return fails(
        "art16.call",
        Reason.APPLICATION_EXISTS,
        object=APPLICATION.name,
        act="create_application",
        state=row.state,
        next_act=ahead,
    )


async def _alone(context: WriteContext, organisation_id: UUID) -> Organisation:
    """The organisation, its predecessors and successors locked: one legal person applies once, also where two of its
    names begin at the same moment, or are linked at this one."""
    found = existing(await organisations.organisation(context.session, organisation_id))
    locked = {row.id: row for row in await lineages.lock(context.session, {found.lineage_id})}
    if organisation_id not in locked:
        raise Collision(
            Text("该组织的承继关系刚被更新，请重试", "It has just been linked; try again"),
            code=ProblemCode.CONCURRENT_CHANGE,
        )
    return locked[organisation_id]


def _from_profile(organisation: Organisation) -> Form:
    """What the organisation's profile can say for it; the form replaces it section by section."""
    content: Form = {}
    if organisation.size_class is not None:
        content["size_class"] = organisation.size_class
    if organisation.staff is not None:
        content["staff"] = organisation.staff
    if organisation.main_products:
        content["main_products"] = [
            {"name": organisation.main_products, "standards": [], "customers": [], "competitors": []}
        ]
    # Whoever comes back after the contact was anonymised states it anew.
    given = {organisation.contact_name, organisation.contact_phone}
    if organisation.contact_name and organisation.contact_phone and anonymised_mark() not in given:
        content["contact"] = {"name": organisation.contact_name, "phone": organisation.contact_phone}
    return content


async def _copied(context: WriteContext, application_id: UUID) -> Form:
    """The form of an earlier application of the caller. What was stated as true then is to be stated anew."""
    earlier = await own(context, application_id=application_id)
    return cast(Form, {name: value for name, value in earlier.content.items() if name not in _STATEMENTS})
