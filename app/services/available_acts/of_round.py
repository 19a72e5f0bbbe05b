"""What a caller may do with a round now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.kernel.context import ReadContext
from app.measures.call import applications_closed, deadline_extendable
from app.measures.findings import Finding
from app.measures.roles import Role
from app.measures.state_machines import ROUND, RoundState
from app.services.approval.fix_proposed_list import proposal_obstacles, waiting_names
from app.services.approval.issue_decree import decree_obstacles
from app.services.lifecycle import AvailableAction, available_actions
from app.services.reviews.close_material_review import material_obstacles
from app.services.reviews.issue_evaluation import evaluation_obstacles
from app.services.reviews.record_reports import judged_unbiased
from app.services.rounds.publish_call import call_obstacles
from app.store import rounds as store


async def round_actions(context: ReadContext, row: store.Round) -> list[AvailableAction]:
    """What the caller may do with the round now."""
    findings: dict[str, Sequence[Finding]] = {}
    if row.state == RoundState.DRAFT and context.actor.role is Role.OFFICE:
        findings["publish_call"] = await call_obstacles(context, row)
    if context.actor.role is Role.OFFICE:
        findings |= await _review_obstacles(context, row)
    if row.state == RoundState.CALLED and row.deadline is not None and context.actor.role is Role.OFFICE:
        later = row.deadline + timedelta(days=1)
        findings["extend_deadline"] = deadline_extendable(current=row.deadline, new=later, at=context.now)
        # What is open on each application is told by the worklist.
        findings["confirm_qualified_list"] = applications_closed(at=context.now, deadline=row.deadline)
    if row.state in (RoundState.PROPOSED, RoundState.APPROVED):
        return await _after_the_proposal(context, row)
    return available_actions(context, ROUND, row, findings)


async def _after_the_proposal(context: ReadContext, row: store.Round) -> list[AvailableAction]:
    """The list is fixed once more only where a name waits; and then no decree concludes the round."""
    told = {"issue_decree": await decree_obstacles(context, row)} if row.state == RoundState.APPROVED else {}
    if not await waiting_names(context, row):
        actions = available_actions(context, ROUND, row, told)
        return [item for item in actions if item.act not in ("fix_proposed_list", "remove_candidate")]
    if context.actor.role is Role.OFFICE:
        told["fix_proposed_list"] = await proposal_obstacles(context, row)
    return available_actions(context, ROUND, row, told)


async def _review_obstacles(context: ReadContext, row: store.Round) -> dict[str, Sequence[Finding]]:
    """What the next act of the review still lacks, as far as it does not depend on the caller's input."""
    if row.state == RoundState.QUALIFIED:
        return {"issue_material_report": await material_obstacles(context, row)}
    if row.state == RoundState.ONSITE:
        return {"issue_evaluation": await evaluation_obstacles(context, row)}
    if row.state in (RoundState.EVALUATED, RoundState.DELIBERATED):
        told = await judged_unbiased(context, row)
        return {"record_deliberation": told, "publish_candidates": told}
    return {}
