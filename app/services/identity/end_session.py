"""Somebody ends a session of his own, wherever it was begun."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.services.identity.sessions import own_session
from app.store import identity as store


async def end_session(context: WriteContext, *, session_id: UUID) -> None:
    """End a session of the caller's at once, this one too; `NotFound` for another's and for one that has ended."""
    row = existing(await own_session(context, session_id))
    await store.end_session(context.session, row.id, at=context.now, by=store.SessionEnd.END)
    audit.record(context, "end_session", "account", row.account_id, ended_session_id=row.id)
