"""Whose a registration is: compared with a document, claimed and decided; applications follow it (Art. 13(1))."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.kernel.context import WriteContext
from app.measures.roles import Role
from app.routers.organisations import claim_view
from app.schemas.organisations import ClaimDecisionIn, OrganisationVerificationIn, RegistrationClaimOut, VerificationOut
from app.services.applications import decide_registration_claim as decide
from app.services.applications import verify_organisation as verify
from app.services.organisations import verification
from app.web.policy import Route, acting

router = APIRouter(prefix="/v1", route_class=Route, tags=["organisations"])


@router.post("/organisations/{organisation_id}/verification", summary="Verify a registration", status_code=201)
async def verify_organisation(
    organisation_id: UUID,
    body: OrganisationVerificationIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, Role.RECOMMENDING_UNIT)],
) -> VerificationOut:
    """The office, or the unit that is asked to recommend, has compared the registration with a document (Art. 13(1)):
    name and code agree. Nothing binds before. A claim to the code that brings no evidence stops nothing; one that does
    is decided by the office with the same document."""
    document = verification.Document(body.document, body.name, body.code)
    row = await verify.verify_organisation(
        context, organisation_id=organisation_id, document=document, claims_refuted=body.claims_refuted
    )
    return VerificationOut.model_validate(row)


@router.post("/registration-claims/{claim_id}/decision", summary="Decide a claim")
async def decide_registration_claim(
    claim_id: UUID, body: ClaimDecisionIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> RegistrationClaimOut:
    """Upheld: the organisation is moved to the claimant, who is verified by the document; accounts of the former holder
    stop at once. Dismissed: the claimant's registration is superseded (Art. 13(1))."""
    document = None if body.document is None else verification.Document(**body.document.model_dump())
    decision = decide.ClaimDecision(body.outcome, body.reason, document, tuple(body.former_names))
    return claim_view(context, await decide.decide_registration_claim(context, claim_id=claim_id, decision=decision))
