"""A registration is verified against a document (Art. 13(1)): by the office, or by the unit that is asked to
recommend."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.roles import Role
from app.measures.state_machines import ORGANISATION
from app.services.lifecycle import act
from app.services.organisations.access import unknown
from app.services.organisations.verification import Document, compared, recorded
from app.store import organisations as store
from app.store.organisations import claims
from app.store.organisations.claims import OrganisationVerification


async def verify_organisation(
    context: WriteContext, *, organisation_id: UUID, document: Document
) -> OrganisationVerification:
    """Record that name and code are those of a document of registration. Refused while another registration of the
    code claims it."""
    row = await _shown_to_verifier(context, organisation_id)
    async with act(context, ORGANISATION, row, "verify_organisation", named=False) as doing:
        contested = await claims.open_concerning(context.session, row.id)
        doing.hear(compared(row, document, claims=len(contested)))
        verification = recorded(context, row, document)
        row.changed_since_verified = []
        doing.tell(document=document.document, unit_id=verification.unit_id)
    return verification


async def _shown_to_verifier(context: WriteContext, organisation_id: UUID) -> store.Organisation:
    """The organisation, locked: for the office any, for a unit one that it is asked to recommend."""
    if context.actor.role is Role.RECOMMENDING_UNIT:
        unit_id = context.actor.unit_id
        if unit_id is None or not await claims.asked_of_recommending_unit(
            context.session, organisation_id=organisation_id, unit_id=unit_id
        ):
            raise unknown()
    row = (await store.lock(context.session, [organisation_id])).get(organisation_id)
    return existing(row, "没有此组织", "No such organisation")
