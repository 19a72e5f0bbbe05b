"""Panels (Arts. 11(2), 18, 19, 29): who judges which application at which stage, and how a review assignment ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid, NotFound, existing, refuse
from app.kernel.paging import Page, PageRequest
from app.measures.asks import ReviewDetail
from app.measures.findings import Finding, fails
from app.measures.form import asked_for_given
from app.measures.reasons import Reason
from app.measures.review_rules import ReviewRules
from app.measures.reviewers import panel_room, reviewer_in_pool
from app.measures.reviews import Stage, material_scorable, onsite_scorable
from app.measures.roles import Role
from app.measures.state_machines import ASSIGNMENT, SCORE_SHEET, AssignmentState
from app.measures.text import Text
from app.services.applications.access import locked
from app.services.lifecycle import create
from app.services.reviewers.conflicts import bias, pool_entry
from app.services.reviewers.sign_undertaking import own_entry
from app.services.reviewers.stage import APPLICATION_STATE, RULE_OF_STAGE, in_stage, rules_of
from app.store import applications, reviewers
from app.store import reviewers as reviewers_store
from app.store import reviews as store
from app.store.applications import Application
from app.store.reviews import reports as review_reports


async def assign_reviewers(
    context: WriteContext,
    *,
    application_id: UUID,
    stage: Stage,
    reviewer_ids: Sequence[UUID],
    leader_id: UUID | None,
    due_on: date | None = None,
) -> Sequence[store.Assignment]:
    """Put reviewers on the panel of an application, all of them or none; each gets an empty sheet. `due_on`: the last
    day for it, where the round asks for one or the office sets one."""
    found = existing(await applications.place(context.session, application_id), "没有此申报", "No such application")
    application, round_row = await locked(context, found)
    in_stage(round_row, stage)
    pool = await reviewers.share(context.session, reviewer_ids)
    _check_names(reviewer_ids, leader_id, pool)
    _check_day(context, due_on)
    rules = rules_of(round_row)
    panel = [
        row
        for row, _ in await store.assigned_of_application(context.session, [application.id], stage=stage)
        if row.state == AssignmentState.ACTIVE
    ]
    under = RULE_OF_STAGE[stage]
    if {row.reviewer_id for row in panel} & set(reviewer_ids):
        raise Conflict(fails(under, Reason.ALREADY_ASSIGNED, next_act=None), code=ProblemCode.ALREADY_ASSIGNED)
    if leader_id is not None and any(row.leader for row in panel):
        raise Conflict(fails(under, Reason.LEADER_ASSIGNED, next_act=None), code=ProblemCode.LEADER_ASSIGNED)
    known = await bias(context, applications=[application], pool=pool.values())
    findings = [
        *await scorable(context, application, stage),
        *_last_day_set(rules, stage, due_on),
        *panel_room(assigned=len(panel), added=len(reviewer_ids), rules=rules, stage=stage),
    ]
    for reviewer_id in reviewer_ids:
        findings += reviewer_in_pool(entry=pool_entry(pool[reviewer_id]), on=context.today)
        findings += known.findings(
            application_id=application.id, reviewer_id=reviewer_id, on=context.today, rules=rules
        )
    refuse(findings)
    rows = [
        store.Assignment(
            created_at=context.now,
            application_id=application.id,
            reviewer_id=reviewer_id,
            stage=stage,
            leader=reviewer_id == leader_id,
            state=create(ASSIGNMENT),
            due_on=due_on,
        )
        for reviewer_id in reviewer_ids
    ]
    context.session.add_all(rows)
    await context.session.flush()
    await _add_sheets(context, rows)
    audit.record(
        context,
        "assign_reviewers",
        "application",
        application.id,
        round_id=round_row.id,
        findings=findings,
        stage=stage.value,
        reviewer_ids=list(reviewer_ids),
        due_on=due_on,
        assignment_ids=[row.id for row in rows],
    )
    return rows


async def list_assignments(
    context: ReadContext,
    *,
    request: PageRequest,
    round_id: UUID | None,
    application_id: UUID | None,
    reviewer_id: UUID | None,
    stage: str | None,
    state: str | None,
    late: bool,
) -> Page[store.AssignmentLine]:
    """A reviewer's own review assignments; all for the office and the auditor, newest first. `late`: only those whose
    last day is over while the sheet is not in."""
    if context.actor.role is Role.REVIEWER:
        own = await own_entry(context)
        if reviewer_id not in (None, own.id):
            return Page([], None)
        reviewer_id = own.id
    # Any: keyword arguments of several types.
    filters: dict[str, Any] = {
        "round_id": round_id,
        "application_id": application_id,
        "reviewer_id": reviewer_id,
        "stage": stage,
        "state": state,
        "late_on": context.today if late else None,
    }
    rows = await store.assignments_page(context.session, after=request.after(**filters), limit=request.limit, **filters)
    return request.page(rows, key=lambda row: row.id, **filters)


async def assignment_line(context: ReadContext, *, assignment_id: UUID) -> store.AssignmentLine:
    """One review assignment as the list shows it; a reviewer finds only his own."""
    reviewer_id = (await own_entry(context)).id if context.actor.role is Role.REVIEWER else None
    rows = await store.assignments_page(
        context.session, after=None, limit=1, assignment_ids=[assignment_id], reviewer_id=reviewer_id
    )
    if not rows:
        raise unknown_assignment()
    return rows[0]


async def assignment_lines(context: ReadContext, rows: Sequence[store.Assignment]) -> Sequence[store.AssignmentLine]:
    """Review assignments as the list shows them, in their order."""
    ids = [row.id for row in rows]
    lines = await store.assignments_page(context.session, after=None, limit=len(ids), assignment_ids=ids)
    return sorted(lines, key=lambda line: ids.index(line.id))


async def scorable(context: ReadContext, application: Application, stage: Stage) -> list[Finding]:
    """Whether an application is judged at this stage, and has not been yet (Arts. 18, 19)."""
    key = str(application.id)
    reports = await review_reports.standing_reports(context.session, [application.id])
    standing = sum(row.stage == stage for row in reports)
    on_it = application.state == APPLICATION_STATE[stage]
    if stage is Stage.MATERIAL:
        return material_scorable(organisation=key, qualified=on_it, reports=standing)
    return onsite_scorable(organisation=key, onsite_list=[key] if on_it else [], reports=standing)


def unknown_assignment() -> NotFound:
    """No such review assignment, or another reviewer's."""
    return NotFound("没有此评审任务", "No such assignment")


