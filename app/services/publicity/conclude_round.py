"""A round that is decreed in part ends when the last of the names left to a later decree has dropped out (Art. 22)."""

from __future__ import annotations

from app.kernel.context import WriteContext
from app.measures.state_machines import ROUND, AwardState, CandidateState, RoundState
from app.services.lifecycle import act
from app.services.publicity.candidates import close_names
from app.store import approval, awards
from app.store import publicity as store
from app.store.rounds import Round


async def conclude_if_decreed(context: WriteContext, row: Round) -> None:
    """Conclude the round where a decree has commended all who were to be: no award awaits one, and no name of the list
    its proposal. Called after an act that takes a name away; the caller holds the round's lock."""
    if row.state != RoundState.APPROVED or not await approval.decrees_of(context.session, row.id):
        return
    if any(item.state == AwardState.APPROVED for item in await awards.of_round(context.session, row.id)):
        return
    proposed = {candidate.id for _, candidate in await approval.proposed_of(context.session, row.id)}
    listed = await store.candidates_of(context.session, row.id)
    if any(item.state == CandidateState.LISTED and item.id not in proposed for item in listed):
        return
    async with act(context, ROUND, row, "conclude_round", named=False) as doing:
        doing.hear()
        row.concluded_at = context.now
    await close_names(context, row)
