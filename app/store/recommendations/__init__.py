"""Queries on recommendations (Art. 3): a unit's queue, and everything that an answer needs, in bulk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import ForeignKey, Index, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import (
    OPEN_RECOMMENDATION_STATES,
    RECOMMENDATION,
    OrganisationState,
    RecommendationState,
    RoundState,
)
from app.store.applications import Application
from app.store.base import Identified, Json, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.rounds import Round
from app.store.statements import given
from app.store.units import RecommendingUnit


async def get(session: ReadSession, recommendation_id: UUID) -> Recommendation | None:
    """The recommendation with this id."""
    return await session.by_id(Recommendation, recommendation_id)


async def many(session: ReadSession, recommendation_ids: Sequence[UUID]) -> Sequence[Recommendation]:
    """These recommendations, as far as they exist."""
    return (await session.execute(_MANY, {"recommendation_ids": list(recommendation_ids)})).scalars().all()


async def lock(session: WriteSession, recommendation_ids: Sequence[UUID]) -> Sequence[Recommendation]:
    """These recommendations, read again and locked until the transaction ends, in the order of their ids."""
    return (await session.execute(_LOCK, {"recommendation_ids": list(recommendation_ids)})).scalars().all()


async def recommending_units_asked(session: ReadSession, application_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The unit of the open or given recommendation of each application that has one, by the application's id."""
    return {
        row.application_id: row.unit_id
        for row in (await session.execute(_RECOMMENDING_UNITS_ASKED, {"application_ids": list(application_ids)})).all()
    }


async def recommending_units_of_round(session: ReadSession, round_id: UUID) -> set[UUID]:
    """The units that are asked for a recommendation in the round, or have given one."""
    query = (
        select(Recommendation.unit_id)
        .join(Application, Application.id == Recommendation.application_id)
        .where(Application.round_id == round_id, Recommendation.state.in_(OPEN_RECOMMENDATION_STATES))
        .distinct()
    )
    return set((await session.execute(query)).scalars())


async def open_of(session: ReadSession, application_id: UUID) -> Recommendation | None:
    """The open or given recommendation of one application."""
    return (await session.execute(_OPEN_OF, {"application_id": application_id})).scalar_one_or_none()


class EndorsementLine(NamedTuple):
    """What a unit has given an application: its answer with the reason why it is of this industry, and the unit."""

    state: RecommendationState
    industry_justification: str | None
    unit: RecommendingUnit


async def given_to(session: ReadSession, application_ids: Collection[UUID]) -> dict[UUID, EndorsementLine]:
    """The recommendation that each application was given, with its unit, by the application's id. One query."""
    return {
        row[0]: EndorsementLine(row[1], row[2], row[3])
        for row in (await session.execute(_GIVEN_TO, {"application_ids": list(application_ids)})).all()
    }


class RecommendationLine(NamedTuple):
    """A recommendation with its application's round and organisation, the unit's name, and how the round stands, which
    has been called."""

    recommendation: Recommendation
    round_id: UUID
    organisation_id: UUID
    name: str
    uscc: str
    unit_name: str
    deadline: date
    called_at: datetime | None
    round_state: RoundState
    organisation_state: OrganisationState


async def page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    unit_id: UUID | None,
    round_id: UUID | None,
    state: str | None,
) -> Sequence[RecommendationLine]:
    """Recommendations with the names beside them, newest first, up to `limit + 1`."""
    query = page_of(
        _NAMED,
        Recommendation.id,
        after=after,
        limit=limit,
        newest_first=True,
        only=[(Application.round_id, round_id), (Recommendation.state, state)],
    )
    if unit_id is not None:
        query = query.where(or_(Recommendation.unit_id == unit_id, Recommendation.county_unit_id == unit_id))
    return [RecommendationLine._make(row) for row in (await session.execute(query)).all()]


async def row(session: ReadSession, recommendation_id: UUID) -> RecommendationLine | None:
    """One recommendation with the names beside it, as `page` gives them."""
    found = (await session.execute(_ROW, {"id": recommendation_id})).one_or_none()
    return None if found is None else RecommendationLine._make(found)


async def unit(session: ReadSession, unit_id: UUID) -> RecommendingUnit | None:
    """The recommending unit with this id."""
    return await session.by_id(RecommendingUnit, unit_id)


