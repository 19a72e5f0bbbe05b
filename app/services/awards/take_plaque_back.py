"""The plaque of a revoked award is handed in (Art. 28); a fraud's comes back with what is recovered (Art. 26)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.plaques import plaque_taken_back
from app.measures.state_machines import PLAQUE, AwardState
from app.measures.text import Text
from app.services.awards.plaques import facts_of, locked_plaque
from app.services.days import not_before, not_in_future
from app.services.lifecycle import act
from app.store.awards import Award
from app.store.awards.plaques import Plaque


async def take_plaque_back(
    context: WriteContext, *, plaque_id: UUID, recovered_on: date, evidence: str
) -> tuple[Plaque, Award]:
    """When it came back, and the paper that shows it."""
    row, award = await locked_plaque(context, plaque_id)
    async with act(context, PLAQUE, row, "take_plaque_back", round_id=award.round_id) as doing:
        not_in_future(recovered_on, context.today, "/recovered_on")
        doing.hear(plaque_taken_back(plaque=await facts_of(context, row), award_state=AwardState(award.state)))
        since = existing(award.revoked_on)
        not_before(recovered_on, since, "/recovered_on", Text("早于撤销之日", "Before the revocation"))
        row.recovered_on, row.recovery_evidence = recovered_on, evidence
        doing.tell(award_id=award.id, number=row.number, recovered_on=recovered_on)
    return row, award
