"""What the log tells of the service's settings: the entries of the starts that found some of them changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.store.audit import AuditEntry, AuditHead
from app.store.database import WriteSession

ACT = "change_settings"
SUBJECT = "settings"


async def told_so_far(session: WriteSession) -> Sequence[Mapping[str, object]]:
    """The details of each entry about settings, oldest first. Nobody else adds one until this transaction ends: two
    workers of one start, or two starts, tell a change once."""
    # SQLite's writer is alone anyway.
    await session.execute(select(AuditHead.seq).with_for_update())
    query = select(AuditEntry.details).where(AuditEntry.subject_type == SUBJECT, AuditEntry.act == ACT)
    return (await session.execute(query.order_by(AuditEntry.seq))).scalars().all()
