"""Cases of revocation, what is to be recovered, exclusions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.recovery import RecoveryItem
from app.measures.revocations import RevocationKind
from app.measures.state_machines import RECOVERY, REVOCATION, RecoveryState, RevocationState
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession
from app.store.organisations import Organisation


class Revocation(Identified):
    """A case of revocation under Art. 26 or 28: submitted by the office, decided by the government."""

    __tablename__ = "revocations"
    __table_args__ = (
        state_of(REVOCATION),
        one_of("basis", RevocationKind),
        Index("ix_revocations_award", "award_id", "id"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    basis: Mapped[RevocationKind]
    ground: Mapped[int | None]
    event_on: Mapped[date | None]
    found_on: Mapped[date | None]
    found_evidence: Mapped[str | None]
    event: Mapped[dict[str, object]]
    facts: Mapped[str]
    evidence: Mapped[str]
    state: Mapped[RevocationState]
    supplementary_to: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    taken_over_by: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    consequences: Mapped[dict[str, object] | None]
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Recovery(Identified):
    """Something to be taken back after a revocation for fraud (Art. 26): plaque, certificate, or the prize in fen."""

    __tablename__ = "recoveries"
    __table_args__ = (
        one_of("item", RecoveryItem),
        state_of(RECOVERY),
        UniqueConstraint("award_id", "item"),
        CheckConstraint("(item = 'prize') = (amount_fen > 0)", name="only_prize_has_amount"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    revocation_id: Mapped[UUID] = mapped_column(ForeignKey("revocations.id"), index=True)
    item: Mapped[RecoveryItem]
    amount_fen: Mapped[int]
    recovered_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[RecoveryState]
    recovered_on: Mapped[date | None]
    evidence: Mapped[str | None]


class RecoveryEntry(Identified):
    """Something that came back: a thing, or a part of the money or all of it."""

    __tablename__ = "recovery_entries"
    __table_args__ = (CheckConstraint("amount_fen >= 0", name="amount_not_negative"),)

    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recoveries.id"), index=True)
    amount_fen: Mapped[int]
    recovered_on: Mapped[date]
    evidence: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Exclusion(Identified):
    """A period in which the legal person may not take part, last day included (Art. 26, 28)."""

    __tablename__ = "exclusions"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    lineage_id: Mapped[UUID] = mapped_column(index=True)
    revocation_id: Mapped[UUID] = mapped_column(ForeignKey("revocations.id"), unique=True)
    article: Mapped[str]
    from_day: Mapped[date]
    last_day: Mapped[date]


async def revocations_of(session: ReadSession, award_id: UUID) -> Sequence[Revocation]:
    """Every case on an award, oldest first."""
    query = select(Revocation).where(Revocation.award_id == award_id).order_by(Revocation.id)
    return (await session.execute(query)).scalars().all()


async def revocations_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[Revocation]:
    """Cases by creation, up to `limit + 1`."""
    query = page_of(select(Revocation), Revocation.id, after=after, limit=limit, only=[(Revocation.state, state)])
    return (await session.execute(query)).scalars().all()


async def recovery_of(session: ReadSession, award_id: UUID, item: RecoveryItem) -> Recovery | None:
    """What is to be recovered of this item, if anything."""
    query = select(Recovery).where(Recovery.award_id == award_id, Recovery.item == item)
    return (await session.execute(query)).scalar_one_or_none()


async def entries_of(session: ReadSession, recovery_id: UUID) -> Sequence[RecoveryEntry]:
    """What has come back of a recovery, oldest first."""
    query = select(RecoveryEntry).where(RecoveryEntry.recovery_id == recovery_id).order_by(RecoveryEntry.id)
    return (await session.execute(query)).scalars().all()


async def recoveries_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[Recovery]:
    """Recoveries by creation, up to `limit + 1`."""
    query = page_of(select(Recovery), Recovery.id, after=after, limit=limit, only=[(Recovery.state, state)])
    return (await session.execute(query)).scalars().all()


async def exclusion_of(session: ReadSession, revocation_id: UUID) -> Exclusion | None:
    """The exclusion that a decision brought."""
    query = select(Exclusion).where(Exclusion.revocation_id == revocation_id)
    return (await session.execute(query)).scalar_one_or_none()


async def exclusions_page(
    session: ReadSession, *, after: UUID | None, limit: int, on: date | None
) -> Sequence[tuple[Exclusion, Organisation]]:
    """Exclusions with their organisations, up to `limit + 1`; `on` keeps those that run on that day."""
    query = page_of(
        select(Exclusion, Organisation).join(Organisation, Organisation.id == Exclusion.organisation_id),
        Exclusion.id,
        after=after,
        limit=limit,
    )
    if on is not None:
        query = query.where(Exclusion.from_day <= on, Exclusion.last_day >= on)
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
