"""The material report (Art. 18) and the on-site report (Art. 19) on one application, out of its panel's sheets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing, refuse
from app.measures.asks import ReviewDetail
from app.measures.findings import Finding
from app.measures.form import asked_for_given
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage, visit_dated
from app.measures.scoring import PanelResult, Sheet, combine
from app.measures.state_machines import ApplicationState
from app.measures.text import Text
from app.services.applications.access import locked
from app.services.days import not_before, not_in_future
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import enter
from app.services.reviewers.conflicts import bias
from app.services.reviewers.stage import in_stage, points, rules_of
from app.services.reviews.assign_reviewers import scorable
from app.services.turns import in_slices, in_turns
from app.store import applications, reviewers
from app.store import reviews as store
from app.store.applications import Application
from app.store.reviews import judged, reports
from app.store.reviews.judged import Judged, SheetLine
from app.store.rounds import Round

# About ten milliseconds of work.
_SHEETS_IN_A_TURN = 400


# What the audit log says of a report.
_BEFORE_THE_CALL = Text("早于本届评审公告之日", "Before the call of the round")
_NOTED = ("score", "mean", "spread", "consensus_reason", "visited_on", "customer_survey", "sheets")


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as the office records it. `consensus`, in points, with its reason, where the sheets lie too far apart;
    `visited_on` and `customer_survey` of an on-site report."""

    summary: str
    consensus: Decimal | None = None
    consensus_reason: str | None = None
    visited_on: date | None = None
    customer_survey: store.SurveyRecord | None = None


async def record_report(
    context: WriteContext, *, application_id: UUID, stage: Stage, new: NewReport
) -> store.StageReport:
    """Close one panel: every sheet is in, no counted sheet is by somebody with a conflict of interest, a wide spread
    has its consensus. A consensus where none is needed has no effect."""
    found = existing(await applications.place(context.session, application_id), "没有此申报", "No such application")
    application, round_row = await locked(context, found)
    in_stage(round_row, stage)
    rules = rules_of(round_row)
    assigned = await counted_sheets(context, [application.id], stage=stage)
    result = combine(sheets=[_sheet(item) for item in assigned], rules=rules, stage=stage, consensus=new.consensus)
    findings = [
        *await scorable(context, application, stage),
        *result.findings,
        *await unbiased(context, [application], assigned, rules),
    ]
    if stage is Stage.ONSITE:
        findings += [*await _visited(context, application, assigned, new), *_surveyed(context, new, round_row, rules)]
    refuse(findings)
    row = _row(context, application, stage, new, result, assigned)
    await enter(
        context,
        row,
        f"record_{stage.value}_report",
        "application",
        subject=application,
        round_id=round_row.id,
        findings=findings,
        report_id=row.id,
        rules_hash=round_row.review_rules_hash,
        readings=[round_readings(round_row).cite("consensus_range")],
        **{name: getattr(row, name) for name in _NOTED},
    )
    return row


async def list_reports(context: ReadContext, *, application_id: UUID, stage: Stage) -> Sequence[store.StageReport]:
    """Every report of a stage on an application, void ones too."""
    existing(await applications.get(context.session, application_id), "没有此申报", "No such application")
    return await reports.reports_of(context.session, application_id, stage=stage)


async def counted_sheets(
    context: ReadContext, application_ids: Collection[UUID], *, stage: Stage | None = None
) -> list[SheetLine]:
    """The submitted sheets of these applications whose review assignments have not ended otherwise."""
    return [item for item in await judged.sheets_of(context.session, application_ids, stage=stage) if item.counted]


async def unbiased(
    context: ReadContext, cases: Sequence[Application | Judged], assigned: Sequence[SheetLine], rules: ReviewRules
) -> list[Finding]:
    """For each counted sheet: no conflict of interest that is known by now barred its author on the day of its
    submission (Art. 29)."""
    pool = await reviewers.by_ids(context.session, {item.reviewer_id for item in assigned})
    known = await bias(context, applications=cases, pool=pool.values())
    findings = []
    async for item in in_turns(assigned, turn=_SHEETS_IN_A_TURN):
        on = context.today if item.submitted_at is None else shanghai_day(item.submitted_at)
        findings += known.findings(application_id=item.application_id, reviewer_id=item.reviewer_id, on=on, rules=rules)
    return findings


async def judged_unbiased(context: ReadContext, row: Round) -> list[Finding]:
    """`unbiased` for everything that the round's evaluation rests on: a conflict of interest that came to light since
    ends its charge first, and the review opens again."""
    cases = await judged.applications_judged(context.session, row.id, (ApplicationState.EVALUATED,))
    assigned = [
        sheet async for part in in_slices(cases) for sheet in await counted_sheets(context, [item.id for item in part])
    ]
    return await unbiased(context, cases, assigned, rules_of(row))


async def _visited(
    context: ReadContext, application: Application, assigned: Sequence[SheetLine], new: NewReport
) -> list[Finding]:
    listed = await reports.first_listed(context.session, application.id)
    if listed is None or new.visited_on is None:
        # Not on the list: `scorable` says so.
        return []
    submitted = [shanghai_day(item.submitted_at) for item in assigned if item.submitted_at is not None]
    return visit_dated(
        visited_on=new.visited_on,
        listed_on=shanghai_day(listed),
        today=context.today,
        first_sheet_on=min(submitted, default=None),
    )


def _surveyed(context: WriteContext, new: NewReport, row: Round, rules: ReviewRules) -> list[Finding]:
    """The survey of the customers that the rules ask for; `Invalid` for one of a day to come, or of before the
    round."""
    survey, name = new.customer_survey, ReviewDetail.CUSTOMER_SURVEY
    if survey is not None:
        day, at = date.fromisoformat(survey["carried_out_on"]), "/customer_survey/carried_out_on"
        not_in_future(day, context.today, at)
        if row.called_at is not None:
            not_before(day, shanghai_day(row.called_at), at, _BEFORE_THE_CALL)
    asked = [item for item in rules.asks.review if item is name]
    return asked_for_given(rule_id="art19.onsite", asked=asked, given=() if survey is None else (name.value,))


def _sheet(item: SheetLine) -> Sheet:
    if item.total is None:
        raise RuntimeError("a submitted sheet without a total")
    return Sheet(str(item.reviewer_id), points(item.total))


def _row(
    context: WriteContext,
    application: Application,
    stage: Stage,
    new: NewReport,
    result: PanelResult,
    assigned: Sequence[SheetLine],
) -> store.StageReport:
    if result.score is None or result.mean is None or result.spread is None:
        raise RuntimeError("a panel's result passed without a score")
    return store.StageReport(
        created_at=context.now,
        application_id=application.id,
        stage=stage,
        score=result.score,
        mean=result.mean,
        spread=result.spread,
        consensus=result.consensus_needed,
        consensus_reason=new.consensus_reason if result.consensus_needed else None,
        summary=new.summary,
        visited_on=new.visited_on if stage is Stage.ONSITE else None,
        customer_survey=new.customer_survey if stage is Stage.ONSITE else None,
        sheets=[
            {"assignment_id": str(item.id), "total": str(points(item.total))}
            for item in assigned
            if item.total is not None
        ],
        recorded_by=context.actor.known_id,
    )
