"""The plaque goes with what a fraud demands of it: back when that is recorded, out when it is undone (Art. 26)."""

from __future__ import annotations

from datetime import date

from app.kernel.context import WriteContext
from app.measures.recovery import RecoveryItem
from app.measures.state_machines import PLAQUE, PlaqueState
from app.services.lifecycle import one_of_many
from app.store.awards import plaques
from app.store.revocations import Recovery

_OUT = (PlaqueState.HANDED_OVER, PlaqueState.LOST)


async def plaque_came_back(context: WriteContext, claim: Recovery, *, recovered_on: date, evidence: str) -> None:
    """The plaque that this claim demands is back, where the inventory knows of one that was out."""
    row = await _last(context, claim, _OUT)
    if row is None:
        return
    with one_of_many(context, PLAQUE, row, "recover_plaque") as doing:
        doing.hear()
        row.recovered_on, row.recovery_evidence = recovered_on, evidence
        doing.tell(award_id=claim.award_id, number=row.number, recovered_on=recovered_on, recovery_id=claim.id)


async def plaque_is_out(
    context: WriteContext, claim: Recovery, *, returned_on: date | None = None, evidence: str | None = None
) -> None:
    """The plaque is with its organisation: it never came back, or it was given back on this day."""
    row = await _last(context, claim, (PlaqueState.RECOVERED,))
    if row is None:
        return
    with one_of_many(context, PLAQUE, row, "leave_plaque_out") as doing:
        doing.hear()
        if returned_on is None:
            row.recovered_on = row.recovery_evidence = None
        else:
            row.returned_on, row.return_evidence = returned_on, evidence
        doing.tell(award_id=claim.award_id, number=row.number, returned_on=returned_on, recovery_id=claim.id)


async def _last(context: WriteContext, claim: Recovery, states: tuple[PlaqueState, ...]) -> plaques.Plaque | None:
    """The plaque handed over last, locked, where it is in one of these states."""
    if claim.item is not RecoveryItem.PLAQUE:
        return None
    out = [item for item in await plaques.of_award(context.session, claim.award_id) if item.handed_over_on is not None]
    found = None if not out else await plaques.lock(context.session, out[-1].id)
    return found if found is not None and found.state in states else None
