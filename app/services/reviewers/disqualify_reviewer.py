"""Disqualification (Art. 30): out of the pool, scores set aside, short panels open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REVIEWER
from app.services.lifecycle import act
from app.services.reviewers.read_reviewers import locked_reviewer
from app.services.reviewers.set_aside_scores import OPEN, PanelChange, running_locked, set_aside
from app.store import reviewers, reviews


@dataclass(frozen=True, slots=True)
class Disqualified:
    """The entry, the panels of the running round that it was taken from, and the cases whose results the committee has
    deliberated on and a published list rests on: they stand, and the office takes names off where they cannot."""

    reviewer: reviewers.Reviewer
    panels: Sequence[PanelChange]
    deliberated: Sequence[UUID]


async def disqualify_reviewer(
    context: WriteContext, *, reviewer_id: UUID, reason: str, evidence: str, referred_to: str | None
) -> Disqualified:
    """Take a reviewer out of the pool for good. `referred_to`: whom the office has asked for disciplinary measures."""
    round_row = await running_locked(context)
    row = await locked_reviewer(context, reviewer_id)
    of_round = None if round_row is None else round_row.id
    async with act(context, REVIEWER, row, "disqualify_reviewer", round_id=of_round) as doing:
        doing.hear()
        row.state_reason, row.state_changed_at = reason, context.now
        doing.tell(reason=reason, evidence=evidence, referred_to=referred_to)
    if round_row is None:
        return Disqualified(row, (), ())
    assigned = await reviews.active_of_reviewer(context.session, reviewer_id=row.id, round_id=round_row.id)
    if round_row.state not in OPEN:
        return Disqualified(row, (), sorted({application.id for _, _, application in assigned}))
    panels = await set_aside(context, round_row, assigned, name="set_aside", reason=f"评审资格已取消：{reason}")
    return Disqualified(row, panels, ())
