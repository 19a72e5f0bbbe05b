"""The office records that a department has not answered in time (Art. 17)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.consultations import non_response_recordable
from app.measures.state_machines import CONSULTATION
from app.services.applications.under_review import in_review, in_the_round, last_day, rules_of
from app.services.consultations.read_consultations import Asked, locked_consultation, show
from app.services.lifecycle import act
from app.store import qualification as store


async def record_non_response(context: WriteContext, *, consultation_id: UUID, reason: str) -> Asked:
    """A person records that a department has not answered in time; before its last day is over this is refused."""
    row, round_row = await locked_consultation(context, consultation_id)
    in_review(round_row, "record_non_response")
    application = (await store.applications(context.session, [row.application_id]))[row.application_id]
    # Of one that has left nobody waits for an answer.
    in_the_round(application, "record_non_response", rule="art17.qualification")
    async with act(context, CONSULTATION, row, "record_non_response") as doing:
        told = non_response_recordable(
            asked_on=row.period_to, on=context.today, rules=rules_of(round_row), extended_to=last_day(row.due_at)
        )
        doing.hear(told)
        row.non_response_reason, row.non_response_by = reason, context.actor.known_id
        doing.tell(application_id=row.application_id, department_id=row.department_id, reason=reason)
    return await show(context, row)
