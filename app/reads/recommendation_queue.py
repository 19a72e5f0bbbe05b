"""A unit's queue of recommendations (Art. 3), as the unit, the office and the auditor see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.kernel.paging import PageRequest
from app.kernel.security.principal import Principal
from app.kernel.security.tokens import AccessClaims
from app.measures.call import within_window
from app.measures.findings import obstacles
from app.measures.roles import Role
from app.measures.state_machines import RECOMMENDATION, RecommendationState, RoundState
from app.reads.wire import Answer, Caller, acts, dumps
from app.services.applications.read_applications import due_at
from app.services.identity.authenticate import stands
from app.services.recommendations.read_recommendations import own_act
from app.store.readers import Reader
from app.store.recommendations import queue as store

_SEEN_BY = (Role.RECOMMENDING_UNIT, Role.OFFICE, Role.AUDITOR)
_BESIDE = ("deadline", "called_at", "round_state")


async def queue(
    reader: Reader,
    *,
    claims: AccessClaims,
    request: PageRequest,
    round_id: UUID | None,
    state: RecommendationState | None,
    now: datetime,
) -> Answer | None:
    """A page of the queue for the account of a verified token; None where it takes more than this: the account is
    refused, or something stands in the way of an act, which is told in the caller's language."""
    account = await store.caller(reader, claims.account_id, session_id=claims.session_id)
    if account is None or not stands(account, claims) or account.role not in _SEEN_BY:
        return None
    unit_id = account.unit_id if account.role is Role.RECOMMENDING_UNIT else None
    filters = {"unit_id": unit_id, "round_id": round_id, "state": state}
    rows = await store.page(
        reader,
        after=request.after(**filters),
        limit=request.limit,
        unit_id=unit_id,
        round_id=round_id,
        state=state,
    )
    found = request.page(rows, key=lambda row: row.id, **filters)
    caller = Caller(Principal(account.role, claims.account_id, unit_id=account.unit_id))
    lines = []
    for row in found.items:
        line = _line(row, caller, now)
        if line is None:
            return None
        lines.append(line)
    return Answer(dumps({"items": lines, "next_cursor": found.next_cursor}))


def _line(row: store.QueueLine, caller: Caller, now: datetime) -> dict[str, object] | None:
    given = row.county_endorsement
    offered = [
        item
        for item in acts(RECOMMENDATION, row, caller)
        if own_act(
            str(item["act"]),
            caller.actor.unit_id,
            unit_id=row.unit_id,
            county_unit_id=row.county_unit_id,
            endorsed_for_county=given is not None,
        )
    ]
    if offered and row.deadline is not None:
        taking = row.round_state == RoundState.CALLED
        if obstacles(within_window(at=now, published_at=row.called_at, deadline=row.deadline, taking=taking)):
            return None
    shown = {name: value for name, value in row._asdict().items() if name not in _BESIDE}
    if given is not None:
        shown["county_endorsement"] = {**given, "endorsed_at": datetime.fromisoformat(given["endorsed_at"])}
    return {**shown, "due_at": due_at(row, row.deadline), "available_actions": offered}
