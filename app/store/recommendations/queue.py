"""A unit's queue of recommendations in pages, with the account that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select

from app.measures.roles import Role
from app.measures.state_machines import OrganisationState, RecommendationState, RoundState
from app.store.applications import Application
from app.store.identity import Account, session_ended_at
from app.store.organisations import Organisation
from app.store.readers import Reader
from app.store.recommendations import CountyEndorsement, Recommendation
from app.store.rounds import Round
from app.store.statements import Statement, columns, given, many
from app.store.units import RecommendingUnit


class QueueCaller(NamedTuple):
    """The account that asks, as it stands."""

    role: Role
    unit_id: UUID | None
    deactivated_at: datetime | None
    tokens_valid_from: datetime
    session_ended_at: datetime | None


class QueueLine(NamedTuple):
    """A recommendation with the names beside it, and how its round stands."""

    id: UUID
    application_id: UUID
    round_id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
    organisation_state: OrganisationState
    unit_id: UUID
    unit_name: str
    state: RecommendationState
    created_at: datetime
    due_at: datetime | None
    content_hash: str
    facts_verified: list[str] | None
    opinion: str | None
    signatory: str | None
    signed_on: date | None
    industry_justification: str | None
    reason: str | None
    stamped_opinion_id: UUID | None
    letter_number: str | None
    order: int | None
    county_unit_id: UUID | None
    county_endorsement: CountyEndorsement | None
    county_stamped_opinion_id: UUID | None
    answered_at: datetime | None
    version: int
    deadline: date | None
    called_at: datetime | None
    round_state: RoundState


async def caller(reader: Reader, account_id: UUID, *, session_id: UUID) -> QueueCaller | None:
    """The account with this id, and its session."""
    return await reader.row(_CALLER, {"account": account_id, "session": session_id})


async def page(
    reader: Reader,
    *,
    after: UUID | None,
    limit: int,
    unit_id: UUID | None,
    round_id: UUID | None,
    state: RecommendationState | None,
) -> Sequence[QueueLine]:
    """The queue of a unit, or of all, newest first, up to `limit + 1` rows."""
    values = {"after": after, "unit": unit_id, "round": round_id, "state": state}
    asked = frozenset(name for name, value in values.items() if value is not None)
    return await reader.rows(_page(asked), values, limit=limit + 1)


@cache
def _page(asked: frozenset[str]) -> Statement[QueueLine]:
    conditions = {
        "after": Recommendation.id < given("after"),
        "unit": or_(Recommendation.unit_id == given("unit"), Recommendation.county_unit_id == given("unit")),
        "round": Application.round_id == given("round"),
        "state": Recommendation.state == given("state"),
    }
    query = (
        select(
            *columns(
                QueueLine,
                Recommendation,
                round_id=Application.round_id,
                organisation_id=Application.organisation_id,
                organisation_name=Organisation.name,
                uscc=Organisation.uscc,
                organisation_state=Organisation.state,
                unit_name=RecommendingUnit.name,
                stamped_opinion_id=Recommendation.seal_attachment_id,
                county_stamped_opinion_id=Recommendation.county_seal_id,
                deadline=Round.deadline,
                called_at=Round.called_at,
                round_state=Round.state,
            )
        )
        .join(Application, Application.id == Recommendation.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(RecommendingUnit, RecommendingUnit.id == Recommendation.unit_id)
        .join(Round, Round.id == Application.round_id)
        .where(*(conditions[name] for name in sorted(asked)))
        .order_by(Recommendation.id.desc())
    )
    return Statement(many(query), QueueLine)


_CALLER = Statement(
    select(*columns(QueueCaller, Account, session_ended_at=session_ended_at())).where(Account.id == given("account")),
    QueueCaller,
)
