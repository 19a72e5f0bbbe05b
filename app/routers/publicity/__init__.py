"""The candidate list and its publicity (Arts. 20, 21)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.facts import Honour
from app.measures.roles import Role
from app.reads import candidates as reads
from app.schemas.common import action_views
from app.schemas.publicity import (
    CandidateAdditionIn,
    CandidateListIn,
    CandidateListOut,
    CandidateOut,
    CandidateRemovalIn,
    ChoiceIn,
    NameCorrectionIn,
    PublicationIn,
)
from app.services.available_acts import of_candidate_list
from app.services.notices import media as known_media
from app.services.notices import publish_notice
from app.services.organisations.names import NameOfTheDay, names_of_the_day
from app.services.publicity import add_candidate as add
from app.services.publicity import chosen
from app.services.publicity import correct_candidate as correct
from app.services.publicity import publish_candidates as publish
from app.services.publicity import read_candidates as read
from app.services.publicity import remove_candidate as remove
from app.services.publicity.show_grounds import Removal
from app.store.notices import Notice
from app.store.publicity import Candidate
from app.store.rounds import Round
from app.web.frozen import NOT_MODIFIED
from app.web.plain import Asked, answered_first
from app.web.policy import Route, acting, reading, tagged

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
        publication=await _publication(context, body.publication) if body.publication else None,
        choice=_choice(body.choice),
    )
    return await _list(context, row, response)


async def _plain_candidates(asked: Asked) -> Response:
    asked.query()
    round_id = asked.id("round_id")
    return await asked.public_page(lambda: reads.candidates(asked.reader, round_id=round_id))


@router.get("/rounds/{round_id}/candidate-list", summary="The candidates", responses=NOT_MODIFIED)
@answered_first(_plain_candidates)
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
    row = await add.add_candidate(
        context,
        round_id=round_id,
        application_id=body.application_id,
        publication=await _publication(context, body.publication),
        choice=_choice(body.choice),
    )
    return await _list(context, row, response)


@router.post("/candidates/{candidate_id}/correction", summary="Correct a candidate's name")
async def correct_candidate(
    candidate_id: UUID, body: NameCorrectionIn, response: Response, context: Office
) -> CandidateListOut:
    """Publishes a name in its corrected form: its own period begins anew, the others' go on (Art. 21)."""
    row = await correct.correct_candidate(
        context,
        candidate_id=candidate_id,
        published_name=body.published_name,
        reason=body.reason,
        publication=await _publication(context, body.publication),
        found_on=body.found_on,
    )
    return await _list(context, row, response)


@router.post("/candidates/{candidate_id}/removal", summary="Remove a candidate")
async def remove_candidate(
    candidate_id: UUID, body: CandidateRemovalIn, response: Response, context: Office
) -> CandidateListOut:
    """Takes a name off the list with its reason; nobody's period restarts and nobody moves up (Art. 6, 21). A rule that
    it fails is shown: by the facts of today (Art. 4 to 6, 13), fraud by its evidence (Art. 26)."""
    honour = None if body.honour is None else Honour(**body.honour.model_dump())
    row = await remove.remove_candidate(
        context,
        candidate_id=candidate_id,
        reason=body.reason,
        removal=None
        if body.rule is None
        else Removal(body.rule, body.reason, body.evidence or "", body.found_on or context.today, honour),
        publication=await _publication(context, body.publication) if body.publication else None,
    )
    return await _list(context, row, response)


async def _publication(context: ReadContext, body: PublicationIn) -> publish_notice.Publication:
    appeared = [known_media.Appearance(**item.model_dump()) for item in body.media]
    media = await known_media.of_the_register(context, appeared)
    return publish_notice.Publication(body.title, media, body.announced_last_day)


def _choice(body: ChoiceIn | None) -> chosen.Choice | None:
    return None if body is None else chosen.Choice(body.reason, body.evidence)


async def _list(context: ReadContext, row: Round, response: Response) -> CandidateListOut:
    tagged(response, row.version)
    found = await read.candidate_list(context, row)
    names = await names_of_the_day(context.session, row.id, {item.organisation_id for item in found.candidates})
    return CandidateListOut(
        round_id=row.id,
        round_state=row.state,
        candidates=[
            _candidate(context, item, found.notices[item.notice_id], names[item.organisation_id])
            for item in found.candidates
        ],
        vacancies=dict(found.vacancies),
        available_actions=action_views(await of_candidate_list.list_actions(context, row)),
    )


def _candidate(context: ReadContext, row: Candidate, notice: Notice, name: NameOfTheDay) -> CandidateOut:
    # Why somebody was removed is told to those who work on the list; the public reads the rule.
    reason = row.removed_reason if context.actor.role in _INSIDE else None
    return CandidateOut(
        id=row.id,
        application_id=row.application_id,
        organisation_id=row.organisation_id,
        published_name=row.published_name,
        printed_name=row.closed_name or name.printed(row.published_name),
        present_name=name.legal,
        seat_category=row.seat_category,
        repeat_award=row.repeat_award,
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
