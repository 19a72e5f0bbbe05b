"""Verification of an applicant's record and the committee's meeting (Art. 11)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.kernel.context import ReadContext, WriteContext
from app.measures.deliberation import Ballots
from app.measures.roles import Role
from app.schemas.deliberation import (
    ConclusionIn,
    DeliberationIn,
    DeliberationOut,
    SocialVerificationIn,
    SocialVerificationOut,
)
from app.services.deliberation import record_deliberation as deliberate
from app.services.deliberation import verify_applicant as verification
from app.web.policy import Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["deliberation"])


_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]


Inside = Annotated[ReadContext, reading(*_INSIDE)]


@router.post("/applications/{application_id}/social-verification", summary="Record the verification of an applicant")
async def verify_applicant(application_id: UUID, body: SocialVerificationIn, context: Office) -> SocialVerificationOut:
    """What the office found on an applicant's record and social feedback (Art. 11(4)); without it nobody becomes a
    candidate. Until the deliberation it may be recorded anew."""
    finding = verification.RecordFinding(body.outcome, body.evidence, body.reason)
    row = await verification.verify_applicant(context, application_id=application_id, finding=finding)
    return SocialVerificationOut.model_validate(row)


@router.get("/applications/{application_id}/social-verification", summary="The verification of an applicant")
async def read_verification(application_id: UUID, context: Inside) -> SocialVerificationOut:
    """The recorded finding on an applicant's record and social feedback (Art. 11(4))."""
    row = await verification.read_verification(context, application_id=application_id)
    return SocialVerificationOut.model_validate(row)


@router.post("/rounds/{round_id}/deliberation", summary="Record the deliberation", status_code=201)
async def record_deliberation(round_id: UUID, body: DeliberationIn, context: Office) -> DeliberationOut:
    """The review committee's meeting between evaluation and publicity (Art. 11(5)): attendance, votes where the round's
    rules ask for them, a conclusion on every evaluated organisation, and the finding of merit (Art. 4)."""
    meeting = deliberate.Meeting(
        body.meeting_on,
        tuple(body.members),
        tuple(body.present),
        body.minutes,
        tuple(_concluded(item) for item in body.conclusions),
        body.chair,
        tuple({"name": item.name, "office": item.office, "presided": item.presided} for item in body.offices),
    )
    row = await deliberate.record_deliberation(context, round_id=round_id, meeting=meeting)
    return DeliberationOut.model_validate(row)


@router.get("/rounds/{round_id}/deliberation", summary="The deliberation")
async def read_deliberation(round_id: UUID, context: Inside) -> DeliberationOut:
    """The committee's meeting as recorded (Art. 11(5))."""
    return DeliberationOut.model_validate(await deliberate.read_deliberation(context, round_id=round_id))


def _concluded(body: ConclusionIn) -> deliberate.Concluded:
    return deliberate.Concluded(
        application_id=body.application_id,
        recommended=body.recommended,
        reason=body.reason,
        votes_for=body.votes_for,
        votes_against=body.votes_against,
        abstentions=body.abstentions,
        merit=body.merit.outcome,
        merit_reason=body.merit.reason,
        merit_evidence=body.merit.evidence,
        recused=tuple(body.recused),
        ballots=None if body.ballots is None else Ballots(**body.ballots.model_dump()),
    )
