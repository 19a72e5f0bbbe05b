"""Objections to candidates: from anybody, verified by the office on the summary of the one who alone reads them."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.field_formats import Format
from app.kernel.proof_of_work import MAX_PROOF, challenge
from app.measures.objections import ObjectionClass
from app.measures.roles import Role
from app.measures.state_machines import OBJECTION
from app.schemas.common import FileName, PageOut, action_views, finding_view, page_view
from app.schemas.objections import (
    ClassificationIn,
    ClosingIn,
    DisclosureIn,
    IdentityOut,
    InvestigatorIn,
    InvestigatorRecusalIn,
    LetterIn,
    ObjectionDecisionIn,
    ObjectionFileOut,
    ObjectionFileReceipt,
    ObjectionIn,
    ObjectionOut,
    ObjectionStatus,
    ObjectionSubmission,
    ProofChallengeOut,
    SummaryIn,
    VerificationPlanIn,
)
from app.schemas.words import ObjectionStateSent
from app.services.lifecycle import available_actions
from app.services.objections import add_evidence as evidence
from app.services.objections import assign_investigator as assign
from app.services.objections import classify_objection as classify
from app.services.objections import close_informal_objection as close
from app.services.objections import closing, incoming, open_objection_file, read_objections
from app.services.objections import decide_objection as decide
from app.services.objections import disclose_identity as disclose
from app.services.objections import enter_letter as enter
from app.services.objections import recuse_investigator as recuse
from app.services.objections import start_verification as start
from app.services.objections import summarise_objection as summarise
from app.services.objections import take_objection as take
from app.services.objections import take_objections_together as together
from app.services.objections import upload_objection_file as upload
from app.services.objections.assignment import Assignment
from app.store.objections import Objection
from app.web import plain_writes as plainly
from app.web.plain import Asked, NotPlain, answered_first
from app.web.policy import Paging, Route, acting, promised_code, reading, show_once, tagged
from app.web.streaming import DOWNLOAD, UPLOAD, downloading, file_response, sent_file, staging, uploading

router = APIRouter(prefix="/v1", route_class=Route, tags=["objections"])

_SHOWN_ONCE = ("tracking_code",)

_Proof = Annotated[
    str | None,
    Header(
        alias="Proof-Of-Work",
        min_length=1,
        max_length=MAX_PROOF,
        pattern=Format.PRINTABLE_ASCII.value,
        description="A solved challenge of `GET /v1/proof-challenge`, in base64; needed after 429 `work_required`.",
    ),
]


async def _plain_objection(asked: Asked) -> Response:
    plainly.without_query(asked)
    candidate_id = asked.id("candidate_id")
    said = await plainly.body(asked, ObjectionIn)
    claim = await plainly.claim(asked)
    voice = incoming.Voice(**said.model_dump())
    if voice.is_empty:
        raise NotPlain
    offer = together.Offered(
        candidate_id, voice, asked.now, asked.request_id, asked.objection(), code=asked.tracking_code
    )
    if claim is not None:
        keyed = together.Keyed(
            claim.named,
            claim.fingerprint,
            claim.standing,
            lambda what: claim.answer(plainly.created(_told(what)), shown_once=_SHOWN_ONCE),
        )
        offer = replace(offer, keyed=keyed)
    outcome = await asked.objections.one(offer)
    if isinstance(outcome, incoming.Taken):
        return plainly.created(_told(outcome))
    return plainly.replayed(outcome, claim)


def _told(what: incoming.Taken) -> dict[str, object]:
    return {
        "objection_id": None,
        "tracking_code": what.code,
        "classification": what.answer.kind,
        "lacking": what.answer.findings[0].facts["lacking"],
        "received_at": what.row["received_at"],
    }


@router.post("/candidates/{candidate_id}/objections", summary="Object to a candidate", status_code=201)
@answered_first(_plain_objection)
async def take_objection(
    candidate_id: UUID,
    body: ObjectionIn,
    request: Request,
    response: Response,
    context: Annotated[StreamContext, staging(Role.PUBLIC, plain=False, anonymous=True)],
    proof_of_work: _Proof = None,
) -> ObjectionSubmission:
    """Anybody may object, without an account, to the last second of the period (Art. 21). With real name, contact and
    facts it is formal; anonymous or late it is kept as an informal objection. Whoever is signed in is not recorded with
    it. The tracking code is shown once; a dry run has none. Many from one network in a minute cost a proof of work (429
    `work_required`); none is refused for another's flood."""
    throttle, address = request.app.state.throttle, request.client.host if request.client else ""
    if proof_of_work is None:
        throttle.objection(address)
    show_once(request, *_SHOWN_ONCE)
    response.headers["Cache-Control"] = "no-store"
    write = await context.writing()
    if proof_of_work is not None:
        await throttle.proven_objection(
            write.session, address, keyring=request.app.state.keyring, proof=proof_of_work, now=write.now
        )
    row, code = await take.take_objection(
        write, candidate_id=candidate_id, voice=incoming.Voice(**body.model_dump()), code=promised_code(request)
    )
    return ObjectionSubmission(
        objection_id=None,
        tracking_code=None if write.dry_run else code,
        classification=row.classification,
        lacking=_lacking(row),
        received_at=row.received_at,
    )


