"""What a unit did to cultivate and promote quality (Art. 12): recorded and reported, never a condition of anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.recommendations import CultivationKind
from app.measures.roles import Role
from app.measures.state_machines import CULTIVATION_RECORD
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.lifecycle import act, enter
from app.store.units import CultivationRecord
from app.store.units import cultivation as store


@dataclass(frozen=True, slots=True)
class Work:
    """What was done. `kind`: "cultivation" of organisations, or "promotion" of the award and of quality."""

    kind: CultivationKind
    held_on: date
    subject: str
    description: str
    organisation_id: UUID | None = None


async def record_work(context: WriteContext, *, work: Work) -> store.CultivationLine:
    """The caller's unit records what it did; answers the record with its names."""
    unit_id = existing(context.actor.unit_id)
    not_in_future(work.held_on, context.today, "/held_on")
    if work.organisation_id is not None and not await store.organisation_exists(context.session, work.organisation_id):
        text = Text("没有此组织", "No such organisation")
        raise Invalid(text, errors=[FieldError("/organisation_id", FieldCode.NOT_FOUND, text)])
    row = CultivationRecord(
        created_at=context.now,
        unit_id=unit_id,
        organisation_id=work.organisation_id,
        kind=work.kind,
        held_on=work.held_on,
        subject=work.subject,
        description=work.description,
        recorded_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"unit_id": unit_id, "kind": row.kind, "held_on": row.held_on}
    await enter(context, row, "record_cultivation", "cultivation_record", **told)
    return await store.row(context.session, row.id)


async def list_work(
    context: ReadContext, *, request: PageRequest, unit_id: UUID | None, kind: CultivationKind | None, year: int | None
) -> Page[store.CultivationLine]:
    """Records with their names, newest first: a unit's own; all, or one unit's, for the office and the auditor."""
    own = context.actor.unit_id if context.actor.role is Role.RECOMMENDING_UNIT else None
    filters = {"unit_id": own or unit_id, "kind": kind, "year": year}
    if own is not None and unit_id not in (None, own):
        raise NotFound("没有此推荐单位", "No such recommending unit")
    rows = await store.page(
        context.session,
        after=request.after(**filters),
        limit=request.limit,
        unit_id=own or unit_id,
        kind=kind,
        year=year,
    )
    return request.page(rows, key=lambda row: row.record.id, **filters)


async def withdraw_cultivation(context: WriteContext, *, record_id: UUID, reason: str) -> store.CultivationLine:
    """The unit takes a record back; it stays to be read, as withdrawn."""
    row = await store.lock(context.session, record_id)
    if row is None or row.unit_id != context.actor.unit_id:
        raise NotFound("没有此记录", "No such record")
    text = Text("该记录已撤回", "It has been withdrawn already")
    async with act(context, CULTIVATION_RECORD, row, "withdraw_cultivation", message=text) as doing:
        doing.hear()
        row.withdrawn_at, row.withdrawal_reason = context.now, reason
        doing.tell(unit_id=row.unit_id, reason=reason)
    return await store.row(context.session, row.id)
