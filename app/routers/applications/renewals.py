"""Certificates and licences renewed in mid-round: handed in by the applicant, decided by the office."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.kernel.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.schemas.applications.renewals import RenewalDecisionIn, RenewalIn, RenewalOut, RenewalsOut
from app.schemas.common import PageOut, page_view
from app.schemas.words import RenewalStateSent
from app.services.applications import decide_renewal as decide
from app.services.applications import hand_in_renewal as hand
from app.services.applications import renewals
from app.web.policy import Paging, Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["applications"])


@router.post("/applications/{application_id}/renewals", summary="Hand in a renewed certificate", status_code=201)
async def hand_in_renewal(
    application_id: UUID, body: RenewalIn, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> RenewalOut:
    """A certificate, licence or safety standardisation that was renewed after the submission, with its scan, until the
    approval: Art. 13(2) to (4) are tested again on the day of every step. It counts once the office has accepted it."""
    new = hand.NewRenewal(body.kind, body.item(), body.attachment_id)
    return RenewalOut.model_validate(await hand.hand_in_renewal(context, application_id=application_id, new=new))


@router.get("/applications/{application_id}/renewals", summary="Renewals of an application")
async def list_renewals(
    application_id: UUID, context: Annotated[ReadContext, reading(Role.APPLICANT, Role.OFFICE, Role.AUDITOR)]
) -> RenewalsOut:
    """What was handed in after the submission and what became of it (Art. 13(2) to (4))."""
    rows = await renewals.list_renewals(context, application_id=application_id)
    return RenewalsOut(items=[RenewalOut.model_validate(row) for row in rows])


@router.get("/rounds/{round_id}/renewals", summary="Renewals of a round")
async def list_round_renewals(
    round_id: UUID,
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    state: RenewalStateSent | None = None,
) -> PageOut[RenewalOut]:
    """Everything that was renewed in a round (Art. 13(2) to (4)), in its order; `state=handed_in`: what waits."""
    page = await renewals.list_round_renewals(context, round_id=round_id, request=paging, state=state)
    return page_view(page, RenewalOut.model_validate)


@router.post("/renewals/{renewal_id}/decision", summary="Decide a renewal")
async def decide_renewal(
    renewal_id: UUID,
    body: RenewalDecisionIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> RenewalOut:
    """A person accepts a renewed certificate or licence on stated evidence, or refuses it with a reason, once
    (Art. 13(2) to (4), 17)."""
    row = await decide.decide_renewal(
        context, renewal_id=renewal_id, accepted=body.accepted, reason=body.reason, evidence=body.evidence
    )
    return RenewalOut.model_validate(row)
