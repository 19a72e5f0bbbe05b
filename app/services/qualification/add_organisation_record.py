"""The office enters an adverse record of no round (Art. 13(6))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing, refuse
from app.measures.ownership import registration_stands
from app.measures.review_rules import default_review_rules
from app.measures.state_machines import OrganisationState
from app.services.instruments.in_force import cited
from app.services.lifecycle import enter
from app.services.qualification.adverse_records import NewRecord, entered_once, noted_of, open_record
from app.store import organisations
from app.store.applications import eligibility
from app.store.qualification import AdverseRecord


async def add_organisation_record(context: WriteContext, *, organisation_id: UUID, new: NewRecord) -> AdverseRecord:
    """The office enters a record on an organisation in no round, on any day: it counts at every gate of every round to
    come, or under way, on whose day it lies within the years that count (Art. 13(6)). The organisation is told and has
    the days that the shipped review rules give for a correction."""
    # Two officers may hold the same paper: one of them comes first.
    organisation = existing((await organisations.lock(context.session, [organisation_id])).get(organisation_id))
    refuse(registration_stands(superseded=organisation.state == OrganisationState.SUPERSEDED))
    row = await open_record(context, new, organisation.id, default_review_rules())
    told = {name: getattr(row, name) for name in ("organisation_id", *noted_of(new))}
    told["readings"] = await cited(context.session, context.today, "records_of_no_round")
    known = await eligibility.records_of_lineage(context.session, organisation.lineage_id)
    findings = entered_once(row, known)
    await enter(context, row, "add_organisation_record", "adverse_record", findings=findings, **told)
    return row
