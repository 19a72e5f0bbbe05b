"""Verification of the record, deliberation, the government's approval and decree."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.routers.policy import Route, acting, reading, tagged
from app.schemas.common import stored_finding_view
from app.schemas.decision import (
    ApprovalIn,
    ApprovalOut,
    ApprovedAward,
    ConclusionIn,
    DecreeIn,
    DecreeOut,
    DeliberationIn,
    DeliberationOut,
    SocialVerificationIn,
    SocialVerificationOut,
    StrikeIn,
    StruckOut,
)
from app.services.decision import approve, decree, deliberate, strike, verify_record
from app.services.rounds.read import read_round
from app.store.awards import Award
from app.store.rounds import Approval, Decree

router = APIRouter(prefix="/v1", route_class=Route, tags=["decision"])

_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)
Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
Government = Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")]
Inside = Annotated[ReadContext, reading(*_INSIDE)]


@router.post("/applications/{application_id}/social-verification", summary="Record the verification of an applicant")
async def verify_applicant(application_id: UUID, body: SocialVerificationIn, context: Office) -> SocialVerificationOut:
    """What the office found on an applicant's record and social feedback (Art. 11(4)); without it nobody becomes a
    candidate. Until the deliberation it may be recorded anew."""
    finding = verify_record.RecordFinding(body.outcome, body.evidence, body.reason)
    row = await verify_record.verify_record(context, application_id=application_id, finding=finding)
    return SocialVerificationOut.model_validate(row)


@router.get("/applications/{application_id}/social-verification", summary="The verification of an applicant")
async def read_verification(application_id: UUID, context: Inside) -> SocialVerificationOut:
    """The recorded finding on an applicant's record and social feedback (Art. 11(4))."""
    row = await verify_record.read_verification(context, application_id=application_id)
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
    )
    row = await deliberate.record_deliberation(context, round_id=round_id, meeting=meeting)
    return DeliberationOut.model_validate(row)


@router.get("/rounds/{round_id}/deliberation", summary="The deliberation")
async def read_deliberation(round_id: UUID, context: Inside) -> DeliberationOut:
    """The committee's meeting as recorded (Art. 11(5))."""
    return DeliberationOut.model_validate(await deliberate.read_deliberation(context, round_id=round_id))


@router.post("/rounds/{round_id}/approval", summary="Approve the awards", status_code=201)
async def approve_awards(round_id: UUID, body: ApprovalIn, response: Response, context: Government) -> ApprovalOut:
    """The executive meeting approves the proposed names that it does not strike, and adds none (Art. 22); within the
    seats (Art. 6), the conditions tested once more (Art. 13), on a transitional basis after a lapse (Art. 33)."""
    meeting = approve.ExecutiveMeeting(
        body.meeting_number,
        body.meeting_on,
        tuple(approve.Struck(item.candidate_id, item.reason) for item in body.struck),
        body.transitional_basis,
    )
    await approve.approve_awards(context, round_id=round_id, meeting=meeting)
    return await _approval(context, *await approve.read_approval(context, round_id=round_id), response)


@router.get("/rounds/{round_id}/approval", summary="The approval")
async def read_approval(round_id: UUID, response: Response, context: Inside) -> ApprovalOut:
    """The executive meeting's decision and its awards (Art. 22)."""
    return await _approval(context, *await approve.read_approval(context, round_id=round_id), response)


@router.post("/rounds/{round_id}/decree", summary="Record the decree", status_code=201)
async def issue_decree(round_id: UUID, body: DecreeIn, response: Response, context: Government) -> DecreeOut:
    """The decree confers the approved awards from its date (Art. 22, 23): certificate to all, plaque and prize to first
    winners (Art. 6, 8). It concludes the round, also where every seat is vacant."""
    await decree.issue_decree(context, round_id=round_id, number=body.number, dated=body.dated)
    return await _decree(context, *await decree.read_decree(context, round_id=round_id), response)


@router.get("/rounds/{round_id}/decree", summary="The decree")
async def read_decree(
    round_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> DecreeOut:
    """The decree of commendation and the awards that it conferred (Art. 22)."""
    return await _decree(context, *await decree.read_decree(context, round_id=round_id), response)


@router.post("/awards/{award_id}/strike", summary="Strike an award before the decree")
async def strike_award(award_id: UUID, body: StrikeIn, response: Response, context: Government) -> ApprovedAward:
    """Fraud verified between approval and decree (Art. 26): the award does not come to be, the seat stays empty
    (Art. 6), and nobody is excluded, as there was no award."""
    fraud = strike.FraudFound(body.found_on, body.reason, body.evidence)
    row = await strike.strike_award(context, award_id=award_id, fraud=fraud)
    tagged(response, row.version)
    return ApprovedAward.model_validate(row)


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
    )


async def _approval(context: ReadContext, row: Approval, awards: Sequence[Award], response: Response) -> ApprovalOut:
    round_row = await read_round(context, round_id=row.round_id)
    tagged(response, round_row.version)
    return ApprovalOut(
        round_id=row.round_id,
        round_state=round_row.state,
        meeting_number=row.meeting_number,
        meeting_on=row.meeting_on,
        transitional_basis=row.transitional_basis,
        struck=[StruckOut.model_validate(item) for item in row.struck],
        awards=[ApprovedAward.model_validate(item) for item in awards],
    )


async def _decree(context: ReadContext, row: Decree, awards: Sequence[Award], response: Response) -> DecreeOut:
    round_row = await read_round(context, round_id=row.round_id)
    tagged(response, round_row.version)
    return DecreeOut(
        round_id=row.round_id,
        round_state=round_row.state,
        number=row.number,
        dated=row.dated,
        warnings=[stored_finding_view(item) for item in row.warnings],
        awards=[ApprovedAward.model_validate(item) for item in awards],
    )
