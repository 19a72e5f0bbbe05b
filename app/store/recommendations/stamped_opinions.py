"""Stamped opinions of units, as files."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified
from app.store.database import ReadSession
from app.store.recommendations import Recommendation


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


async def seal_files(session: ReadSession, *, unit_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these seal files are the unit's own."""
    query = select(SealFile.id).where(SealFile.unit_id == unit_id, SealFile.id.in_(ids))
    return set((await session.execute(query)).scalars())


class SealFile(Identified):
    """The scanned, sealed opinion of a unit. The bytes lie in the file store under `storage_key`."""

    __tablename__ = "seal_files"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
