"""The expert pool, undertakings, conflicts of interest, appraisals."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.schemas.common import PageOut, finding_view, page_view
from app.schemas.identity import invitation_fields
from app.schemas.reviewers import (
    AppraisalIn,
    AppraisalOut,
    AppraisalsOut,
    ConflictDeclarationIn,
    ConflictDeclarationMade,
    ConflictDeclarationOut,
    DisqualificationIn,
    DisqualificationOut,
    PanelChangeOut,
    ReasonIn,
    ReviewerIn,
    ReviewerMade,
    ReviewerOut,
    ReviewerPatch,
    SignatureOut,
    UndertakingIn,
    UndertakingOut,
    UndertakingsOut,
)
from app.schemas.words import ReviewerStateSent
from app.services.reviewers import admit_reviewer as admission
from app.services.reviewers import appraise_reviewer as appraise
from app.services.reviewers import declare_conflict as declare
from app.services.reviewers import disqualify_reviewer as misconduct
from app.services.reviewers import read_conflict_declarations, read_reviewers
from app.services.reviewers import reinstate_reviewer as reinstate
from app.services.reviewers import revise_reviewer as revision
from app.services.reviewers import sign_undertaking as undertakings
from app.services.reviewers import suspend_reviewer as suspend
from app.services.reviewers import withdraw_conflict_declaration as withdraw
from app.services.reviewers.set_aside_scores import PanelChange
from app.store.reviewers import Reviewer
from app.web.policy import Paging, Route, acting, reading, recording, show_once, tagged

router = APIRouter(prefix="/v1", route_class=Route, tags=["reviewers"])

# What can be emptied; a null elsewhere leaves the entry as it is.
_EMPTIED = frozenset({"employer", "employer_uscc", "unit_id", "employed_since"})


@router.post("/reviewers", summary="Admit a reviewer to the pool", status_code=201)
async def admit_reviewer(
    body: ReviewerIn,
    request: Request,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> ReviewerMade:
    """An entry of the expert pool with its account (Art. 11(2)), to which the reviewer is invited. Employer and unit
    serve the detection of conflicts of interest (Art. 29)."""
    row, invited = await admission.admit_reviewer(
        context, new=admission.NewReviewer(**body.model_dump()), keyring=request.app.state.keyring
    )
    show_once(request, "invitation")
    tagged(response, row.version)
    return ReviewerMade.model_validate(row).model_copy(update=invitation_fields(invited))


@router.get("/reviewers", summary="The expert pool")
async def list_reviewers(
    paging: Paging,
    context: Annotated[WriteContext, recording(Role.OFFICE, Role.AUDITOR)],
    state: ReviewerStateSent | None = None,
) -> PageOut[ReviewerOut]:
    """The pool with its names (Art. 11(2)); each reading is on record (Art. 29), so there is no dry run of it."""
    return page_view(
        await read_reviewers.list_reviewers(context, request=paging, state=state), ReviewerOut.model_validate
    )


@router.get("/reviewers/{reviewer_id}", summary="A reviewer")
async def read_reviewer(
    reviewer_id: UUID, response: Response, context: Annotated[WriteContext, recording(Role.OFFICE, Role.AUDITOR)]
) -> ReviewerOut:
    """One entry of the pool (Art. 11(2)); the reading is on record (Art. 29), so there is no dry run of it."""
    return _reviewer(await read_reviewers.read_reviewer(context, reviewer_id=reviewer_id), response)


@router.patch("/reviewers/{reviewer_id}", summary="Revise a reviewer's entry")
async def revise_reviewer(
    reviewer_id: UUID,
    body: ReviewerPatch,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider", needs_version=True)],
) -> ReviewerOut:
    """Changes qualification or post (Art. 11(2)). A post that is left stays on record as a conflict of interest, and a
    new one ends work in hand that it bars from (Art. 29)."""
    given = body.model_dump(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name in _EMPTIED}
    row = await revision.revise_reviewer(
        context, reviewer_id=reviewer_id, changes=cast(revision.ReviewerChanges, changes)
    )
    return _reviewer(row, response)


@router.post("/reviewers/{reviewer_id}/suspension", summary="Suspend a reviewer")
async def suspend_reviewer(
    reviewer_id: UUID,
    body: ReasonIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> ReviewerOut:
    """Nothing more is assigned to or opened by the reviewer (Art. 11(2)); what the reviewer has submitted stands."""
    return _reviewer(await suspend.suspend_reviewer(context, reviewer_id=reviewer_id, reason=body.reason), response)


@router.post("/reviewers/{reviewer_id}/reinstatement", summary="End a suspension")
async def reinstate_reviewer(
    reviewer_id: UUID,
    body: ReasonIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> ReviewerOut:
    """The reviewer is active again (Art. 11(2))."""
    return _reviewer(await reinstate.reinstate_reviewer(context, reviewer_id=reviewer_id, reason=body.reason), response)


@router.post("/reviewers/{reviewer_id}/disqualification", summary="Disqualify a reviewer")
async def disqualify_reviewer(
    reviewer_id: UUID,
    body: DisqualificationIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> DisqualificationOut:
    """Out of the pool for good (Art. 30): the scores given in the running round are set aside, reports that rested on
    them are void, panels below their size open again, and a stage that was closed on them opens with them, until the
    candidates are published; a committee that had met meets again."""
    done = await misconduct.disqualify_reviewer(
        context, reviewer_id=reviewer_id, reason=body.reason, evidence=body.evidence, referred_to=body.referred_to
    )
    return DisqualificationOut(
        reviewer=_reviewer(done.reviewer, response),
        panels=[panel_view(change) for change in done.panels],
        deliberated=list(done.deliberated),
    )


@router.get("/rounds/{round_id}/undertakings", summary="My undertakings")
async def list_undertakings(round_id: UUID, context: Annotated[ReadContext, reading(Role.REVIEWER)]) -> UndertakingsOut:
    """The texts of confidentiality and integrity (Art. 29), and which the calling reviewer has signed for this
    round."""
    offered = await undertakings.my_undertakings(context, round_id=round_id)
    return UndertakingsOut(
        items=[
            UndertakingOut(
                kind=item.kind.value,
                text_zh=item.text.zh,
                text_en=item.text.en,
                text_hash=item.text_hash,
                signed_at=item.signed_at,
            )
            for item in offered
        ]
    )


@router.post("/rounds/{round_id}/undertakings", summary="Sign an undertaking", status_code=201)
async def sign_undertaking(
    round_id: UUID, body: UndertakingIn, context: Annotated[WriteContext, acting(Role.REVIEWER)]
) -> SignatureOut:
    """A reviewer signs confidentiality or integrity for the round (Art. 29): no file opens before both are signed."""
    row = await undertakings.sign_undertaking(context, round_id=round_id, kind=body.kind, signed_hash=body.text_hash)
    return SignatureOut.model_validate(row)


@router.get("/rounds/{round_id}/undertaking-signatures", summary="Who has signed")
async def list_undertaking_signatures(
    round_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> PageOut[SignatureOut]:
    """Signatures under the undertakings of Art. 29 for a round, by the pool's ids."""
    page = await undertakings.list_signatures(context, round_id=round_id, request=paging)
    return page_view(page, SignatureOut.model_validate)


