"""Disbursements of the prize and what the payment platform reported (Art. 9)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.amounts import amount_in_words
from app.measures.disbursements import PaymentOutcome
from app.measures.prize import PrizeMatter
from app.measures.state_machines import DISBURSEMENT, AwardState, DisbursementState
from app.measures.text import plain_number
from app.store.awards import Award
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.feeds import FeedEvent
from app.store.organisations import Organisation
from app.store.readers import Reader
from app.store.sealed import SealedText, WithSealed, opened, seals_of
from app.store.statements import Statement, columns, given, many

# The same words stand in the schema.
_COUNTS = text("taken_back_on IS NULL")


class Disbursement(WithSealed):
    """The one prize of a legal person: unique by award and by lineage, so that no line of code can order a second. That
    of an award that was taken back on `taken_back_on` counts no more: whoever paid it back, or never had it, has had
    none."""

    __tablename__ = "disbursements"
    __table_args__ = (
        state_of(DISBURSEMENT),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "state IN ('cancelled', 'suspended', 'unordered')"
            " OR (bank_name IS NOT NULL AND sealed_bank_account IS NOT NULL)",
            name="ordered_has_account",
        ),
        *(
            Index(f"uq_disbursements_{key}", key, unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS)
            for key in ("lineage_id", "organisation_id")
        ),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    lineage_id: Mapped[UUID]
    amount_fen: Mapped[int]
    budget_year: Mapped[int]
    decree_number: Mapped[str]
    decree_dated: Mapped[date]
    award_year: Mapped[int]
    payee_name: Mapped[str]
    payee_uscc: Mapped[str]
    # None where the government has decided that the prize is never ordered.
    bank_name: Mapped[str | None]
    sealed_bank_account: Mapped[bytes | None]
    sealed_bank_number: Mapped[bytes | None]
    bank_account = SealedText[str | None]()
    bank_number = SealedText[str | None]()
    state: Mapped[DisbursementState]
    attempt: Mapped[int]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    paid_on: Mapped[date | None]
    confirmation_number: Mapped[str | None] = mapped_column(unique=True)
    hold_reason: Mapped[str | None]
    # The case whose decision cancelled it; None where the government has decided on the prize itself.
    cancelled_under: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    # The number of the government's decision on the prize itself, the last of several; no day is stated of it.
    cancelled_by: Mapped[str | None]
    taken_back_on: Mapped[date | None]
    ordered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def amount_in_words(self) -> str:
        """The amount as a cheque has it."""
        return amount_in_words(self.amount_fen)


class PaymentReport(Identified):
    """One report of the platform on one attempt: an outcome, and a payment that came back; whose attempt it was, and to
    which account, as a keyed hash that can only be compared. The confirmation number is unique however it is written: a
    payment is entered once."""

    __tablename__ = "payment_reports"
    __table_args__ = (
        one_of("outcome", PaymentOutcome),
        UniqueConstraint("disbursement_id", "attempt", "outcome"),
        CheckConstraint(
            "outcome <> 'paid' OR (confirmation_number IS NOT NULL AND confirmation_key IS NOT NULL)",
            name="paid_has_confirmation",
        ),
    )

    disbursement_id: Mapped[UUID] = mapped_column(ForeignKey("disbursements.id"))
    attempt: Mapped[int]
    outcome: Mapped[PaymentOutcome]
    confirmation_number: Mapped[str | None]
    # The number for comparing (`plain_number`).
    confirmation_key: Mapped[str | None] = mapped_column(unique=True)
    amount_fen: Mapped[int | None]
    paid_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    failure_reason: Mapped[str | None]
    account_mark: Mapped[str]
    acknowledged_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class PrizeDecision(Identified):
    """What the government has decided of a prize (Art. 9): which organisation receives that of a dissolved winner, or
    that it is paid beside what was owed back then, in fen. The last decision on a matter counts."""

    __tablename__ = "prize_decisions"
    __table_args__ = (
        one_of("kind", PrizeMatter),
        CheckConstraint("(kind = 'recipient') = (recipient_id IS NOT NULL)", name="recipient_named"),
        CheckConstraint("(kind = 'recovery') = (outstanding_fen IS NOT NULL)", name="recovery_told"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    kind: Mapped[PrizeMatter]
    number: Mapped[str]
    decided_on: Mapped[date]
    reason: Mapped[str]
    evidence: Mapped[str]
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    outstanding_fen: Mapped[int | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Appropriation(Identified):
    """What the county budget gives to the prizes of a year, by its document (Art. 9). The last that was recorded
    counts: a supplementary budget replaces the amount before it."""

    __tablename__ = "appropriations"
    __table_args__ = (
        UniqueConstraint("document_number", "year"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    )

    year: Mapped[int] = mapped_column(index=True)
    amount_fen: Mapped[int]
    document_number: Mapped[str]
    document_date: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


# Otherwise the account was found wrong, or nothing is paid.
_ACCOUNT_STANDS = (
    DisbursementState.PAYABLE,
    DisbursementState.ACKNOWLEDGED,
    DisbursementState.PAID,
    DisbursementState.SUSPENDED,
)


class Balance(NamedTuple):
    """The prizes of a budget year in fen: how much lies in which state."""

    year: int
    state: str
    attempts: bool
    amount_fen: int


async def one_at_a_time(session: WriteSession) -> None:
    """Orders and appropriations one after the other, until the transaction ends: an order looks at what the others take
    from its year, and at their accounts."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(9, 0)"))


