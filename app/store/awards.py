"""Awards and their life after the ceremony: certificates, visits, title use, revocation, recovery, exclusion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Row,
    Select,
    UniqueConstraint,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.lives import AWARD, REVOCATION
from app.store.base import Identified, one_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.parties import Organisation
from app.store.rounds import Decree, Round


class Award(Identified):
    """An award (Art. 22). A first or later award takes a numbered seat; a repeated one (复评, Art. 6) takes none."""

    __tablename__ = "awards"
    __table_args__ = (
        state_of(AWARD),
        UniqueConstraint("round_id", "organisation_id"),
        UniqueConstraint("round_id", "seat_bucket", "seat_number"),
        ForeignKeyConstraint(
            ["round_id", "seat_bucket", "seat_number"],
            ["round_seats.round_id", "round_seats.bucket", "round_seats.number"],
            name="fk_awards_seat",
        ),
        CheckConstraint(
            "(repeated AND seat_bucket IS NULL AND seat_number IS NULL)"
            " OR (NOT repeated AND seat_bucket IS NOT NULL AND seat_number IS NOT NULL)",
            name="seat_unless_repeated",
        ),
        CheckConstraint("prize_fen >= 0 AND (prize_fen = 0 OR first_time)", name="prize_for_first_only"),
        CheckConstraint("state IN ('approved', 'struck') OR valid_until IS NOT NULL", name="conferred_is_dated"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), unique=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    awarded_name: Mapped[str]
    award_year: Mapped[int]
    state: Mapped[str]
    first_time: Mapped[bool]
    repeated: Mapped[bool]
    seat_bucket: Mapped[str | None]
    seat_number: Mapped[int | None]
    prize_fen: Mapped[int]
    decree_id: Mapped[UUID | None] = mapped_column(ForeignKey("decrees.id"), index=True)
    conferred_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    certificate_number: Mapped[str | None] = mapped_column(unique=True)
    certificate_issued_on: Mapped[date | None]
    plaque_number: Mapped[str | None] = mapped_column(unique=True)
    revoked_on: Mapped[date | None]
    # Fraud found between approval and decree (Art. 26): the award never came to be.
    struck_on: Mapped[date | None]
    struck_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Visit(Identified):
    """A visit to a current winner (Art. 27): planned, then made with findings and follow-up."""

    __tablename__ = "visits"
    __table_args__ = (one_of("state", ["planned", "made", "cancelled"]),)

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    state: Mapped[str]
    planned_on: Mapped[date]
    visited_on: Mapped[date | None]
    visitors: Mapped[list[Any]]
    findings: Mapped[str | None]
    follow_up: Mapped[str | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class TitleMisuse(Identified):
    """Misuse of the title or mark, with its correction order (Art. 23); by itself it revokes nothing."""

    __tablename__ = "title_misuses"
    __table_args__ = (
        one_of("use", ["image", "product", "package"]),
        one_of("state", ["ordered", "corrected"]),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    use: Mapped[str]
    year_named: Mapped[int | None]
    used_on: Mapped[date]
    found_on: Mapped[date]
    description: Mapped[str]
    evidence: Mapped[str]
    order_text: Mapped[str]
    correct_by: Mapped[date]
    state: Mapped[str]
    corrected_on: Mapped[date | None]
    correction: Mapped[str | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class SharingActivity(Identified):
    """Sharing of experience by a winner (Art. 25). What is a trade secret is never published; declining is
    legitimate."""

    __tablename__ = "sharing_activities"
    __table_args__ = (one_of("kind", ["held", "declined_trade_secret"]),)

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    kind: Mapped[str]
    held_on: Mapped[date]
    title: Mapped[str]
    description: Mapped[str]
    trade_secret: Mapped[bool]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class MarkReport(Identified):
    """A report by anyone of a forged or misused mark, plaque or certificate, or of an unlawful review (Art. 31)."""

    __tablename__ = "mark_reports"
    __table_args__ = (
        one_of("kind", ["forgery", "misuse", "unauthorised_review"]),
        one_of("state", ["received", "followed_up"]),
    )

    kind: Mapped[str]
    state: Mapped[str]
    description: Mapped[str]
    subject: Mapped[str]
    reporter_name: Mapped[str | None]
    reporter_contact: Mapped[str | None]
    receipt_hash: Mapped[str] = mapped_column(unique=True)
    follow_up: Mapped[str | None]
    followed_up_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    followed_up_at: Mapped[datetime | None]


class Revocation(Identified):
    """A case of revocation under Art. 26 or 28: submitted by the office, decided by the government."""

    __tablename__ = "revocations"
    __table_args__ = (
        state_of(REVOCATION),
        one_of("basis", ["fraud", "grounds"]),
        Index("ix_revocations_award", "award_id", "id"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    basis: Mapped[str]
    ground: Mapped[int | None]
    event_on: Mapped[date | None]
    event: Mapped[dict[str, Any]]
    facts: Mapped[str]
    evidence: Mapped[str]
    state: Mapped[str]
    supplementary_to: Mapped[UUID | None] = mapped_column(ForeignKey("revocations.id"))
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    decision_reason: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    consequences: Mapped[dict[str, Any] | None]
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Recovery(Identified):
    """Something to be taken back after a revocation for fraud (Art. 26): plaque, certificate, or the prize in fen."""

    __tablename__ = "recoveries"
    __table_args__ = (
        one_of("item", ["plaque", "certificate", "prize"]),
        one_of("state", ["outstanding", "recovered"]),
        UniqueConstraint("award_id", "item"),
        CheckConstraint("(item = 'prize') = (amount_fen > 0)", name="only_prize_has_amount"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    revocation_id: Mapped[UUID] = mapped_column(ForeignKey("revocations.id"), index=True)
    item: Mapped[str]
    amount_fen: Mapped[int]
    recovered_fen: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str]
    recovered_on: Mapped[date | None]
    evidence: Mapped[str | None]


class RecoveryReceipt(Identified):
    """Something that came back: a thing, or a part of the money or all of it."""

    __tablename__ = "recovery_receipts"
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


Followed = TypeVar("Followed", Visit, TitleMisuse, SharingActivity)


async def get(session: ReadSession, award_id: UUID) -> Award | None:
    """The award with this id."""
    return await session.get(Award, award_id)


async def lock(session: WriteSession, award_id: UUID) -> Award | None:
    """The award, locked until the transaction ends: its money and its revocation come one after the other."""
    return (await session.execute(select(Award).where(Award.id == award_id).with_for_update())).scalar_one_or_none()


async def revocations_of(session: ReadSession, award_id: UUID) -> Sequence[Revocation]:
    """Every case on an award, oldest first."""
    query = select(Revocation).where(Revocation.award_id == award_id).order_by(Revocation.id)
    return (await session.execute(query)).scalars().all()


async def revocations_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[Revocation]:
    """Cases by creation, up to `limit + 1`."""
    query = select(Revocation).order_by(Revocation.id).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(Revocation.id > after)
    if state is not None:
        query = query.where(Revocation.state == state)
    return (await session.execute(query)).scalars().all()


async def recovery_of(session: ReadSession, award_id: UUID, item: str) -> Recovery | None:
    """What is to be recovered of this item, if anything."""
    query = select(Recovery).where(Recovery.award_id == award_id, Recovery.item == item)
    return (await session.execute(query)).scalar_one_or_none()


async def receipts_of(session: ReadSession, recovery_id: UUID) -> Sequence[RecoveryReceipt]:
    """What has come back of a recovery, oldest first."""
    query = select(RecoveryReceipt).where(RecoveryReceipt.recovery_id == recovery_id).order_by(RecoveryReceipt.id)
    return (await session.execute(query)).scalars().all()


async def recoveries_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[Recovery]:
    """Recoveries by creation, up to `limit + 1`."""
    query = select(Recovery).order_by(Recovery.id).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(Recovery.id > after)
    if state is not None:
        query = query.where(Recovery.state == state)
    return (await session.execute(query)).scalars().all()


async def exclusion_of(session: ReadSession, revocation_id: UUID) -> Exclusion | None:
    """The exclusion that a decision brought."""
    query = select(Exclusion).where(Exclusion.revocation_id == revocation_id)
    return (await session.execute(query)).scalar_one_or_none()


async def exclusions_page(
    session: ReadSession, *, after: UUID | None, limit: int, on: date | None
) -> Sequence[tuple[Exclusion, Organisation]]:
    """Exclusions with their organisations, up to `limit + 1`; `on` keeps those that run on that day."""
    query = (
        select(Exclusion, Organisation)
        .join(Organisation, Organisation.id == Exclusion.organisation_id)
        .order_by(Exclusion.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(Exclusion.id > after)
    if on is not None:
        query = query.where(Exclusion.from_day <= on, Exclusion.last_day >= on)
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def of_award(
    session: ReadSession, model: type[Followed], *, award_id: UUID, after: UUID | None, limit: int
) -> Sequence[Followed]:
    """Visits, misuses or sharing activities of an award by creation, up to `limit + 1`."""
    query = select(model).where(model.award_id == award_id).order_by(model.id).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(model.id > after)
    return (await session.execute(query)).scalars().all()


async def published_sharing(
    session: ReadSession, *, award_id: UUID, after: UUID | None, limit: int
) -> Sequence[SharingActivity]:
    """What of an award's sharing everybody may read: held, and no trade secret; up to `limit + 1`."""
    query = (
        select(SharingActivity)
        .where(
            SharingActivity.award_id == award_id,
            SharingActivity.kind == "held",
            SharingActivity.trade_secret.is_(False),
        )
        .order_by(SharingActivity.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(SharingActivity.id > after)
    return (await session.execute(query)).scalars().all()


async def mark_report_by_receipt(session: ReadSession, receipt_hash: str) -> MarkReport | None:
    """The report of a receipt code, by its fingerprint."""
    return (
        await session.execute(select(MarkReport).where(MarkReport.receipt_hash == receipt_hash))
    ).scalar_one_or_none()


async def mark_reports_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[MarkReport]:
    """Reports of forgery and misuse by creation, up to `limit + 1`."""
    query = select(MarkReport).order_by(MarkReport.id).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(MarkReport.id > after)
    if state is not None:
        query = query.where(MarkReport.state == state)
    return (await session.execute(query)).scalars().all()


async def of_round(session: ReadSession, round_id: UUID) -> Sequence[Award]:
    """A round's awards: by bucket and seat, the repeated ones last."""
    query = (
        select(Award)
        .where(Award.round_id == round_id)
        .order_by(Award.repeated, Award.seat_bucket, Award.seat_number, Award.id)
    )
    return (await session.execute(query)).scalars().all()


async def register_page(
    session: ReadSession, *, after: UUID | None, limit: int, year: int | None, status: str | None, today: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The register, newest first, up to `limit + 1` plain rows; `status` is that of `today`."""
    query = _register().order_by(Award.id.desc()).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(Award.id < after)
    if year is not None:
        query = query.where(Award.award_year == year)
    if status == "revoked":
        query = query.where(Award.state == "revoked")
    elif status == "valid":
        query = query.where(Award.state == "conferred", Award.valid_until >= today)
    elif status == "expired":
        query = query.where(Award.state == "conferred", Award.valid_until < today)
    return (await session.execute(query)).all()


async def register_line(session: ReadSession, *, certificate_number: str) -> Row[*tuple[Any, ...]] | None:
    """The line of the register that carries this certificate's number."""
    query = _register().where(Award.certificate_number == certificate_number)
    return (await session.execute(query)).one_or_none()


def _register() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Award.id,
            Award.round_id,
            Award.award_year,
            Award.awarded_name,
            Award.state,
            Award.repeated,
            Award.certificate_number,
            Award.certificate_issued_on,
            Award.conferred_on,
            Award.valid_until,
            Award.revoked_on,
            Round.ordinal.label("round_ordinal"),
            Round.is_sample,
            Decree.number.label("decree_number"),
        )
        .join(Round, Round.id == Award.round_id)
        .join(Decree, Decree.id == Award.decree_id)
        .where(Award.state.in_(("conferred", "revoked")))
    )
