"""The office asks for corrections (补正, Art. 17), with a day of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.measures.dates import end_of_day
from app.measures.qualification import Correction as CorrectionFacts
from app.measures.qualification import correction_in_time
from app.measures.state_machines import APPLICATION, CORRECTION
from app.services.applications.access import visible
from app.services.applications.under_review import in_review, locked_application, rules_of
from app.services.lifecycle import act, create
from app.store import qualification as store
from app.store.qualification import Correction


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to correct: where (JSON pointer into the application, e.g. `/content/figures`) and what."""

    pointer: str
    request: str


async def request_correction(
    context: WriteContext, *, application_id: UUID, items: Sequence[CorrectionItem], due_on: date | None
) -> Correction:
    """The office asks for corrections by a day: the round's days from today where none is named."""
    application, round_row = await locked_application(context, application_id)
    in_review(round_row, "request_correction")
    async with act(context, APPLICATION, application, "request_correction") as doing:
        last = due_on or context.today + timedelta(days=rules_of(round_row).correction_days)
        doing.hear(correction_in_time(correction=CorrectionFacts(context.today, last), at=context.now))
        row = Correction(
            created_at=context.now,
            application_id=application.id,
            items=[{"pointer": item.pointer, "request": item.request} for item in items],
            due_at=end_of_day(last),
            state=create(CORRECTION),
            requested_by=context.actor.known_id,
        )
        context.session.add(row)
        doing.tell(items=row.items, due_on=last)
    return row


async def list_corrections(context: ReadContext, *, application_id: UUID) -> Sequence[Correction]:
    """The correction requests of an application, for its organisation, the office and the auditor."""
    application = await visible(context, application_id=application_id)
    return await store.corrections_of(context.session, [application.id])
