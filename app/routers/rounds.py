"""Rounds: preparing, calling, extending, cancelling, reading."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import ReadContext, WriteContext
from app.kernel.stored import read_rules
from app.measures.roles import Role
from app.reads.round import Rounds
from app.schemas.common import PageOut, page_view
from app.schemas.rounds import (
    AsksOut,
    CallIn,
    CancellationIn,
    ExtensionIn,
    RoundIn,
    RoundOut,
    RoundPatch,
    RoundSummary,
    round_action_views,
)
from app.services.available_acts import of_round
from app.services.rounds import cancel_round as cancellation
from app.services.rounds import create_round as create
from app.services.rounds import extend_deadline as extension
from app.services.rounds import publish_call as call
from app.services.rounds import read_rounds
from app.services.rounds import revise_round as revise
from app.store.rounds import Round
from app.web.frozen import NOT_MODIFIED
from app.web.plain import Asked, answered_first
from app.web.policy import Paging, Route, acting, reading, tagged

router = APIRouter(prefix="/v1/rounds", route_class=Route, tags=["rounds"])


@router.post("", summary="Prepare a round", status_code=201)
async def create_round(
    body: RoundIn, response: Response, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> RoundOut:
    """The office prepares a round and its review rules (Art. 10, 11(1)). Nothing is public before the call."""
    row = await create.create_round(context, year=body.year, title=body.title, review_rules=body.review_rules)
    return await _view(context, row, response)


@router.get("", summary="Rounds")
async def list_rounds(paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> PageOut[RoundSummary]:
    """Rounds, newest first (Art. 6, 16). Those in preparation are the office's and the auditor's."""
    return page_view(await read_rounds.list_rounds(context, request=paging), RoundSummary.model_validate)


async def _plain_round(asked: Asked) -> Response:
    asked.query()
    round_id = asked.id("round_id")
    return await asked.public_page(lambda: asked.kept(Rounds).round(asked.reader, round_id=round_id))


@router.get("/{round_id}", summary="A round", responses=NOT_MODIFIED)
@answered_first(_plain_round)
async def read_round(
    round_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> RoundOut:
    """The round with the instrument, readings and review rules frozen at its call (Art. 10, 16, 33)."""
    return await _view(context, await read_rounds.read_round(context, round_id=round_id), response)


@router.patch("/{round_id}", summary="Revise a round in preparation")
async def revise_round(
    round_id: UUID,
    body: RoundPatch,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider", needs_version=True)],
) -> RoundOut:
    """Changes year, title or review rules before the call; afterwards they are frozen (Art. 10)."""
    row = await revise.revise_round(
        context, round_id=round_id, year=body.year, title=body.title, review_rules=body.review_rules
    )
    return await _view(context, row, response)


@router.post("/{round_id}/call", summary="Publish the call")
async def publish_call(
    round_id: UUID,
    body: CallIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> RoundOut:
    """Opens the round for applications (Art. 16): needs an instrument in force (Art. 33), the two-year cycle (Art. 6)
    and
    complete review rules, which are frozen now (Art. 10)."""
    facts = call.Call(
        tuple(body.channels),
        body.deadline,
        body.title,
        str(body.url) if body.url else None,
        {item.code: item.reason for item in body.explained_payments},
    )
    return await _view(context, await call.publish_call(context, round_id=round_id, call=facts), response)


@router.post("/{round_id}/deadline-extensions", summary="Extend the deadline")
async def extend_deadline(
    round_id: UUID,
    body: ExtensionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> RoundOut:
    """Moves the deadline for applications to a later day while it runs (Art. 16), with reason and channel."""
    row = await extension.extend_deadline(
        context, round_id=round_id, new_deadline=body.new_deadline, reason=body.reason, channel=body.channel
    )
    return await _view(context, row, response)


@router.post("/{round_id}/cancellation", summary="Cancel a round")
async def cancel_round(
    round_id: UUID,
    body: CancellationIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> RoundOut:
    """Ends a round without result before its approval. It takes no ordinal and does not count for the cycle (Art.
    6)."""
    return await _view(
        context, await cancellation.cancel_round(context, round_id=round_id, reason=body.reason), response
    )


async def _view(context: ReadContext, row: Round, response: Response) -> RoundOut:
    tagged(response, row.version)
    view = RoundOut.model_validate(row)
    view.asks = AsksOut.model_validate(read_rules(row.review_rules).asks)
    view.available_actions = round_action_views(await of_round.round_actions(context, row))
    return view
