"""Renewals of licences and certificates as they are read, and until when they are taken."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.measures.state_machines import LIVE_ROUND_STATES, ROUND
from app.measures.text import Text
from app.services.applications.access import visible
from app.services.lifecycle import require_state
from app.store import rounds
from app.store.applications import renewals as store


async def list_renewals(context: ReadContext, *, application_id: UUID) -> Sequence[store.Renewal]:
    """What was handed in for an application, for its organisation, the office and the auditor."""
    row = await visible(context, application_id=application_id)
    return await store.of_applications(context.session, [row.id])


async def list_round_renewals(
    context: ReadContext, *, round_id: UUID, request: PageRequest, state: str | None
) -> Page[store.Renewal]:
    """What was handed in during a round, in its order: what waits for a decision, where `state` says so."""
    existing(await rounds.get(context.session, round_id), "没有此届评审", "No such round")
    filters = {"round": round_id, "state": state}
    rows = await store.of_round(
        context.session, round_id=round_id, state=state, after=request.after(**filters), limit=request.limit
    )
    return request.page(rows, key=lambda row: row.id, **filters)


def open_for_renewals(context: ReadContext, round_row: rounds.Round) -> None:
    """`WrongState` unless another gate is still to come."""
    text = Text("此届评审未在进行中，不受理更新材料", "Nothing is renewed for a round that does not run")
    rule, wanted = "art13.3.certified", LIVE_ROUND_STATES
    require_state(context, ROUND, round_row, "hand_in_renewal", wanted, rule=rule, message=text)
