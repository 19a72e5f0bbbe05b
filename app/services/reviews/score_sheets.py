"""Score sheets (Arts. 18, 19): drafted, submitted and frozen; the others' unseen until one's own is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing, refuse
from app.measures.reviews import Stage, panel_sheets_visible, sheet_entries, sheet_total
from app.measures.state_machines import SCORE_SHEET, AssignmentState, SheetState
from app.measures.text import Text
from app.services.lifecycle import act, check_version, out_of_order
from app.services.reviews.own_assignment import OwnAssignment, assignment_findings, locked_assignment, own_assignment
from app.store import applications
from app.store import reviews as store


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """Another member's submitted sheet, by a letter of the panel's order: never by name or account."""

    member: str
    sheet: store.ScoreSheet


async def read_sheet(context: ReadContext, *, assignment_id: UUID) -> OwnAssignment:
    """The calling reviewer's own sheet, whatever has become of it."""
    return await own_assignment(context, assignment_id=assignment_id)


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
    _draft(context, own, "edit_sheet")
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


async def submit_score_sheet(context: WriteContext, *, assignment_id: UUID) -> OwnAssignment:
    """Freeze the sheet with its total: every item scored, in the rules' steps."""
    own, opened = await locked_assignment(context, assignment_id=assignment_id)
    sheet = own.sheet
    _draft(context, own, "submit_sheet")
    async with act(context, SCORE_SHEET, sheet, "submit_sheet", round_id=own.round_row.id) as doing:
        answer = sheet_total(scores=sheet.scores, rules=own.rules, stage=own.stage)
        doing.hear([*opened, *answer.findings])
        sheet.total, sheet.submitted_at = answer.total, context.now
        doing.about("assignment", own.assignment)
        doing.tell(application_id=own.application.id, stage=own.stage.value, total=answer.total, scores=sheet.scores)
        doing.tell(rules_hash=own.round_row.review_rules_hash)
    return own


async def panel_sheets(context: ReadContext, *, assignment_id: UUID) -> Sequence[OtherSheet]:
    """What the other members of the panel have submitted, once the caller has, on the conditions of the work itself."""
    own = await own_assignment(context, assignment_id=assignment_id)
    visible = panel_sheets_visible(own_submitted=own.sheet.state == SheetState.SUBMITTED, stage=own.stage)
    refuse([*visible, *await assignment_findings(context, own)])
    panel = [
        pair
        for pair in await store.assigned_of_application(context.session, [own.application.id], stage=own.stage)
        if pair[0].state == AssignmentState.ACTIVE
    ]
    return [
        OtherSheet(chr(ord("A") + index), sheet)
        for index, (row, sheet) in enumerate(panel)
        if row.id != own.assignment.id and sheet.state == SheetState.SUBMITTED
    ]


async def sheets_of_application(
    context: ReadContext, *, application_id: UUID, stage: Stage | None
) -> Sequence[tuple[store.Assignment, store.ScoreSheet]]:
    """Every review assignment on an application with its sheet, for the office and the auditor. A draft is its
    reviewer's own."""
    existing(await applications.get(context.session, application_id), "没有此申报", "No such application")
    return await store.assigned_of_application(context.session, [application_id], stage=stage)


def _draft(context: WriteContext, own: OwnAssignment, name: str) -> None:
    check_version(context, own.sheet)
    if own.sheet.state != SheetState.DRAFT:
        text = Text("评分已提交，不能修改", "The sheet is submitted and frozen")
        raise out_of_order(context, SCORE_SHEET, own.sheet, name, message=text)


def _merged(present: Mapping[str, Value], changes: Mapping[str, Value | None]) -> dict[str, Value]:
    return {key: value for key, value in {**present, **changes}.items() if value is not None}
