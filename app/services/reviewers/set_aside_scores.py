"""Setting scores aside (Arts. 29, 30): work ends, sheets stop to count, reports that rested on them are void, and lists
that rested on those open again, as long as no candidate list is published. A committee that had met meets again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.measures.findings import Outcome
from app.measures.reviewers import MisconductAnswer, misconduct, panels_reopened
from app.measures.reviews import Stage
from app.measures.state_machines import (
    APPLICATION,
    ASSIGNMENT,
    ROUND,
    SCORE_SHEET,
    ApplicationState,
    AssignmentState,
    RoundState,
)
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, move
from app.services.reviewers.conflicts import Bias, bias
from app.services.reviewers.stage import rules_of
from app.store import reviewers, reviews, rounds
from app.store import reviews as reviews_store
from app.store.applications import Application
from app.store.reviews import reports as review_reports

# In these states of the round nobody has read the results of the review as a published list.
OPEN = frozenset(
    {RoundState.CALLED, RoundState.QUALIFIED, RoundState.ONSITE, RoundState.EVALUATED, RoundState.DELIBERATED}
)


_REOPENED = {
    Stage.MATERIAL: (
        "reopen_material_review",
        (ApplicationState.SHORTLISTED, ApplicationState.NOT_SHORTLISTED, ApplicationState.EVALUATED),
    ),
    Stage.ONSITE: ("reopen_onsite_review", (ApplicationState.EVALUATED,)),
}


Assigned = tuple[reviews.Assignment, reviews.ScoreSheet, Application]


@dataclass(frozen=True, slots=True)
class PanelChange:
    """What the setting aside did to one panel; `report_void`: its report rested on the sheet."""

    application_id: UUID
    stage: Stage
    answer: MisconductAnswer
    report_void: bool


@dataclass(frozen=True, slots=True)
class Recused:
    """Assignments that a conflict of interest has ended; those whose sheet a report counts already, on which the office
    decides."""

    ended: Sequence[UUID] = ()
    counted: Sequence[UUID] = ()


async def running_locked(context: WriteContext) -> rounds.Round | None:
    """The running round, locked: no panel changes meanwhile. None where no round runs."""
    found = await rounds.running(context.session)
    if found is None:
        return None
    await context.session.refresh(found, with_for_update=True)
    return found


async def set_aside(
    context: WriteContext, round_row: rounds.Round, assigned: Sequence[Assigned], *, name: str, reason: str
) -> list[PanelChange]:
    """End these assignments with their sheets, in a round that is locked. `name`: recuse or set_aside."""
    if not assigned:
        return []
    rules = rules_of(round_row)
    ids = {application.id for _, _, application in assigned}
    panels = await reviews.assigned_of_application(context.session, ids)
    reports = await review_reports.standing_reports(context.session, ids)
    void = [row for row in reports if _rests_on(row, {assignment.id for assignment, _, _ in assigned})]
    changes = []
    for assignment, _, application in assigned:
        stage = Stage(assignment.stage)
        panel = [
            str(other.reviewer_id)
            for other, _ in panels
            if (other.application_id, other.stage, other.state) == (application.id, stage, AssignmentState.ACTIVE)
        ]
        answer = misconduct(panel=panel, disqualified=[str(assignment.reviewer_id)], rules=rules, stage=stage)
        hit = any((row.application_id, row.stage) == (application.id, stage) for row in void)
        changes.append(PanelChange(application.id, stage, answer, hit))
    for assignment, sheet, _ in assigned:
        move(context, ASSIGNMENT, assignment, name)
        assignment.state_reason, assignment.ended_at = reason, context.now
        move(context, SCORE_SHEET, sheet, "set_aside")
    for row in void:
        row.voided_at, row.void_reason = context.now, reason
    await context.session.flush()
    for change, (assignment, _, _) in zip(changes, assigned, strict=True):
        audit.record(
            context,
            "set_aside",
            "assignment",
            assignment.id,
            round_id=round_row.id,
            findings=change.answer.findings,
            application_id=change.application_id,
            reviewer_id=assignment.reviewer_id,
            stage=change.stage.value,
            state=assignment.state,
            reason=reason,
            report_void=change.report_void,
            readings=[round_readings(round_row).cite("submitted_sheets")],
        )
    await _reopen(context, round_row, changes)
    return changes


async def recuse_biased(context: WriteContext, round_row: rounds.Round | None, reviewer: reviewers.Reviewer) -> Recused:
    """End the reviewer's work in the running round on every case from which a conflict of interest bars. What a report
    counts already is named, not touched: that opens lists again, which is the office's to decide."""
    if round_row is None or round_row.state not in OPEN:
        return Recused()
    assigned = await reviews.active_of_reviewer(context.session, reviewer_id=reviewer.id, round_id=round_row.id)
    barred = [
        item for item in assigned if barred_from(context, await _bias(context, assigned, reviewer), round_row, item)
    ]
    reports = await review_reports.standing_reports(context.session, {item[2].id for item in barred})
    counted = [item[0].id for item in barred if any(_rests_on(row, {item[0].id}) for row in reports)]
    ended = [item for item in barred if item[0].id not in counted]
    await set_aside(context, round_row, ended, name="recuse", reason="存在利害关系，自动回避")
    return Recused([item[0].id for item in ended], counted)


def barred_from(context: WriteContext, known: Bias, round_row: rounds.Round, item: Assigned) -> bool:
    """Whether a conflict of interest bars the reviewer from the case: of the day on which the sheet was submitted, or
    of today."""
    assignment, sheet, application = item
    on = context.today if sheet.submitted_at is None else shanghai_day(sheet.submitted_at)
    findings = known.findings(
        application_id=application.id, reviewer_id=assignment.reviewer_id, on=on, rules=rules_of(round_row)
    )
    return any(finding.outcome != Outcome.PASS for finding in findings)


async def _bias(context: WriteContext, assigned: Sequence[Assigned], reviewer: reviewers.Reviewer) -> Bias:
    return await bias(context, applications={item[2].id: item[2] for item in assigned}.values(), pool=[reviewer])


async def _reopen(context: WriteContext, round_row: rounds.Round, changes: Sequence[PanelChange]) -> None:
    """Step the round back to the earliest stage of which a report has become void, where that stage is closed."""
    for stage in Stage:
        cases = [str(change.application_id) for change in changes if change.stage is stage and change.report_void]
        name, states = _REOPENED[stage]
        if not cases or round_row.state not in ROUND.transition(name).sources:
            continue
        async with act(context, ROUND, round_row, name, named=False) as doing:
            findings = panels_reopened(reopened=cases)
            doing.hear(findings)
            listed = await review_reports.applications_of_round(context.session, round_row.id, states)
            report = await reviews_store.evaluation_of(context.session, round_row.id)
            for application, _ in listed:
                move(context, APPLICATION, application, name, findings)
                application.closed_reason = application.closed_rule = application.closed_at = None
            if report is not None:
                report.superseded_at = context.now
            await context.session.flush()
            if stage is Stage.MATERIAL:
                await review_reports.supersede_shortlist(context.session, round_row.id, at=context.now)
            doing.rest_on(round_readings(round_row), "reopening")
            doing.tell(reopened=cases, superseded_evaluation=None if report is None else report.id)


def _rests_on(report: reviews.StageReport, assignment_ids: Collection[UUID]) -> bool:
    return bool({UUID(item["assignment_id"]) for item in report.sheets} & set(assignment_ids))
