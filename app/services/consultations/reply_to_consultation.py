"""A department answers one consultation (Art. 17)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.applications.under_review import running
from app.services.consultations.read_consultations import Asked, locked_consultation, no_such, show
from app.services.consultations.replies import (
    PlacedReply,
    Reply,
    letter_faults,
    refuse_faulty,
    reply_faults,
    take_reply,
)
from app.store import consultations
from app.store import qualification as store


async def reply_to_consultation(context: WriteContext, *, consultation_id: UUID, reply: Reply) -> Asked:
    """The caller's department answers one consultation. Another department's is not found. Late is better than
    never."""
    found = await consultations.consultation(context.session, consultation_id)
    if found is None or found.department_id != context.actor.department_id:
        raise no_such()
    row, round_row = await locked_consultation(context, consultation_id)
    running(round_row, "reply_to_consultation", rule="art17.qualification")
    applications = await store.applications(context.session, [row.application_id])
    faults = reply_faults(context, PlacedReply("", row.id, reply), row, applications)
    refuse_faulty([*faults, *await letter_faults(context, [reply.letter], "", round_row)])
    source = (await consultations.departments(context.session, [row.department_id]))[row.department_id].name
    take_reply(context, row, applications[row.application_id], round_row, reply, source)
    await context.session.flush()
    return await show(context, row)
