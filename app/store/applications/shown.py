"""A submitted application as it is shown, with the account that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.measures.roles import Membership, Role
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ApplicationState, RecommendationState, RoundState
from app.store.applications import Application
from app.store.database import ReadSession
from app.store.identity import Account, session_ended_at
from app.store.readers import Reader
from app.store.recommendations import Recommendation
from app.store.rounds import Round
from app.store.statements import Statement, as_stored, columns, given
from app.store.units import RecommendingUnit

_OF_THE_ACCOUNT = ("role", "unit_id", "membership", "deactivated_at", "tokens_valid_from")


class ShownLine(NamedTuple):
    """The account as it stands, then the application with its round. `organisation` and `content` are what was frozen
    at the submission, as stored; None before it."""

    role: Role
    own_organisation_id: UUID | None
    unit_id: UUID | None
    membership: Membership | None
    deactivated_at: datetime | None
    tokens_valid_from: datetime
    session_ended_at: datetime | None
    id: UUID
    round_id: UUID
    organisation_id: UUID
    state: ApplicationState
    organisation: bytes | None
    content: bytes | None
    number: str | None
    submitted_at: datetime | None
    snapshot_hash: str | None
    sector: str | None
    seat_category: SeatCategory | None
    confirmed_at: datetime | None
    closed_reason: str | None
    closed_rule: str | None
    closed_at: datetime | None
    created_at: datetime
    version: int
    round_state: RoundState
    deadline: date | None


class AskedLine(NamedTuple):
    """A recommendation of an application, with the name of its unit. `county_endorsement`: as stored."""

    id: UUID
    unit_id: UUID
    unit_name: str
    state: RecommendationState
    due_at: datetime | None
    answered_at: datetime | None
    opinion: str | None
    reason: str | None
    letter_number: str | None
    county_unit_id: UUID | None
    county_endorsement: bytes | None


async def shown(reader: Reader, *, account_id: UUID, session_id: UUID, application_id: UUID) -> ShownLine | None:
    """The application with the account that asks; None where either is missing."""
    return await reader.row(_SHOWN, {"account": account_id, "session": session_id, "application": application_id})


async def asked(reader: Reader | ReadSession, application_id: UUID) -> Sequence[AskedLine]:
    """Every recommendation of the application, the oldest first."""
    return await reader.rows(_ASKED, {"application": application_id})


_SHOWN = Statement(
    select(
        *columns(
            ShownLine,
            Application,
            **{name: getattr(Account, name) for name in _OF_THE_ACCOUNT},
            own_organisation_id=Account.organisation_id,
            session_ended_at=session_ended_at(),
            organisation=as_stored(Application.snapshot["organisation"]),
            content=as_stored(Application.snapshot["content"]),
            round_state=Round.state,
            deadline=Round.deadline,
        )
    )
    .join_from(Account, Application, Application.id == given("application"))
    .join(Round, Round.id == Application.round_id)
    .where(Account.id == given("account")),
    ShownLine,
)
_ASKED = Statement(
    select(
        *columns(
            AskedLine,
            Recommendation,
            unit_name=RecommendingUnit.name,
            county_endorsement=as_stored(Recommendation.county_endorsement),
        )
    )
    .join(RecommendingUnit, RecommendingUnit.id == Recommendation.unit_id)
    .where(Recommendation.application_id == given("application"))
    .order_by(Recommendation.id),
    AskedLine,
)
