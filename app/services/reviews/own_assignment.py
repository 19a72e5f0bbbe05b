"""A reviewer at his work: his own review assignment, open only while everything that Arts. 11 and 29 ask for holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import refuse
from app.measures.findings import Finding, obstacles
from app.measures.review_rules import ReviewRules
from app.measures.reviewers import FileAccess, UndertakingKind, file_may_open, reviewer_in_pool
from app.measures.reviews import Stage
from app.measures.state_machines import APPLICATION, AssignmentState
from app.measures.text import Text
from app.services.applications.access import locked
from app.services.lifecycle import require_state
from app.services.reviewers.conflicts import bias, pool_entry
from app.services.reviewers.sign_undertaking import own_entry
from app.services.reviewers.stage import APPLICATION_STATE, in_stage, rules_of
from app.services.reviews.assign_reviewers import unknown_assignment
from app.store import applications, reviewers, rounds
from app.store import reviewers as reviewers_store
from app.store import reviews as store
from app.store.applications import Application


@dataclass(frozen=True, slots=True)
class OwnAssignment:
    """A review assignment with everything beside it."""

    reviewer: reviewers_store.Reviewer
    assignment: store.Assignment
    sheet: store.ScoreSheet
    application: Application
    round_row: rounds.Round

    @property
    def stage(self) -> Stage:
        return Stage(self.assignment.stage)

    @property
    def rules(self) -> ReviewRules:
        return rules_of(self.round_row)


async def own_assignment(context: ReadContext, *, assignment_id: UUID) -> OwnAssignment:
    """The calling reviewer's own review assignment; anybody else's is not found."""
    entry = await own_entry(context)
    row = await store.assignment(context.session, assignment_id)
    if row is None or row.reviewer_id != entry.id:
        raise unknown_assignment()
    application = await applications.get(context.session, row.application_id)
    round_row = None if application is None else await rounds.get(context.session, application.round_id)
    if application is None or round_row is None:
        raise unknown_assignment()
    return OwnAssignment(entry, row, await store.sheet_of(context.session, row.id), application, round_row)


async def open_assignment(context: ReadContext, *, assignment_id: UUID) -> tuple[OwnAssignment, list[Finding]]:
    """The review assignment, open for work now, with the findings that opened it; refused with all that stands in the
    way."""
    own = await own_assignment(context, assignment_id=assignment_id)
    _in_time(own)
    findings = await assignment_findings(context, own)
    refuse(findings)
    return own, findings


async def locked_assignment(context: WriteContext, *, assignment_id: UUID) -> tuple[OwnAssignment, list[Finding]]:
    """As `open_assignment`, everything kept as it is until the transaction ends: round, application, then the review
    assignment."""
    account_id = context.actor.known_id
    found = await reviewers.place_of_own(context.session, account_id=account_id, assignment_id=assignment_id)
    if found is None:
        # Who is not in the pool is told that.
        await own_entry(context)
        raise unknown_assignment()
    application, round_row = await locked(context, found)
    assignment, sheet = await store.lock_assignment(context.session, assignment_id)
    own = OwnAssignment(await own_entry(context), assignment, sheet, application, round_row)
    _in_time(own)
    findings = await assignment_findings(context, own)
    refuse(findings)
    return own, findings


async def assignment_findings(context: ReadContext, own: OwnAssignment) -> list[Finding]:
    """Whether the reviewer may work on the case now: in the pool, undertakings signed, still charged, no conflict of
    interest."""
    signed = await reviewers.undertakings_of(context.session, reviewer_id=own.reviewer.id, round_id=own.round_row.id)
    access = FileAccess(
        reviewer=str(own.reviewer.id),
        at=context.now,
        assigned=own.assignment.state == AssignmentState.ACTIVE,
        confidentiality_signed_at=signed[UndertakingKind.CONFIDENTIALITY].created_at
        if UndertakingKind.CONFIDENTIALITY in signed
        else None,
        integrity_signed_at=signed[UndertakingKind.INTEGRITY].created_at
        if UndertakingKind.INTEGRITY in signed
        else None,
    )
    known = await bias(context, applications=[own.application], pool=[own.reviewer])
    return [
        *reviewer_in_pool(entry=pool_entry(own.reviewer), on=context.today),
        *file_may_open(access=access),
        *known.findings(
            application_id=own.application.id, reviewer_id=own.reviewer.id, on=context.today, rules=own.rules
        ),
    ]


async def assignment_obstacles(context: ReadContext, own: OwnAssignment) -> Sequence[Finding]:
    """What stands in the way of the work, for showing."""
    return obstacles(await assignment_findings(context, own))


def _in_time(own: OwnAssignment) -> None:
    in_stage(own.round_row, own.stage)
    text, wanted = (
        Text("该申报已不在评审中", "The application is not under review any more"),
        [APPLICATION_STATE[own.stage]],
    )
    require_state(APPLICATION, own.application, "edit_sheet", wanted, rule="art18.material", message=text)
