"""Applications in pages, by whose sight they are in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, literal, select

from app.measures.sectors import SeatCategory
from app.measures.state_machines import (
    OPEN_RECOMMENDATION_STATES,
    ApplicationState,
)
from app.measures.text import plain_name
from app.store.applications import Application
from app.store.base import on_days
from app.store.database import ReadSession
from app.store.organisations import Organisation
from app.store.recommendations import Recommendation
from app.store.sorting import Place, Sort, Values, by_text, leading, sorted_page_of


class ApplicationLine(NamedTuple):
    """An application with its organisation, for a list."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    state: ApplicationState
    number: str | None
    submitted_at: datetime | None
    sector: str | None
    seat_category: SeatCategory | None
    created_at: datetime
    version: int
    organisation_name: str
    uscc: str
    name_key: str


# Of those without a number, which are told last.
_NO_NUMBER = "~"
_VALUES: Values = {
    Sort.NAME: by_text(Organisation.name_key),
    Sort.NUMBER: by_text(func.coalesce(Application.number, literal(_NO_NUMBER))),
}


def value_of(line: ApplicationLine, sort: Sort) -> str | None:
    """What the line's place follows from in the order of `sort`; None where that is its age alone."""
    if sort is Sort.NAME:
        return leading(line.name_key)
    return (line.number or _NO_NUMBER) if sort is Sort.NUMBER else None


async def page(
    session: ReadSession,
    *,
    sort: Sort,
    after: Place,
    limit: int,
    round_id: UUID | None,
    state: str | None,
    organisation_id: UUID | None,
    unit_id: UUID | None,
    name: str | None,
    since: date | None = None,
    until: date | None = None,
) -> Sequence[ApplicationLine]:
    """Rows for a list in the order of `sort`, up to `limit + 1`. `unit_id`: those whose recommendation this unit is
    asked for or has given; `name`: part of the organisation's, as names are compared; `since`, `until`: submitted
    on these days in Shanghai, both included."""
    query = sorted_page_of(
        select(
            Application.id,
            Application.round_id,
            Application.organisation_id,
            Application.state,
            Application.number,
            Application.submitted_at,
            Application.sector,
            Application.seat_category,
            Application.created_at,
            Application.version,
            Organisation.name.label("organisation_name"),
            Organisation.uscc,
            Organisation.name_key,
        ).join(Organisation, Organisation.id == Application.organisation_id),
        Application.id,
        sort=sort,
        values=_VALUES,
        after=after,
        limit=limit,
        only=[
            (Application.round_id, round_id),
            (Application.state, state),
            (Application.organisation_id, organisation_id),
        ],
    )
    if unit_id is not None:
        asked = select(Recommendation.application_id).where(
            Recommendation.unit_id == unit_id, Recommendation.state.in_(OPEN_RECOMMENDATION_STATES)
        )
        query = query.where(Application.id.in_(asked))
    if name is not None:
        query = query.where(Organisation.name_key.contains(plain_name(name), autoescape=True))
    query = query.where(*on_days(Application.submitted_at, since, until))
    return [ApplicationLine._make(row) for row in (await session.execute(query)).all()]
