"""What had come back is given back after an annulment on review (Art. 26)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.interpretations import resting_on
from app.measures.revocation_cases import given_back_recordable
from app.measures.state_machines import RECOVERY
from app.services.days import not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.revocations.read_recoveries import no_such_recovery, owed_since
from app.services.revocations.recovered_plaque import plaque_is_out
from app.store import revocations as store


async def give_back_recovery(
    context: WriteContext, *, recovery_id: UUID, given_back_on: date, evidence: str
) -> store.Recovery:
    """What had come back is with the organisation again, all of it, after its decision was annulled on review."""
    row = await context.session.get(store.Recovery, recovery_id, with_for_update=True)
    if row is None:
        raise no_such_recovery()
    async with act(context, RECOVERY, row, "give_back", rule=row.under.value) as doing:
        not_in_future(given_back_on, context.today, "/given_back_on")
        since = await owed_since(context, row)
        found = given_back_recordable(owed_since=since, given_back_on=given_back_on, under=row.under)
        doing.hear(resting_on(found, await readings(context.session, context.today), "annulled_revocation"))
        row.given_back_on, row.given_back_evidence = given_back_on, evidence
        doing.tell(item=row.item, amount_fen=row.recovered_fen, given_back_on=given_back_on)
    await plaque_is_out(context, row, returned_on=given_back_on, evidence=evidence)
    return row