async def _add_sheets(context: WriteContext, rows: Sequence[store.Assignment]) -> None:
    """An empty sheet for each."""
    context.session.add_all(
        store.ScoreSheet(
            created_at=context.now, assignment_id=row.id, state=create(SCORE_SHEET), scores={}, comments={}
        )
        for row in rows
    )
    await context.session.flush()


def _last_day_set(rules: ReviewRules, stage: Stage, due_on: date | None) -> list[Finding]:
    asked = [item for item in rules.asks.review if item is ReviewDetail.LAST_DAY]
    given = () if due_on is None else (ReviewDetail.LAST_DAY.value,)
    return asked_for_given(rule_id=stage.rule_id, asked=asked, given=given)


def _check_day(context: WriteContext, due_on: date | None) -> None:
    if due_on is not None and due_on < context.today:
        text = Text("评审截止日期已过", "The last day of the panel is past")
        raise Invalid(text, errors=[FieldError("/due_on", FieldCode.DATE_IN_PAST, text)])


def _check_names(
    reviewer_ids: Sequence[UUID], leader_id: UUID | None, pool: dict[UUID, reviewers_store.Reviewer]
) -> None:
    faults = [
        FieldError(
            f"/reviewer_ids/{index}", FieldCode.NOT_FOUND, Text("专家库中没有此评审员", "No such reviewer in the pool")
        )
        for index, key in enumerate(reviewer_ids)
        if key not in pool
    ]
    if leader_id is not None and leader_id not in reviewer_ids:
        faults.append(
            FieldError("/leader_id", FieldCode.NOT_FOUND, Text("组长须在所列评审员中", "The leader is one of them"))
        )
    if faults:
        raise Invalid(Text("评审员名单有误", "The list of reviewers is not right"), errors=faults)
