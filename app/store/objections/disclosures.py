"""Disclosures: that one person asks to read who wrote, and another one releases it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, and_, or_, select, true, update
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.disclosure import DisclosureMatter, DisclosureOutcome
from app.store.base import Identified, one_of, page_of
from app.store.database import ReadSession, WriteSession
from app.store.objections import Objection
from app.store.publicity import Candidate


class Disclosure(Identified):
    """That an investigator has asked to read an objection or a report as it came, and what another person has said to
    it. `ends_at`: of the request until it is decided, of the release from then on."""

    __tablename__ = "disclosures"
    __table_args__ = (
        one_of("outcome", DisclosureOutcome),
        CheckConstraint("(objection_id IS NULL) <> (report_id IS NULL)", name="of_one_matter"),
        CheckConstraint("decided_by <> asked_by", name="decided_by_another"),
        CheckConstraint(
            "(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)",
            name="decided_whole",
        ),
        CheckConstraint("withdrawn_by IS NULL OR withdrawn_at IS NOT NULL", name="withdrawn_by_when_withdrawn"),
        CheckConstraint("read_at IS NULL OR (outcome IS NOT NULL AND outcome = 'released')", name="read_when_released"),
    )

    objection_id: Mapped[UUID | None] = mapped_column(ForeignKey("objections.id"), index=True)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("mark_reports.id"), index=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str]
    ends_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[DisclosureOutcome | None]
    statement: Mapped[str | None]
    # When it was first used.
    read_at: Mapped[datetime | None]
    # When it has ended before its time: it was withdrawn, another has become investigator, or the account that released
    # it was stopped; by nobody's account where the operator did that.
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))

    @property
    def matter(self) -> DisclosureMatter:
        """What is read as it came."""
        return DisclosureMatter.MARK_REPORT if self.objection_id is None else DisclosureMatter.OBJECTION

    @property
    def matter_id(self) -> UUID:
        """Of the objection or the report."""
        return cast("UUID", self.objection_id or self.report_id)


async def page(session: ReadSession, *, after: UUID | None, limit: int) -> Sequence[tuple[Disclosure, str | None]]:
    """Disclosures that were asked for, the newest first, up to `limit + 1`, each with the name of the candidate."""
    query = page_of(
        select(Disclosure, Candidate.published_name)
        .outerjoin(Objection, Objection.id == Disclosure.objection_id)
        .outerjoin(Candidate, Candidate.id == Objection.candidate_id),
        Disclosure.id,
        after=after,
        limit=limit,
        newest_first=True,
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def lock(session: WriteSession, disclosure_id: UUID) -> Disclosure | None:
    """The disclosure, read again and locked until the transaction ends."""
    return await session.get(Disclosure, disclosure_id, with_for_update=True, populate_existing=True)


async def standing(session: ReadSession, matter_id: UUID, *, asked_by: UUID, now: datetime) -> Sequence[Disclosure]:
    """What this account has asked of an objection or a report, as far as it waits or is in force."""
    query = (
        select(Disclosure)
        .where(
            or_(Disclosure.objection_id == matter_id, Disclosure.report_id == matter_id),
            Disclosure.asked_by == asked_by,
            _standing(now),
        )
        .order_by(Disclosure.id)
    )
    return (await session.execute(query)).scalars().all()


def _standing(now: datetime) -> ColumnElement[bool]:
    waits_or_released = or_(Disclosure.outcome.is_(None), Disclosure.outcome == DisclosureOutcome.RELEASED)
    return and_(Disclosure.ends_at > now, Disclosure.withdrawn_at.is_(None), waits_or_released)


async def end_of_others(
    session: WriteSession, matter_id: UUID, *, investigator_id: UUID | None, now: datetime, by: UUID
) -> list[UUID]:
    """End for good what anybody but its investigator has asked of an objection or a report, as far as it waits or is in
    force; answers which."""
    of_it = or_(Disclosure.objection_id == matter_id, Disclosure.report_id == matter_id)
    others = true() if investigator_id is None else Disclosure.asked_by != investigator_id
    return await _end(session, and_(of_it, others), now=now, by=by)


async def end_of_decider(session: WriteSession, account_id: UUID, *, now: datetime, by: UUID | None) -> list[UUID]:
    """End for good every release by this account; answers which."""
    return await _end(session, Disclosure.decided_by == account_id, now=now, by=by)


async def _end(session: WriteSession, which: ColumnElement[bool], *, now: datetime, by: UUID | None) -> list[UUID]:
    ending = update(Disclosure).where(which, _standing(now)).values(withdrawn_at=now, withdrawn_by=by)
    ended = await session.execute(ending.returning(Disclosure.id).execution_options(synchronize_session=False))
    return [row.id for row in ended.all()]


async def was_disclosed(session: ReadSession, *, report_id: UUID, account_id: UUID | None) -> bool:
    """Whether this account has read the report as it came."""
    query = select(Disclosure.id).where(
        Disclosure.report_id == report_id, Disclosure.asked_by == account_id, Disclosure.read_at.is_not(None)
    )
    return account_id is not None and (await session.execute(query.limit(1))).first() is not None
