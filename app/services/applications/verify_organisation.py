"""A registration is verified against a document (Art. 13(1)): by the office, or by the unit that is asked to
recommend."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.ownership import ClaimOutcome, claims_met
from app.measures.roles import Role
from app.measures.state_machines import ORGANISATION, RegistrationClaimState
from app.services.applications.decide_registration_claim import ClaimDecision, decide_registration_claim
from app.services.instruments import in_force
from app.services.lifecycle import act
from app.services.organisations.access import unknown
from app.services.organisations.former_profiles import keeping_the_former
from app.services.organisations.verification import Document, compared, recorded
from app.store import organisations as store
from app.store.organisations import claims
from app.store.organisations.claims import OrganisationVerification

_EVIDENCED = RegistrationClaimState.EVIDENCED


async def verify_organisation(
    context: WriteContext, *, organisation_id: UUID, document: Document, claims_refuted: str | None = None
) -> OrganisationVerification:
    """Record that name and code are those of a document of registration. A claim without evidence stops nothing; those
    with evidence are dismissed by the same look at the document where the office says why (`claims_refuted`)."""
    if claims_refuted is not None:
        await _claims_locked(context, organisation_id)
    row = await _shown_to_verifier(context, organisation_id)
    waiting = await claims.open_concerning(context.session, row.id)
    evidenced = [item for item in waiting if item.against_id == row.id and item.state == _EVIDENCED]
    async with act(context, ORGANISATION, row, "verify_organisation", named=False) as doing:
        met = claims_met(
            own=sum(item.organisation_id == row.id for item in waiting),
            evidenced=len(evidenced),
            decided=claims_refuted is not None and context.actor.role is Role.OFFICE,
            readings=await in_force.readings(context.session, context.today),
        )
        with keeping_the_former(context, row):
            doing.hear([*compared(row, document), *met])
            verification = recorded(context, row, document)
        doing.tell(document=document.document, unit_id=verification.unit_id, name=row.name)
    await context.session.flush()
    if claims_refuted is not None:
        refuted = ClaimDecision(ClaimOutcome.DISMISSED, claims_refuted, None)
        for item in evidenced:
            await decide_registration_claim(context, claim_id=item.id, decision=refuted)
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


async def _claims_locked(context: WriteContext, organisation_id: UUID) -> None:
    """Rounds and registrations of all parties, in the order that every act keeps: their claims are decided with it."""
    waiting = await claims.open_concerning(context.session, organisation_id)
    ids = {organisation_id, *(item.organisation_id for item in waiting)}
    running = await claims.live_applications(context.session, ids)
    await claims.share_rounds(context.session, {item.round_id for item in running})
    await store.lock(context.session, ids)
