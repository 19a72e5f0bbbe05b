"""A dissolution that was recorded in error is taken back (Art. 13(1))."""

from __future__ import annotations

from contextlib import nullcontext
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.organisations import dissolution_withdrawable
from app.measures.state_machines import LEGAL_PERSON
from app.services.lifecycle import act
from app.services.organisations.access import held
from app.services.organisations.former_profiles import keeping_the_former
from app.store import organisations as store


async def withdraw_dissolution(
    context: WriteContext, *, organisation_id: UUID, reason: str, evidence: str, never_stood: bool = False
) -> store.Organisation:
    """The office takes back a dissolution that was recorded in error, or that has been undone. `never_stood`: it was a
    mistake, by which no act that is dated back is judged (Arts. 13, 22)."""
    row = await held(context, organisation_id)
    findings = dissolution_withdrawable(dissolved_on=row.dissolved_on)
    # Where none is on record the rule says so, rather than the state.
    refuse(findings)
    async with act(context, LEGAL_PERSON, store.LegalPerson(row), "withdraw_dissolution", named=False) as doing:
        doing.hear(findings)
        doing.about("organisation", row)
        doing.tell(reason=reason, evidence=evidence, never_stood=never_stood)
        # Between its entry and now it was on record; where it never stood, that is kept by the audit log alone.
        with nullcontext() if never_stood else keeping_the_former(context, row):
            row.dissolved_on = row.dissolution_evidence = None
    return row
