"""Plaques as an inventory: each from its order to its recovery (Arts. 8, 22, 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import IN_CIRCULATION, PLAQUE, PlaqueState
from app.store.awards import Award
from app.store.base import Identified, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.statements import given

# The same words stand in the schema.
_CIRCULATES = text(f"state IN ({', '.join(repr(state.value) for state in IN_CIRCULATION)})")


class Plaque(Identified):
    """The plaque of a first award (Art. 8, 22). One that replaces a lost one names it."""

    __tablename__ = "plaques"
    __table_args__ = (
        state_of(PLAQUE),
        CheckConstraint("(handed_over_on IS NULL) = (received_by IS NULL)", name="handed_over_to_somebody"),
        Index(
            "uq_plaques_one_in_circulation",
            "award_id",
            unique=True,
            sqlite_where=_CIRCULATES,
            postgresql_where=_CIRCULATES,
        ),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("plaques.id"))
    number: Mapped[str] = mapped_column(unique=True)
    # The name that stands on it, as the decree has it.
    inscription: Mapped[str]
    state: Mapped[PlaqueState]
    maker: Mapped[str | None]
    ordered_on: Mapped[date]
    ordered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    delivered_on: Mapped[date | None]
    handed_over_on: Mapped[date | None]
    received_by: Mapped[str | None]
    handover_evidence: Mapped[str | None]
    lost_on: Mapped[date | None]
    lost_reason: Mapped[str | None]
    recovered_on: Mapped[date | None]
    recovery_evidence: Mapped[str | None]
    returned_on: Mapped[date | None]
    return_evidence: Mapped[str | None]
    cancelled_reason: Mapped[str | None]


async def lock(session: WriteSession, plaque_id: UUID) -> Plaque | None:
    """The plaque, locked until the transaction ends."""
    return await session.get(Plaque, plaque_id, with_for_update=True)


async def of_award(session: ReadSession, award_id: UUID) -> Sequence[Plaque]:
    """The plaques of an award, the oldest first."""
    return (await session.execute(_OF_AWARD, {"award_id": award_id})).scalars().all()


_OF_AWARD = select(Plaque).where(Plaque.award_id == given("award_id")).order_by(Plaque.id)


async def page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    state: str | None,
    award_id: UUID | None,
    round_id: UUID | None,
) -> Sequence[Plaque]:
    """Plaques by their order, up to `limit + 1`; of a round, of an award, in a state, where these are named."""
    query = page_of(
        select(Plaque), Plaque.id, after=after, limit=limit, only=[(Plaque.state, state), (Plaque.award_id, award_id)]
    )
    if round_id is not None:
        query = query.where(Plaque.award_id.in_(select(Award.id).where(Award.round_id == round_id)))
    return (await session.execute(query)).scalars().all()
