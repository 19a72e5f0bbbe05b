"""Registered instruments, interpretations and holiday years: the law as the office keeps it up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.instruments import InstrumentKind
from app.store.base import Base, Identified, one_of, plain_key
from app.store.database import ReadSession, WriteSession


class RegisteredInstrument(Identified):
    """An extension or successor of the shipped instrument (Art. 33)."""

    __tablename__ = "instruments"
    __table_args__ = (
        one_of("kind", (InstrumentKind.EXTENSION, InstrumentKind.SUCCESSOR)),
        CheckConstraint("(kind = 'extension') = (extends IS NOT NULL)", name="extension_extends"),
        CheckConstraint("in_force_to IS NULL OR in_force_to >= in_force_from", name="period_forward"),
    )

    number: Mapped[str]
    # The number for comparing: it is one number however it is written.
    number_key: Mapped[str] = mapped_column(unique=True, default=plain_key)
    title_zh: Mapped[str]
    title_en: Mapped[str]
    kind: Mapped[InstrumentKind]
    # Null for a successor, which brings its own numbers.
    extends: Mapped[str | None]
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    parameters: Mapped[dict[str, object] | None]
    document_date: Mapped[date]
    # It states that it has force from before its own date.
    retroactive: Mapped[bool]
    registered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class RegisteredInterpretation(Identified):
    """An entry of the interpretation register that replaces a default from `effective_on` (Art. 32)."""

    __tablename__ = "interpretations"

    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    reading_zh: Mapped[str]
    reading_en: Mapped[str]
    document: Mapped[str]
    effective_on: Mapped[date]
    registered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class HolidayYearRow(Base):
    """Statutory holidays and make-up working days of one year, as imported by the office from the yearly notice."""

    __tablename__ = "holiday_years"

    year: Mapped[int] = mapped_column(primary_key=True)
    holidays: Mapped[list[str]]
    workdays: Mapped[list[str]]
    source: Mapped[str]
    imported_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def instruments(session: ReadSession) -> Sequence[RegisteredInstrument]:
    """All registered instruments, oldest first."""
    return (await session.execute(_INSTRUMENTS)).scalars().all()


_INSTRUMENTS = select(RegisteredInstrument).order_by(RegisteredInstrument.in_force_from, RegisteredInstrument.id)


async def interpretations(session: ReadSession) -> Sequence[RegisteredInterpretation]:
    """All registered interpretations, in the order of their registration."""
    return (await session.execute(_INTERPRETATIONS)).scalars().all()


_INTERPRETATIONS = select(RegisteredInterpretation).order_by(RegisteredInterpretation.id)


async def holiday_years(session: ReadSession) -> Sequence[HolidayYearRow]:
    """All imported holiday years."""
    return (await session.execute(_HOLIDAY_YEARS)).scalars().all()


_HOLIDAY_YEARS = select(HolidayYearRow).order_by(HolidayYearRow.year)


async def holiday_year(session: ReadSession, year: int) -> HolidayYearRow | None:
    """The imported year, if it was imported."""
    return await session.get(HolidayYearRow, year)


async def alone(session: WriteSession) -> None:
    """Register one after the other: what may be registered depends on what is. Reading goes on meanwhile."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("LOCK TABLE instruments, interpretations, holiday_years IN SHARE ROW EXCLUSIVE MODE")
        )
