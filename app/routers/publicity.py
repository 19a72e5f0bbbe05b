"""The candidate list, its notices, objections to it, the proposed list."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.context import ReadContext, WriteContext
from app.errors import Invalid
from app.measures.findings import Text
from app.measures.lives import OBJECTION, ROUND
from app.measures.roles import Role
from app.routers.policy import Paging, Route, acting, reading, tagged, tell_once
from app.schemas.common import PageOut, action_views, page_view
from app.schemas.publicity import (
    CandidateAdditionIn,
    CandidateListIn,
    CandidateListOut,
    CandidateOut,
    CandidateRemovalIn,
    ChoiceIn,
    ClosingIn,
    DisclosureIn,
    IdentityOut,
    NameCorrectionIn,
    NoticeOut,
    ObjectionIn,
    ObjectionOut,
    ObjectionReceipt,
    ObjectionStatus,
    ProposedListOut,
    ProposedOut,
    PublicationIn,
    VerificationPlanIn,
)
from app.services.law.in_force import round_parameters
from app.services.lifecycle import available_actions
from app.services.publicity import change, notices, objections, propose, publish, read, verify
from app.store.publicity import Candidate, Notice, Objection
from app.store.rounds import Round

router = APIRouter(prefix="/v1", route_class=Route, tags=["publicity"])

_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)
_LIST_ACTS = frozenset({"add_candidate", "correct_candidate", "remove_candidate", "fix_proposed_list"})
Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art10.proposes")]


@router.post("/rounds/{round_id}/candidate-list", summary="Publish the candidates", status_code=201)
async def publish_candidates(
    round_id: UUID, body: CandidateListIn, response: Response, context: Office
) -> CandidateListOut:
    """The office fixes the candidates from evaluation and deliberation (Art. 20) within the seats (Art. 6) and publishes
    them through news media for the period of Art. 21. Seats may stay empty, all of them too."""
    row = await publish.publish_candidates(
        context, round_id=round_id, application_ids=body.application_ids,
        publication=_publication(body.publication) if body.publication else None, choice=_choice(body.choice),
    )
    return await _list(context, row, response)


@router.get("/rounds/{round_id}/candidate-list", summary="The candidates")
async def read_candidates(
    round_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> CandidateListOut:
    """The published candidates, each with its own period (Art. 21); names that were removed are shown as removed."""
    found = await read.read_candidates(context, round_id=round_id)
    return await _list(context, found.row, response)


@router.post("/rounds/{round_id}/candidates", summary="Add a candidate", status_code=201)
async def add_candidate(
    round_id: UUID, body: CandidateAdditionIn, response: Response, context: Office
) -> CandidateListOut:
    """Adds a name during the publicity, within the seats (Art. 6, 20). It has its own full period (Art. 21)."""
    row = await publish.add_candidate(
        context, round_id=round_id, application_id=body.application_id,
        publication=_publication(body.publication), choice=_choice(body.choice),
    )
    return await _list(context, row, response)


@router.post("/candidates/{candidate_id}/correction", summary="Correct a candidate's name")
async def correct_candidate(
    candidate_id: UUID, body: NameCorrectionIn, response: Response, context: Office
) -> CandidateListOut:
    """Publishes a name in its corrected form: its own period begins anew, the others' go on (Art. 21)."""
    row = await change.correct_candidate(
        context, candidate_id=candidate_id, published_name=body.published_name, reason=body.reason,
        publication=_publication(body.publication),
    )
    return await _list(context, row, response)


@router.post("/candidates/{candidate_id}/removal", summary="Remove a candidate")
async def remove_candidate(
    candidate_id: UUID, body: CandidateRemovalIn, response: Response, context: Office
) -> CandidateListOut:
    """Takes a name off the list with its reason; nobody's period restarts and nobody moves up (Art. 6, 21)."""
    row = await change.remove_candidate(
        context, candidate_id=candidate_id, reason=body.reason, rule=body.rule,
        publication=_publication(body.publication) if body.publication else None,
    )
    return await _list(context, row, response)


@router.get("/notices", summary="Public notices")
async def list_notices(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
    round_id: UUID | None = None,
    kind: Literal["candidates", "addition", "correction", "removal", "revocation", "exclusion", "qualified_list"]
    | None = None,
) -> PageOut[NoticeOut]:
    """Publications through news media, newest first (Art. 17, 21, 26, 28)."""
    page = await notices.list_notices(context, request=paging, round_id=round_id, kind=kind)
    return page_view(page, NoticeOut.model_validate)


