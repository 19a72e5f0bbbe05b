"""Public notices, frozen with their hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.publicity import NoticeKind
from app.store.base import Identified, Json, one_of, page_of
from app.store.database import ReadSession
from app.store.readers import Reader
from app.store.statements import Statement, as_stored, columns, given


class MediumRecord(TypedDict):
    """A medium, what kind it is, the day on which it published, in ISO, and where to read it."""

    name: str
    kind: str | None
    published_on: str
    url: str | None


class Notice(Identified):
    """One publication through news media. The period runs from the latest medium to `ends_at` (exclusive)."""

    __tablename__ = "notices"
    __table_args__ = (
        one_of("kind", NoticeKind),
        CheckConstraint("ends_at IS NULL OR last_day IS NOT NULL", name="period_complete"),
    )

    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[NoticeKind]
    title: Mapped[str]
    media: Mapped[list[MediumRecord]] = mapped_column(Json)
    published_on: Mapped[date]
    last_day: Mapped[date | None]
    ends_at: Mapped[datetime | None]
    body: Mapped[dict[str, object]]
    body_hash: Mapped[str]


class NoticeLine(NamedTuple):
    """A notice, its body as it is stored."""

    id: UUID
    round_id: UUID | None
    kind: NoticeKind
    title: str
    media: list[MediumRecord]
    published_on: date
    last_day: date | None
    ends_at: datetime | None
    body: bytes
    body_hash: str


async def notice(reader: Reader, notice_id: UUID) -> NoticeLine | None:
    """The notice with this id."""
    return await reader.row(_NOTICE, {"id": notice_id})


_NOTICE = Statement(
    select(*columns(NoticeLine, Notice, body=as_stored(Notice.body))).where(Notice.id == given("id")), NoticeLine
)


async def notices_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Notice]:
    """Notices by id."""
    query = select(Notice).where(Notice.id.in_(ids))
    return {row.id: row for row in (await session.execute(query)).scalars()}


async def first_notice_of(session: ReadSession, round_id: UUID, listed_at: datetime) -> Notice | None:
    """The notice by which a name came onto a round's list at this instant: a correction moves it to another."""
    query = select(Notice).where(
        Notice.round_id == round_id,
        Notice.created_at == listed_at,
        Notice.kind.in_((NoticeKind.CANDIDATES, NoticeKind.ADDITION)),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def notices_page(
    session: ReadSession, *, after: UUID | None, limit: int, round_id: UUID | None, kind: NoticeKind | None
) -> Sequence[Notice]:
    """Notices, newest first, up to `limit + 1`."""
    query = page_of(
        select(Notice),
        Notice.id,
        after=after,
        limit=limit,
        newest_first=True,
        only=[(Notice.round_id, round_id), (Notice.kind, kind)],
    )
    return (await session.execute(query)).scalars().all()
