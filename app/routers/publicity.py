"""The candidate list, its notices, the proposed list."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from app.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.routers.policy import Paging, Route, acting, reading, tagged
from app.schemas.common import PageOut, action_views, page_view
from app.schemas.publicity import (
    CandidateAdditionIn,
    CandidateListIn,
    CandidateListOut,
    CandidateOut,
    CandidateRemovalIn,
    ChoiceIn,
    NameCorrectionIn,
    NoticeOut,
    ProposedListOut,
    ProposedOut,
    PublicationIn,
)
from app.services.law.in_force import round_parameters
from app.services.publicity import change, notices, propose, publish, read
from app.store.publicity import Candidate, Notice
from app.store.rounds import Round

router = APIRouter(prefix="/v1", route_class=Route, tags=["publicity"])

_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)
Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art10.proposes")]


@router.post("/rounds/{round_id}/candidate-list", summary="Publish the candidates", status_code=201)
async def publish_candidates(
    round_id: UUID, body: CandidateListIn, response: Response, context: Office
) -> CandidateListOut:
    """The office fixes the candidates from evaluation and deliberation (Art. 20) within the seats (Art. 6) and
    publishes them through news media for the period of Art. 21. Seats may stay empty, all of them too."""
    row = await publish.publish_candidates(
        context,
        round_id=round_id,
        application_ids=body.application_ids,
        publication=_publication(body.publication) if body.publication else None,
        choice=_choice(body.choice),
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
        context,
        round_id=round_id,
        application_id=body.application_id,
        publication=_publication(body.publication),
        choice=_choice(body.choice),
    )
    return await _list(context, row, response)


@router.post("/candidates/{candidate_id}/correction", summary="Correct a candidate's name")
async def correct_candidate(
    candidate_id: UUID, body: NameCorrectionIn, response: Response, context: Office
) -> CandidateListOut:
    """Publishes a name in its corrected form: its own period begins anew, the others' go on (Art. 21)."""
    row = await change.correct_candidate(
        context,
        candidate_id=candidate_id,
        published_name=body.published_name,
        reason=body.reason,
        publication=_publication(body.publication),
    )
    return await _list(context, row, response)


@router.post("/candidates/{candidate_id}/removal", summary="Remove a candidate")
async def remove_candidate(
    candidate_id: UUID, body: CandidateRemovalIn, response: Response, context: Office
) -> CandidateListOut:
    """Takes a name off the list with its reason; nobody's period restarts and nobody moves up (Art. 6, 21)."""
    row = await change.remove_candidate(
        context,
        candidate_id=candidate_id,
        reason=body.reason,
        rule=body.rule,
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


@router.post("/rounds/{round_id}/proposed-list", summary="Fix the proposed list", status_code=201)
async def fix_proposed_list(round_id: UUID, response: Response, context: Office) -> ProposedListOut:
    """Proposes every name still on the list (Art. 10, 21): after each one's own full period, none with an open formal
    objection, all of them still meeting the conditions (Art. 13), within the seats (Art. 6). Who fails is removed
    first."""
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


async def _list(context: ReadContext, row: Round, response: Response) -> CandidateListOut:
    tagged(response, row.version)
    found = await read.candidate_list(context, row)
    return CandidateListOut(
        round_id=row.id,
        round_state=row.state,
        candidates=[_candidate(context, item, found.notices[item.notice_id]) for item in found.candidates],
        vacancies=dict(found.vacancies),
        available_actions=action_views(await read.list_actions(context, row)),
    )


def _candidate(context: ReadContext, row: Candidate, notice: Notice) -> CandidateOut:
    # Why somebody was removed is told to those who work on the list; the public reads the rule.
    reason = row.removed_reason if context.actor.role in _INSIDE else None
    return CandidateOut(
        id=row.id,
        application_id=row.application_id,
        organisation_id=row.organisation_id,
        published_name=row.published_name,
        bucket=row.bucket,
        repeated=row.repeated,
        rank=row.rank,
        state=row.state,
        notice_id=notice.id,
        published_on=notice.published_on,
        last_day=notice.last_day,
        ends_at=notice.ends_at,
        removed_at=row.removed_at,
        removed_rule=row.removed_rule,
        removed_reason=reason,
    )


def _notice(row: Notice, response: Response) -> NoticeOut:
    response.headers["ETag"] = f'"{row.body_hash}"'
    return NoticeOut.model_validate(row)


def _proposed(row: Round, candidates: list[Candidate], response: Response) -> ProposedListOut:
    tagged(response, row.version)
    return ProposedListOut(
        round_id=row.id,
        round_state=row.state,
        names=[ProposedOut.model_validate(item) for item in candidates],
        vacancies=read.vacant(candidates, round_parameters(row)),
    )
