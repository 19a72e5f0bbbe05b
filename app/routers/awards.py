"""The public register of awards, the verification of certificates, the inventory of plaques."""

import re
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.kernel.context import ReadContext, WriteContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.measures.validity import CertificateStatus, certificate_number
from app.reads import award as read_one
from app.reads import certificate as verify
from app.reads import register as reads
from app.reads.wire import ANYBODY
from app.schemas.awards import (
    AwardDetail,
    AwardLine,
    CertificateOut,
    PlaqueCancellationIn,
    PlaqueDeliveryIn,
    PlaqueHandoverIn,
    PlaqueIn,
    PlaqueLossIn,
    PlaqueOut,
    PlaqueRecoveryIn,
    PlaqueReturnIn,
)
from app.schemas.common import CertificateNumber, Day, PageOut, action_views
from app.schemas.words import SORTED, PlaqueStateSent, RegisterSort, RegisterStatus
from app.services.awards import accept_plaque as accept
from app.services.awards import cancel_plaque as cancel
from app.services.awards import hand_over_plaque as hand_over
from app.services.awards import order_plaque as order
from app.services.awards import plaques
from app.services.awards import report_plaque_lost as lost
from app.services.awards import return_plaque as returning
from app.services.awards import take_plaque_back as take_back
from app.store.awards import Award
from app.store.awards.plaques import Plaque
from app.store.sorting import Sort
from app.web.frozen import NOT_MODIFIED
from app.web.plain import Asked, NotPlain, answered_first, as_response, number
from app.web.plain import paging as paging_of
from app.web.policy import Paging, Reads, Route, acting, reading
from app.web.queries import PartOfName

router = APIRouter(prefix="/v1", route_class=Route, tags=["awards"])

Office = Annotated[WriteContext, acting(Role.OFFICE)]
Inside = Annotated[ReadContext, reading(Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)]
Anybody = Annotated[ReadContext, reading(Role.PUBLIC)]
_CERTIFICATE_NUMBER = re.compile(Format.CERTIFICATE_NUMBER.value)
_STATUSES = frozenset({CertificateStatus.VALID, CertificateStatus.EXPIRED, CertificateStatus.REVOKED})

_SORTS = frozenset({Sort.NEWEST, Sort.OLDEST, Sort.NAME, Sort.EXPIRY})


async def _plain_register(asked: Asked) -> Response:
    query = asked.query("limit", "cursor", "year", "status", "sort")
    if query.get("status") not in (None, *_STATUSES) or query.get("sort") not in (None, *_SORTS):
        raise NotPlain
    request, year = paging_of(query), number(query, "year", at_least=2000, at_most=2199)
    status = CertificateStatus(query["status"]) if "status" in query else None
    sort = Sort(query.get("sort", Sort.NEWEST))
    return await asked.public_page(
        lambda: reads.page(asked.reader, request=request, year=year, status=status, sort=sort, today=asked.today)
    )


@router.get("/awards", summary="The register of awards", response_model=PageOut[AwardLine])
@answered_first(_plain_register)
async def list_awards(
    paging: Paging,
    context: Anybody,
    reader: Reads,
    year: Annotated[int | None, Query(ge=2000, le=2199, description="The award year.")] = None,
    status: Annotated[
        RegisterStatus | None,
        Query(description="As of today."),
    ] = None,
    name: PartOfName = None,
    sort: Annotated[RegisterSort, Query(description=SORTED)] = Sort.NEWEST,
) -> Response:
    """Awards that a decree has conferred, newest first unless asked otherwise (Art. 22, 23); those of several rounds
    are valid side by side, and a revoked one is shown as revoked (Art. 31)."""
    page = await reads.page(
        reader, request=paging, year=year, status=status, name=name, sort=Sort(sort), today=context.today
    )
    return as_response(page)


async def _plain_award(asked: Asked) -> Response:
    asked.query()
    award = asked.id("award_id")
    return await asked.public_page(
        lambda: read_one.award(asked.reader, award_id=award, asking=ANYBODY, today=asked.today)
    )


@router.get("/awards/{award_id}", summary="An award", response_model=AwardDetail, responses=NOT_MODIFIED)
@answered_first(_plain_award)
async def read_award(award_id: UUID, context: Anybody, reader: Reads) -> Response:
    """One award with its decree, dates and status (Art. 22, 23, 31). Before the decree it is not public."""
    return as_response(await read_one.award(reader, award_id=award_id, asking=context, today=context.today))


async def _plain_certificate(asked: Asked) -> Response:
    # Of another day it is asked seldom, and a day has to be read.
    asked.query()
    number = certificate_number(asked.text("number"))
    if _CERTIFICATE_NUMBER.fullmatch(number) is None:
        raise NotPlain
    return await asked.public_page(lambda: verify.certificate(asked.reader, number=number, on=asked.today))


@router.get(
    "/certificates/{number}", summary="Verify a certificate", response_model=CertificateOut, responses=NOT_MODIFIED
)
@answered_first(_plain_certificate)
async def verify_certificate(
    number: Annotated[
        CertificateNumber,
        Path(
            description="As printed on the certificate; blanks, width, dashes and size of letters as people type them."
        ),
    ],
    context: Anybody,
    reader: Reads,
    on: Annotated[Day | None, Query(description="As of this day; today where missing.")] = None,
) -> Response:
    """Anybody can verify a certificate: valid, expired or revoked, with its dates (Art. 23, 31). A revoked one is shown
    as revoked, never as missing."""
    return as_response(await verify.certificate(reader, number=number, on=on or context.today))


