"""Stamped opinions (Art. 3) as they are read: the scan of a unit's or a department's form, with its seal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.errors import NotFound, existing
from app.measures.roles import Role
from app.store.recommendations import stamped_opinions as store
from app.store.recommendations.stamped_opinions import StampedOpinion

_OWNERS = frozenset({Role.RECOMMENDING_UNIT, Role.DEPARTMENT})


async def read_stamped_opinion(context: ReadContext, *, stamped_opinion_id: UUID) -> StampedOpinion:
    """What is known of a stamped opinion: for whose it is, the office and the auditor."""
    row = await store.get(context.session, stamped_opinion_id)
    if row is None or (context.actor.role in _OWNERS and (row.unit_id, row.department_id) != owner_of(context)):
        raise _unknown()
    return row


async def download_stamped_opinion(
    context: StreamContext, *, stamped_opinion_id: UUID
) -> tuple[StampedOpinion, AsyncIterator[bytes]]:
    """Its bytes; an access by anybody but its owner goes on record."""
    async with context.reading() as reading:
        row = await read_stamped_opinion(reading, stamped_opinion_id=stamped_opinion_id)
    pieces = await context.files.open_stream(row.storage_key)
    if context.actor.role not in _OWNERS:
        write = await context.writing()
        audit.record(
            write,
            "open_stamped_opinion",
            "stamped_opinion",
            row.id,
            unit_id=row.unit_id,
            department_id=row.department_id,
            sha256=row.sha256,
        )
    return row, pieces


def owner_of(context: ReadContext) -> tuple[UUID | None, UUID | None]:
    """The caller's unit, or its department."""
    if context.actor.role is Role.DEPARTMENT:
        return None, existing(context.actor.department_id)
    return existing(context.actor.unit_id), None


def _unknown() -> NotFound:
    return NotFound("没有此盖章文件", "No such stamped opinion")