@router.post("/conflict-declarations", summary="Declare or record a conflict of interest", status_code=201)
async def declare_conflict(
    body: ConflictDeclarationIn, context: Annotated[WriteContext, acting(Role.REVIEWER, Role.OFFICE)]
) -> ConflictDeclarationMade:
    """A conflict of interest bars from assignment and scoring at once (Art. 29): work in hand ends. A reviewer declares
    own ones; the office records anybody's."""
    facts = body.model_dump(exclude={"reviewer_id"})
    row, recused = await declare.declare_conflict(
        context, reviewer_id=body.reviewer_id, new=declare.NewConflict(**facts)
    )
    shown = ConflictDeclarationOut.model_validate(row).model_dump()
    return ConflictDeclarationMade(**shown, recused=list(recused.ended), counted=list(recused.counted))


@router.get("/conflict-declarations", summary="Conflict declarations")
async def list_conflict_declarations(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.REVIEWER, Role.OFFICE, Role.AUDITOR)],
    reviewer_id: UUID | None = None,
) -> PageOut[ConflictDeclarationOut]:
    """A reviewer's own declarations; everybody's for the office and the auditor (Art. 29)."""
    page = await read_conflict_declarations.list_conflict_declarations(context, request=paging, reviewer_id=reviewer_id)
    return page_view(page, ConflictDeclarationOut.model_validate)


@router.post(
    "/conflict-declarations/{declaration_id}/withdrawal", summary="Withdraw a conflict declaration made in error"
)
async def withdraw_conflict_declaration(
    declaration_id: UUID, body: ReasonIn, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> ConflictDeclarationOut:
    """The office takes back what was recorded in error (Art. 29). Recusals that it led to stand."""
    row = await withdraw.withdraw_conflict_declaration(context, declaration_id=declaration_id, reason=body.reason)
    return ConflictDeclarationOut.model_validate(row)


@router.post("/rounds/{round_id}/appraisals", summary="Appraise a reviewer's work", status_code=201)
async def appraise_reviewer(
    round_id: UUID, body: AppraisalIn, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> AppraisalOut:
    """The office's appraisal of one reviewer who had work in the round (Art. 11(2)); once."""
    row = await appraise.appraise_reviewer(
        context, round_id=round_id, reviewer_id=body.reviewer_id, grade=body.grade, remarks=body.remarks
    )
    return AppraisalOut.model_validate(row)


@router.get("/rounds/{round_id}/appraisals", summary="Appraisals of a round")
async def list_appraisals(
    round_id: UUID, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> AppraisalsOut:
    """The appraisals of a round's reviewers, and whose work is not appraised yet (Art. 11(2))."""
    rows, findings = await appraise.list_appraisals(context, round_id=round_id)
    return AppraisalsOut(
        items=[AppraisalOut.model_validate(row) for row in rows], findings=[finding_view(item) for item in findings]
    )


def panel_view(change: PanelChange) -> PanelChangeOut:
    """What became of one panel, on the wire."""
    return PanelChangeOut(
        application_id=change.application_id,
        stage=change.stage.value,
        remaining=len(change.answer.remaining),
        reopens=change.answer.reopens,
        report_void=change.report_void,
        finding=finding_view(change.answer.findings[0]),
    )


def _reviewer(row: Reviewer, response: Response) -> ReviewerOut:
    tagged(response, row.version)
    return ReviewerOut.model_validate(row)
