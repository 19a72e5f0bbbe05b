"""A reviewer drafts a score sheet (Arts. 18, 19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.reviews import sheet_entries
from app.measures.state_machines import SCORE_SHEET
from app.services.lifecycle import act
from app.services.reviews.own_assignment import OwnAssignment, locked_assignment
from app.services.reviews.score_sheets import refuse_submitted

Value = TypeVar("Value", int, str)


async def edit_score_sheet(
    context: WriteContext,
    *,
    assignment_id: UUID,
    scores: Mapping[str, int | None],
    comments: Mapping[str, str | None],
) -> OwnAssignment:
    """Enter percentages and comments by item; None takes an entry back. Refused where one is no step or no item."""
    own, _ = await locked_assignment(context, assignment_id=assignment_id)
    refuse_submitted(context, own, "edit_sheet")
    async with act(context, SCORE_SHEET, own.sheet, "edit_sheet", round_id=own.round_row.id) as doing:
        entered = _merged(own.sheet.scores, scores)
        said = _merged(own.sheet.comments, comments)
        refuse(sheet_entries(scores=entered, rules=own.rules, stage=own.stage))
        refuse(sheet_entries(scores=dict.fromkeys(said, 0), rules=own.rules, stage=own.stage))
        doing.hear()
        own.sheet.scores, own.sheet.comments = entered, said
        doing.about("assignment", own.assignment)
        doing.tell(application_id=own.application.id, items=sorted({*scores, *comments}))
    return own


def _merged(present: Mapping[str, Value], changes: Mapping[str, Value | None]) -> dict[str, Value]:
    return {key: value for key, value in {**present, **changes}.items() if value is not None}
