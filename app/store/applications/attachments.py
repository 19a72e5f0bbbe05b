"""Materials of an application, in their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import AttachmentState
from app.store.base import Identified
from app.store.database import ReadSession, WriteSession
from app.store.reviews import FileAccess
from app.store.statements import Statement, given


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
    return (await session.execute(_OF_APPLICATION, {"application_id": application_id})).scalars().all()


_OF_APPLICATION = (
    select(Attachment)
    .where(Attachment.application_id == given("application_id"))
    .order_by(Attachment.material, Attachment.part, Attachment.revision)
)


class _Material(NamedTuple):
    material: str


async def materials(session: ReadSession, application_id: UUID) -> set[str]:
    """The materials of which an application holds a file that has not been removed."""
    return {row.material for row in await session.rows(_MATERIALS, {"application_id": application_id})}


_MATERIALS = Statement(
    select(Attachment.material)
    .where(Attachment.application_id == given("application_id"), Attachment.removed_at.is_(None))
    .distinct(),
    _Material,
)


def current(rows: Sequence[Attachment]) -> list[Attachment]:
    """The newest version of each file of each material that has not been removed."""
    newest = {(row.material, row.part): row for row in rows if row.removed_at is None}
    return [newest[place] for place in sorted(newest)]


async def get(session: ReadSession, *, application_id: UUID, attachment_id: UUID) -> Attachment | None:
    """The attachment with this id, where it is of this application."""
    row = await session.by_id(Attachment, attachment_id)
    return row if row is not None and row.application_id == application_id else None


class Held(NamedTuple):
    """How many files an application holds, removed ones too, and the newest revision of the one that is asked for; None
    where there is none."""

    files: int
    last_revision: int | None


async def held(session: ReadSession, *, application_id: UUID, material: str, part: int) -> Held:
    """What an application holds before a file of a material is put to it."""
    values = {"application_id": application_id, "material": material, "part": part}
    return await session.row(_HELD, values) or Held(0, None)


_HELD = Statement(
    select(
        func.count(),
        func.max(Attachment.revision).filter(
            Attachment.material == given("material"), Attachment.part == given("part")
        ),
    )
    .select_from(Attachment)
    .where(Attachment.application_id == given("application_id")),
    Held,
)


def note_access(
    session: WriteSession, *, account_id: UUID, application_id: UUID, attachment_id: UUID | None, now: datetime
) -> None:
    """Put an access on record (Art. 29)."""
    session.add(
        FileAccess(created_at=now, account_id=account_id, application_id=application_id, attachment_id=attachment_id)
    )
