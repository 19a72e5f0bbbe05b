"""Cases of revocation, what the organisation says to them, what is to be recovered, exclusions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.conferral import DoubtGround
from app.measures.exclusions import runs
from app.measures.recovery import RecoveryItem
from app.measures.revocations import RevocationKind
from app.measures.state_machines import (
    CONFERRAL_DOUBT,
    RECOVERY,
    REVOCATION,
    AwardState,
    ConferralDoubtState,
    RecoveryState,
    RevocationState,
)
from app.measures.validity import not_past
from app.store.awards import Award
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.statements import given


class Revocation(Identified):
    """A case of revocation under Art. 26 or 28: opened by the office, heard, submitted, decided by the government.

    `summary`: what the organisation is told, without any third party's identity; `facts` and `evidence` stay inside.
    """

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
    summary: Mapped[str]
    state: Mapped[RevocationState]
    reply_due_at: Mapped[datetime]
    statement: Mapped[str | None]
    stated_at: Mapped[datetime | None]
    stated_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None]
    supplementary_to: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    taken_over_by: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    consequences: Mapped[dict[str, object] | None]
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    # The decision on review that annulled the government's.
    annulled_on: Mapped[date | None]
    annulled_number: Mapped[str | None]
    annulled_by_body: Mapped[str | None]
    annulled_reason: Mapped[str | None]
    annulled_evidence: Mapped[str | None]
    annulment_notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class StatementFile(Identified):
    """A file that the organisation adds to its statement. The bytes lie in the file store under `storage_key`."""

    __tablename__ = "statement_files"

    revocation_id: Mapped[UUID] = mapped_column(ForeignKey("revocations.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Recovery(Identified):
    """Something to be taken back after a revocation for fraud (Art. 26): plaque, certificate, or the prize in fen."""

    __tablename__ = "recoveries"
    __table_args__ = (
        one_of("item", RecoveryItem),
        state_of(RECOVERY),
        UniqueConstraint("revocation_id", "item"),
        CheckConstraint("(item = 'prize') = (amount_fen > 0)", name="only_prize_has_amount"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    revocation_id: Mapped[UUID] = mapped_column(ForeignKey("revocations.id"))
    item: Mapped[RecoveryItem]
    amount_fen: Mapped[int]
    recovered_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[RecoveryState]
    recovered_on: Mapped[date | None]
    evidence: Mapped[str | None]
    # After an annulment on review: what had come back went to the organisation again.
    given_back_on: Mapped[date | None]
    given_back_evidence: Mapped[str | None]


class RecoveryEntry(Identified):
    """Something that came back: a thing, or a part of the money or all of it. An entry that was wrong is taken back and
    stays to be read."""

    __tablename__ = "recovery_entries"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)", name="withdrawn_with_reason"),
    )

    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recoveries.id"), index=True)
    amount_fen: Mapped[int]
    recovered_on: Mapped[date]
    evidence: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]


class Exclusion(Identified):
    """A period in which the legal person may not take part, last day included (Art. 26, 28). One whose decision was
    annulled on review excludes nobody."""

    __tablename__ = "exclusions"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    lineage_id: Mapped[UUID] = mapped_column(index=True)
    revocation_id: Mapped[UUID] = mapped_column(ForeignKey("revocations.id"), unique=True)
    article: Mapped[str]
    from_day: Mapped[date]
    last_day: Mapped[date]
    annulled_on: Mapped[date | None]


class ConferralDoubt(Identified):
    """What turned out after a decree to have stood against one of its awards on its own day (Arts. 3, 22, 26, 28).
    `since_day`: the day of receipt of a withdrawal, or from which an exclusion runs; `reference`: the mark of the
    letter, or the number of the decision."""

    __tablename__ = "conferral_doubts"
    __table_args__ = (
        one_of("ground", DoubtGround),
        state_of(CONFERRAL_DOUBT),
        UniqueConstraint("award_id", "revocation_id"),
        CheckConstraint("(ground = 'exclusion') = (revocation_id IS NOT NULL)", name="exclusion_by_a_revocation"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    ground: Mapped[DoubtGround]
    since_day: Mapped[date]
    reference: Mapped[str]
    reason: Mapped[str | None]
    revocation_id: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"), index=True)
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[ConferralDoubtState]
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class WithdrawalLetterFile(Identified):
    """The scan of a withdrawal that came on paper. The bytes lie in the file store under `storage_key`."""

    __tablename__ = "withdrawal_letter_files"

    doubt_id: Mapped[UUID] = mapped_column(ForeignKey("conferral_doubts.id"), index=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def doubts_of(session: ReadSession, award_id: UUID) -> Sequence[ConferralDoubt]:
    """Every doubt about the conferral of an award, oldest first."""
    return (await session.execute(_DOUBTS_OF, {"award_id": award_id})).scalars().all()


_DOUBTS_OF = select(ConferralDoubt).where(ConferralDoubt.award_id == given("award_id")).order_by(ConferralDoubt.id)


async def in_doubt(session: ReadSession, award_id: UUID) -> ConferralDoubt | None:
    """The oldest doubt about the conferral of an award on which the government has not decided."""
    open_ones = [item for item in await doubts_of(session, award_id) if item.state == ConferralDoubtState.OPEN]
    return open_ones[0] if open_ones else None


class Held(NamedTuple):
    """What holds the prize of an award: a case that is open, a doubt on which nobody has decided."""

    case: bool
    doubt: bool


async def holding(session: ReadSession, award_id: UUID) -> Held:
    """What holds the prize of an award. One query."""
    return Held._make((await session.execute(_HOLDING, {"award_id": award_id})).one())


_OPEN_CASES = (RevocationState.HEARING, RevocationState.SUBMITTED)
_HOLDING = select(
    exists().where(Revocation.award_id == given("award_id"), Revocation.state.in_(_OPEN_CASES)),
    exists().where(ConferralDoubt.award_id == given("award_id"), ConferralDoubt.state == ConferralDoubtState.OPEN),
)


async def taken_back(session: ReadSession, award_id: UUID) -> ConferralDoubt | None:
    """The doubt for which the government has taken an award back, where it has; the first of several."""
    voided = [item for item in await doubts_of(session, award_id) if item.state == ConferralDoubtState.VOIDED]
    return voided[0] if voided else None


async def doubts_by(session: WriteSession, revocation_id: UUID) -> Sequence[ConferralDoubt]:
    """The doubts that a decision of revocation has brought upon later awards."""
    return (await session.execute(_DOUBTS_BY, {"revocation_id": revocation_id})).scalars().all()


_DOUBTS_BY = (
    select(ConferralDoubt).where(ConferralDoubt.revocation_id == given("revocation_id")).order_by(ConferralDoubt.id)
)


async def letter_files_of(session: ReadSession, doubt_id: UUID) -> Sequence[WithdrawalLetterFile]:
    """The scans of a withdrawal, in the order in which they came."""
    return (await session.execute(_LETTER_FILES_OF, {"doubt_id": doubt_id})).scalars().all()


_LETTER_FILES_OF = (
    select(WithdrawalLetterFile)
    .where(WithdrawalLetterFile.doubt_id == given("doubt_id"))
    .order_by(WithdrawalLetterFile.id)
)


async def conferred_since(session: WriteSession, lineage_id: UUID, day: date, *, but: UUID) -> Sequence[Award]:
    """The awards that stand of a legal person, its predecessors and successors, conferred on the day or later, without
    the one named."""
    return (await session.execute(_CONFERRED_SINCE, {"lineage_id": lineage_id, "day": day, "but": but})).scalars().all()


_CONFERRED_SINCE = (
    select(Award)
    .join(Organisation, Organisation.id == Award.organisation_id)
    .where(
        Organisation.lineage_id == given("lineage_id"),
        Award.id != given("but"),
        Award.state == AwardState.CONFERRED,
        not_past(Award.conferred_on, cast(date, given("day", Date()))),
    )
    .order_by(Award.id)
)


def _awards_of(organisations: Collection[UUID]) -> Select[UUID]:
    return select(Award.id).where(Award.organisation_id.in_(organisations))


async def revocations_of(session: ReadSession, award_id: UUID) -> Sequence[Revocation]:
    """Every case on an award, oldest first."""
    return (await session.execute(_REVOCATIONS_OF, {"award_id": award_id})).scalars().all()


_REVOCATIONS_OF = select(Revocation).where(Revocation.award_id == given("award_id")).order_by(Revocation.id)


async def revocations_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None, organisations: Collection[UUID] | None
) -> Sequence[Revocation]:
    """Cases by creation, up to `limit + 1`; of the awards of organisations where they are named."""
    query = page_of(select(Revocation), Revocation.id, after=after, limit=limit, only=[(Revocation.state, state)])
    if organisations is not None:
        query = query.where(Revocation.award_id.in_(_awards_of(organisations)))
    return (await session.execute(query)).scalars().all()


async def files_of(session: ReadSession, revocation_id: UUID) -> Sequence[StatementFile]:
    """The files of the organisation's statement, in the order in which they came."""
    return (await session.execute(_FILES_OF, {"revocation_id": revocation_id})).scalars().all()


