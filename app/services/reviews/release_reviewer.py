"""The office takes a review assignment back before its sheet is in (Art. 11(2))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import ASSIGNMENT, SCORE_SHEET, SheetState
from app.measures.text import Text
from app.services.applications.access import locked
from app.services.lifecycle import act, move, out_of_order, require
from app.services.reviews.assign_reviewers import unknown_assignment
from app.store import applications
from app.store import reviews as store


async def release_reviewer(context: WriteContext, *, assignment_id: UUID, reason: str) -> store.Assignment:
    """The office takes back a review assignment, e.g. for illness, before its sheet is submitted. A submitted sheet is
    set aside for a conflict of interest or for misconduct only: nobody takes a score back because of what it is."""
    row, sheet, round_id = await _active(context, assignment_id)
    if sheet.state != SheetState.DRAFT:
        text = Text("评分已提交，不能解除分配", "The sheet is submitted; the review assignment cannot be taken back")
        raise out_of_order(SCORE_SHEET, sheet, "edit_sheet", message=text)
    async with act(context, ASSIGNMENT, row, "release_reviewer", round_id=round_id) as doing:
        doing.hear()
        row.state_reason, row.ended_at = reason, context.now
        move(context, SCORE_SHEET, sheet, "set_aside")
        doing.tell(application_id=row.application_id, reviewer_id=row.reviewer_id, reason=reason)
    return row


async def _active(context: WriteContext, assignment_id: UUID) -> tuple[store.Assignment, store.ScoreSheet, UUID]:
    found = await store.assignment(context.session, assignment_id)
    application = None if found is None else await applications.place(context.session, found.application_id)
    if application is None:
        raise unknown_assignment()
    await locked(context, application)
    row, sheet = await store.lock_assignment(context.session, assignment_id)
    require(context, ASSIGNMENT, row, "release_reviewer")
    return row, sheet, application.round_id
