"""What an evaluation rests on, in bulk and column by column: a round may have a thousand applications and six sheets on
each, and their forms and scores by item are nobody's business here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, case, exists, func, literal_column, not_, or_, select, update

from app.measures.reviews import Stage
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ApplicationState, AssignmentState, SheetState
from app.store.applications import Application
from app.store.applications.form import Snapshot
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.reviews import Assignment, ScoreSheet, SheetRecord, ShortlistEntry, StageReport
from app.store.statements import given


class Judged(NamedTuple):
    """An application under review without its form, and the organisation behind it."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    state: ApplicationState
    seat_category: SeatCategory | None
    snapshot_hash: str | None
    organisation_name: str
    uscc: str
    lineage_id: UUID


class SheetLine(NamedTuple):
    """A review assignment with what its sheet has come to; `total` in points, None until it is submitted."""

    id: UUID
    application_id: UUID
    reviewer_id: UUID
    stage: Stage
    state: AssignmentState
    sheet_state: SheetState
    total: Decimal | None
    submitted_at: datetime | None

    @property
    def counted(self) -> bool:
        """Submitted, and the assignment has not ended otherwise."""
        return self.state is AssignmentState.ACTIVE and self.sheet_state is SheetState.SUBMITTED


class ReportLine(NamedTuple):
    """A stage report that stands, without its texts."""

    id: UUID
    application_id: UUID
    stage: Stage
    score: Decimal
    mean: Decimal
    spread: Decimal
    consensus: bool
    consensus_reason: str | None
    sheets: list[SheetRecord]
    visited_on: date | None


_JUDGED = select(
    Application.id,
    Application.round_id,
    Application.organisation_id,
    Application.state,
    Application.seat_category,
    Application.snapshot_hash,
    Organisation.name.label("organisation_name"),
    Organisation.uscc,
    Organisation.lineage_id,
).join(Organisation, Organisation.id == Application.organisation_id)

_SHEETS = select(
    Assignment.id,
    Assignment.application_id,
    Assignment.reviewer_id,
    Assignment.stage,
    Assignment.state,
    ScoreSheet.state.label("sheet_state"),
    ScoreSheet.total,
    ScoreSheet.submitted_at,
).join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)

_REPORTS = select(
    StageReport.id,
    StageReport.application_id,
    StageReport.stage,
    StageReport.score,
    StageReport.mean,
    StageReport.spread,
    StageReport.consensus,
    StageReport.consensus_reason,
    StageReport.sheets,
    StageReport.visited_on,
)


async def applications_judged(
    session: ReadSession, round_id: UUID, states: Collection[ApplicationState]
) -> Sequence[Judged]:
    """A round's applications in these states, by creation."""
    return await _judged(session, _of_round(round_id, states))


async def lock_judged(session: WriteSession, round_id: UUID, states: Collection[ApplicationState]) -> Sequence[Judged]:
    """As `applications_judged`, locked until the transaction ends."""
    return await _judged(session, _of_round(round_id, states).with_for_update(of=Application))


async def sheets_of(
    session: ReadSession, application_ids: Collection[UUID], *, stage: Stage | None = None
) -> Sequence[SheetLine]:
    """Every review assignment of these applications with its sheet, however it ended, in their order."""
    query = _SHEETS.where(Assignment.application_id.in_(application_ids)).order_by(Assignment.id)
    if stage is not None:
        query = query.where(Assignment.stage == stage)
    return [SheetLine._make(row) for row in (await session.execute(query)).all()]


