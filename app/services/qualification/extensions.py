"""Later days as acts (Arts. 3, 17): who, why, for whom, the old and the new day, and where it was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound, refuse
from app.kernel.paging import Page, PageRequest
from app.measures.dates import end_of_day
from app.measures.deadlines import DeadlineKind, Step, step_extendable
from app.measures.findings import Finding
from app.services.applications.under_review import last_day
from app.services.lifecycle import enter
from app.store import consultations, rounds
from app.store import qualification as store
from app.store.consultations import Consultation
from app.store.rounds import DeadlineExtension, Round


@dataclass(frozen=True, slots=True)
class Extension:
    """The later day, why, and through which channel it was made known."""

    new_deadline: date
    reason: str
    channel: str


async def list_extensions(context: ReadContext, *, round_id: UUID, request: PageRequest) -> Page[store.ExtensionLine]:
    """The extensions of a round, as they were published."""
    found = await rounds.get(context.session, round_id)
    if found is None or found.called_at is None:
        raise NotFound("没有此届评审", "No such round")
    rows = await store.extensions(
        context.session, round_id=round_id, after=request.after(round=round_id), limit=request.limit
    )
    return request.page(rows, key=lambda row: row.extension.id, round=round_id)


async def consultations_extended(
    context: WriteContext,
    round_row: Round,
    open_rows: Sequence[Consultation],
    extension: Extension,
    application_id: UUID | None,
) -> store.ExtensionLine:
    # Of several days the latest is the one that moves: nobody's time becomes shorter.
    """Move the day of these open consultations, on record: the latest of their days is the one that is extended."""
    current = max((last_day(row.due_at) for row in open_rows), default=None)
    findings = step_extendable(step=Step.CONSULTATION, current=current, new=extension.new_deadline, at=context.now)
    refuse(findings)
    if current is None:
        raise RuntimeError("an extension passed without a deadline")
    await consultations.move_due(
        context.session, ids=[row.id for row in open_rows], due_at=end_of_day(extension.new_deadline)
    )
    return await keep_extension(context, round_row, Step.CONSULTATION, findings, current, extension, application_id)


async def keep_extension(
    context: WriteContext,
    round_row: Round,
    step: Step,
    findings: Sequence[Finding],
    old: date,
    extension: Extension,
    application_id: UUID | None,
) -> store.ExtensionLine:
    """Put the extension on record. `application_id` None: for the whole round."""
    row = DeadlineExtension(
        created_at=context.now,
        round_id=round_row.id,
        kind=DeadlineKind(step),
        application_id=application_id,
        old_deadline=old,
        new_deadline=extension.new_deadline,
        reason=extension.reason,
        channel=extension.channel,
        decided_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "extend_step",
        "deadline_extension",
        round_id=round_row.id,
        findings=findings,
        application_id=application_id,
        step=row.kind,
        old=old,
        new=row.new_deadline,
        reason=row.reason,
        channel=row.channel,
    )
    return await store.extension(context.session, row.id)
