"""What the acts on the candidate list share (Art. 20, 21): its names, what a notice says of them, who comes off it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.publicity import NoticeMark, Period
from app.measures.state_machines import CANDIDATE, ROUND, CandidateState
from app.measures.text import Text
from app.services.lifecycle import check_version, move, out_of_order, require
from app.services.notices.publish_notice import day_of_first_medium, mark_notice
from app.services.organisations.names import names_of_the_day
from app.services.rounds.read_rounds import locked
from app.store import applications, notices
from app.store import publicity as store
from app.store.rounds import Round


# Any: the body of a notice is JSON.
def list_body(row: Round, names: Sequence[Mapping[str, Any]], period: Period | None) -> dict[str, Any]:
    """What a notice says of names on the candidate list: the round, the names, and their period where one begins."""
    # Any: the body of a notice is JSON.
    body: dict[str, Any] = {"round": {"id": row.id, "year": row.year, "title": row.title}, "names": list(names)}
    return body if period is None else {**body, "first_day": period.first_day, "last_day": period.last_day}


async def take_out(
    context: WriteContext,
    candidate: store.Candidate,
    *,
    reason: str,
    rule: str | None,
    withdrawn_on: date | None = None,
) -> None:
    """Mark a name as removed, on the list and on the notice that carries it; its organisation reads of its application
    why, and under which rule (by decision: Art. 10). `withdrawn_on`: the day of its own wish, where it was that. The
    caller holds the round's lock."""
    application = existing(await applications.get(context.session, candidate.application_id))
    if application.closed_at is None:
        application.closed_at, application.closed_reason = context.now, reason
        application.closed_rule = rule or "art10.proposes"
    move(context, CANDIDATE, candidate, "take_off")
    candidate.removed_reason, candidate.removed_rule, candidate.removed_at = reason, rule, context.now
    candidate.withdrawn_on = withdrawn_on
    await mark_notice(context, candidate.notice_id, NoticeMark.CORRECTED, on=context.today)
    await context.session.flush()


async def close_names(context: WriteContext, row: Round) -> None:
    """The list of a round that is concluded says from then on what it said: each name as it is printed today."""
    listed = [item for item in await store.candidates_of(context.session, row.id) if item.closed_name is None]
    known = await names_of_the_day(context.session, row.id, [item.organisation_id for item in listed])
    for item in listed:
        item.closed_name = known[item.organisation_id].printed(item.published_name)
    await context.session.flush()


async def printed(context: WriteContext, candidate: store.Candidate, name: str) -> str:
    """The name as a notice prints it."""
    known = await names_of_the_day(context.session, candidate.round_id, [candidate.organisation_id])
    return known[candidate.organisation_id].printed(name)


async def counted_from(context: WriteContext, candidate: store.Candidate) -> date:
    """The day from which the name is counted as it stands: what is said of it afterwards is not older."""
    return (await notices.notices_by_id(context.session, [candidate.notice_id]))[candidate.notice_id].published_on


async def stands_since(context: WriteContext, candidate: store.Candidate) -> date:
    """The first day (Shanghai) on which somebody could read the name as it stands: of its publication, or of its record
    where that came first."""
    notice = (await notices.notices_by_id(context.session, [candidate.notice_id]))[candidate.notice_id]
    return min(day_of_first_medium(notice), shanghai_day(notice.created_at))


async def listed_candidate(
    context: WriteContext, candidate_id: UUID, name: str, *, rule: str | None = None
) -> tuple[Round, store.Candidate]:
    """Round and candidate, read again under the round's lock; refused where the name is off the list. `rule`: under
    which the act `name` was asked for, where that is not its own."""
    candidate = existing(await context.session.by_id(store.Candidate, candidate_id), "没有此候选", "No such candidate")
    row = await locked(context, candidate.round_id)
    await context.session.refresh(candidate)
    check_version(context, row)
    require(context, ROUND, row, name, rule=rule)
    if candidate.state != CandidateState.LISTED:
        text = Text("该候选已移出名单", "It is off the list already")
        raise out_of_order(CANDIDATE, candidate, "take_off", rule=rule, message=text)
    return row, candidate
