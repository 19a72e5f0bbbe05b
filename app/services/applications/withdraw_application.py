"""Withdrawal: free until the qualification is confirmed (Art. 3: applying is voluntary)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import APPLICATION
from app.services.applications.access import own_locked
from app.services.applications.endorsement import lapse_open
from app.services.lifecycle import act
from app.store import applications as store


async def withdraw_application(context: WriteContext, *, application_id: UUID, reason: str | None) -> store.Application:
    """End the application at the applicant's own wish. What was recorded stays on record."""
    row, _ = await own_locked(context, application_id=application_id, binding=True)
    async with act(context, APPLICATION, row, "withdraw") as doing:
        doing.hear()
        row.closed_at, row.closed_reason = context.now, reason
        await lapse_open(context, row)
        doing.tell(reason=reason)
    return row