async def appropriation_of(session: ReadSession, year: int) -> Appropriation | None:
    """The appropriation of a year that counts, if one is on record."""
    query = select(Appropriation).where(Appropriation.year == year).order_by(Appropriation.id.desc())
    return (await session.execute(query.limit(literal_column("1")))).scalar_one_or_none()


async def appropriations(session: ReadSession) -> Sequence[Appropriation]:
    """Every appropriation on record, by year and in the order of their recording."""
    return (await session.execute(_APPROPRIATIONS)).scalars().all()


_APPROPRIATIONS = select(Appropriation).order_by(Appropriation.year, Appropriation.id)


async def balances(session: ReadSession, year: int | None = None) -> Sequence[Balance]:
    """The prizes by budget year and state. Apart: those that were never ordered (no attempt), and the cancelled ones of
    awards that stand, which nobody receives and no review of a revocation brings back."""
    stands = select(Award.id).where(Award.id == Disbursement.award_id, Award.state == AwardState.CONFERRED).exists()
    given_up = and_(Disbursement.state == DisbursementState.CANCELLED, stands)
    attempted = and_(Disbursement.attempt > 0, not_(given_up)).label("attempts")
    query = (
        select(Disbursement.budget_year, Disbursement.state, attempted, func.sum(Disbursement.amount_fen))
        .group_by(Disbursement.budget_year, Disbursement.state, attempted)
        .order_by(Disbursement.budget_year, Disbursement.state)
    )
    if year is not None:
        query = query.where(Disbursement.budget_year == year)
    rows = (await session.execute(query)).all()
    return [Balance(row[0], row[1], bool(row[2]), int(row[3])) for row in rows]


async def decisions_told(session: ReadSession) -> list[tuple[str, date | None]]:
    """Number and day (Shanghai) of every decision on a prize; of one that it is not paid no day is stated."""
    rows = (await session.execute(select(PrizeDecision.number, PrizeDecision.decided_on))).all()
    ended = (await session.execute(select(Disbursement.cancelled_by))).all()
    return [*((row[0], row[1]) for row in rows), *((row[0], None) for row in ended if row[0] is not None)]


class _OfAward(NamedTuple):
    award_id: UUID


async def award_of(session: ReadSession, disbursement_id: UUID) -> UUID | None:
    """The award whose prize the disbursement with this id is."""
    found = await session.row(_AWARD_OF, {"id": disbursement_id})
    return None if found is None else found.award_id


_AWARD_OF = Statement(select(Disbursement.award_id).where(Disbursement.id == given("id")), _OfAward)


async def lock(session: WriteSession, disbursement_id: UUID) -> Disbursement | None:
    """The disbursement, locked until the transaction ends."""
    return (await session.execute(_LOCK, {"disbursement_id": disbursement_id})).scalar_one_or_none()


_LOCK = select(Disbursement).where(Disbursement.id == given("disbursement_id")).with_for_update()


async def of_award(session: ReadSession, award_id: UUID) -> Disbursement | None:
    """The award's disbursement, if one was ordered."""
    return (await session.execute(_OF_AWARD, {"award_id": award_id})).scalar_one_or_none()


_OF_AWARD = select(Disbursement).where(Disbursement.award_id == given("award_id"))


async def lock_of_award(session: WriteSession, award_id: UUID) -> Disbursement | None:
    """The award's disbursement, locked until the transaction ends."""
    return (await session.execute(_LOCK_OF_AWARD, {"award_id": award_id})).scalar_one_or_none()


_LOCK_OF_AWARD = select(Disbursement).where(Disbursement.award_id == given("award_id")).with_for_update()


async def of_lineage(session: ReadSession, lineage_id: UUID) -> Disbursement | None:
    """The one disbursement that the legal person, a predecessor or a successor has had (Art. 9); not that of an award
    that was taken back (Art. 22)."""
    return (await session.execute(_OF_LINEAGE, {"lineage_id": lineage_id})).scalar_one_or_none()


_OF_LINEAGE = (
    select(Disbursement)
    .where(
        Disbursement.taken_back_on.is_(None),
        or_(
            Disbursement.lineage_id == given("lineage_id"),
            Disbursement.organisation_id.in_(
                select(Organisation.id).where(Organisation.lineage_id == given("lineage_id"))
            ),
        ),
    )
    .limit(literal_column("1"))
)


async def decisions_on(session: ReadSession, award_id: UUID) -> Sequence[PrizeDecision]:
    """What the government has decided of an award's prize, oldest first."""
    return (await session.execute(_DECISIONS_ON, {"award_id": award_id})).scalars().all()


_DECISIONS_ON = select(PrizeDecision).where(PrizeDecision.award_id == given("award_id")).order_by(PrizeDecision.id)