@router.post("/awards/{award_id}/plaques", summary="Order a plaque", status_code=201)
async def order_plaque(award_id: UUID, body: PlaqueIn, context: Office) -> PlaqueOut:
    """Orders the plaque of a first award that stands, once its winner has confirmed how the name is printed (Art. 8,
    11, 22). An award has one in circulation; one that takes a lost one's place names it."""
    row = await order.order_plaque(context, award_id=award_id, ordered_on=body.ordered_on, maker=body.maker)
    return await _plaque(context, *await plaques.read_plaque(context, plaque_id=row.id))


@router.get("/plaques", summary="The inventory of plaques")
async def list_plaques(
    paging: Paging,
    context: Inside,
    state: PlaqueStateSent | None = None,
    award_id: UUID | None = None,
    round_id: UUID | None = None,
) -> PageOut[PlaqueOut]:
    """Every plaque from its order to its recovery, with what may be done with it (Art. 8, 22, 26, 28)."""
    page = await plaques.list_plaques(context, request=paging, state=state, award_id=award_id, round_id=round_id)
    return PageOut(items=await _plaques(context, page.items), next_cursor=page.next_cursor)


@router.get("/plaques/{plaque_id}", summary="A plaque")
async def read_plaque(plaque_id: UUID, context: Inside) -> PlaqueOut:
    """One plaque, with what may be done with it (Art. 8, 22, 26, 28)."""
    return await _plaque(context, *await plaques.read_plaque(context, plaque_id=plaque_id))


@router.post("/plaques/{plaque_id}/delivery", summary="Accept a plaque")
async def accept_plaque(plaque_id: UUID, body: PlaqueDeliveryIn, context: Office) -> PlaqueOut:
    """It has come from its maker, and is as it was ordered (Art. 11, 22)."""
    made = await accept.accept_plaque(context, plaque_id=plaque_id, delivered_on=body.delivered_on)
    return await _plaque(context, *made)


@router.post("/plaques/{plaque_id}/handover", summary="Hand a plaque over")
async def hand_over_plaque(plaque_id: UUID, body: PlaqueHandoverIn, context: Office) -> PlaqueOut:
    """On which day, who of the winner took it, and where that is on paper (Art. 22); not of a revoked award."""
    made = await hand_over.hand_over_plaque(
        context,
        plaque_id=plaque_id,
        handed_over_on=body.handed_over_on,
        received_by=body.received_by,
        evidence=body.evidence,
    )
    return await _plaque(context, *made)


@router.post("/plaques/{plaque_id}/loss", summary="Record a plaque as lost")
async def report_plaque_lost(plaque_id: UUID, body: PlaqueLossIn, context: Office) -> PlaqueOut:
    """It is lost or destroyed: another can be ordered in its place (Art. 22)."""
    made = await lost.report_plaque_lost(context, plaque_id=plaque_id, lost_on=body.lost_on, reason=body.reason)
    return await _plaque(context, *made)


@router.post("/plaques/{plaque_id}/cancellation", summary="Cancel a plaque")
async def cancel_plaque(plaque_id: UUID, body: PlaqueCancellationIn, context: Office) -> PlaqueOut:
    """One that was not handed over is not to be any more (Art. 22)."""
    return await _plaque(context, *await cancel.cancel_plaque(context, plaque_id=plaque_id, reason=body.reason))


@router.post("/plaques/{plaque_id}/recovery", summary="Take a plaque back")
async def take_plaque_back(plaque_id: UUID, body: PlaqueRecoveryIn, context: Office) -> PlaqueOut:
    """The plaque of a revoked award is handed in, which Art. 28 does not demand; what a fraud demands back is entered
    with its recovery (Art. 26), and this with it."""
    made = await take_back.take_plaque_back(
        context, plaque_id=plaque_id, recovered_on=body.recovered_on, evidence=body.evidence
    )
    return await _plaque(context, *made)


@router.post("/plaques/{plaque_id}/return", summary="Return a plaque")
async def return_plaque(plaque_id: UUID, body: PlaqueReturnIn, context: Office) -> PlaqueOut:
    """The award stands again, by a review: the plaque that had come back goes to its winner (Art. 22, 28)."""
    made = await returning.return_plaque(
        context, plaque_id=plaque_id, returned_on=body.returned_on, evidence=body.evidence
    )
    return await _plaque(context, *made)


async def _plaque(context: ReadContext, row: Plaque, award: Award) -> PlaqueOut:
    return (await _plaques(context, [(row, award)]))[0]


async def _plaques(context: ReadContext, found: Sequence[tuple[Plaque, Award]]) -> list[PlaqueOut]:
    facts = await plaques.facts_of_all(context, [row for row, _ in found])
    return [
        PlaqueOut(
            **{name: getattr(row, name) for name in PlaqueOut.model_fields if hasattr(row, name)},
            award_year=award.award_year,
            awarded_name=award.awarded_name,
            available_actions=action_views(plaques.plaque_actions(context, row, award, facts[row.id])),
        )
        for row, award in found
    ]
