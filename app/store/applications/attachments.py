"""Materials of an application, in their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import AttachmentState
from app.store.base import Identified
from app.store.database import ReadSession, WriteSession
from app.store.reviews import FileAccess


class Attachment(Identified):
    """One version of one file of a material of an application: a material may have several files, its `part` 1, 2, 3.
    The bytes lie in the file store under `storage_key`."""

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("application_id", "material", "part", "revision"),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("part > 0", name="part_counted"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    material: Mapped[str]
    part: Mapped[int]
    revision: Mapped[int]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    trade_secret: Mapped[bool]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None]

    @property
    def state(self) -> AttachmentState:
        """Its state in the state machine."""
        return AttachmentState.PRESENT if self.removed_at is None else AttachmentState.REMOVED


async def of_application(session: ReadSession, application_id: UUID) -> Sequence[Attachment]:
    """Every version of every material, removed ones too, by material, part and revision."""
    query = (
        select(Attachment)
        .where(Attachment.application_id == application_id)
        .order_by(Attachment.material, Attachment.part, Attachment.revision)
    )
    return (await session.execute(query)).scalars().all()


def current(rows: Sequence[Attachment]) -> list[Attachment]:
    """The newest version of each file of each material that has not been removed."""
    newest = {(row.material, row.part): row for row in rows if row.removed_at is None}
    return [newest[place] for place in sorted(newest)]


async def get(session: ReadSession, *, application_id: UUID, attachment_id: UUID) -> Attachment | None:
    """The attachment with this id, where it is of this application."""
    row = await session.get(Attachment, attachment_id)
    return row if row is not None and row.application_id == application_id else None


async def count(session: ReadSession, application_id: UUID) -> int:
    """How many files an application holds, removed ones too."""
    query = select(func.count()).select_from(Attachment).where(Attachment.application_id == application_id)
    return int((await session.execute(query)).scalar_one())


async def last_revision(session: ReadSession, *, application_id: UUID, material: str, part: int) -> int:
    """The newest revision of a material's file; 0 where there is none."""
    query = select(func.max(Attachment.revision)).where(
        Attachment.application_id == application_id, Attachment.material == material, Attachment.part == part
    )
    return int((await session.execute(query)).scalar_one() or 0)


def note_access(
    session: WriteSession, *, account_id: UUID, application_id: UUID, attachment_id: UUID | None, now: datetime
) -> None:
    """Put an access on record (Art. 29)."""
    session.add(
        FileAccess(created_at=now, account_id=account_id, application_id=application_id, attachment_id=attachment_id)
    )
