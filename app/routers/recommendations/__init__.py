"""Recommendations: a unit's queue and its answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.recommendations import RecommendationAnswer
from app.measures.roles import Role
from app.measures.state_machines import RecommendationState
from app.reads import recommendation_queue as reads
from app.reads.wire import Answer
from app.schemas.common import PageOut, action_views, number_warnings, page_view
from app.schemas.recommendations import (
    CountyEndorsementIn,
    CountyEndorsementOut,
    EndorsementIn,
    RecommendationGiven,
    RecommendationOut,
    RecommendationRefusalIn,
)
from app.schemas.words import RecommendationStateSent
from app.services.applications.read_applications import due_at
from app.services.recommendations import answers, read_recommendations
from app.services.recommendations import decline_application as decline
from app.services.recommendations import decline_for_county as decline_county
from app.services.recommendations import endorse_application as endorse
from app.services.recommendations import endorse_for_county as county
from app.services.recommendations import return_application as send_back
from app.store.recommendations import RecommendationLine
from app.web.plain import Asked, NotPlain, answered_first, id_in
from app.web.plain import paging as paging_of
from app.web.policy import Paging, Route, acting, reading, tagged

router = APIRouter(prefix="/v1/recommendations", route_class=Route, tags=["recommendations"])


_STATES = frozenset(RecommendationState)


_SEEN_BY = (Role.RECOMMENDING_UNIT, Role.OFFICE, Role.AUDITOR)


State = Annotated[RecommendationStateSent | None, Query(description="One of its states.")]


async def _plain_queue(asked: Asked) -> Answer | None:
    query = asked.query("limit", "cursor", "round_id", "state")
    state = query.get("state")
    if state is not None and state not in _STATES:
        raise NotPlain
    return await reads.queue(
        asked.reader,
        claims=asked.claims(),
        request=paging_of(query),
        round_id=id_in(query, "round_id"),
        state=None if state is None else RecommendationState(state),
        now=asked.now,
    )


@router.get("", summary="Recommendations")
@answered_first(_plain_queue)
async def list_recommendations(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_SEEN_BY)],
    round_id: UUID | None = None,
    state: State = None,
) -> PageOut[RecommendationOut]:
    """A unit's own queue (Art. 3), newest first; all of them for the office and the auditor."""
    page = await read_recommendations.list_recommendations(context, request=paging, round_id=round_id, state=state)
    return page_view(page, lambda row: _shown(context, row))


@router.get("/{recommendation_id}", summary="A recommendation")
async def read_recommendation(
    recommendation_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_SEEN_BY)]
) -> RecommendationOut:
    """One recommendation with its opinion, its deadline and what the unit may do now (Arts. 3, 12)."""
    return await _view(context, recommendation_id, response)


@router.post("/{recommendation_id}/endorsement", summary="Endorse an application")
async def endorse_application(
    recommendation_id: UUID,
    body: EndorsementIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)],
) -> RecommendationGiven:
    """The unit that was asked endorses (Art. 3): never itself, only its own area, or its own industry with a reason
    where that is arguable (Art. 12), before the deadline (Art. 16). The endorsement is bound to the content's hash."""
    opinion = answers.Opinion(
        outcome=RecommendationAnswer.ENDORSED,
        facts_verified=tuple(body.facts_verified),
        opinion=body.opinion,
        signatory=body.signatory,
        signed_on=body.signed_on,
        industry_justification=body.industry_justification,
        stamped_opinion_id=body.stamped_opinion_id,
        letter_number=body.letter_number,
        order=body.order,
    )
    await endorse.endorse_application(context, recommendation_id=recommendation_id, opinion=opinion)
    return await _given(context, recommendation_id, response, body.letter_number)


