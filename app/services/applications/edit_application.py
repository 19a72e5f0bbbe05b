"""The draft of an application is edited (Art. 17)."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import FieldError, Invalid
from app.measures.sentences import told_day
from app.measures.state_machines import APPLICATION
from app.measures.text import Text
from app.services.applications.access import own_locked
from app.services.applications.window import day_of_the_call
from app.services.days import cited_faults, early_faults, future_faults, in_order_faults
from app.services.lifecycle import act
from app.store import applications as store
from app.store.applications.form import Form


async def edit_application(context: WriteContext, *, application_id: UUID, changes: Form) -> store.Application:
    """Replace sections of the form; None removes one. Only while drafting or correcting."""
    row, round_row = await own_locked(context, application_id=application_id)
    async with act(context, APPLICATION, row, "edit") as doing:
        happened_by(changes, context.today, called_on=day_of_the_call(round_row))
        doing.hear()
        merged = {**row.content, **changes}
        row.content = cast(Form, {name: value for name, value in merged.items() if value is not None})
        doing.tell(sections=sorted(changes))
    return row


def happened_by(changes: Form, today: date, *, called_on: date | None = None) -> None:
    """What has happened has happened by today: a record or an honour of a day to come would lie in no window of Art.
    13(6). What is signed or published for a round is so since its call (`called_on`; None: no round is named)."""
    told: list[tuple[str, str | None]] = []
    faults: list[FieldError] = []
    for number, record in enumerate(changes.get("adverse_records") or ()):
        place = f"/content/adverse_records/{number}"
        told.append((f"{place}/occurred_on", record.get("occurred_on")))
        told.append((f"{place}/determined_on", record.get("determined_on")))
        faults += in_order_faults(place, _day(record.get("occurred_on")), _day(record.get("determined_on")))
        faults += cited_faults(f"{place}/basis", record.get("basis"), latest=today)
    for number, honour in enumerate(changes.get("honours") or ()):
        told.append((f"/content/honours/{number}/awarded_on", honour["awarded_on"]))
    told += _issue_days(changes)
    for number, right in enumerate(changes.get("intellectual_property") or ()):
        told.append((f"/content/intellectual_property/{number}/granted_on", cast(str | None, right.get("granted_on"))))
    statement = changes.get("truthfulness")
    if statement is not None:
        told.append(("/content/truthfulness/signed_on", statement["signed_on"]))
    faults += future_faults(((at, _day(day)) for at, day in told), today)
    faults += [] if called_on is None else _for_this_round(changes, called_on)
    if faults:
        raise Invalid(faults[0].message, errors=faults)


def _issue_days(changes: Form) -> list[tuple[str, str | None]]:
    """The days on which licences and the safety standardisation are said to have been issued, with their pointers."""
    safety = changes.get("safety")
    told = [
        (f"/content/licences/{number}/issued_on", item.get("issued_on"))
        for number, item in enumerate(changes.get("licences") or ())
    ]
    return told if safety is None else [*told, ("/content/safety/issued_on", safety.get("issued_on"))]


def _for_this_round(changes: Form, called_on: date) -> list[FieldError]:
    """What is signed or published for the round, and before anybody was called to apply (Arts. 16, 17, 26)."""
    statement, notice = changes.get("truthfulness"), changes.get("internal_notice")
    days = [
        ("/content/truthfulness/signed_on", statement and statement["signed_on"]),
        ("/content/internal_notice/from_day", notice and notice["from_day"]),
    ]
    called = told_day(called_on)
    early = Text(
        f"早于本届评审公告之日{called.zh}，填写当日或以后的日期",
        f"Before the call of the round; state {called.en} or later",
    )
    return [fault for at, day in days for fault in early_faults(at, _day(day), called_on, early)]


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
