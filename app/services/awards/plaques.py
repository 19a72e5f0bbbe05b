"""What every act on a plaque begins with: the plaque and its award, locked, what is known of them (Arts. 22, 26)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding
from app.measures.plaques import (
    PlaqueFacts,
    plaque_due,
    plaque_returnable,
    plaque_still_out,
    plaque_taken_back,
)
from app.measures.recovery import RecoveryItem
from app.measures.state_machines import IN_CIRCULATION, PLAQUE, AwardState, PlaqueState, RecoveryState
from app.services.lifecycle import AvailableAction, available_actions
from app.store import awards as store
from app.store import revocations
from app.store.awards import plaques
from app.store.awards.plaques import Plaque

_CLAIMED = (RecoveryState.OUTSTANDING, RecoveryState.OWED_BACK)


async def locked_plaque(context: WriteContext, plaque_id: UUID) -> tuple[Plaque, store.Award]:
    """The plaque with its award, both locked; the award first, as every act on it does."""
    row = await context.session.by_id(Plaque, plaque_id)
    if row is None:
        raise no_such_plaque()
    award = existing(await store.lock(context.session, row.award_id))
    return existing(await plaques.lock(context.session, plaque_id)), award


async def facts_of(context: ReadContext, row: Plaque) -> PlaqueFacts:
    """The plaque as the measures ask for it, with what a decision demands of it (Art. 26)."""
    return (await facts_of_all(context, [row]))[row.id]


async def facts_of_all(context: ReadContext, rows: Sequence[Plaque]) -> dict[UUID, PlaqueFacts]:
    """The same of several, by the plaque. One query."""
    claims = await revocations.recoveries_of_awards(context.session, {row.award_id for row in rows})
    of_plaques = [item for item in claims if item.item is RecoveryItem.PLAQUE and item.state in _CLAIMED]
    # The last demand on an award stands.
    states = {item.award_id: item.state for item in of_plaques}
    return {row.id: PlaqueFacts(row.number, PlaqueState(row.state), states.get(row.award_id)) for row in rows}


async def in_circulation(context: ReadContext, award_id: UUID) -> Plaque | None:
    """The one plaque of the award that is ordered, delivered or handed over."""
    found = await plaques.of_award(context.session, award_id)
    return next((item for item in found if item.state in IN_CIRCULATION), None)


def next_number(award: store.Award, made: Sequence[Plaque]) -> str:
    """The number of the plaque that is ordered next, after those that were: no two bear one."""
    return f"{award.plaque_number}-{len(made) + 1}" if made else str(award.plaque_number)


async def was_handed_over(context: ReadContext, award: store.Award) -> bool:
    """Whether a plaque of the award can be with its winner: the award brings one, and the inventory, where it knows of
    any, does not say that none has left the office."""
    found = await plaques.of_award(context.session, award.id)
    return award.plaque_number is not None and (not found or any(item.handed_over_on is not None for item in found))


async def left_to_do(context: ReadContext, award_id: UUID) -> list[Finding]:
    """What a decided revocation leaves to the office: the plaque that is not back (Art. 26, 28)."""
    found = [item for item in await plaques.of_award(context.session, award_id) if item.handed_over_on is not None]
    return plaque_still_out(plaque=await facts_of(context, found[-1]) if found else None)


async def list_plaques(
    context: ReadContext, *, request: PageRequest, state: str | None, award_id: UUID | None, round_id: UUID | None
) -> Page[tuple[Plaque, store.Award]]:
    """The inventory, in the order in which the plaques were ordered."""
    after = request.after(state=state, award_id=award_id, round_id=round_id)
    rows = await plaques.page(
        context.session, after=after, limit=request.limit, state=state, award_id=award_id, round_id=round_id
    )
    page = request.page(rows, key=lambda row: row.id, state=state, award_id=award_id, round_id=round_id)
    known = await context.session.by_ids(store.Award, {row.award_id for row in page.items})
    return page.map(lambda row: (row, known[row.award_id]))


async def read_plaque(context: ReadContext, *, plaque_id: UUID) -> tuple[Plaque, store.Award]:
    """One plaque with its award."""
    row = await context.session.by_id(Plaque, plaque_id)
    if row is None:
        raise no_such_plaque()
    return row, existing(await store.get(context.session, row.award_id))


def plaque_actions(
    context: ReadContext, row: Plaque, award: store.Award, facts: PlaqueFacts
) -> Sequence[AvailableAction]:
    """What the caller may do with the plaque now, and what stands in the way."""
    state = AwardState(award.state)
    return available_actions(
        context,
        PLAQUE,
        row,
        {
            "hand_over_plaque": plaque_due(first_award=award.first_award, award_state=state),
            "return_plaque": plaque_returnable(plaque=facts, first_award=award.first_award, award_state=state),
            "take_plaque_back": plaque_taken_back(plaque=facts, award_state=state),
        },
    )


def no_such_plaque() -> NotFound:
    """There is no such plaque."""
    return NotFound("没有此奖牌", "No such plaque")
