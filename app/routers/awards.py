"""The public register of awards, and the verification of certificates."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.kernel.context import ReadContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.measures.validity import CertificateStatus, certificate_number
from app.reads import award as read_one
from app.reads import certificate as verify
from app.reads import register as reads
from app.reads.wire import ANYBODY
from app.schemas.awards import AwardDetail, AwardLine, CertificateOut
from app.schemas.common import CertificateNumber, Day, PageOut
from app.schemas.words import SORTED, RegisterSort, RegisterStatus
from app.store.sorting import Sort
from app.web.frozen import NOT_MODIFIED
from app.web.plain import Asked, NotPlain, answered_first, as_response, number
from app.web.plain import paging as paging_of
from app.web.policy import Paging, Reads, Route, reading
from app.web.queries import PartOfName

router = APIRouter(prefix="/v1", route_class=Route, tags=["awards"])

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
