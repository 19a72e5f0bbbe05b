"""An organisation has ceased to exist (Art. 13(1))."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.interpretations import readings_on
from app.measures.organisations import dissolution_dated
from app.measures.state_machines import LEGAL_PERSON
from app.services.lifecycle import act
from app.services.organisations.access import held
from app.services.organisations.former_profiles import keeping_the_former
from app.store import organisations as store


async def record_dissolution(
    context: WriteContext, *, organisation_id: UUID, dissolved_on: date, evidence: str
) -> store.Organisation:
    """The organisation has ceased to exist: every gate reads it from now on (Art. 13(1)). Recorded again, the later
    record holds."""
    row = await held(context, organisation_id)
    async with act(context, LEGAL_PERSON, store.LegalPerson(row), "record_dissolution", named=False) as doing:
        doing.hear(dissolution_dated(dissolved_on=dissolved_on, established_on=row.established_on, today=context.today))
        doing.about("organisation", row)
        doing.rest_on(readings_on(context.today), "dissolved_organisations")
        doing.tell(changed={"dissolved_on": [row.dissolved_on, dissolved_on]}, evidence=evidence)
        with keeping_the_former(context, row):
            row.dissolved_on, row.dissolution_evidence = dissolved_on, evidence
    return row
