"""Where an application stands in the procedure, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.measures.reviews import Stage
from app.store.applications import Application
from app.store.awards import Award
from app.store.database import ReadSession
from app.store.notices import Notice
from app.store.publicity import Candidate
from app.store.qualification import AdverseRecord, Correction
from app.store.recommendations import Recommendation
from app.store.reviews import Evaluation, ShortlistEntry, StageReport
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Course:
    """An application with what was done about it. What is not public yet is for the service to leave out."""

    application: Application
    round_row: Round
    recommendations: Sequence[Recommendation]
    corrections: Sequence[Correction]
    hearings: Sequence[AdverseRecord]
    shortlisted_at: datetime | None
    onsite_at: datetime | None
    evaluated_at: datetime | None
    candidate: Candidate | None
    notice: Notice | None
    award: Award | None


async def course(session: ReadSession, application: Application) -> Course:
    """Everything that the timeline and the calendar of an application are made of."""
    of_it = application.id
    round_row = (await session.execute(select(Round).where(Round.id == application.round_id))).scalar_one()
    recommendations = select(Recommendation).where(Recommendation.application_id == of_it).order_by(Recommendation.id)
    corrections = select(Correction).where(Correction.application_id == of_it).order_by(Correction.id)
    hearings = (
        select(AdverseRecord)
        .where(
            AdverseRecord.application_id == of_it,
            AdverseRecord.reply_due_at.is_not(None),
            AdverseRecord.replied_at.is_(None),
            AdverseRecord.decided_at.is_(None),
        )
        .order_by(AdverseRecord.id)
    )
    shortlisted = select(ShortlistEntry.created_at).where(ShortlistEntry.application_id == of_it)
    onsite = select(StageReport.created_at).where(
        StageReport.application_id == of_it, StageReport.stage == Stage.ONSITE
    )
    evaluated = select(Evaluation.created_at).where(Evaluation.round_id == application.round_id)
    publicity = (
        select(Candidate, Notice)
        .join(Notice, Notice.id == Candidate.notice_id)
        .where(Candidate.application_id == of_it)
    )
    award = select(Award).where(Award.application_id == of_it)
    found = (await session.execute(publicity)).one_or_none()
    return Course(
        application=application,
        round_row=round_row,
        recommendations=(await session.execute(recommendations)).scalars().all(),
        corrections=(await session.execute(corrections)).scalars().all(),
        hearings=(await session.execute(hearings)).scalars().all(),
        shortlisted_at=(await session.execute(shortlisted)).scalars().first(),
        onsite_at=(await session.execute(onsite)).scalars().first(),
        evaluated_at=(await session.execute(evaluated)).scalars().first(),
        candidate=found[0] if found else None,
        notice=found[1] if found else None,
        award=(await session.execute(award)).scalar_one_or_none(),
    )