async def reports_standing(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[ReportLine]:
    """The reports on these applications that stand, in their order."""
    query = _REPORTS.where(StageReport.application_id.in_(application_ids), StageReport.voided_at.is_(None)).order_by(
        StageReport.id
    )
    return [ReportLine._make(row) for row in (await session.execute(query)).all()]


class Lacking(NamedTuple):
    """Applications that lack a report: how many, of each stage and together, and the first of them."""

    applications: int
    without: dict[Stage, int]
    first: Sequence[Judged]


async def lacking_reports(
    session: ReadSession,
    round_id: UUID,
    states: Collection[ApplicationState],
    *,
    stages: Collection[Stage],
    limit: int,
) -> Lacking:
    """A round's applications in these states that lack a standing report of one of the stages; the first by creation,
    up to `limit`. A query, and another where there are any."""
    missing = {
        stage: not_(
            exists().where(
                StageReport.application_id == Application.id,
                StageReport.stage == stage,
                StageReport.voided_at.is_(None),
            )
        )
        for stage in stages
    }
    among = (Application.round_id == round_id, Application.state.in_(states), or_(*missing.values()))
    counts = select(func.count(), *(func.count(case((absent, 1))) for absent in missing.values()))
    row = (await session.execute(counts.select_from(Application).where(*among))).one()
    without = dict(zip(missing, row[1:], strict=True))
    if not row[0]:
        return Lacking(0, without, ())
    query = _JUDGED.where(*among).order_by(Application.id).limit(literal_column(str(limit)))
    return Lacking(row[0], without, await _judged(session, query))


async def counted_by(
    session: ReadSession,
    round_id: UUID,
    states: Collection[ApplicationState],
    *,
    reviewer_ids: Collection[UUID],
    stage: Stage | None,
    limit: int,
) -> Sequence[SheetLine]:
    """The counted sheets of these reviewers on a round's applications in these states, in their order, up to
    `limit`."""
    query = (
        _SHEETS.join(Application, Application.id == Assignment.application_id)
        .where(
            Application.round_id == round_id,
            Application.state.in_(states),
            Assignment.reviewer_id.in_(reviewer_ids),
            Assignment.state == AssignmentState.ACTIVE,
            ScoreSheet.state == SheetState.SUBMITTED,
        )
        .order_by(Assignment.id)
        .limit(literal_column(str(limit)))
    )
    if stage is not None:
        query = query.where(Assignment.stage == stage)
    return [SheetLine._make(row) for row in (await session.execute(query)).all()]


async def judged_by_id(session: ReadSession, ids: Collection[UUID]) -> Sequence[Judged]:
    """These applications, by creation."""
    return await _judged(session, _JUDGED.where(Application.id.in_(ids)).order_by(Application.id))


async def shortlisted(session: ReadSession, round_id: UUID) -> set[UUID]:
    """The applications on the present on-site list of a round."""
    return set((await session.execute(_SHORTLISTED, {"round_id": round_id})).scalars())


_SHORTLISTED = select(ShortlistEntry.application_id).where(
    ShortlistEntry.round_id == given("round_id"), ShortlistEntry.superseded_at.is_(None), ShortlistEntry.included
)


async def snapshots(session: ReadSession, application_ids: Collection[UUID]) -> dict[UUID, Snapshot | None]:
    """What was frozen at the submission of these applications, by id."""
    return {
        row.id: row.snapshot
        for row in (await session.execute(_SNAPSHOTS, {"application_ids": list(application_ids)})).all()
    }


_SNAPSHOTS = select(Application.id, Application.snapshot).where(Application.id.in_(given("application_ids")))


async def move_judged(
    session: WriteSession, round_id: UUID, states: Collection[ApplicationState], *, state: ApplicationState
) -> int:
    """Write down the state to which a round's applications in these states, which are locked, have come together.
    Answers how many they are."""
    statement = (
        update(Application)
        .where(Application.round_id == round_id, Application.state.in_(states))
        .values(state=state, version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )
    changed = await session.execute(statement)
    return int(changed.rowcount)  # type: ignore[attr-defined]


async def enter_list(session: WriteSession, ids: Collection[UUID], *, state: ApplicationState) -> None:
    """Write down the state of applications that are on the on-site list."""
    statement = update(Application).where(Application.id.in_(ids)).values(state=state, version=Application.version + 1)
    await session.execute(statement, execution_options={"synchronize_session": False})


async def leave_out(
    session: WriteSession, reasons: Mapping[UUID, str], *, rule: str, state: ApplicationState, at: datetime
) -> None:
    """Write down, in one statement, the state of applications that the on-site list leaves out, each with its reason.
    At least one."""
    table = cast(Table, Application.__table__)
    statement = (
        table.update()
        .where(table.c.id == bindparam("row_id"))
        .values(
            state=state,
            closed_rule=rule,
            closed_at=at,
            closed_reason=bindparam("new_reason"),
            version=table.c.version + 1,
        )
    )
    rows = [{"row_id": key, "new_reason": reason} for key, reason in reasons.items()]
    await (await session.connection()).execute(statement, rows)


def _of_round(round_id: UUID, states: Collection[ApplicationState]) -> Select[*tuple[object, ...]]:
    return _JUDGED.where(Application.round_id == round_id, Application.state.in_(states)).order_by(Application.id)


async def _judged(session: ReadSession, query: Select[*tuple[object, ...]]) -> list[Judged]:
    return [Judged._make(row) for row in (await session.execute(query)).all()]
