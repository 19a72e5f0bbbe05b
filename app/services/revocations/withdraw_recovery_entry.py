"""An entry of a recovery was wrong, and is taken back (Art. 26)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.state_machines import RECOVERY
from app.services.lifecycle import act
from app.services.revocations.read_recoveries import no_such_recovery
from app.services.revocations.recovered_plaque import plaque_is_out
from app.store import revocations as store


async def withdraw_recovery_entry(
    context: WriteContext, *, recovery_id: UUID, entry_id: UUID, reason: str
) -> store.Recovery:
    """What the entry said had come back is outstanding again; the entry stays to be read, as withdrawn."""
    row = await context.session.get(store.Recovery, recovery_id, with_for_update=True)
    if row is None:
        raise no_such_recovery()
    entries = await store.entries_of(context.session, recovery_id)
    entry = next((item for item in entries if item.id == entry_id and item.withdrawn_at is None), None)
    if entry is None:
        raise NotFound("没有此笔追回登记，或者已撤回", "No such entry, or it has been taken back")
    async with act(context, RECOVERY, row, "withdraw_recovery_entry", rule=row.under.value) as doing:
        doing.hear()
        entry.withdrawn_at, entry.withdrawal_reason = context.now, reason
        row.recovered_fen -= entry.amount_fen
        # They tell of the last that came back, once all of it had.
        row.recovered_on, row.evidence = None, None
        doing.tell(item=row.item, amount_fen=entry.amount_fen, recovered_on=entry.recovered_on, reason=reason)
        doing.tell(outstanding_fen=row.amount_fen - row.recovered_fen)
    await plaque_is_out(context, row)
    return row
