"""A reviewer submits a score sheet, which freezes it (Arts. 18, 19)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.reviews import sheet_total
from app.measures.state_machines import SCORE_SHEET
from app.services.lifecycle import act
from app.services.reviews.own_assignment import OwnAssignment, locked_assignment
from app.services.reviews.score_sheets import refuse_submitted


async def submit_score_sheet(context: WriteContext, *, assignment_id: UUID) -> OwnAssignment:
    """Freeze the sheet with its total: every item scored, in the rules' steps."""
    own, opened = await locked_assignment(context, assignment_id=assignment_id)
    sheet = own.sheet
    refuse_submitted(context, own, "submit_sheet")
    async with act(context, SCORE_SHEET, sheet, "submit_sheet", round_id=own.round_row.id) as doing:
        answer = sheet_total(scores=sheet.scores, rules=own.rules, stage=own.stage)
        doing.hear([*opened, *answer.findings])
        sheet.total, sheet.submitted_at = answer.total, context.now
        doing.about("assignment", own.assignment)
        doing.tell(application_id=own.application.id, stage=own.stage.value, total=answer.total, scores=sheet.scores)
        doing.tell(rules_hash=own.round_row.review_rules_hash)
    return own
