"""What was anonymised, by which period, and the files that went with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, literal_column, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.retention import DataClass
from app.store.base import Identified, one_of
from app.store.database import ReadSession, WriteSession

# How many are looked at, and anonymised, in one transaction.
SLICE = 100


class Anonymisation(Identified):
    """That a thing's personal data was anonymised, by the period of its class. One that gathers data again, as an
    organisation that comes back does, is anonymised again: after another event."""

    __tablename__ = "anonymisations"
    __table_args__ = (one_of("data_class", DataClass), UniqueConstraint("subject_type", "subject_id", "event_on"))

    data_class: Mapped[DataClass]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    event_on: Mapped[date]


class RemovedFile(Identified):
    """A file that went with it. `removed_at` is empty until its bytes are gone: they are removed after the commit."""

    __tablename__ = "removed_files"

    anonymisation_id: Mapped[UUID] = mapped_column(ForeignKey("anonymisations.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True)
    removed_at: Mapped[datetime | None]


async def leftover_files(session: ReadSession, *, limit: int = SLICE) -> dict[UUID, str]:
    """The keys of files that were given up and whose bytes may still lie there, by the row's id."""
    query = select(RemovedFile.id, RemovedFile.key).where(RemovedFile.removed_at.is_(None))
    rows = (await session.execute(query.order_by(RemovedFile.id).limit(literal_column(str(limit))))).all()
    return {row.id: row.key for row in rows}


async def note_removed(session: WriteSession, ids: Collection[UUID], *, now: datetime) -> None:
    """The bytes of these files are gone."""
    await session.execute(update(RemovedFile).where(RemovedFile.id.in_(ids)).values(removed_at=now))


async def removed_keys(session: ReadSession) -> set[str]:
    """The keys of all files that were given up."""
    return set((await session.execute(select(RemovedFile.key))).scalars())


async def is_removed(session: ReadSession, key: str) -> bool:
    """Whether the file under this key was given up."""
    return (await session.execute(select(RemovedFile.id).where(RemovedFile.key == key))).first() is not None


async def was_anonymised(session: ReadSession, subject_type: str, subject_id: UUID) -> bool:
    """Whether this thing's personal data was anonymised."""
    query = select(Anonymisation.id).where(
        Anonymisation.subject_type == subject_type, Anonymisation.subject_id == subject_id
    )
    return (await session.execute(query)).first() is not None
