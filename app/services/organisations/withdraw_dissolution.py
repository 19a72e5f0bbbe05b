"""A dissolution that was recorded in error is taken back (Art. 13(1))."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.organisations import dissolution_withdrawable
from app.services.organisations.access import held
from app.store import organisations as store


async def withdraw_dissolution(
    context: WriteContext, *, organisation_id: UUID, reason: str, evidence: str
) -> store.Organisation:
    """The office takes back a dissolution that was recorded in error, or that has been undone."""
    row = await held(context, organisation_id)
    findings = dissolution_withdrawable(dissolved_on=row.dissolved_on)
    refuse(findings)
    row.dissolved_on = row.dissolution_evidence = None
    await context.session.flush()
    audit.record(
        context, "withdraw_dissolution", "organisation", row.id, findings=findings, reason=reason, evidence=evidence
    )
    return row
