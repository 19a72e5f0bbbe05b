"""Revocation, recovery, exclusion (Arts. 26, 28)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.revocations import Accident
from app.measures.roles import Role
from app.schemas.common import Day, PageOut, action_views, page_view
from app.schemas.revocations import (
    ExclusionOut,
    GovernmentDecisionIn,
    LossFindingIn,
    NoticeIn,
    RecoveryDetail,
    RecoveryEntryOut,
    RecoveryIn,
    RecoveryOut,
    RevocationDetail,
    RevocationIn,
    RevocationOut,
)
from app.schemas.words import RecoveryStateSent, RevocationStateSent
from app.services.notices.publish_notice import Medium
from app.services.revocations import decide_revocation as revoke
from app.services.revocations import read_cases
from app.services.revocations import record_recovery as recover
from app.services.supervision import take_mark_reports
from app.store.revocations import Recovery, RecoveryEntry, Revocation
from app.web.policy import Paging, Route, acting, reading, tagged

router = APIRouter(prefix="/v1", route_class=Route, tags=["revocations"])


_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


@router.post("/awards/{award_id}/revocations", summary="Submit a case of revocation", status_code=201)
async def submit_revocation(
    award_id: UUID,
    body: RevocationIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> RevocationDetail:
    """The office submits verified fraud (Art. 26, at any time) or a ground (Art. 28, an event within validity). An
    unpaid prize is held until the government has decided."""
    case = revoke.Case(
        kind=body.basis,
        facts=body.facts,
        evidence=body.evidence,
        ground=body.ground,
        event_on=body.event_on,
        accident=Accident(**body.accident.model_dump()) if body.accident else None,
        penalised_or_proven=body.penalised_or_proven,
        net_profit_fen={item.year: item.net_profit_fen for item in body.net_profits},
        found_on=body.found_on,
        found_evidence=body.found_evidence,
        losses_serious=_found(body.losses_serious),
        losses_by_mismanagement=_found(body.losses_by_mismanagement),
    )
    return _case(context, await revoke.submit_revocation(context, award_id=award_id, case=case), response)


@router.get("/revocations", summary="Cases of revocation")
async def list_revocations(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_INSIDE)],
    state: RevocationStateSent | None = None,
) -> PageOut[RevocationOut]:
    """Cases under Art. 26 and 28."""
    page = await read_cases.list_revocations(context, request=paging, state=state)
    return page_view(page, RevocationOut.model_validate)


@router.get("/revocations/{revocation_id}", summary="A case of revocation")
async def read_revocation(
    revocation_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_INSIDE)]
) -> RevocationDetail:
    """One case with its consequences (Art. 26, 28)."""
    return _case(context, await read_cases.read_revocation(context, revocation_id=revocation_id), response)


@router.post("/revocations/{revocation_id}/decision", summary="Revoke an award")
async def decide_revocation(
    revocation_id: UUID,
    body: GovernmentDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> RevocationDetail:
    """The government revokes. Art. 26: plaque, certificate and prize come back, exclusion for ten years. Art. 28:
    nothing is recovered, exclusion for five years, an unpaid prize stays suspended for a recorded decision."""
    row = await revoke.decide_revocation(context, revocation_id=revocation_id, decision=_decision(body))
    return _case(context, row, response)


@router.post("/revocations/{revocation_id}/rejection", summary="Do not revoke an award")
async def reject_revocation(
    revocation_id: UUID,
    body: GovernmentDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> RevocationDetail:
    """The government does not revoke (Art. 26, 28); a prize that was held goes on (Art. 9)."""
    row = await revoke.reject_revocation(context, revocation_id=revocation_id, decision=_decision(body))
    return _case(context, row, response)


@router.post("/revocations/{revocation_id}/notice", summary="Publish a revocation")
async def publish_revocation(
    revocation_id: UUID,
    body: NoticeIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> RevocationDetail:
    """Tells the public through media, not before the decision's day (Art. 26, 28)."""
    media = [Medium(item.name, item.published_on, item.url, item.kind) for item in body.media]
    row = await read_cases.publish_notice(context, revocation_id=revocation_id, title=body.title, media=media)
    return _case(context, row, response)


@router.get("/recoveries", summary="Recoveries")
async def list_recoveries(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_INSIDE)],
    state: RecoveryStateSent | None = None,
) -> PageOut[RecoveryOut]:
    """Plaques, certificates and prizes that are or were to be recovered after fraud (Art. 26)."""
    page = await recover.list_recoveries(context, request=paging, state=state)
    return page_view(page, RecoveryOut.model_validate)


@router.get("/recoveries/{recovery_id}", summary="A recovery")
async def read_recovery(recovery_id: UUID, context: Annotated[ReadContext, reading(*_INSIDE)]) -> RecoveryDetail:
    """One recovery with each part that has come back (Art. 26)."""
    return _recovery(*await recover.read_recovery(context, recovery_id=recovery_id))


@router.post("/recoveries/{recovery_id}/entries", summary="Record a recovery")
async def record_recovery(
    recovery_id: UUID, body: RecoveryIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> RecoveryDetail:
    """The thing has come back, or money has, in parts or as a whole (Art. 26)."""
    await recover.record_recovery(
        context,
        recovery_id=recovery_id,
        recovered_on=body.recovered_on,
        evidence=body.evidence,
        amount_fen=body.amount_fen,
    )
    return _recovery(*await recover.read_recovery(context, recovery_id=recovery_id))


@router.get("/exclusions", summary="Exclusions")
async def list_exclusions(
    paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)], on: Day | None = None
) -> PageOut[ExclusionOut]:
    """Who may not take part, until when (Art. 26, 28): public, also for the upper-level awards. `on` keeps those that
    run on that day."""
    page = await take_mark_reports.list_exclusions(context, request=paging, on=on)
    return page_view(
        page,
        lambda pair: ExclusionOut(
            id=pair[0].id,
            organisation_id=pair[1].id,
            organisation_name=pair[1].name,
            uscc=pair[1].uscc,
            article=pair[0].article,
            from_day=pair[0].from_day,
            last_day=pair[0].last_day,
        ),
    )


def _found(body: LossFindingIn | None) -> revoke.Found | None:
    return None if body is None else revoke.Found(body.found, body.reason, body.evidence)


def _decision(body: GovernmentDecisionIn) -> revoke.Decision:
    return revoke.Decision(body.number, body.decided_on, body.reason)


def _recovery(row: Recovery, entries: Sequence[RecoveryEntry]) -> RecoveryDetail:
    view = RecoveryDetail.model_validate(row)
    view.entries = [RecoveryEntryOut.model_validate(entry) for entry in entries]
    return view


def _case(context: ReadContext, row: Revocation, response: Response) -> RevocationDetail:
    tagged(response, row.version)
    view = RevocationDetail.model_validate(row)
    view.available_actions = action_views(read_cases.revocation_actions(context, row))
    return view
