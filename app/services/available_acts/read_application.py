"""An application as a whole, with what the caller may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.findings import Finding
from app.measures.roles import Role
from app.measures.state_machines import BEFORE_SUBMISSION
from app.services.applications.access import visible
from app.services.applications.facts import corrected_fields, stated
from app.services.applications.run_gate import Barred, barred
from app.services.available_acts.of_application import application_actions
from app.services.lifecycle import AvailableAction
from app.store import applications as store
from app.store import rounds
from app.store.applications import eligibility, shown
from app.store.applications.form import Form, OrganisationRecord
from app.store.applications.shown import AskedLine
from app.store.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Shown:
    """An application with what is shown beside it."""

    row: store.Application
    organisation: OrganisationRecord
    content: Form
    recommendations: Sequence[AskedLine]
    actions: Sequence[AvailableAction]
    barred_by: Sequence[Finding]


async def read_application(context: ReadContext, *, application_id: UUID) -> Shown:
    """The application as a whole, with what this caller may do with it."""
    return await show(context, await visible(context, application_id=application_id))


async def show(context: ReadContext, row: store.Application) -> Shown:
    """A fixed number of queries beside the row itself."""
    round_row = await rounds.get(context.session, row.round_id)
    if round_row is None or round_row.deadline is None:
        raise RuntimeError("an application without a called round")
    organisation = (await eligibility.organisations(context.session, [row.organisation_id]))[row.organisation_id]
    asked = await shown.asked(context.session, row.id)
    if context.actor.role is Role.RECOMMENDING_UNIT:
        asked = [item for item in asked if item.unit_id == context.actor.unit_id]
    corrected = (await corrected_fields(context.session, [row])).get(row.id, ())
    organisation_stated, content = stated(row, organisation, corrected)
    bars = await _bars(context, row, round_row, organisation)
    return Shown(
        row,
        organisation_stated,
        content,
        asked,
        await application_actions(context, row, round_row, bars.throughout),
        bars.today,
    )


async def _bars(
    context: ReadContext, row: store.Application, round_row: rounds.Round, organisation: Organisation
) -> Barred:
    """Whoever is barred hears at the beginning what a submission would hear at the end, and goes on hearing it until
    then; afterwards its timeline tells what the next gate will find."""
    if row.state not in BEFORE_SUBMISSION or context.actor.role is not Role.APPLICANT:
        return Barred()
    return await barred(context, round_row, row, organisation)