async def orders_given(session: WriteSession, *, unit_id: UUID, round_ids: Collection[UUID]) -> dict[UUID, set[int]]:
    """By round: the places that a unit's recommendations have in their order. The unit is locked, so that two at one
    moment do not take the same."""
    await session.execute(select(RecommendingUnit.id).where(RecommendingUnit.id == unit_id).with_for_update())
    query = (
        select(Application.round_id, Recommendation.order)
        .join(Application, Application.id == Recommendation.application_id)
        .where(
            Recommendation.unit_id == unit_id,
            Recommendation.state == RecommendationState.ENDORSED,
            Recommendation.order.is_not(None),
            Application.round_id.in_(round_ids),
        )
    )
    found: dict[UUID, set[int]] = {round_id: set() for round_id in round_ids}
    for round_id, order in (await session.execute(query)).all():
        if order is not None:
            found[round_id].add(order)
    return found


async def share_rounds(session: WriteSession, application_ids: Sequence[UUID]) -> dict[UUID, Round]:
    """The rounds of these applications by id, kept as they are until the transaction ends."""
    found = await session.execute(_SHARE_ROUNDS, {"application_ids": list(application_ids)})
    return {row.id: row for row in found.scalars()}


_SHARE_ROUNDS = (
    select(Round)
    .where(Round.id.in_(select(Application.round_id).where(Application.id.in_(given("application_ids")))))
    .order_by(Round.id)
    .with_for_update(read=True)
)


_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN_RECOMMENDATION_STATES))


_OPEN_RECOMMENDATION = text(f"state IN ({_OPEN})")


class CountyEndorsement(TypedDict):
    """What the county's department has put beside a township's recommendation; days and instants are ISO text."""

    opinion: str
    signatory: str
    signed_on: str
    letter_number: str | None
    endorsed_at: str


class Recommendation(Identified):
    """A unit's answer to an application. At most one is open or endorsed for an application (Art. 3)."""

    __tablename__ = "recommendations"
    __table_args__ = (
        state_of(RECOMMENDATION),
        Index(
            "uq_recommendations_one_open",
            "application_id",
            unique=True,
            sqlite_where=_OPEN_RECOMMENDATION,
            postgresql_where=_OPEN_RECOMMENDATION,
        ),
        Index("ix_recommendations_unit_state", "unit_id", "state", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"))
    state: Mapped[RecommendationState]
    due_at: Mapped[datetime | None]
    content_hash: Mapped[str]
    facts_verified: Mapped[list[str] | None]
    opinion: Mapped[str | None]
    signatory: Mapped[str | None]
    signed_on: Mapped[date | None]
    industry_justification: Mapped[str | None]
    reason: Mapped[str | None]
    seal_attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("stamped_opinions.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    letter_number: Mapped[str | None]
    order: Mapped[int | None]
    county_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"), index=True)
    county_endorsement: Mapped[CountyEndorsement | None] = mapped_column(Json)
    county_seal_id: Mapped[UUID | None] = mapped_column(ForeignKey("stamped_opinions.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


_MANY = select(Recommendation).where(Recommendation.id.in_(given("recommendation_ids")))
_LOCK = (
    select(Recommendation)
    .where(Recommendation.id.in_(given("recommendation_ids")))
    .order_by(Recommendation.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_RECOMMENDING_UNITS_ASKED = select(Recommendation.application_id, Recommendation.unit_id).where(
    Recommendation.application_id.in_(given("application_ids")), Recommendation.state.in_(OPEN_RECOMMENDATION_STATES)
)
_OPEN_OF = select(Recommendation).where(
    Recommendation.application_id == given("application_id"), Recommendation.state.in_(OPEN_RECOMMENDATION_STATES)
)
_GIVEN_TO = (
    select(
        Recommendation.application_id,
        Recommendation.state,
        Recommendation.industry_justification,
        RecommendingUnit,
    )
    .join(RecommendingUnit, RecommendingUnit.id == Recommendation.unit_id)
    .where(
        Recommendation.application_id.in_(given("application_ids")),
        Recommendation.state == RecommendationState.ENDORSED,
    )
)
# Recommendations with the names beside them.
_NAMED = (
    select(
        Recommendation,
        Application.round_id,
        Application.organisation_id,
        Organisation.name,
        Organisation.uscc,
        RecommendingUnit.name.label("unit_name"),
        Round.deadline,
        Round.called_at,
        Round.state.label("round_state"),
        Organisation.state.label("organisation_state"),
    )
    .join(Application, Application.id == Recommendation.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .join(RecommendingUnit, RecommendingUnit.id == Recommendation.unit_id)
    .join(Round, Round.id == Application.round_id)
)
_ROW = _NAMED.where(Recommendation.id == given("id"))