@router.get("/proof-challenge", summary="A challenge for a proof of work")
async def read_proof_challenge(
    request: Request, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> ProofChallengeOut:
    """What to solve for an objection (Art. 21) where many come from one network (429 `work_required`): ALTCHA's second
    version. Challenge and solution go back as JSON in base64 in `Proof-Of-Work`; each is taken once, within ten
    minutes."""
    response.headers["Cache-Control"] = "no-store"
    made, ends = challenge(request.app.state.keyring, now=context.now)
    return ProofChallengeOut(challenge=made, expires_at=ends)


@router.post("/candidates/{candidate_id}/letters", summary="Enter an objection on paper", status_code=201)
async def enter_letter(
    candidate_id: UUID,
    body: LetterIn,
    request: Request,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionSubmission:
    """The office enters an objection that came in on paper, with the day on which it was received: in the period it is
    in time, whenever it is entered (Art. 21). The tracking code is for the objector, and shown once."""
    show_once(request, *_SHOWN_ONCE)
    response.headers["Cache-Control"] = "no-store"
    said = body.model_dump(exclude={"received_on", "letter_reference"})
    row, code = await enter.enter_letter(
        context,
        candidate_id=candidate_id,
        voice=incoming.Voice(**said),
        letter=incoming.Letter(body.received_on, body.letter_reference),
    )
    return ObjectionSubmission(
        objection_id=None if context.dry_run else row.id,
        tracking_code=None if context.dry_run else code,
        classification=row.classification,
        lacking=_lacking(row),
        received_at=row.received_at,
    )


@router.get("/objection-status/{tracking_code}", summary="What became of my objection")
async def read_objection_status(
    tracking_code: Annotated[str, Path(min_length=43, max_length=43, pattern=Format.TRACKING_CODE.value)],
    response: Response,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
) -> ObjectionStatus:
    """State and answer of an objection, for whoever holds its tracking code (Art. 21)."""
    response.headers["Cache-Control"] = "no-store"
    row, name = await read_objections.status_of(context, code=tracking_code)
    return ObjectionStatus(
        published_name=name,
        classification=row.classification,
        lacking=_lacking(row),
        classification_reason=row.classification_reason,
        state=row.state,
        received_at=row.received_at,
        closed_at=row.closed_at,
        answer=row.outcome_public,
    )


@router.post("/objection-status/{tracking_code}/files", summary="Add evidence", status_code=201, openapi_extra=UPLOAD)
async def add_evidence(
    tracking_code: Annotated[str, Path(min_length=43, max_length=43, pattern=Format.TRACKING_CODE.value)],
    context: Annotated[StreamContext, uploading(Role.PUBLIC)],
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["证据.pdf"])],
    request: Request,
) -> ObjectionFileReceipt:
    """Takes the raw body as evidence of an objection (Art. 21), from whoever holds its tracking code, while it is open.
    Its investigator alone opens it, and reads its name."""
    request.app.state.throttle.public_post(request.client.host if request.client else "")
    row = await evidence.add_evidence(context, code=tracking_code, sent=sent_file(request, filename))
    return ObjectionFileReceipt.model_validate(row)


