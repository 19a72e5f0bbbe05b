"""Applications in pages, by whose sight they are in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.measures.sectors import SeatCategory
from app.measures.state_machines import (
    OPEN_RECOMMENDATION_STATES,
    ApplicationState,
)
from app.measures.text import plain_name
from app.store.applications import Application
from app.store.base import page_of
from app.store.database import ReadSession
from app.store.organisations import Organisation
from app.store.recommendations import Recommendation


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


async def page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    round_id: UUID | None,
    state: str | None,
    organisation_id: UUID | None,
    unit_id: UUID | None,
    name: str | None,
) -> Sequence[ApplicationLine]:
    """Rows for a list, newest first, up to `limit + 1`. `unit_id`: those whose recommendation this unit is asked for or
    has given; `name`: part of the organisation's, as names are compared."""
    query = page_of(
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
        ).join(Organisation, Organisation.id == Application.organisation_id),
        Application.id,
        after=after,
        limit=limit,
        newest_first=True,
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
    return [ApplicationLine._make(row) for row in (await session.execute(query)).all()]
