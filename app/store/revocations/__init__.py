"""Cases of revocation, what the organisation says to them, what is to be recovered, exclusions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from app.measures.exclusions import runs
from app.measures.recovery import RecoveredUnder, RecoveryItem
from app.measures.revocations import RevocationKind
from app.measures.state_machines import (
    RECOVERY,
    REVOCATION,
    RecoveryState,
    RevocationState,
)
from app.store.awards import Award
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.disbursements import Disbursement
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


class PartyStatement(Identified):
    """What an organisation says in a case of revocation (Art. 26, 28) or to an adverse record (Art. 13(6)), once and as
    often again as it has something to add. `stated_at`: the instant that counts, which of a letter lies on the day of
    its receipt, whoever entered it when."""

    __tablename__ = "party_statements"
    __table_args__ = (
        CheckConstraint("(revocation_id IS NULL) <> (record_id IS NULL)", name="of_one_case"),
        CheckConstraint("(received_on IS NULL) = (letter_reference IS NULL)", name="letter_whole"),
        CheckConstraint("NOT after_decision OR received_on IS NOT NULL", name="late_letter"),
    )

    revocation_id: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"), index=True)
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("adverse_records.id"), index=True)
    statement: Mapped[str]
    stated_at: Mapped[datetime]
    received_on: Mapped[date | None]
    letter_reference: Mapped[str | None]
    # A letter that came to a case which was decided: kept with it, and no part of the hearing.
    after_decision: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class StatementFile(Identified):
    """A file that the organisation adds to its statement, or the scan of its letter, which the office adds. The bytes
    lie in the file store under `storage_key`. `statement_id`: None until the statement is made."""

    __tablename__ = "statement_files"
    __table_args__ = (CheckConstraint("(revocation_id IS NULL) <> (record_id IS NULL)", name="of_one_case"),)

    revocation_id: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"), index=True)
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("adverse_records.id"), index=True)
    scan: Mapped[bool]
    statement_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_statements.id"))
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Recovery(Identified):
    """Something to be taken back: plaque, certificate, or the prize in fen, after a revocation for fraud (Art. 26), or
    by the decision on a doubt that took the award itself back (`doubt_id`, Art. 22)."""

    __tablename__ = "recoveries"
    __table_args__ = (
        one_of("item", RecoveryItem),
        state_of(RECOVERY),
        UniqueConstraint("revocation_id", "item"),
        UniqueConstraint("doubt_id", "item"),
        CheckConstraint("(revocation_id IS NULL) <> (doubt_id IS NULL)", name="under_one_decision"),
        CheckConstraint("(item = 'prize') = (amount_fen > 0)", name="only_prize_has_amount"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    revocation_id: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    doubt_id: Mapped[UUID | None] = mapped_column(ForeignKey("conferral_doubts.id"))
    item: Mapped[RecoveryItem]
    amount_fen: Mapped[int]
    recovered_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[RecoveryState]
    recovered_on: Mapped[date | None]
    evidence: Mapped[str | None]
    # After an annulment on review: what had come back went to the organisation again.
    given_back_on: Mapped[date | None]
    given_back_evidence: Mapped[str | None]

    @property
    def under(self) -> RecoveredUnder:
        """Under which rule it is demanded."""
        return RecoveredUnder.FRAUD if self.doubt_id is None else RecoveredUnder.TAKING_BACK


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


def _awards_of(organisations: Collection[UUID]) -> Select[UUID]:
    return select(Award.id).where(Award.organisation_id.in_(organisations))


async def revocations_of(session: ReadSession, award_id: UUID) -> Sequence[Revocation]:
    """Every case on an award, oldest first."""
    return (await session.execute(_REVOCATIONS_OF, {"award_id": award_id})).scalars().all()


_REVOCATIONS_OF = select(Revocation).where(Revocation.award_id == given("award_id")).order_by(Revocation.id)


async def told_in(session: ReadSession, notice_id: UUID) -> Revocation | None:
    """The case whose revocation this notice tells."""
    return (await session.execute(_TOLD_IN, {"notice_id": notice_id})).scalar_one_or_none()


_TOLD_IN = select(Revocation).where(Revocation.notice_id == given("notice_id"))


async def revocations_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None, organisations: Collection[UUID] | None
) -> Sequence[Revocation]:
    """Cases by creation, up to `limit + 1`; of the awards of organisations where they are named."""
    query = page_of(select(Revocation), Revocation.id, after=after, limit=limit, only=[(Revocation.state, state)])
    if organisations is not None:
        query = query.where(Revocation.award_id.in_(_awards_of(organisations)))
    return (await session.execute(query)).scalars().all()


async def decisions_told(session: ReadSession) -> list[tuple[str, date]]:
    """Number and day (Shanghai) of every decision on a case."""
    return await _told(session, _DECIDED)


_DECIDED = select(Revocation.decision_number, Revocation.decided_on).where(Revocation.decision_number.is_not(None))


async def reviews_told(session: ReadSession) -> list[tuple[str, date]]:
    """Number and day (Shanghai) of every decision on review that annulled one of the government's."""
    return await _told(session, _REVIEWED)


