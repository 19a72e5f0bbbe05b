"""A case under Art. 28 that a case of fraud took over goes on when that one is over without a revocation (Arts. 26,
28)."""

from __future__ import annotations

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.revocation_cases import taken_over_goes_on
from app.measures.state_machines import OPEN_REVOCATION_STATES, REVOCATION, RevocationState
from app.services.applications.under_review import hearing_ends_at, rules_of
from app.services.instruments import in_force
from app.services.lifecycle import one_of_many
from app.store import awards as store
from app.store import revocations, rounds


async def revive_case(context: WriteContext, fraud: revocations.Revocation, award: store.Award) -> None:
    """The case that this one took over, back at its hearing: nobody has withdrawn it, and its ground is as it was. Who
    has made no statement yet has the days for one anew; the office submits it again, or withdraws it."""
    cases = await revocations.revocations_of(context.session, award.id)
    readings = await in_force.readings(context.session, context.today)
    standing = any(item.state in OPEN_REVOCATION_STATES or item.state == RevocationState.DECIDED for item in cases)
    goes_on = taken_over_goes_on(standing=standing, readings=readings)
    if not goes_on:
        return
    rules = rules_of(existing(await rounds.get(context.session, award.round_id)))
    for row in cases:
        if row.state != RevocationState.TAKEN_OVER or row.taken_over_by != fraud.id:
            continue
        with one_of_many(context, REVOCATION, row, "revive_case", round_id=award.round_id) as doing:
            doing.hear(goes_on)
            doing.tell(award_id=award.id, taken_over_by=fraud.id, submitted_on=row.submitted_on)
            row.taken_over_by = row.submitted_on = None
            if row.stated_at is None:
                row.reply_due_at = max(row.reply_due_at, hearing_ends_at(context.today, rules))
    await context.session.flush()
