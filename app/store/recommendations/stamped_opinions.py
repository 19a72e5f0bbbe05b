"""Stamped opinions of units and departments, as files."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, func, select, union
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified
from app.store.database import ReadSession
from app.store.recommendations import Recommendation
from app.store.statements import given


async def get(session: ReadSession, stamped_opinion_id: UUID) -> StampedOpinion | None:
    """The stamped opinion with this id."""
    return await session.by_id(StampedOpinion, stamped_opinion_id)


async def unused(session: ReadSession, unit_id: UUID) -> int:
    """How many of a unit's stamped opinions no recommendation of its names."""
    named = union(
        select(Recommendation.seal_attachment_id).where(
            Recommendation.unit_id == unit_id, Recommendation.seal_attachment_id.is_not(None)
        ),
        select(Recommendation.county_seal_id).where(
            Recommendation.county_unit_id == unit_id, Recommendation.county_seal_id.is_not(None)
        ),
    )
    query = (
        select(func.count())
        .select_from(StampedOpinion)
        .where(StampedOpinion.unit_id == unit_id, StampedOpinion.id.not_in(named))
    )
    return int((await session.execute(query)).scalar_one())


async def stamped_opinions(session: ReadSession, *, unit_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these stamped opinions are the unit's own."""
    return set((await session.execute(_STAMPED_OPINIONS, {"unit_id": unit_id, "ids": list(ids)})).scalars())


async def departments_opinions(session: ReadSession, department_id: UUID) -> int:
    """How many stamped opinions a department has uploaded."""
    return int((await session.execute(_DEPARTMENTS_OPINIONS, {"department_id": department_id})).scalar_one())


class StampedOpinion(Identified):
    """The scanned, stamped opinion of a unit or of a department. The bytes lie in the file store under
    `storage_key`."""

    __tablename__ = "stamped_opinions"
    __table_args__ = (CheckConstraint("(unit_id IS NULL) <> (department_id IS NULL)", name="of_one"),)

    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


_STAMPED_OPINIONS = select(StampedOpinion.id).where(
    StampedOpinion.unit_id == given("unit_id"), StampedOpinion.id.in_(given("ids"))
)
_DEPARTMENTS_OPINIONS = (
    select(func.count()).select_from(StampedOpinion).where(StampedOpinion.department_id == given("department_id"))
)
