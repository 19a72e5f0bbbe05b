"""Recommending units and consulted departments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.facts import UnitKind
from app.measures.state_machines import KeptState
from app.measures.units import CultivationKind
from app.store.base import Identified, one_of, page_of
from app.store.database import ReadSession
from app.store.readers import Reader
from app.store.statements import Statement, columns, given


class RecommendingUnit(Identified):
    """A township, the urban community committee, a competent department or a trade association (Art. 3, 12)."""

    __tablename__ = "recommending_units"
    __table_args__ = (
        one_of("kind", UnitKind),
        CheckConstraint(
            "kind NOT IN ('township', 'urban_community_committee') OR area IS NOT NULL", name="area_unit_has_area"
        ),
    )

    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[UnitKind]
    area: Mapped[str | None]
    industry: Mapped[str | None]
    uscc: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Department(Identified):
    """A department that the office consults (Art. 17). `categories`: the categories of 13(6) that it can answer for."""

    __tablename__ = "departments"

    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    categories: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)


class CultivationRecord(Identified):
    """Cultivation or promotion work of a unit (Art. 12): reported, never a condition."""

    __tablename__ = "cultivation_records"
    __table_args__ = (one_of("kind", CultivationKind), Index("ix_cultivation_unit", "unit_id", "id"))

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[CultivationKind]
    held_on: Mapped[date]
    subject: Mapped[str]
    description: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]

    @property
    def state(self) -> KeptState:
        """Its state in the state machine."""
        return KeptState.RECORDED if self.withdrawn_at is None else KeptState.WITHDRAWN


class RecommendingUnitLine(NamedTuple):
    """A recommending unit that an applicant may ask (Art. 3)."""

    id: UUID
    name: str
    kind: UnitKind
    area: str | None
    industry: str | None


class DepartmentLine(NamedTuple):
    """A department that the office consults (Art. 17)."""

    id: UUID
    name: str
    name_en: str


_UNITS = Statement(
    select(*columns(RecommendingUnitLine, RecommendingUnit))
    .where(RecommendingUnit.active)
    .order_by(RecommendingUnit.id),
    RecommendingUnitLine,
)
_DEPARTMENTS = Statement(
    select(*columns(DepartmentLine, Department)).where(Department.active).order_by(Department.id), DepartmentLine
)


async def public_recommending_units(reader: Reader) -> list[RecommendingUnitLine]:
    """Every active recommending unit, in the order in which they were added."""
    return await reader.rows(_UNITS)


async def public_departments(reader: Reader) -> list[DepartmentLine]:
    """Every active department by its names, in the order in which they were added."""
    return await reader.rows(_DEPARTMENTS)


async def units_page(session: ReadSession, *, after: UUID | None, limit: int) -> Sequence[RecommendingUnit]:
    """Recommending units by id, up to `limit + 1`."""
    query = page_of(select(RecommendingUnit), RecommendingUnit.id, after=after, limit=limit)
    return (await session.execute(query)).scalars().all()


async def departments_page(session: ReadSession, *, after: UUID | None, limit: int) -> Sequence[Department]:
    """Consulted departments by id, up to `limit + 1`."""
    query = page_of(select(Department), Department.id, after=after, limit=limit)
    return (await session.execute(query)).scalars().all()


async def areas(session: ReadSession) -> Sequence[str]:
    """The areas that active units have."""
    return [area for area in (await session.execute(_AREAS)).scalars() if area is not None]


_AREAS = select(RecommendingUnit.area).where(RecommendingUnit.area.is_not(None), RecommendingUnit.active)


async def unit_named(session: ReadSession, name: str) -> RecommendingUnit | None:
    """The unit of this name."""
    return (await session.execute(_UNIT_NAMED, {"name": name})).scalar_one_or_none()


_UNIT_NAMED = select(RecommendingUnit).where(RecommendingUnit.name == given("name"))


async def department_named(session: ReadSession, name: str) -> Department | None:
    """The department of this name."""
    return (await session.execute(_DEPARTMENT_NAMED, {"name": name})).scalar_one_or_none()


_DEPARTMENT_NAMED = select(Department).where(Department.name == given("name"))
