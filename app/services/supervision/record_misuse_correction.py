"""A misuse of the title has been corrected (Art. 23)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.state_machines import TITLE_MISUSE
from app.services.days import not_in_future
from app.services.lifecycle import act
from app.store import supervision


async def record_misuse_correction(
    context: WriteContext, *, misuse_id: UUID, corrected_on: date, correction: str
) -> supervision.TitleMisuse:
    """The misuse has been corrected."""
    row = existing(
        await context.session.get(supervision.TitleMisuse, misuse_id, with_for_update=True),
        "没有此违规使用记录",
        "No such record of misuse",
    )
    async with act(context, TITLE_MISUSE, row, "record_correction") as doing:
        not_in_future(corrected_on, context.today, "/corrected_on")
        doing.hear()
        row.corrected_on, row.correction = corrected_on, correction
        doing.tell(corrected_on=corrected_on)
    return row
