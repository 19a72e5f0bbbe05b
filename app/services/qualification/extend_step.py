"""A later day for one step of an application (Arts. 3, 17)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.dates import end_of_day
from app.measures.deadlines import Step, step_extendable
from app.services.applications.under_review import deadline_of, in_review, last_day, locked_application
from app.services.qualification.extensions import Extension, consultations_extended, keep_extension
from app.store import consultations
from app.store import qualification as application_store
from app.store import qualification as store


async def extend_step(
    context: WriteContext, *, application_id: UUID, step: Step, extension: Extension
) -> store.ExtensionLine:
    """A later day for one application: for its unit's recommendation, its own correction, or its consultations."""
    application, round_row = await locked_application(context, application_id)
    in_review(context, round_row)
    if step is Step.CONSULTATION:
        open_rows = await consultations.open_consultations(
            context.session, round_id=round_row.id, application_id=application.id
        )
        return await consultations_extended(context, round_row, open_rows, extension, application.id)
    row = (
        await store.open_recommendation(context.session, application.id)
        if step is Step.RECOMMENDATION
        else await application_store.open_correction(context.session, application.id)
    )
    current = None if row is None or row.due_at is None else last_day(row.due_at)
    latest = deadline_of(round_row) if step is Step.RECOMMENDATION else None
    findings = step_extendable(step=step, current=current, new=extension.new_deadline, at=context.now, latest=latest)
    refuse(findings)
    if row is None or current is None:
        raise RuntimeError("an extension passed without a deadline")
    row.due_at = end_of_day(extension.new_deadline)
    return await keep_extension(context, round_row, step, findings, current, extension, application.id)
