"""An organisation continues another (Art. 8): from then on both are one legal person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, Conflict, FieldError, Invalid, refuse
from app.measures.findings import fails
from app.measures.interpretations import readings_on
from app.measures.reasons import Reason
from app.measures.text import Text
from app.services.days import not_before, not_in_future
from app.services.organisations.access import unknown
from app.services.organisations.verification import verified
from app.store import organisations as store
from app.store.organisations import lineages


@dataclass(frozen=True, slots=True)
class Succession:
    """The organisation continues `predecessor_id` since `effective_on`: by merger, conversion or division."""

    predecessor_id: UUID
    effective_on: date
    reason: str
    evidence: str


async def link_successor(context: WriteContext, *, organisation_id: UUID, succession: Succession) -> store.Organisation:
    """Record that the organisation continues another: from now on both are one legal person for the interval (Art. 6),
    the prize (Art. 8, 9) and exclusions (Art. 26, 28). Past decisions stay as they are."""
    predecessor_id = succession.predecessor_id
    if predecessor_id == organisation_id:
        text = Text("不能承继自身", "It cannot continue itself")
        raise Invalid(text, errors=[FieldError("/predecessor_id", FieldCode.SELF_REFERENCE, text)])
    not_in_future(succession.effective_on, context.today, "/effective_on")
    parties = await _locked_both(context, organisation_id, predecessor_id)
    successor, predecessor = parties[organisation_id], parties[predecessor_id]
    founded = max(successor.established_on, predecessor.established_on)
    early = Text("承继日期早于其中一方的成立日期", "The day is before the establishment of one of them")
    not_before(succession.effective_on, founded, "/effective_on", early)
    readings = readings_on(context.today)
    both = (successor, predecessor)
    refuse([finding for row in both for finding in verified(row, readings, before="link_successor")])
    await _linkable(context, successor, predecessor)
    context.session.add(
        store.SuccessorLink(
            created_at=context.now,
            predecessor_id=predecessor_id,
            successor_id=organisation_id,
            effective_on=succession.effective_on,
            reason=succession.reason,
            evidence=succession.evidence,
        )
    )
    await context.session.flush()
    kept, ended = predecessor.lineage_id, successor.lineage_id
    if kept != ended:
        await lineages.join(context.session, kept=kept, ended=ended)
        await context.session.refresh(successor)
    audit.record(
        context,
        "link_successor",
        "organisation",
        successor.id,
        predecessor_id=predecessor_id,
        effective_on=succession.effective_on,
        reason=succession.reason,
        evidence=succession.evidence,
        lineage_id=kept,
        joined_lineage_id=None if kept == ended else ended,
    )
    return successor


async def _locked_both(
    context: WriteContext, successor_id: UUID, predecessor_id: UUID
) -> dict[UUID, store.Organisation]:
    """Both with everybody of their lineages, locked: no prize is ordered and no other link made meanwhile."""
    found = {}
    for key in (successor_id, predecessor_id):
        row = await store.organisation(context.session, key)
        if row is None:
            if key == successor_id:
                raise unknown()
            text = Text("没有此被承继组织", "No such predecessor")
            raise Invalid(text, errors=[FieldError("/predecessor_id", FieldCode.NOT_FOUND, text)])
        found[key] = row
    before = {row.lineage_id for row in found.values()}
    locked = {row.id: row for row in await lineages.lock(context.session, before)}
    if not locked.keys() >= found.keys():
        raise Collision(
            Text("该组织的承继关系刚被他人更新，请重试", "Somebody else has just linked it; try again"),
            code=ProblemCode.CONCURRENT_CHANGE,
        )
    return locked


async def _linkable(context: WriteContext, successor: store.Organisation, predecessor: store.Organisation) -> None:
    if await store.link(context.session, predecessor_id=predecessor.id, successor_id=successor.id) is not None:
        raise Collision(Text("该承继关系已登记", "This link is recorded already"), code=ProblemCode.LINK_EXISTS)
    if await store.link(context.session, predecessor_id=successor.id, successor_id=predecessor.id) is not None:
        raise Collision(Text("已登记相反的承继关系", "The opposite link is recorded"), code=ProblemCode.LINK_REVERSED)
    both = {successor.lineage_id, predecessor.lineage_id}
    if len(both) > 1 and await lineages.live_applications(context.session, both) > 1:
        raise Conflict(
            fails("art16.call", Reason.TWO_APPLICATIONS, next_act="withdraw"), code=ProblemCode.TWO_APPLICATIONS
        )