@router.post("/{recommendation_id}/decline", summary="Decline to recommend")
async def decline_application(
    recommendation_id: UUID,
    body: RecommendationRefusalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)],
) -> RecommendationOut:
    """The unit does not recommend, and says why (Art. 3). The applicant may ask another unit."""
    await decline.decline_application(
        context, recommendation_id=recommendation_id, reason=body.reason, signatory=body.signatory
    )
    return await _view(context, recommendation_id, response)


@router.post("/{recommendation_id}/return", summary="Return an application for correction")
async def return_application(
    recommendation_id: UUID,
    body: RecommendationRefusalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)],
) -> RecommendationOut:
    """The unit sends the application back to be corrected, and says what (Arts. 3, 12)."""
    await send_back.return_application(
        context, recommendation_id=recommendation_id, reason=body.reason, signatory=body.signatory
    )
    return await _view(context, recommendation_id, response)


@router.post("/{recommendation_id}/county-endorsement", summary="Endorse an application for the county")
async def endorse_for_county(
    recommendation_id: UUID,
    body: CountyEndorsementIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)],
) -> RecommendationGiven:
    """The competent department that the applicant has named endorses what a township has recommended, where the round's
    rules ask for it (Art. 3, 10): once, before the submission and the deadline (Art. 16)."""
    opinion = county.CountyOpinion(
        opinion=body.opinion,
        signatory=body.signatory,
        signed_on=body.signed_on,
        letter_number=body.letter_number,
        stamped_opinion_id=body.stamped_opinion_id,
    )
    await county.endorse_for_county(context, recommendation_id=recommendation_id, opinion=opinion)
    return await _given(context, recommendation_id, response, body.letter_number)


@router.post("/{recommendation_id}/county-refusal", summary="Decline an application for the county")
async def decline_for_county(
    recommendation_id: UUID,
    body: RecommendationRefusalIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.RECOMMENDING_UNIT)],
) -> RecommendationOut:
    """The competent department that the applicant has named does not recommend what a township has recommended, and
    says why (Art. 3): before the submission. The application is a draft again, and another unit may be asked."""
    refusal = decline_county.CountyRefusal(body.reason, body.signatory)
    await decline_county.decline_for_county(context, recommendation_id=recommendation_id, refusal=refusal)
    return await _view(context, recommendation_id, response)


async def _given(
    context: ReadContext, recommendation_id: UUID, response: Response, letter_number: str | None
) -> RecommendationGiven:
    view = await _view(context, recommendation_id, response)
    return RecommendationGiven(**dict(view), warnings=number_warnings("art03.recommendation", letter_number))


async def _view(context: ReadContext, recommendation_id: UUID, response: Response) -> RecommendationOut:
    row = await read_recommendations.read_recommendation(context, recommendation_id=recommendation_id)
    tagged(response, row.recommendation.version)
    return _shown(context, row)


def _shown(context: ReadContext, row: RecommendationLine) -> RecommendationOut:
    item = row.recommendation
    given = item.county_endorsement
    shown = None if given is None else CountyEndorsementOut.model_validate(given)
    return RecommendationOut(
        id=item.id,
        application_id=item.application_id,
        round_id=row.round_id,
        organisation_id=row.organisation_id,
        organisation_name=row.name,
        uscc=row.uscc,
        organisation_state=row.organisation_state,
        unit_id=item.unit_id,
        unit_name=row.unit_name,
        state=item.state,
        created_at=item.created_at,
        due_at=due_at(item, row.deadline),
        content_hash=item.content_hash,
        facts_verified=item.facts_verified,
        opinion=item.opinion,
        signatory=item.signatory,
        signed_on=item.signed_on,
        industry_justification=item.industry_justification,
        reason=item.reason,
        stamped_opinion_id=item.seal_attachment_id,
        letter_number=item.letter_number,
        order=item.order,
        county_unit_id=item.county_unit_id,
        county_endorsement=shown,
        county_stamped_opinion_id=item.county_seal_id,
        answered_at=item.answered_at,
        version=item.version,
        available_actions=action_views(
            read_recommendations.recommendation_actions(context, row), round_id=row.round_id
        ),
    )
