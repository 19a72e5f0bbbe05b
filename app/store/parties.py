"""Organisations and their history; recommending units; consulted departments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified, one_of

UNIT_KINDS = ("township", "urban_community_committee", "department", "association")


class RecommendingUnit(Identified):
    """A township, the urban community committee, a competent department or a trade association (Art. 3, 12)."""

    __tablename__ = "recommending_units"
    __table_args__ = (
        one_of("kind", UNIT_KINDS),
        CheckConstraint(
            "kind NOT IN ('township', 'urban_community_committee') OR area IS NOT NULL", name="area_unit_has_area"
        ),
    )

    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    area: Mapped[str | None]
    trade: Mapped[str | None]
    uscc: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Department(Identified):
    """A department that the office consults (Art. 17). `letters`: the letters of 13(6) that it can answer for."""

    __tablename__ = "departments"

    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    letters: Mapped[list[Any]]
    active: Mapped[bool] = mapped_column(default=True)


class Organisation(Identified):
    """A legal person. `lineage_id` joins it with its predecessors and successors: they are "first" only once (Art. 8)."""

    __tablename__ = "organisations"

    lineage_id: Mapped[UUID] = mapped_column(index=True)
    uscc: Mapped[str] = mapped_column(unique=True)
    uscc_checksum_ok: Mapped[bool]
    name: Mapped[str]
    legal_form: Mapped[str]
    registered_address: Mapped[str]
    county_code: Mapped[str]
    area: Mapped[str | None]
    established_on: Mapped[date]
    sector: Mapped[str]
    operating: Mapped[bool]
    size_class: Mapped[str | None]
    staff: Mapped[int | None]
    main_products: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class OrganisationName(Identified):
    """A former name of an organisation and the day on which it ended."""

    __tablename__ = "organisation_names"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    until: Mapped[date]
    evidence: Mapped[str]


class SuccessorLink(Identified):
    """`successor` continues the legal person of `predecessor` (merger, conversion); recorded by the office."""

    __tablename__ = "successor_links"
    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id <> successor_id", name="not_itself"),
    )

    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    effective_on: Mapped[date]
    reason: Mapped[str]
    evidence: Mapped[str]


class CultivationRecord(Identified):
    """Cultivation or promotion work of a unit (Art. 12): reported, never a condition."""

    __tablename__ = "cultivation_records"
    __table_args__ = (one_of("kind", ["cultivation", "promotion"]), Index("ix_cultivation_unit", "unit_id", "id"))

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str]
    held_on: Mapped[date]
    subject: Mapped[str]
    description: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
