"""The office submits a case of revocation to the government (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.interpretations import resting_on
from app.measures.revocation_cases import organisation_heard
from app.measures.revocations import RevocationKind
from app.measures.state_machines import REVOCATION
from app.services.applications.under_review import last_day
from app.services.instruments import in_force
from app.services.lifecycle import act
from app.services.revocations.cases import admissible, locked_case
from app.store import revocations


async def submit_revocation(context: WriteContext, *, revocation_id: UUID) -> revocations.Revocation:
    """Submit the case to the government, once the organisation was heard or its time is over."""
    row, award = await locked_case(context, revocation_id)
    async with act(context, REVOCATION, row, "submit_revocation", round_id=award.round_id) as doing:
        heard = organisation_heard(
            kind=RevocationKind(row.basis),
            stated=row.stated_at is not None,
            reply_last_day=last_day(row.reply_due_at),
            at=context.now,
        )
        readings = await in_force.readings(context.session, context.today)
        heard = resting_on(heard, readings, "hearing_before_revocation")
        doing.hear([*await admissible(context, row), *heard])
        row.submitted_on = context.today
        doing.tell(award_id=award.id, basis=row.basis, stated_at=row.stated_at)
    return row
