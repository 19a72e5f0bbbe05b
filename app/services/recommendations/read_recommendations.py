"""A unit's queue; everything for the office and the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageRequest
from app.measures.call import within_window
from app.measures.roles import Role
from app.measures.state_machines import RECOMMENDATION, RoundState
from app.services.lifecycle import AvailableAction, available_actions
from app.store import recommendations as store

_FOR_COUNTY = frozenset({"endorse_for_county", "decline_for_county"})


async def list_recommendations(
    context: ReadContext, *, request: PageRequest, round_id: UUID | None, state: str | None
) -> Page[store.RecommendationLine]:
    """Recommendations with the names beside them, newest first: a unit's own and those that it endorses for the county,
    or all."""
    unit_id = context.actor.unit_id if context.actor.role is Role.RECOMMENDING_UNIT else None
    filters = {"unit_id": unit_id, "round_id": round_id, "state": state}
    rows = await store.page(
        context.session,
        after=request.after(**filters),
        limit=request.limit,
        unit_id=unit_id,
        round_id=round_id,
        state=state,
    )
    return request.page(rows, key=lambda row: row.recommendation.id, **filters)


async def read_recommendation(context: ReadContext, *, recommendation_id: UUID) -> store.RecommendationLine:
    """One recommendation with the names beside it."""
    row = await store.row(context.session, recommendation_id)
    own_unit = context.actor.role is Role.RECOMMENDING_UNIT
    item = None if row is None else row.recommendation
    if row is None or item is None or (own_unit and context.actor.unit_id not in (item.unit_id, item.county_unit_id)):
        raise NotFound("没有此推荐请求", "No such recommendation")
    return row


def recommendation_actions(context: ReadContext, row: store.RecommendationLine) -> Sequence[AvailableAction]:
    """What the caller may do with a row of `list_recommendations` now; what the unit writes in its opinion is judged
    when it comes."""
    window = within_window(
        at=context.now, published_at=row.called_at, deadline=row.deadline, taking=row.round_state == RoundState.CALLED
    )
    actions = available_actions(
        context, RECOMMENDATION, row.recommendation, {"endorse": window, "endorse_for_county": window}
    )
    item = row.recommendation
    return [
        one
        for one in actions
        if own_act(
            one.act,
            context.actor.unit_id,
            unit_id=item.unit_id,
            county_unit_id=item.county_unit_id,
            endorsed_for_county=item.county_endorsement is not None,
        )
    ]


def own_act(
    act: str, own_id: UUID | None, *, unit_id: UUID, county_unit_id: UUID | None, endorsed_for_county: bool
) -> bool:
    """Whether an act on a recommendation is the actor's unit's: that of the unit that was asked, or for the county,
    once, of the one that was named for it."""
    if act in _FOR_COUNTY:
        return county_unit_id == own_id and not endorsed_for_county
    return unit_id == own_id