@router.get("/objections", summary="Objections")
async def list_objections(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    round_id: UUID | None = None,
    state: ObjectionStateSent | None = None,
    classification: ObjectionClass | None = None,
) -> PageOut[ObjectionOut]:
    """Objections as received (Art. 21). Who objected is not shown, nor where the text tells it."""
    page = await read_objections.list_objections(
        context, request=paging, round_id=round_id, state=state, classification=classification
    )
    return page_view(page, lambda told: _objection(context, told))


@router.get("/objections/{objection_id}", summary="An objection")
async def read_objection(
    objection_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> ObjectionOut:
    """One objection with its verification (Art. 21). Who objected is not shown, nor where the text tells it."""
    return _objection(context, await read_objections.read_objection(context, objection_id=objection_id), response)


@router.post("/objections/{objection_id}/verification", summary="Start to verify an objection")
async def start_verification(
    objection_id: UUID,
    body: VerificationPlanIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionOut:
    """The office begins to verify a formal objection (Art. 21)."""
    told = await start.start_verification(context, objection_id=objection_id, plan=body.plan)
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/decision", summary="Decide an objection")
async def decide_objection(
    objection_id: UUID,
    body: ObjectionDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionOut:
    """The outcome of a verification, with the reason (Art. 21). Upheld, its organisation leaves the list, and nobody
    takes its place without a publicity of its own; dismissed, the organisation is free to go on; so it is where the
    objection is inadmissible, which is found in one act, also without a verification."""
    told = await decide.decide_objection(
        context, objection_id=objection_id, outcome=body.outcome, closing=_closing(body)
    )
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/closing", summary="Close an informal objection")
async def close_informal_objection(
    objection_id: UUID, body: ClosingIn, response: Response, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> ObjectionOut:
    """An informal objection blocks nothing; it is read, and closed with an answer, all the same (Art. 21)."""
    told = await close.close_informal_objection(context, objection_id=objection_id, closing=_closing(body))
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/investigator", summary="Assign an investigator")
async def assign_investigator(
    objection_id: UUID,
    body: InvestigatorIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionOut:
    """Who looks into an objection (Art. 21): a person of the office, free of interests in the matter (Art. 29). Nobody
    else reads it as it came. Another in the same place needs a reason, and the former one reads it no more."""
    assignment = Assignment(body.account_id, body.conflict_check, body.reason)
    told = await assign.assign_investigator(context, objection_id=objection_id, assignment=assignment)
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/investigator-recusal", summary="Recuse oneself from an objection")
async def recuse_investigator(
    objection_id: UUID,
    body: InvestigatorRecusalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionOut:
    """Its investigator withdraws for an interest in the matter (Art. 29), and is assigned to no objection to this
    organisation again; the office assigns another."""
    told = await recuse.recuse_investigator(context, objection_id=objection_id, reason=body.reason)
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/summary", summary="Summarise an objection")
async def summarise_objection(
    objection_id: UUID, body: SummaryIn, response: Response, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> ObjectionOut:
    """What its investigator says of an open objection, for everybody else to work with (Art. 21). A summary that gives
    the objector's name or contact is refused."""
    told = await summarise.summarise_objection(context, objection_id=objection_id, summary=body.summary)
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/classification", summary="Class an objection")
async def classify_objection(
    objection_id: UUID,
    body: ClassificationIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionOut:
    """Whether an objection has a real name and states something is its investigator's to judge (Art. 21): formal or
    informal at its receipt is a hint. It is judged once it has been read; what came late stays informal."""
    judgement = classify.Judgement(body.classification, tuple(body.lacking), body.reason)
    told = await classify.classify_objection(context, objection_id=objection_id, judgement=judgement)
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/identity-disclosure", summary="Read an objection as it came")
async def disclose_identity(
    objection_id: UUID,
    body: DisclosureIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, plain=True, proof=True)],
) -> IdentityOut:
    """Who objected, how the objector is reached and what was written (Art. 21), for the investigator of the objection
    alone, while another person's release is in force (`ask_disclosure`), with a reason for the log. Each reading is a
    new one: there is no dry run, and the answer is not stored for an `Idempotency-Key`."""
    response.headers["Cache-Control"] = "no-store"
    found = await disclose.disclose_identity(context, objection_id=objection_id, reason=body.reason)
    return IdentityOut(
        objection_id=found.row.id,
        name=found.text.name,
        contact=found.text.contact,
        facts=found.text.facts,
        evidence=found.text.evidence,
        files=[ObjectionFileOut.model_validate(item) for item in found.files],
    )


@router.post(
    "/objections/{objection_id}/files", summary="Add the scan of a letter", status_code=201, openapi_extra=UPLOAD
)
async def upload_objection_file(
    objection_id: UUID,
    context: Annotated[StreamContext, uploading(Role.OFFICE)],
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["来信扫描件.pdf"])],
    request: Request,
) -> ObjectionFileReceipt:
    """Takes the raw body as a scan of an objection on paper (Art. 21), while the objection is open. From then on its
    investigator alone opens it, and reads its name."""
    row = await upload.upload_objection_file(context, objection_id=objection_id, sent=sent_file(request, filename))
    return ObjectionFileReceipt.model_validate(row)


@router.get(
    "/objections/{objection_id}/files/{file_id}/content",
    summary="Open the scan of a letter",
    response_class=StreamingResponse,
    responses=DOWNLOAD,
)
async def download_objection_file(
    objection_id: UUID, file_id: UUID, context: Annotated[StreamContext, downloading(Role.OFFICE, proof=True)]
) -> StreamingResponse:
    """The scan, for the objection's investigator alone, with a fresh proof (`prove_again`); each opening is on record,
    and is a reading of the objection as it came (Art. 21)."""
    row, pieces = await open_objection_file.open_objection_file(context, objection_id=objection_id, file_id=file_id)
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


def _closing(body: ClosingIn) -> closing.Closing:
    return closing.Closing(body.verification, body.reason, body.public_statement)


def _objection(context: ReadContext, told: read_objections.Told, response: Response | None = None) -> ObjectionOut:
    row = told.row
    if response is not None:
        tagged(response, row.version)
    return ObjectionOut(
        id=row.id,
        round_id=row.round_id,
        candidate_id=row.candidate_id,
        published_name=told.published_name,
        classification=row.classification,
        lacking=_lacking(row),
        classification_reason=row.classification_reason,
        state=row.state,
        investigator_id=row.investigator_id,
        conflict_check=row.conflict_check,
        summary=row.summary,
        summarised_at=row.summarised_at,
        received_at=row.received_at,
        letter_reference=row.letter_reference,
        verification=row.verification,
        outcome_reason=row.outcome_reason,
        outcome_public=row.outcome_public,
        closed_at=row.closed_at,
        next_steps=[finding_view(item) for item in told.due],
        version=row.version,
        available_actions=action_views(
            available_actions(context, OBJECTION, row, read_objections.standing(context, told))
        ),
    )


def _lacking(row: Objection) -> list[str]:
    return row.classified_because.split(",") if row.classified_because else []
