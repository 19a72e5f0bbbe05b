"""Taking back what a fraud, or a conferral that was itself taken back, had brought (Arts. 22, 26): plaque, certificate,
prize."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.findings import Finding
from app.measures.interpretations import resting_on
from app.measures.recovery import CameBack, entered_once, recovery_recordable
from app.measures.sentences import told_amount
from app.measures.state_machines import RECOVERY
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import act, require
from app.services.revocations.read_recoveries import no_such_recovery, recoverable_since
from app.services.revocations.recovered_plaque import plaque_came_back
from app.store import revocations as store


async def record_recovery(
    context: WriteContext, *, recovery_id: UUID, recovered_on: date, evidence: str, amount_fen: int | None
) -> store.Recovery:
    """The thing has come back, or money has: `amount_fen` of the prize, all that is outstanding where none is named.
    What is paid back in parts stays outstanding to the last fen."""
    row = await context.session.get(store.Recovery, recovery_id, with_for_update=True)
    if row is None:
        raise no_such_recovery()
    require(context, RECOVERY, row, "record_recovery", rule=row.under.value)
    not_in_future(recovered_on, context.today, "/recovered_on")
    part = _part(row, amount_fen)
    outstanding = row.amount_fen - row.recovered_fen - part
    name = "record_recovery_in_part" if outstanding else "record_recovery"
    async with act(context, RECOVERY, row, name, recorded="record_recovery", rule=row.under.value) as doing:
        once = await _entered_once(context, row, CameBack(part, recovered_on, evidence))
        doing.hear([*once, *await _since_the_decision(context, row, recovered_on)])
        context.session.add(
            store.RecoveryEntry(
                created_at=context.now,
                recovery_id=row.id,
                amount_fen=part,
                recovered_on=recovered_on,
                evidence=evidence,
                recorded_by=context.actor.known_id,
            )
        )
        row.recovered_fen += part
        if not outstanding:
            row.recovered_on, row.evidence = recovered_on, evidence
        doing.tell(item=row.item, amount_fen=part, outstanding_fen=outstanding, recovered_on=recovered_on)
    await plaque_came_back(context, row, recovered_on=recovered_on, evidence=evidence)
    return row


async def _entered_once(context: WriteContext, row: store.Recovery, new: CameBack) -> list[Finding]:
    entries = await store.entries_of(context.session, row.id)
    standing = [item for item in entries if item.withdrawn_at is None]
    return entered_once(
        new=new,
        known=[CameBack(item.amount_fen, item.recovered_on, item.evidence) for item in standing],
        under=row.under,
    )


async def _since_the_decision(context: WriteContext, row: store.Recovery, recovered_on: date) -> list[Finding]:
    demanded_on = await recoverable_since(context, row)
    found = recovery_recordable(decided_on=demanded_on, recovered_on=recovered_on, under=row.under)
    return resting_on(found, await readings(context.session, context.today), "day_of_recovery")


def _part(row: store.Recovery, amount_fen: int | None) -> int:
    outstanding = row.amount_fen - row.recovered_fen
    if amount_fen is None:
        return outstanding
    if amount_fen > outstanding:
        text = Text(
            f"超出尚未追回的{told_amount(outstanding).zh}" if outstanding else "奖牌、证书没有金额",
            f"More than the {told_amount(outstanding).en} outstanding"
            if outstanding
            else "It is a thing, not an amount",
        )
        raise Invalid(text, errors=[FieldError("/amount_fen", FieldCode.EXCEEDS_OUTSTANDING, text)])
    return amount_fen