async def page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None, organisations: Collection[UUID] | None
) -> Sequence[Disbursement]:
    """Disbursements by creation, up to `limit + 1`; those of the organisations that are named."""
    query = page_of(
        select(Disbursement),
        Disbursement.id,
        after=after,
        limit=limit,
        only=[(Disbursement.state, state)],
    )
    if organisations is not None:
        query = query.where(Disbursement.organisation_id.in_(organisations))
    return (await session.execute(query)).scalars().all()


async def by_ids(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Disbursement]:
    """Disbursements by id."""
    return await session.by_ids(Disbursement, ids)


class FeedLine(NamedTuple):
    """A change of a disbursement with the disbursement as it stands now."""

    position: int
    kind: str
    data: dict[str, str | int]
    id: UUID
    state: DisbursementState
    attempt: int
    amount_fen: int
    budget_year: int
    award_year: int
    decree_number: str
    decree_dated: date
    payee_name: str
    payee_uscc: str
    bank_name: str | None
    sealed_bank_account: bytes | None
    sealed_bank_number: bytes | None


def account_of(reader: Reader, line: FeedLine) -> tuple[str | None, str | None]:
    """The account that a disbursement goes to, and the bank's number, opened."""
    account, number = line.sealed_bank_account, line.sealed_bank_number
    seals, table = seals_of(reader), Disbursement.__tablename__
    return (
        None if account is None else opened(seals, account, table=table, column="bank_account", row=line.id),
        None if number is None else opened(seals, number, table=table, column="bank_number", row=line.id),
    )


async def feed_page(reader: Reader, *, feed: str, audience: str, position: int, limit: int) -> Sequence[FeedLine]:
    """Changes after a position in order, up to `limit`."""
    return await reader.rows(_FEED, {"feed": feed, "audience": audience, "position": position}, limit=limit)


_FEED = Statement(
    many(
        select(*columns(FeedLine, Disbursement, position=FeedEvent.position, kind=FeedEvent.kind, data=FeedEvent.data))
        .join_from(FeedEvent, Disbursement, Disbursement.id == FeedEvent.subject_id)
        .where(
            FeedEvent.feed == given("feed"),
            FeedEvent.audience == given("audience"),
            FeedEvent.position > given("position"),
        )
        .order_by(FeedEvent.position)
    ),
    FeedLine,
)


async def reports(session: ReadSession, disbursement_id: UUID) -> Sequence[PaymentReport]:
    """What the platform has reported on a disbursement, oldest first."""
    return (await session.execute(_REPORTS, {"disbursement_id": disbursement_id})).scalars().all()


_REPORTS = (
    select(PaymentReport).where(PaymentReport.disbursement_id == given("disbursement_id")).order_by(PaymentReport.id)
)


async def reported(session: ReadSession, disbursement_id: UUID, attempt: int) -> bool:
    """Whether the platform has reported an outcome of this attempt."""
    return (
        await session.execute(_REPORTED, {"disbursement_id": disbursement_id, "attempt": attempt})
    ).first() is not None


_REPORTED = select(PaymentReport.id).where(
    PaymentReport.disbursement_id == given("disbursement_id"), PaymentReport.attempt == given("attempt")
)


async def report_of(
    session: ReadSession, disbursement_id: UUID, attempt: int, outcome: PaymentOutcome
) -> PaymentReport | None:
    """What the platform has reported of this attempt under this outcome."""
    return (
        await session.execute(_REPORT_OF, {"disbursement_id": disbursement_id, "attempt": attempt, "outcome": outcome})
    ).scalar_one_or_none()


_REPORT_OF = select(PaymentReport).where(
    PaymentReport.disbursement_id == given("disbursement_id"),
    PaymentReport.attempt == given("attempt"),
    PaymentReport.outcome == given("outcome"),
)


async def returned_from(session: ReadSession, disbursement_id: UUID) -> frozenset[str]:
    """The marks of the accounts from which a payment of this disbursement has come back."""
    return frozenset((await session.execute(_RETURNED_FROM, {"disbursement_id": disbursement_id})).scalars())


_RETURNED_FROM = select(PaymentReport.account_mark).where(
    PaymentReport.disbursement_id == given("disbursement_id"), PaymentReport.outcome == PaymentOutcome.RETURNED
)


async def accounts_in_use(session: ReadSession, *, but_of: UUID) -> frozenset[str]:
    """The accounts to which prizes go or have gone, of other legal persons than this lineage."""
    return frozenset(
        row.bank_account
        for row in (await session.execute(_ACCOUNTS_IN_USE, {"but_of": but_of})).scalars()
        if row.bank_account
    )


_ACCOUNTS_IN_USE = select(Disbursement).where(
    Disbursement.lineage_id != given("but_of"), Disbursement.state.in_(_ACCOUNT_STANDS)
)


async def by_confirmation(session: ReadSession, confirmation_number: str) -> PaymentReport | None:
    """The report that carries this confirmation number, however it is written."""
    query = select(PaymentReport).where(PaymentReport.confirmation_key == plain_number(confirmation_number))
    return (await session.execute(query)).scalar_one_or_none()
