"""Reading applications: one's own, those asked of a unit, all for the office and the auditor."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageRequest, text_value
from app.measures.dates import end_of_day
from app.measures.roles import Role
from app.measures.state_machines import RecommendationState
from app.services.applications.access import visible
from app.store import applications as store
from app.store.applications import listing
from app.store.sorting import Sort


async def list_applications(
    context: ReadContext,
    *,
    request: PageRequest,
    round_id: UUID | None,
    state: str | None,
    name: str | None,
    since: date | None,
    until: date | None,
    sort: Sort,
) -> Page[listing.ApplicationLine]:
    """Applications within the caller's sight, in the order of `sort`."""
    actor = context.actor
    organisation_id = actor.organisation_id if actor.role is Role.APPLICANT else None
    unit_id = actor.unit_id if actor.role is Role.RECOMMENDING_UNIT else None
    filters = {
        "round_id": round_id,
        "state": state,
        "organisation_id": organisation_id,
        "unit_id": unit_id,
        "name": name,
        "since": since,
        "until": until,
        "sort": sort,
    }
    by_age = sort in (Sort.NEWEST, Sort.OLDEST)
    rows = await listing.page(
        context.session,
        sort=sort,
        after=request.after(**filters) if by_age else request.after_value(text_value, **filters),
        limit=request.limit,
        round_id=round_id,
        state=state,
        organisation_id=organisation_id,
        unit_id=unit_id,
        name=name,
        since=since,
        until=until,
    )

    def place(row: listing.ApplicationLine) -> UUID | tuple[str, UUID]:
        value = listing.value_of(row, sort)
        return row.id if value is None else (value, row.id)

    return request.page(rows, key=place, **filters)


async def submitted(context: ReadContext, *, application_id: UUID) -> store.Application:
    """The application, once it is submitted."""
    row = await visible(context, application_id=application_id)
    if row.snapshot is None:
        raise NotFound("此申报尚未提交", "The application is not submitted")
    return row


class Due(Protocol):
    """A recommendation with its own day, where it was extended."""

    @property
    def state(self) -> str: ...

    @property
    def due_at(self) -> datetime | None: ...


def due_at(recommendation: Due, deadline: date | None) -> datetime | None:
    """Until when a unit can endorse: the call's deadline as it stands, or later where its own was extended."""
    ends = None if deadline is None else end_of_day(deadline).astimezone(UTC)
    given = [item for item in (recommendation.due_at, ends) if item is not None]
    return max(given) if recommendation.state == RecommendationState.REQUESTED and given else None
