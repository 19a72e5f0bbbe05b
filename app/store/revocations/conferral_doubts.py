"""Doubts about conferrals: what turned out after a decree to have stood against one of its awards on its own day
(Arts. 3, 22, 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.conferral import DoubtGround
from app.measures.state_machines import CONFERRAL_DOUBT, OPEN_REVOCATION_STATES, AwardState, ConferralDoubtState
from app.measures.validity import not_past
from app.store.awards import Award
from app.store.base import Identified, one_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.revocations import Revocation
from app.store.statements import given


class ConferralDoubt(Identified):
    """What turned out after a decree to have stood against one of its awards on its own day (Arts. 3, 22, 26, 28).
    `since_day`: the day of receipt of a withdrawal, from which an exclusion runs, or on which a finding stood;
    `reference`: the mark of the letter or of the document, or the number of the decision; `rule`, `evidence`: what a
    finding fails, and rests on."""

    __tablename__ = "conferral_doubts"
    __table_args__ = (
        one_of("ground", DoubtGround),
        state_of(CONFERRAL_DOUBT),
        UniqueConstraint("award_id", "revocation_id"),
        CheckConstraint("(ground = 'exclusion') = (revocation_id IS NOT NULL)", name="exclusion_by_a_revocation"),
        CheckConstraint("(ground = 'finding') = (rule IS NOT NULL)", name="finding_under_a_rule"),
        CheckConstraint("(rule IS NULL) = (evidence IS NULL)", name="finding_with_evidence"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    ground: Mapped[DoubtGround]
    since_day: Mapped[date]
    reference: Mapped[str]
    reason: Mapped[str | None]
    rule: Mapped[str | None]
    evidence: Mapped[str | None]
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


async def decisions_told(session: ReadSession) -> list[tuple[str, date]]:
    """Number and day (Shanghai) of every decision on a doubt."""
    query = select(ConferralDoubt.decision_number, ConferralDoubt.decided_on)
    rows = (await session.execute(query)).all()
    return [(number, day) for number, day in rows if number is not None and day is not None]


async def doubts_of(session: ReadSession, award_id: UUID) -> Sequence[ConferralDoubt]:
    """Every doubt about the conferral of an award, oldest first."""
    return (await session.execute(_DOUBTS_OF, {"award_id": award_id})).scalars().all()


_DOUBTS_OF = select(ConferralDoubt).where(ConferralDoubt.award_id == given("award_id")).order_by(ConferralDoubt.id)


class Held(NamedTuple):
    """What holds the prize of an award: a case that is open, a doubt on which nobody has decided."""

    case: bool
    doubt: bool


async def holding(session: ReadSession, award_id: UUID) -> Held:
    """What holds the prize of an award. One query."""
    return Held._make((await session.execute(_HOLDING, {"award_id": award_id})).one())


_HOLDING = select(
    exists().where(Revocation.award_id == given("award_id"), Revocation.state.in_(OPEN_REVOCATION_STATES)),
    exists().where(ConferralDoubt.award_id == given("award_id"), ConferralDoubt.state == ConferralDoubtState.OPEN),
)


async def taken_back(session: ReadSession, award_id: UUID) -> ConferralDoubt | None:
    """The doubt for which the government has taken an award back, where it has; the first of several."""
    voided = [item for item in await doubts_of(session, award_id) if item.state == ConferralDoubtState.VOIDED]
    return voided[0] if voided else None


async def doubts_by(session: ReadSession, revocation_id: UUID) -> Sequence[ConferralDoubt]:
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
