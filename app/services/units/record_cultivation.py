"""What a unit did to cultivate and promote quality (Art. 12): recorded and reported, never a condition of anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.measures.text import Text
from app.measures.units import CultivationKind
from app.services.days import not_in_future
from app.services.lifecycle import enter
from app.store.units import CultivationRecord
from app.store.units import cultivation as store


@dataclass(frozen=True, slots=True)
class Work:
    """What was done. `kind`: "cultivation" of organisations, or "promotion" of the award and of quality."""

    kind: CultivationKind
    held_on: date
    subject: str
    description: str
    organisation_id: UUID | None = None


async def record_cultivation(context: WriteContext, *, work: Work) -> store.CultivationLine:
    """The caller's unit records what it did; answers the record with its names."""
    unit_id = existing(context.actor.unit_id)
    not_in_future(work.held_on, context.today, "/held_on")
    if work.organisation_id is not None and not await store.organisation_exists(context.session, work.organisation_id):
        text = Text("没有此组织", "No such organisation")
        raise Invalid(text, errors=[FieldError("/organisation_id", FieldCode.NOT_FOUND, text)])
    row = CultivationRecord(
        created_at=context.now,
        unit_id=unit_id,
        organisation_id=work.organisation_id,
        kind=work.kind,
        held_on=work.held_on,
        subject=work.subject,
        description=work.description,
        recorded_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"unit_id": unit_id, "kind": row.kind, "held_on": row.held_on}
    await enter(context, row, "record_cultivation", "cultivation_record", **told)
    return await store.row(context.session, row.id)
