"""The history of a legal person: other names, and whom it continues (Art. 8)."""

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
from app.measures.organisations import dissolution_dated, dissolution_withdrawable
from app.measures.reasons import Reason
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.lifecycle import check_version
from app.services.organisations.access import may_bind, unknown, visible
from app.services.organisations.verify_registration import reopen_where_changed, verified
from app.store import organisations as store
from app.store.organisations import lineages


@dataclass(frozen=True, slots=True)
class Succession:
    """The organisation continues `predecessor_id` since `effective_on`: by merger, conversion or division."""

    predecessor_id: UUID
    effective_on: date
    reason: str
    evidence: str


async def change_name(
    context: WriteContext, *, organisation_id: UUID, name: str, effective_on: date, evidence: str
) -> store.Organisation:
    """Another name of the same legal person; the one before is kept with the day on which it ended. It is compared with
    a document before anything binds under it."""
    row = await _held(context, organisation_id)
    not_in_future(effective_on, context.today, "/effective_on")
    if effective_on < row.established_on:
        text = Text("更名日期早于成立日期", "The day is before the establishment")
        raise Invalid(text, errors=[FieldError("/effective_on", FieldCode.BEFORE_ESTABLISHMENT, text)])
    if name == row.name:
        raise Collision(Text("新名称与现名称相同", "That is its name already"), code=ProblemCode.NAME_UNCHANGED)
    former = row.name
    context.session.add(
        store.OrganisationName(
            created_at=context.now, organisation_id=row.id, name=former, until=effective_on, evidence=evidence
        )
    )
    row.name = name
    to_verify = reopen_where_changed(context, row, ["name"])
    await context.session.flush()
    audit.record(
        context,
        "change_name",
        "organisation",
        row.id,
        former=former,
        name=name,
        effective_on=effective_on,
        evidence=evidence,
        to_verify=to_verify,
    )
    return row


async def record_dissolution(
    context: WriteContext, *, organisation_id: UUID, dissolved_on: date, evidence: str
) -> store.Organisation:
    """The organisation has ceased to exist: every gate reads it from now on (Art. 13(1)). Recorded again, the later
    record holds."""
    row = await _held(context, organisation_id)
    findings = dissolution_dated(dissolved_on=dissolved_on, established_on=row.established_on, today=context.today)
    refuse(findings)
    changed = {"dissolved_on": [row.dissolved_on, dissolved_on]}
    row.dissolved_on, row.dissolution_evidence = dissolved_on, evidence
    await context.session.flush()
    audit.record(
        context,
        "record_dissolution",
        "organisation",
        row.id,
        findings=findings,
        changed=changed,
        evidence=evidence,
        readings=[readings_on(context.today).cite("dissolved_organisations")],
    )
    return row


async def withdraw_dissolution(
    context: WriteContext, *, organisation_id: UUID, reason: str, evidence: str
) -> store.Organisation:
    """The office takes back a dissolution that was recorded in error, or that has been undone."""
    row = await _held(context, organisation_id)
    findings = dissolution_withdrawable(dissolved_on=row.dissolved_on)
    refuse(findings)
    row.dissolved_on = row.dissolution_evidence = None
    await context.session.flush()
    audit.record(
        context, "withdraw_dissolution", "organisation", row.id, findings=findings, reason=reason, evidence=evidence
    )
    return row


async def _held(context: WriteContext, organisation_id: UUID) -> store.Organisation:
    """The organisation, locked for an act that binds it."""
    found = await visible(context, organisation_id=organisation_id)
    may_bind(context)
    row = (await store.lock(context.session, [found.id]))[found.id]
    check_version(context, row)
    return row


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