_FILES_OF = (
    select(StatementFile).where(StatementFile.revocation_id == given("revocation_id")).order_by(StatementFile.id)
)


async def recovery_of(session: ReadSession, award_id: UUID, item: RecoveryItem) -> Recovery | None:
    """What is demanded or has come back of this item, if anything; not what a review has taken out of it."""
    return (await session.execute(_RECOVERY_OF, {"award_id": award_id, "item": item})).scalar_one_or_none()


_RECOVERY_OF = select(Recovery).where(
    Recovery.award_id == given("award_id"),
    Recovery.item == given("item"),
    Recovery.state.in_([RecoveryState.OUTSTANDING, RecoveryState.RECOVERED]),
)


async def lock_recoveries_of(session: WriteSession, revocation_id: UUID) -> Sequence[Recovery]:
    """Everything that a decision demands, locked until the transaction ends."""
    return (await session.execute(_LOCK_RECOVERIES_OF, {"revocation_id": revocation_id})).scalars().all()


_LOCK_RECOVERIES_OF = (
    select(Recovery).where(Recovery.revocation_id == given("revocation_id")).order_by(Recovery.id).with_for_update()
)


async def entries_of(session: ReadSession, recovery_id: UUID) -> Sequence[RecoveryEntry]:
    """What has come back of a recovery, oldest first."""
    return (await session.execute(_ENTRIES_OF, {"recovery_id": recovery_id})).scalars().all()


