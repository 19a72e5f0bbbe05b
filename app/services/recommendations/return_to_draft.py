"""The applicant takes an application back from the unit (Arts. 3, 12, 16)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import APPLICATION
from app.services.applications.access import own_locked
from app.services.applications.endorsement import lapse_open
from app.services.lifecycle import act
from app.store import applications as store


async def return_to_draft(context: WriteContext, *, application_id: UUID) -> store.Application:
    """Back to the draft. The recommendation that was asked for or given lapses: it was about another content."""
    row, _ = await own_locked(context, application_id=application_id, binding=True)
    async with act(context, APPLICATION, row, "return_to_draft") as doing:
        doing.hear()
        await lapse_open(context, row)
    return row