_REVIEWED = select(Revocation.annulled_number, Revocation.annulled_on).where(Revocation.annulled_number.is_not(None))


async def _told(session: ReadSession, query: Select[str | None, date | None]) -> list[tuple[str, date]]:
    rows = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows if row[0] is not None and row[1] is not None]


async def files_of(session: ReadSession, revocation_id: UUID) -> Sequence[StatementFile]:
    """The files of the organisation's statement, in the order in which they came."""
    return (await session.execute(_FILES_OF, {"revocation_id": revocation_id})).scalars().all()


_FILES_OF = (
    select(StatementFile).where(StatementFile.revocation_id == given("revocation_id")).order_by(StatementFile.id)
)


async def statements_of(session: ReadSession, revocation_id: UUID) -> Sequence[PartyStatement]:
    """What the organisation has said in a case, in the order in which it counts."""
    return (await session.execute(_STATEMENTS_OF, {"revocation_id": revocation_id})).scalars().all()


_STATEMENTS_OF = (
    select(PartyStatement)
    .where(PartyStatement.revocation_id == given("revocation_id"))
    .order_by(PartyStatement.stated_at, PartyStatement.id)
)


def put_first(row: Revocation, made: PartyStatement) -> None:
    """What the case tells of its first statement; of any other that it has changed, so that its version does."""
    if row.stated_at is None:
        row.statement, row.stated_at, row.stated_by = made.statement, made.stated_at, made.made_by
    else:
        flag_modified(row, "state")


async def replies_to(session: ReadSession, record_ids: Collection[UUID]) -> Sequence[PartyStatement]:
    """What organisations have said to adverse records, in the order in which it counts."""
    return (await session.execute(_REPLIES_TO, {"record_ids": list(record_ids)})).scalars().all()


_REPLIES_TO = (
    select(PartyStatement)
    .where(PartyStatement.record_id.in_(given("record_ids")))
    .order_by(PartyStatement.stated_at, PartyStatement.id)
)


async def files_of_replies(session: ReadSession, record_ids: Collection[UUID]) -> Sequence[StatementFile]:
    """The files of what was said to adverse records, in the order in which they came."""
    return (await session.execute(_FILES_OF_REPLIES, {"record_ids": list(record_ids)})).scalars().all()


_FILES_OF_REPLIES = (
    select(StatementFile).where(StatementFile.record_id.in_(given("record_ids"))).order_by(StatementFile.id)
)


async def recovery_of(session: ReadSession, award_id: UUID, item: RecoveryItem) -> Recovery | None:
    """What is demanded or has come back of this item, if anything; not what a review has taken out of it."""
    return (await session.execute(_RECOVERY_OF, {"award_id": award_id, "item": item})).scalar_one_or_none()


_RECOVERY_OF = select(Recovery).where(
    Recovery.award_id == given("award_id"),
    Recovery.item == given("item"),
    Recovery.state.in_([RecoveryState.OUTSTANDING, RecoveryState.RECOVERED]),
)


async def recoveries_of_awards(session: ReadSession, award_ids: Collection[UUID]) -> Sequence[Recovery]:
    """Everything that decisions on these awards have demanded back, oldest first."""
    query = select(Recovery).where(Recovery.award_id.in_(award_ids)).order_by(Recovery.id)
    return (await session.execute(query)).scalars().all()


