"""The office accepts a renewal, or refuses it (Art. 13)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.credentials import RULES_OF_CREDENTIALS
from app.measures.eligibility import Gate
from app.measures.state_machines import RENEWAL as RENEWAL_MACHINE
from app.services.applications.access import locked
from app.services.applications.renewals import open_for_renewals
from app.services.applications.run_gate import run_gate
from app.services.lifecycle import act
from app.store import applications as application_store
from app.store.applications import renewals as store


async def decide_renewal(
    context: WriteContext, *, renewal_id: UUID, accepted: bool, reason: str, evidence: str
) -> store.Renewal:
    """A person of the office accepts it, having compared it with the issuer's register, or refuses it and says why.
    Once; the audit entry holds what the condition says on the day with it."""
    found = await store.get(context.session, renewal_id)
    place = None if found is None else await application_store.place(context.session, found.application_id)
    if place is None:
        raise _unknown()
    application, round_row = await locked(context, place)
    row = await store.lock(context.session, renewal_id)
    if row is None:
        raise _unknown()
    open_for_renewals(round_row)
    name = "accept_renewal" if accepted else "refuse_renewal"
    of_round = application.round_id
    async with act(context, RENEWAL_MACHINE, row, name, recorded="decide_renewal", round_id=of_round) as doing:
        doing.hear()
        row.reason, row.evidence = reason, evidence
        row.decided_by, row.decided_at = context.actor.known_id, context.now
        await context.session.flush()
        runs = await run_gate(context, round_row, [application], gate=Gate.SUBMISSION, test_date=context.today)
        doing.note(item for item in runs[application.id].findings if item.rule == RULES_OF_CREDENTIALS[row.kind])
        doing.tell(application_id=application.id, kind=row.kind, item=row.item, outcome=row.state)
        doing.tell(reason=reason, evidence=evidence)
    return row


def _unknown() -> NotFound:
    return NotFound("没有此更新材料", "No such renewal")
