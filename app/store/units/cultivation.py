"""Queries on the units' cultivation and promotion records (Art. 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.measures.units import CultivationKind
from app.store.base import page_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.units import CultivationRecord, RecommendingUnit


class CultivationLine(NamedTuple):
    """A record with the names of the unit and, where it is of one, of the organisation."""

    record: CultivationRecord
    unit_name: str
    organisation_name: str | None


_NAMED = (
    select(CultivationRecord, RecommendingUnit.name.label("unit_name"), Organisation.name.label("organisation_name"))
    .join(RecommendingUnit, RecommendingUnit.id == CultivationRecord.unit_id)
    .outerjoin(Organisation, Organisation.id == CultivationRecord.organisation_id)
)


async def lock(session: WriteSession, record_id: UUID) -> CultivationRecord | None:
    """The record with this id, locked until the transaction ends."""
    query = select(CultivationRecord).where(CultivationRecord.id == record_id).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def organisation_exists(session: ReadSession, organisation_id: UUID) -> bool:
    """Whether there is an organisation with this id."""
    return await session.by_id(Organisation, organisation_id) is not None


async def page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    unit_id: UUID | None,
    kind: CultivationKind | None,
    year: int | None,
) -> Sequence[CultivationLine]:
    """Records with the names beside them, newest first, up to `limit + 1`. `year`: of the day on which it was held."""
    query = page_of(
        _NAMED,
        CultivationRecord.id,
        after=after,
        limit=limit,
        newest_first=True,
        only=[(CultivationRecord.unit_id, unit_id), (CultivationRecord.kind, kind)],
    )
    if year is not None:
        query = query.where(CultivationRecord.held_on.between(date(year, 1, 1), date(year, 12, 31)))
    return [CultivationLine._make(row) for row in (await session.execute(query)).all()]


async def row(session: ReadSession, record_id: UUID) -> CultivationLine:
    """One record with the names beside it, as `page` gives them."""
    return CultivationLine._make((await session.execute(_NAMED.where(CultivationRecord.id == record_id))).one())
