"""The proposed list, the government's approval, the decree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.findings import FindingRecord
from app.store.base import Identified, Json, plain_key
from app.store.database import ReadSession, WriteSession
from app.store.publicity import Candidate
from app.store.statements import given


class Approval(Identified):
    """The executive meeting's decision (Art. 22) on the proposed names; the basis where the instrument has lapsed. The
    names that waited for the end of an objection have one of their own: `number` counts them."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    meeting_number: Mapped[str]
    meeting_on: Mapped[date]
    transitional_basis: Mapped[str | None]
    # The instrument that reaches back to this day, where the decision rests on one (Art. 33).
    retroactive_basis: Mapped[str | None]
    not_approved: Mapped[list[dict[str, object]]] = mapped_column(Json)
    warnings: Mapped[list[FindingRecord]] = mapped_column(Json, default=list)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Decree(Identified):
    """The government's decree of commendation (Art. 22): from its date, which is the day of its writing, the awards
    run. Names that it leaves to a later one, as an objection to them is open, have one of their own: `part` counts
    them."""

    __tablename__ = "decrees"
    __table_args__ = (UniqueConstraint("round_id", "part"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    part: Mapped[int] = mapped_column(default=1)
    number: Mapped[str]
    # The number for comparing: it is one number however it is written.
    number_key: Mapped[str] = mapped_column(unique=True, default=plain_key)
    dated: Mapped[date]
    transitional_basis: Mapped[str | None]
    # The instrument that reaches back to this day, where the decision rests on one (Art. 33).
    retroactive_basis: Mapped[str | None]
    warnings: Mapped[list[FindingRecord]] = mapped_column(Json)
    issuer: Mapped[str | None]
    title: Mapped[str | None]
    addressees: Mapped[list[str]] = mapped_column(Json, default=list)
    copies_to: Mapped[list[str]] = mapped_column(Json, default=list)
    attachments: Mapped[list[str]] = mapped_column(Json, default=list)
    # Candidate, name and reason of each name that it leaves to a later one.
    deferred: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    published_on: Mapped[date | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def decree(session: ReadSession, decree_id: UUID | None) -> Decree | None:
    """The decree with this id; None where an award has none yet."""
    return None if decree_id is None else await session.by_id(Decree, decree_id)


async def decrees_of(session: ReadSession, round_id: UUID) -> Sequence[Decree]:
    """The round's decrees in their order: one, and another for the names that it had left to it."""
    return (await session.execute(_DECREES_OF, {"round_id": round_id})).scalars().all()


_DECREES_OF = select(Decree).where(Decree.round_id == given("round_id")).order_by(Decree.part)


async def numbers_told(session: ReadSession) -> list[tuple[str, date]]:
    """Number and day (Shanghai) of every decree, of whatever round."""
    return [(row[0], row[1]) for row in (await session.execute(select(Decree.number, Decree.dated))).all()]


async def meetings_told(session: ReadSession) -> list[tuple[str, date]]:
    """Number and day (Shanghai) of every executive meeting whose approval is on record, of whatever round."""
    rows = (await session.execute(select(Approval.meeting_number, Approval.meeting_on))).all()
    return [(row[0], row[1]) for row in rows]


async def approvals_of(session: ReadSession, round_id: UUID) -> Sequence[Approval]:
    """The executive meeting's decisions on the round, in their order."""
    return (await session.execute(_APPROVALS_OF, {"round_id": round_id})).scalars().all()


_APPROVALS_OF = select(Approval).where(Approval.round_id == given("round_id")).order_by(Approval.number)


async def take_off_proposed(session: WriteSession, candidate_ids: Collection[UUID]) -> None:
    """Take names off the proposed list: they are proposed again when the objection to them is closed."""
    await session.execute(delete(ProposedEntry).where(ProposedEntry.candidate_id.in_(candidate_ids)))


class ProposedEntry(Identified):
    """A name of the proposed list (Art. 21), from publicised names only: the key to `candidates` says so."""

    __tablename__ = "proposed_entries"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), unique=True)
    rank: Mapped[int]


async def proposed_of(session: ReadSession, round_id: UUID) -> Sequence[tuple[ProposedEntry, Candidate]]:
    """The proposed list with its candidates, by seat category and rank."""
    return [(row[0], row[1]) for row in (await session.execute(_PROPOSED_OF, {"round_id": round_id})).all()]


_PROPOSED_OF = (
    select(ProposedEntry, Candidate)
    .join(Candidate, Candidate.id == ProposedEntry.candidate_id)
    .where(ProposedEntry.round_id == given("round_id"))
    .order_by(Candidate.seat_category, ProposedEntry.rank, ProposedEntry.id)
)


async def is_proposed(session: ReadSession, candidate_id: UUID) -> bool:
    """Whether a candidate is on the proposed list."""
    return (await session.execute(_IS_PROPOSED, {"candidate_id": candidate_id})).first() is not None


_IS_PROPOSED = select(ProposedEntry.id).where(ProposedEntry.candidate_id == given("candidate_id"))