@router.get("/notices/{notice_id}", summary="A public notice")
async def read_notice(
    notice_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> NoticeOut:
    """One publication with the hash of its body (Art. 17, 21, 26, 28)."""
    return _notice(await notices.read_notice(context, notice_id=notice_id), response)


@router.post("/candidates/{candidate_id}/objections", summary="Object to a candidate", status_code=201)
async def take_objection(
    candidate_id: UUID,
    body: ObjectionIn,
    request: Request,
    response: Response,
    context: Annotated[WriteContext, acting(Role.PUBLIC)],
) -> ObjectionReceipt:
    """Anybody may object, without an account, to the last second of the period (Art. 21). With real name, contact and
    facts it is formal; anonymous or late it is kept as a lead. The receipt code is told once."""
    request.app.state.throttle.public_post(request.client.host if request.client else "")
    tell_once(request, "receipt_code")
    response.headers["Cache-Control"] = "no-store"
    row, code = await objections.take_objection(
        context, candidate_id=candidate_id, voice=objections.Voice(**body.model_dump())
    )
    return ObjectionReceipt(
        receipt_code=code, classification=row.classification, lacking=_lacking(row), received_at=row.received_at
    )


@router.get("/objection-receipts/{code}", summary="What became of my objection")
async def read_objection_status(
    code: Annotated[str, Path(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")],
    response: Response,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
) -> ObjectionStatus:
    """State and answer of an objection, for whoever holds its receipt code (Art. 21)."""
    response.headers["Cache-Control"] = "no-store"
    row, name = await objections.status_of(context, code=code)
    return ObjectionStatus(
        published_name=name, classification=row.classification, state=row.state, received_at=row.received_at,
        closed_at=row.closed_at, answer=row.outcome_public,
    )


@router.get("/objections", summary="Objections and leads")
async def list_objections(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    round_id: UUID | None = None,
    state: Literal["received", "under_verification", "upheld", "dismissed", "lead", "answered"] | None = None,
    classification: Literal["formal", "lead"] | None = None,
) -> PageOut[ObjectionOut]:
    """Objections and leads as received (Art. 21). Who objected is not shown."""
    page = await verify.list_objections(
        context, request=paging, round_id=round_id, state=state, classification=classification
    )
    return page_view(page, lambda pair: _objection(context, pair))


@router.get("/objections/{objection_id}", summary="An objection")
async def read_objection(
    objection_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> ObjectionOut:
    """One objection with its verification (Art. 21). Who objected is not shown."""
    return _objection(context, await verify.read_objection(context, objection_id=objection_id), response)


@router.post("/objections/{objection_id}/verification", summary="Start to verify an objection")
async def start_verification(
    objection_id: UUID,
    body: VerificationPlanIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> ObjectionOut:
    """The office begins to verify a formal objection (Art. 21)."""
    told = await verify.start_verification(context, objection_id=objection_id, plan=body.plan)
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/upholding", summary="Uphold an objection")
async def uphold_objection(
    objection_id: UUID, body: ClosingIn, response: Response, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> ObjectionOut:
    """The objection stands: its organisation leaves the list, and nobody takes its place without a publicity of its own
    (Art. 21)."""
    told = await verify.uphold(context, objection_id=objection_id, closing=_closing(body))
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/dismissal", summary="Dismiss an objection")
async def dismiss_objection(
    objection_id: UUID, body: ClosingIn, response: Response, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> ObjectionOut:
    """The objection does not stand, with the reason (Art. 21)."""
    told = await verify.dismiss(context, objection_id=objection_id, closing=_closing(body))
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/answer", summary="Answer for a lead")
async def answer_lead(
    objection_id: UUID, body: ClosingIn, response: Response, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> ObjectionOut:
    """A lead blocks nothing and is answered for all the same (Art. 21)."""
    told = await verify.answer_lead(context, objection_id=objection_id, closing=_closing(body))
    return _objection(context, told, response)


@router.post("/objections/{objection_id}/identity-disclosure", summary="Read who objected")
async def disclose_identity(
    objection_id: UUID,
    body: DisclosureIn,
    request: Request,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, Role.AUDITOR)],
) -> IdentityOut:
    """Name and contact of the objector (Art. 21), for a reason that the audit log keeps. Each reading is a new one: no dry
    run, no `Idempotency-Key`, which would store the answer."""
    if "idempotency-key" in request.headers:
        raise Invalid(
            Text("读取异议人身份不接受 Idempotency-Key", "Reading an identity takes no Idempotency-Key"), code="no_replay"
        )
    response.headers["Cache-Control"] = "no-store"
    row, name, contact = await verify.disclose_identity(context, objection_id=objection_id, reason=body.reason)
    return IdentityOut(objection_id=row.id, name=name, contact=contact)


@router.post("/rounds/{round_id}/proposed-list", summary="Fix the proposed list", status_code=201)
async def fix_proposed_list(round_id: UUID, response: Response, context: Office) -> ProposedListOut:
    """Proposes every name still on the list (Art. 10, 21): after each one's own full period, none with an open formal
    objection, all of them still meeting the conditions (Art. 13), within the seats (Art. 6). Who fails is removed first."""
    row = await propose.fix_proposed_list(context, round_id=round_id)
    return _proposed(*await propose.read_proposed(context, round_id=row.id), response)


@router.get("/rounds/{round_id}/proposed-list", summary="The proposed list")
async def read_proposed_list(
    round_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_INSIDE)]
) -> ProposedListOut:
    """The names that the office proposes to the government (Art. 21)."""
    return _proposed(*await propose.read_proposed(context, round_id=round_id), response)


def _publication(body: PublicationIn) -> notices.Publication:
    media = tuple(notices.Medium(item.name, item.published_on, item.url) for item in body.media)
    return notices.Publication(body.title, media, body.announced_last_day)


def _choice(body: ChoiceIn | None) -> publish.Choice | None:
    return None if body is None else publish.Choice(body.reason, body.evidence)


def _closing(body: ClosingIn) -> verify.Closing:
    return verify.Closing(body.verification, body.reason, body.public_statement)


async def _list(context: ReadContext, row: Round, response: Response) -> CandidateListOut:
    tagged(response, row.version)
    found = await read.candidate_list(context, row)
    actions = [item for item in available_actions(context, ROUND, row) if item.act in _LIST_ACTS]
    return CandidateListOut(
        round_id=row.id,
        round_state=row.state,
        candidates=[_candidate(context, item, found.notices[item.notice_id]) for item in found.candidates],
        vacancies=dict(found.vacancies),
        available_actions=action_views(actions),
    )


def _candidate(context: ReadContext, row: Candidate, notice: Notice) -> CandidateOut:
    # Why somebody was removed is told to those who work on the list; the public reads the rule.
    reason = row.removed_reason if context.actor.role in _INSIDE else None
    return CandidateOut(
        id=row.id, application_id=row.application_id, organisation_id=row.organisation_id,
        published_name=row.published_name, bucket=row.bucket, repeated=row.repeated, rank=row.rank, state=row.state,
        notice_id=notice.id, published_on=notice.published_on, last_day=notice.last_day, ends_at=notice.ends_at,
        removed_at=row.removed_at, removed_rule=row.removed_rule, removed_reason=reason,
    )


def _notice(row: Notice, response: Response) -> NoticeOut:
    response.headers["ETag"] = f'"{row.body_hash}"'
    return NoticeOut.model_validate(row)


def _objection(context: ReadContext, told: verify.Told, response: Response | None = None) -> ObjectionOut:
    row, name = told
    if response is not None:
        tagged(response, row.version)
    return ObjectionOut(
        id=row.id, round_id=row.round_id, candidate_id=row.candidate_id, published_name=name,
        classification=row.classification, lacking=_lacking(row), state=row.state, facts=row.facts,
        evidence=row.evidence, received_at=row.received_at, verification=row.verification,
        outcome_reason=row.outcome_reason, outcome_public=row.outcome_public, closed_at=row.closed_at,
        version=row.version, available_actions=action_views(available_actions(context, OBJECTION, row)),
    )


def _lacking(row: Objection) -> list[str]:
    return row.classified_because.split(",") if row.classified_because else []


def _proposed(row: Round, candidates: list[Candidate], response: Response) -> ProposedListOut:
    tagged(response, row.version)
    return ProposedListOut(
        round_id=row.id, round_state=row.state, names=[ProposedOut.model_validate(item) for item in candidates],
        vacancies=read.vacant(candidates, round_parameters(row)),
    )
