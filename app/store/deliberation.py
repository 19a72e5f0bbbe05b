"""The committee's meeting, and the verification of an applicant's record before it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NotRequired, TypedDict
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.facts import Verdict
from app.store.base import Identified, Json, one_of
from app.store.database import ReadSession
from app.store.statements import given


class MeritRecord(TypedDict):
    """The committee's finding on merit (Art. 4)."""

    outcome: str
    reason: str
    evidence: str


class BallotsRecord(TypedDict):
    """The ballots of one vote."""

    issued: int
    returned: int
    invalid: int


class ConclusionRecord(TypedDict):
    """The committee's conclusion on one application."""

    application_id: str
    recommended: bool
    reason: str
    votes_for: int
    votes_against: int
    abstentions: int
    recused: list[str]
    ballots: BallotsRecord | None
    merit: MeritRecord


class OfficeRecord(TypedDict):
    """A member's office in the committee."""

    name: str
    office: str
    presided: NotRequired[bool]


class Deliberation(Identified):
    """The review committee's meeting (Art. 11(5)). `conclusions`: per application votes, conclusion, merit finding."""

    __tablename__ = "deliberations"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), unique=True)
    meeting_on: Mapped[date]
    members: Mapped[list[str]]
    present: Mapped[list[str]]
    chair: Mapped[str | None]
    offices: Mapped[list[OfficeRecord]] = mapped_column(Json)
    minutes: Mapped[str]
    conclusions: Mapped[list[ConclusionRecord]] = mapped_column(Json)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class SocialVerification(Identified):
    """The recorded investigation of an applicant's record and social feedback (Art. 11(4))."""

    __tablename__ = "social_verifications"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    outcome: Mapped[Verdict]
    evidence: Mapped[str]
    reason: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (one_of("outcome", Verdict),)


async def deliberation_of(session: ReadSession, round_id: UUID) -> Deliberation | None:
    """The round's deliberation, once it is recorded."""
    return (await session.execute(_DELIBERATION_OF, {"round_id": round_id})).scalar_one_or_none()


_DELIBERATION_OF = select(Deliberation).where(Deliberation.round_id == given("round_id"))


async def verification_of(session: ReadSession, application_id: UUID) -> SocialVerification | None:
    """The social verification of an application, once it is recorded."""
    return (await session.execute(_VERIFICATION_OF, {"application_id": application_id})).scalar_one_or_none()


_VERIFICATION_OF = select(SocialVerification).where(SocialVerification.application_id == given("application_id"))


async def verifications_of(session: ReadSession, application_ids: Collection[UUID]) -> dict[UUID, SocialVerification]:
    """The social verifications of these applications, by application."""
    return {
        row.application_id: row
        for row in (await session.execute(_VERIFICATIONS_OF, {"application_ids": list(application_ids)})).scalars()
    }


_VERIFICATIONS_OF = select(SocialVerification).where(SocialVerification.application_id.in_(given("application_ids")))
