"""What a caller may do with a round now. An act on every application of it is foreseen by counts and a few examples: a
page must not cost what the act costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from app.kernel.context import ReadContext
from app.measures.call import applications_closed, deadline_extendable
from app.measures.findings import Finding, obstacles
from app.measures.roles import Role
from app.measures.state_machines import ROUND, ApplicationState, RoundState
from app.services.approval.fix_proposed_list import proposal_obstacles, waiting_names
from app.services.approval.issue_decree import decree_obstacles
from app.services.lifecycle import AvailableAction, available_actions
from app.services.qualification.confirm_qualified_list import open_items
from app.services.reviews.foreseen import Foreseen, bias_foreseen, evaluation_foreseen, foreseen, material_foreseen
from app.services.rounds.cancel_round import over_already
from app.services.rounds.publish_call import call_obstacles
from app.store import rounds as store


async def round_actions(context: ReadContext, row: store.Round) -> list[AvailableAction]:
    """What the caller may do with the round now."""
    if row.state in (RoundState.PROPOSED, RoundState.APPROVED):
        return await _after_the_proposal(context, row)
    if context.actor.role is not Role.OFFICE:
        return available_actions(context, ROUND, row)
    findings: dict[str, Sequence[Finding]] = {}
    if row.state == RoundState.DRAFT:
        findings["publish_call"] = await call_obstacles(context, row)
    if row.state == RoundState.PUBLICITY:
        findings["fix_proposed_list"] = await proposal_obstacles(context, row)
    if row.state == RoundState.CALLED and row.deadline is not None:
        later = row.deadline + timedelta(days=1)
        findings["extend_deadline"] = deadline_extendable(current=row.deadline, new=later, at=context.now)
    on_all = await _on_all(context, row)
    findings |= {act: told.findings for act, told in on_all.items()}
    return [_told(item, on_all) for item in available_actions(context, ROUND, row, findings)]


async def _after_the_proposal(context: ReadContext, row: store.Round) -> list[AvailableAction]:
    """The list is fixed once more only where a name waits; and then no decree concludes the round."""
    told: dict[str, Sequence[Finding]] = {}
    if row.state == RoundState.APPROVED:
        told["issue_decree"] = await decree_obstacles(context, row)
    over = await over_already(context, row) if context.actor.role is Role.OFFICE else None
    if over is not None:
        told["cancel_round"] = over.findings
    if not await waiting_names(context, row):
        actions = available_actions(context, ROUND, row, told)
        return [item for item in actions if item.act not in ("fix_proposed_list", "remove_candidate")]
    if context.actor.role is Role.OFFICE:
        told["fix_proposed_list"] = await proposal_obstacles(context, row)
    return available_actions(context, ROUND, row, told)


async def _on_all(context: ReadContext, row: store.Round) -> Mapping[str, Foreseen]:
    """What the next act on all of the round's applications still lacks, as far as it does not depend on the caller's
    input."""
    if row.state == RoundState.CALLED and row.deadline is not None:
        return {"confirm_qualified_list": await _confirmation(context, row)}
    if row.state == RoundState.QUALIFIED:
        return {"issue_material_report": await material_foreseen(context, row)}
    if row.state == RoundState.ONSITE:
        return {"issue_evaluation": await evaluation_foreseen(context, row)}
    if row.state in (RoundState.EVALUATED, RoundState.DELIBERATED):
        told = await bias_foreseen(context, row, (ApplicationState.EVALUATED,))
        return {"record_deliberation": told, "publish_candidates": told}
    return {}


async def _confirmation(context: ReadContext, row: store.Round) -> Foreseen:
    """Before the deadline, that it runs. After it, what is open on an application on which somebody is waited for; the
    worklist tells what is open on each."""
    if row.deadline is None:
        raise RuntimeError("a called round without a deadline")
    closed = obstacles(applications_closed(at=context.now, deadline=row.deadline))
    return foreseen(closed or await open_items(context, row), in_full=False)


def _told(action: AvailableAction, on_all: Mapping[str, Foreseen]) -> AvailableAction:
    found = on_all.get(action.act, Foreseen())
    return replace(action, further=found.further, in_full=found.in_full)
