"""Score sheets (Arts. 18, 19) as they are read: the others' unseen until one's own is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing, refuse
from app.measures.reviews import Stage, panel_sheets_visible
from app.measures.state_machines import SCORE_SHEET, AssignmentState, SheetState
from app.measures.text import Text
from app.services.lifecycle import check_version, out_of_order
from app.services.reviews.own_assignment import OwnAssignment, assignment_findings, own_assignment
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


def refuse_submitted(context: WriteContext, own: OwnAssignment, name: str) -> None:
    """`WrongState` for a sheet that is submitted, `Stale` for a version that is not the present one."""
    check_version(context, own.sheet)
    if own.sheet.state != SheetState.DRAFT:
        text = Text("评分已提交，不能修改", "The sheet is submitted and frozen")
        raise out_of_order(context, SCORE_SHEET, own.sheet, name, message=text)