_ENTRIES_OF = select(RecoveryEntry).where(RecoveryEntry.recovery_id == given("recovery_id")).order_by(RecoveryEntry.id)


async def recoveries_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None, organisations: Collection[UUID] | None
) -> Sequence[Recovery]:
    """Recoveries by creation, up to `limit + 1`; of the awards of organisations where they are named."""
    query = page_of(select(Recovery), Recovery.id, after=after, limit=limit, only=[(Recovery.state, state)])
    if organisations is not None:
        query = query.where(Recovery.award_id.in_(_awards_of(organisations)))
    return (await session.execute(query)).scalars().all()


def stands() -> ColumnElement[bool]:
    """Whether an exclusion stands: one whose decision was annulled on review is as if it had never been."""
    return Exclusion.annulled_on.is_(None)


async def exclusion_of(session: ReadSession, revocation_id: UUID) -> Exclusion | None:
    """The exclusion that a decision brought."""
    return (await session.execute(_EXCLUSION_OF, {"revocation_id": revocation_id})).scalar_one_or_none()


_EXCLUSION_OF = select(Exclusion).where(Exclusion.revocation_id == given("revocation_id"))


async def exclusions_page(
    session: ReadSession, *, after: UUID | None, limit: int, on: date | None
) -> Sequence[tuple[Exclusion, Organisation]]:
    """Exclusions that stand, with their organisations, up to `limit + 1`; `on` keeps those that run on that day."""
    query = page_of(
        select(Exclusion, Organisation).join(Organisation, Organisation.id == Exclusion.organisation_id),
        Exclusion.id,
        after=after,
        limit=limit,
    )
    query = query.where(stands())
    if on is not None:
        query = query.where(*runs(Exclusion.from_day, Exclusion.last_day, on))
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
