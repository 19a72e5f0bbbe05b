"""The appraisal of reviewers' work in a round (Art. 11(2))."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, NotFound
from app.measures.findings import Finding, fails
from app.measures.reasons import Reason
from app.measures.reviewers import AppraisalGrade, work_appraised
from app.services.reviewers.read_reviewers import unknown_reviewer
from app.store import reviewers, rounds
from app.store import reviewers as store


async def appraise_reviewer(
    context: WriteContext, *, round_id: UUID, reviewer_id: UUID, grade: AppraisalGrade, remarks: str
) -> store.Appraisal:
    """Record the office's appraisal of one reviewer who had work in the round; once."""
    if await rounds.share(context.session, round_id) is None:
        raise _unknown_round()
    if await reviewers.get(context.session, reviewer_id) is None:
        raise unknown_reviewer()
    if reviewer_id not in await reviewers.worked_in(context.session, round_id):
        raise Conflict(fails("art11.pool", Reason.NO_WORK_IN_ROUND, next_act=None), code=ProblemCode.NO_WORK_IN_ROUND)
    if any(row.reviewer_id == reviewer_id for row in await reviewers.appraisals_of(context.session, round_id)):
        raise Conflict(fails("art11.pool", Reason.ALREADY_APPRAISED, next_act=None), code=ProblemCode.ALREADY_APPRAISED)
    row = store.Appraisal(
        created_at=context.now,
        reviewer_id=reviewer_id,
        round_id=round_id,
        grade=grade,
        remarks=remarks,
        recorded_by=context.actor.known_id,
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(context, "appraise_reviewer", "reviewer", reviewer_id, round_id=round_id, grade=grade, remarks=remarks)
    return row


async def list_appraisals(context: ReadContext, *, round_id: UUID) -> tuple[Sequence[store.Appraisal], list[Finding]]:
    """The appraisals of a round, and whether anybody's work is not appraised yet."""
    if await rounds.get(context.session, round_id) is None:
        raise _unknown_round()
    rows = await reviewers.appraisals_of(context.session, round_id)
    worked = await reviewers.worked_in(context.session, round_id)
    findings = work_appraised(assigned=[str(key) for key in worked], appraised=[str(row.reviewer_id) for row in rows])
    return rows, findings


def _unknown_round() -> NotFound:
    return NotFound("没有此届评审", "No such round")
