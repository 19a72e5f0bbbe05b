"""What a caller may do with the candidate list now."""

from __future__ import annotations

from app.kernel.context import ReadContext
from app.measures.roles import Role
from app.measures.state_machines import ROUND, RoundState
from app.services.approval.fix_proposed_list import proposal_obstacles, waiting_names
from app.services.lifecycle import AvailableAction, available_actions
from app.store import rounds

_ACTS = frozenset({"add_candidate", "correct_candidate", "remove_candidate", "fix_proposed_list"})


async def list_actions(context: ReadContext, row: rounds.Round) -> list[AvailableAction]:
    """What the caller may do with the list now; for its proposal, everything that stands in the way."""
    findings = {}
    acts = _ACTS
    if context.actor.role is Role.OFFICE:
        if row.state in (RoundState.PROPOSED, RoundState.APPROVED) and not await waiting_names(context, row):
            acts = frozenset()
        elif row.state in ROUND.transition("fix_proposed_list").sources:
            findings["fix_proposed_list"] = await proposal_obstacles(context, row)
    return [item for item in available_actions(context, ROUND, row, findings) if item.act in acts]
