"""What follows an award: visits, misuse of the title, sharing, reports of forgery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.sharing import SharingKind
from app.measures.state_machines import MARK_REPORT, TITLE_MISUSE, VISIT, MarkReportState, MisuseState, VisitState
from app.measures.title_use import MarkReportKind, TitleUseKind
from app.store import objections
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession
from app.store.objections.disclosures import Disclosure
from app.store.sealed import SealedText, WithSealed
from app.store.statements import Statement, given


class Visit(Identified):
    """A visit to a current winner (Art. 27): planned, then made with findings and follow-up."""

    __tablename__ = "visits"
    __table_args__ = (state_of(VISIT),)

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    state: Mapped[VisitState]
    planned_on: Mapped[date]
    visited_on: Mapped[date | None]
    visitors: Mapped[list[str]]
    findings: Mapped[str | None]
    follow_up: Mapped[str | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class TitleMisuse(Identified):
    """Misuse of the title or mark, with its correction order (Art. 23); by itself it revokes nothing."""

    __tablename__ = "title_misuses"
    __table_args__ = (
        one_of("use", TitleUseKind),
        state_of(TITLE_MISUSE),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    use: Mapped[TitleUseKind]
    year_named: Mapped[int | None]
    used_on: Mapped[date]
    found_on: Mapped[date]
    description: Mapped[str]
    evidence: Mapped[str]
    order_text: Mapped[str]
    correct_by: Mapped[date]
    state: Mapped[MisuseState]
    corrected_on: Mapped[date | None]
    correction: Mapped[str | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class SharingActivity(Identified):
    """Sharing of experience by a winner (Art. 25). What is a trade secret is never published; declining is
    legitimate."""

    __tablename__ = "sharing_activities"
    __table_args__ = (one_of("kind", SharingKind),)

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    kind: Mapped[SharingKind]
    held_on: Mapped[date]
    title: Mapped[str]
    description: Mapped[str]
    trade_secret: Mapped[bool]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class MarkReport(Identified):
    """A report by anyone of a forged or misused mark, plaque or certificate, or of an unlawful review (Art. 31), as
    everybody but its investigator knows it. What came in lies in `MarkReportOriginal`, away from every ordinary
    query."""

    __tablename__ = "mark_reports"
    __table_args__ = (
        one_of("kind", MarkReportKind),
        state_of(MARK_REPORT),
        CheckConstraint("(summary IS NULL) = (summarised_at IS NULL)", name="summary_dated"),
    )

    kind: Mapped[MarkReportKind]
    state: Mapped[MarkReportState]
    tracking_hash: Mapped[str] = mapped_column(unique=True)
    # Who alone reads the original, and what he says of it to all others.
    investigator_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    conflict_check: Mapped[str | None]
    summary: Mapped[str | None]
    summarised_at: Mapped[datetime | None]
    follow_up: Mapped[str | None]
    followed_up_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    followed_up_at: Mapped[datetime | None]


class MarkReportOriginal(WithSealed):
    """A report as it came: about whom, who reported, how to reach him, his words. Its investigator alone reads it, and
    every reading is audited."""

    __tablename__ = "mark_report_originals"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("mark_reports.id"), unique=True)
    sealed_subject: Mapped[bytes]
    sealed_description: Mapped[bytes]
    sealed_name: Mapped[bytes | None]
    sealed_contact: Mapped[bytes | None]
    subject = SealedText[str]()
    description = SealedText[str]()
    name = SealedText[str | None]()
    contact = SealedText[str | None]()


class MarkReportRecusal(Identified):
    """An investigator who has recused himself from a report, for good: he is not assigned to it again."""

    __tablename__ = "mark_report_recusals"
    __table_args__ = (UniqueConstraint("report_id", "account_id"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("mark_reports.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str]


async def has_recused(session: ReadSession, *, report_id: UUID, account_id: UUID) -> bool:
    """Whether this account has recused itself from the report."""
    return (await session.execute(_HAS_RECUSED, {"report_id": report_id, "account_id": account_id})).first() is not None


_HAS_RECUSED = select(MarkReportRecusal.id).where(
    MarkReportRecusal.report_id == given("report_id"), MarkReportRecusal.account_id == given("account_id")
)


def _read_by(account_id: BindParameter[UUID]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Disclosure.asked_by == account_id, Disclosure.read_at.is_not(None)


class Known(NamedTuple):
    """Whether an account has read an objection as it came, or entered one from paper, and a report: few have."""

    objections: bool
    reports: bool


async def known_to(session: ReadSession, account_id: UUID) -> Known:
    """What there is that this account could give away."""
    return await session.row(_KNOWN_TO, {"account_id": account_id}) or Known(False, False)


_KNOWN_TO = Statement(
    select(
        exists().where(objections.known_to(given("account_id"))),
        exists().where(Disclosure.report_id.is_not(None), *_read_by(given("account_id"))),
    ),
    Known,
)


async def reports_known_to(session: ReadSession, account_id: UUID) -> Sequence[MarkReportOriginal]:
    """The reports as they came that this account has read. For comparing, told to nobody."""
    return (await session.execute(_REPORTS_KNOWN_TO, {"account_id": account_id})).scalars().all()


_REPORTS_KNOWN_TO = select(MarkReportOriginal).where(
    exists().where(Disclosure.report_id == MarkReportOriginal.report_id, *_read_by(given("account_id")))
)


Followed = TypeVar("Followed", Visit, TitleMisuse, SharingActivity)


async def of_award(
    session: ReadSession, model: type[Followed], *, award_id: UUID, after: UUID | None, limit: int
) -> Sequence[Followed]:
    """Visits, misuses or sharing activities of an award by creation, up to `limit + 1`."""
    query = page_of(select(model).where(model.award_id == award_id), model.id, after=after, limit=limit)
    return (await session.execute(query)).scalars().all()


async def published_sharing(
    session: ReadSession, *, award_id: UUID, after: UUID | None, limit: int
) -> Sequence[SharingActivity]:
    """What of an award's sharing everybody may read: held, and no trade secret; up to `limit + 1`."""
    query = page_of(
        select(SharingActivity).where(
            SharingActivity.award_id == award_id,
            SharingActivity.kind == SharingKind.HELD,
            SharingActivity.trade_secret.is_(False),
        ),
        SharingActivity.id,
        after=after,
        limit=limit,
    )
    return (await session.execute(query)).scalars().all()


async def mark_report_by_tracking_code(session: ReadSession, tracking_hash: str) -> MarkReport | None:
    """The report of a tracking code, by its fingerprint."""
    return (
        await session.execute(select(MarkReport).where(MarkReport.tracking_hash == tracking_hash))
    ).scalar_one_or_none()


async def mark_report_original(session: ReadSession, report_id: UUID) -> MarkReportOriginal | None:
    """The report as it came. Asked for by its investigator, and told to nobody else."""
    return (await session.execute(_MARK_REPORT_ORIGINAL, {"report_id": report_id})).scalar_one_or_none()


_MARK_REPORT_ORIGINAL = select(MarkReportOriginal).where(MarkReportOriginal.report_id == given("report_id"))


async def mark_reports_page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[MarkReport]:
    """Reports of forgery and misuse by creation, up to `limit + 1`."""
    query = page_of(select(MarkReport), MarkReport.id, after=after, limit=limit, only=[(MarkReport.state, state)])
    return (await session.execute(query)).scalars().all()
