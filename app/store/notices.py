"""Public notices, frozen with their hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.publicity import MediumKind, NoticeKind, NoticeMark
from app.measures.state_machines import MediumState
from app.store.base import Identified, Json, one_of, page_of
from app.store.database import ReadSession, WriteSession
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
        one_of("mark", NoticeMark),
        CheckConstraint("(mark IS NULL) = (marked_on IS NULL)", name="mark_has_day"),
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
    # What has become of it since, by which decision; the text itself stays as it was.
    mark: Mapped[NoticeMark | None]
    marked_on: Mapped[date | None]
    mark_basis: Mapped[str | None]
    mark_notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))

    def mark_as(self, mark: NoticeMark, *, on: date, basis: str | None = None, by: UUID | None = None) -> None:
        """What has become of it: since the day of a decision, by its number or reason, told by another notice."""
        self.mark, self.marked_on, self.mark_basis, self.mark_notice_id = mark, on, basis, by


class RegisteredMedium(Identified):
    """A medium as the office has registered it, by a document that says what it is. Of one name one entry at most has
    not ended."""

    __tablename__ = "media"
    __table_args__ = (
        one_of("kind", MediumKind),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="end_has_reason"),
    )

    name: Mapped[str]
    kind: Mapped[MediumKind]
    document: Mapped[str]
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))

    @property
    def state(self) -> MediumState:
        """Its state in the state machine."""
        return MediumState.LISTED if self.ended_on is None else MediumState.ENDED


async def one_medium_at_a_time(session: WriteSession) -> None:
    """Entries of the register of media one after the other, until the transaction ends: each looks at the others."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(21, 0)"))


async def registered_media(session: ReadSession) -> Sequence[RegisteredMedium]:
    """Every entry of the register of media, the oldest first: a county knows a handful."""
    return (await session.execute(_REGISTERED_MEDIA)).scalars().all()


_REGISTERED_MEDIA = select(RegisteredMedium).order_by(RegisteredMedium.created_at, RegisteredMedium.id)


async def media_page(session: ReadSession, *, after: UUID | None, limit: int) -> Sequence[RegisteredMedium]:
    """The register of media in the order of its entries, up to `limit + 1`."""
    query = page_of(select(RegisteredMedium), RegisteredMedium.id, after=after, limit=limit)
    return (await session.execute(query)).scalars().all()


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
    mark: NoticeMark | None
    marked_on: date | None
    mark_basis: str | None
    mark_notice_id: UUID | None


async def notice(reader: Reader, notice_id: UUID) -> NoticeLine | None:
    """The notice with this id."""
    return await reader.row(_NOTICE, {"id": notice_id})


_NOTICE = Statement(
    select(*columns(NoticeLine, Notice, body=as_stored(Notice.body))).where(Notice.id == given("id")), NoticeLine
)


async def notices_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Notice]:
    """Notices by id."""
    return await session.by_ids(Notice, ids)


async def of_round(session: ReadSession, round_id: UUID) -> Sequence[Notice]:
    """What was published of a round that is not over: its lists and what was changed in them."""
    lists = [kind for kind in NoticeKind if kind not in (NoticeKind.REVOCATION, NoticeKind.EXCLUSION)]
    query = select(Notice).where(Notice.round_id == round_id, Notice.kind.in_(lists)).order_by(Notice.id)
    return (await session.execute(query)).scalars().all()


async def first_notice_of(session: ReadSession, round_id: UUID, listed_at: datetime) -> Notice | None:
    """The notice by which a name came onto a round's list at this instant: a correction moves it to another."""
    return (
        await session.execute(_FIRST_NOTICE_OF, {"round_id": round_id, "listed_at": listed_at})
    ).scalar_one_or_none()


_FIRST_NOTICE_OF = select(Notice).where(
    Notice.round_id == given("round_id"),
    Notice.created_at == given("listed_at"),
    Notice.kind.in_((NoticeKind.CANDIDATES, NoticeKind.ADDITION)),
)


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
