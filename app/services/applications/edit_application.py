"""The draft of an application is edited (Art. 17)."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import Invalid
from app.measures.state_machines import APPLICATION
from app.services.applications.access import own_locked
from app.services.days import future_faults
from app.services.lifecycle import act
from app.store import applications as store
from app.store.applications.form import Form


async def edit_application(context: WriteContext, *, application_id: UUID, changes: Form) -> store.Application:
    """Replace sections of the form; None removes one. Only while drafting or correcting."""
    row, _ = await own_locked(context, application_id=application_id)
    async with act(context, APPLICATION, row, "edit") as doing:
        happened_by(changes, context.today)
        doing.hear()
        merged = {**row.content, **changes}
        row.content = cast(Form, {name: value for name, value in merged.items() if value is not None})
        doing.tell(sections=sorted(changes))
    return row


def happened_by(changes: Form, today: date) -> None:
    """What has happened has happened by today: a record or an honour of a day to come would lie in no window of Art.
    13(6)."""
    told: list[tuple[str, str | None]] = []
    for number, record in enumerate(changes.get("adverse_records") or ()):
        told.append((f"/content/adverse_records/{number}/occurred_on", record.get("occurred_on")))
        told.append((f"/content/adverse_records/{number}/determined_on", record.get("determined_on")))
    for number, honour in enumerate(changes.get("honours") or ()):
        told.append((f"/content/honours/{number}/awarded_on", honour["awarded_on"]))
    statement = changes.get("truthfulness")
    if statement is not None:
        told.append(("/content/truthfulness/signed_on", statement["signed_on"]))
    faults = future_faults(((at, date.fromisoformat(day) if day else None) for at, day in told), today)
    if faults:
        raise Invalid(faults[0].message, errors=faults)