async def standing_recoveries(session: ReadSession, award_id: UUID) -> Sequence[Recovery]:
    """Everything that is demanded of an award, and what has come back of it; not what a review has taken out of it."""
    return (await session.execute(_STANDING, {"award_id": award_id})).scalars().all()


_STANDING = (
    select(Recovery)
    .where(
        Recovery.award_id == given("award_id"),
        Recovery.state.in_([RecoveryState.OUTSTANDING, RecoveryState.RECOVERED]),
    )
    .order_by(Recovery.id)
)


async def owed_back_by(session: ReadSession, lineage_id: UUID) -> int:
    """What a legal person still owes of prizes that are to come back, in fen: of its own, and of all whom it continues
    or who continue it."""
    return int((await session.execute(_OWED_BACK_BY, {"lineage_id": lineage_id})).scalar_one())


_OWED_BACK_BY = (
    select(func.coalesce(func.sum(Recovery.amount_fen - Recovery.recovered_fen), 0))
    .join(Award, Award.id == Recovery.award_id)
    .join(Organisation, Organisation.id == Award.organisation_id)
    .where(
        Organisation.lineage_id == given("lineage_id"),
        Recovery.item == RecoveryItem.PRIZE,
        Recovery.state == RecoveryState.OUTSTANDING,
    )
)


class PrizesToRecover(NamedTuple):
    """Of the prizes that were paid from a budget year, in fen: what is still to come back, and what has."""

    year: int
    outstanding_fen: int
    recovered_fen: int


async def prizes_to_recover(session: ReadSession) -> Sequence[PrizesToRecover]:
    """What is demanded back of the prizes of each budget year; not what a review, or the bank, has taken out of it."""
    query = (
        select(
            Disbursement.budget_year,
            func.sum(Recovery.amount_fen - Recovery.recovered_fen),
            func.sum(Recovery.recovered_fen),
        )
        .join(Disbursement, Disbursement.award_id == Recovery.award_id)
        .where(
            Recovery.item == RecoveryItem.PRIZE,
            Recovery.state.in_([RecoveryState.OUTSTANDING, RecoveryState.RECOVERED]),
        )
        .group_by(Disbursement.budget_year)
        .order_by(Disbursement.budget_year)
    )
    return [PrizesToRecover(row[0], int(row[1]), int(row[2])) for row in (await session.execute(query)).all()]


async def lock_recoveries_of(session: WriteSession, revocation_id: UUID) -> Sequence[Recovery]:
    """Everything that a decision demands, locked until the transaction ends."""
    return (await session.execute(_LOCK_RECOVERIES_OF, {"revocation_id": revocation_id})).scalars().all()


_LOCK_RECOVERIES_OF = (
    select(Recovery).where(Recovery.revocation_id == given("revocation_id")).order_by(Recovery.id).with_for_update()
)


async def lock_recoveries_after(session: WriteSession, doubt_id: UUID) -> Sequence[Recovery]:
    """Everything that is demanded since an award was taken back for a doubt, locked until the transaction ends."""
    return (await session.execute(_LOCK_RECOVERIES_AFTER, {"doubt_id": doubt_id})).scalars().all()


_LOCK_RECOVERIES_AFTER = (
    select(Recovery).where(Recovery.doubt_id == given("doubt_id")).order_by(Recovery.id).with_for_update()
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
) -> Sequence[tuple[Exclusion, Organisation, UUID | None]]:
    """Exclusions that stand, with their organisations and the notice that told of them, up to `limit + 1`; `on` keeps
    those that run on that day."""
    query = page_of(
        select(Exclusion, Organisation, Revocation.notice_id)
        .join(Organisation, Organisation.id == Exclusion.organisation_id)
        .join(Revocation, Revocation.id == Exclusion.revocation_id),
        Exclusion.id,
        after=after,
        limit=limit,
    )
    query = query.where(stands())
    if on is not None:
        query = query.where(*runs(Exclusion.from_day, Exclusion.last_day, on))
    return [(row[0], row[1], row[2]) for row in (await session.execute(query)).all()]
