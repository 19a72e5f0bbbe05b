"""Reading applications: one's own, those asked of a unit, all for the office and the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.context import ReadContext
from app.errors import NotFound
from app.measures.dates import end_of_day
from app.measures.roles import Role
from app.paging import Page, PageRequest
from app.services.applications.access import visible
from app.services.applications.actions import application_actions
from app.services.applications.facts import corrected_fields, stated
from app.services.lifecycle import AvailableAction
from app.store import applications as store
from app.store import eligibility
from app.store import recommendations as recommendation_store


@dataclass(frozen=True, slots=True)
class Shown:
    """An application with what is shown beside it."""

    row: store.Application
    organisation: dict[str, Any]
    content: dict[str, Any]
    recommendations: Sequence[tuple[store.Recommendation, str]]
    actions: Sequence[AvailableAction]


async def read_application(context: ReadContext, *, application_id: UUID) -> Shown:
    """The application as a whole, with what this caller may do with it."""
    return await show(context, await visible(context, application_id=application_id))


async def show(context: ReadContext, row: store.Application) -> Shown:
    """A fixed number of queries beside the row itself."""
    organisation = (await eligibility.organisations(context.session, [row.organisation_id]))[row.organisation_id]
    asked = await recommendation_store.of_application(context.session, row.id)
    if context.actor.role is Role.RECOMMENDING_UNIT:
        asked = [item for item in asked if item.unit_id == context.actor.unit_id]
    units = await recommendation_store.units(context.session, [item.unit_id for item in asked])
    corrected = (await corrected_fields(context.session, [row])).get(row.id, ())
    organisation_stated, content = stated(row, organisation, corrected)
    return Shown(
        row,
        organisation_stated,
        content,
        [(item, units[item.unit_id].name) for item in asked],
        await application_actions(context, row),
    )


async def list_applications(
    context: ReadContext, *, request: PageRequest, round_id: UUID | None, state: str | None
) -> Page[Any]:
    """Applications within the caller's sight, newest first."""
    actor = context.actor
    organisation_id = actor.organisation_id if actor.role is Role.APPLICANT else None
    unit_id = actor.unit_id if actor.role is Role.RECOMMENDING_UNIT else None
    filters = {"round_id": round_id, "state": state, "organisation_id": organisation_id, "unit_id": unit_id}
    rows = await store.page(
        context.session,
        after=request.after(**filters),
        limit=request.limit,
        round_id=round_id,
        state=state,
        organisation_id=organisation_id,
        unit_id=unit_id,
    )
    return request.page(rows, key=lambda row: row.id, **filters)


async def submitted(context: ReadContext, *, application_id: UUID) -> store.Application:
    """The application, once it is submitted."""
    row = await visible(context, application_id=application_id)
    if row.snapshot is None:
        raise NotFound("此申报尚未提交", "The application is not submitted")
    return row


def due_at(recommendation: store.Recommendation, deadline: date | None) -> datetime | None:
    """Until when a unit can endorse: the call's deadline as it stands, or later where its own was extended."""
    ends = None if deadline is None else end_of_day(deadline).astimezone(UTC)
    given = [item for item in (recommendation.due_at, ends) if item is not None]
    return max(given) if recommendation.state == "requested" and given else None
