"""Queries on seal files: the scanned, sealed opinions of the recommending units (Art. 3)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from app.store.applications import Recommendation, SealFile
from app.store.database import ReadSession


async def get(session: ReadSession, seal_file_id: UUID) -> SealFile | None:
    """The seal file with this id."""
    return await session.get(SealFile, seal_file_id)


async def unused(session: ReadSession, unit_id: UUID) -> int:
    """How many of a unit's seal files no recommendation of its names."""
    named = select(Recommendation.seal_attachment_id).where(
        Recommendation.unit_id == unit_id, Recommendation.seal_attachment_id.is_not(None)
    )
    query = select(func.count()).select_from(SealFile).where(SealFile.unit_id == unit_id, SealFile.id.not_in(named))
    return int((await session.execute(query)).scalar_one())
