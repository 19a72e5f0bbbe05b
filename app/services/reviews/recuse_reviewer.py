"""A reviewer leaves a case because of a conflict of interest (Art. 29)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.findings import fails
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.state_machines import ASSIGNMENT, ROUND, SCORE_SHEET, SheetState
from app.measures.text import Text
from app.services.lifecycle import out_of_order, require
from app.services.reviewers.conflicts import bias
from app.services.reviewers.set_aside_scores import OPEN, PanelChange, barred_from, running_locked, set_aside
from app.services.reviewers.sign_undertaking import own_entry
from app.services.reviews.assign_reviewers import unknown_assignment
from app.store import applications, reviewers, rounds
from app.store import reviews as store


async def recuse_reviewer(
    context: WriteContext, *, assignment_id: UUID, reason: str
) -> tuple[store.Assignment, list[PanelChange]]:
    """A reviewer withdraws from a case for bias before he has submitted. The office ends a review assignment for a
    conflict of interest that is on record, later too: the sheet is set aside, and what rested on it opens again."""
    found = await store.assignment(context.session, assignment_id)
    if found is None or not await _may_end(context, found):
        raise unknown_assignment()
    round_row = await running_locked(context)
    row, sheet = await store.lock_assignment(context.session, assignment_id)
    application = await applications.get(context.session, row.application_id)
    if application is None:
        raise unknown_assignment()
    if round_row is None or application.round_id != round_row.id or round_row.state not in OPEN:
        told = await rounds.get(context.session, application.round_id)
        if told is None:
            raise unknown_assignment()
        text = Text("本届候选名单已公示", "The candidates of this round are published")
        raise out_of_order(ROUND, told, "recuse", wanted=OPEN, rule="art29.recusal", message=text)
    require(context, ASSIGNMENT, row, "recuse")
    item = (row, sheet, application)
    if context.actor.role is Role.REVIEWER:
        if sheet.state != SheetState.DRAFT:
            text = Text(
                "评分已提交；请申报利害关系，由质量强县办处理",
                "The sheet is in; declare your conflict of interest instead",
            )
            raise out_of_order(SCORE_SHEET, sheet, "edit_sheet", message=text)
    else:
        pool = await reviewers.by_ids(context.session, [row.reviewer_id])
        known = await bias(context, applications=[application], pool=pool.values())
        if not barred_from(context, known, round_row, item):
            unbarred = fails("art29.recusal", Reason.NO_CONFLICT_DECLARED, next_act=None)
            raise Conflict(unbarred, code=ProblemCode.NO_CONFLICT_DECLARED)
    return row, await set_aside(context, round_row, [item], name="recuse", reason=reason)


async def _may_end(context: ReadContext, row: store.Assignment) -> bool:
    return context.actor.role is Role.OFFICE or (await own_entry(context)).id == row.reviewer_id
