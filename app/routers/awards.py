"""The public register of awards, and the verification of certificates."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.kernel.context import ReadContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.measures.validity import CertificateStatus
from app.reads import register as reads
from app.reads.wire import Answer
from app.schemas.awards import AwardDetail, AwardLine, CertificateOut
from app.schemas.common import PageOut, action_views
from app.services.awards import register
from app.web.plain import Asked, NotPlain, answered_first, as_response, number
from app.web.plain import paging as paging_of
from app.web.policy import Paging, Reads, Route, reading, tagged

router = APIRouter(prefix="/v1", route_class=Route, tags=["awards"])

Anybody = Annotated[ReadContext, reading(Role.PUBLIC)]
_STATUSES = frozenset({CertificateStatus.VALID, CertificateStatus.EXPIRED, CertificateStatus.REVOKED})


async def _plain_register(asked: Asked) -> Answer:
    asked.anonymous()
    query = asked.query("limit", "cursor", "year", "status")
    if "status" in query and query["status"] not in _STATUSES:
        raise NotPlain
    return await reads.page(
        asked.reader,
        request=paging_of(query),
        year=number(query, "year", at_least=2000, at_most=2199),
        status=CertificateStatus(query["status"]) if "status" in query else None,
        today=asked.today,
    )


@router.get("/awards", summary="The register of awards", response_model=PageOut[AwardLine])
@answered_first(_plain_register)
async def list_awards(
    paging: Paging,
    context: Anybody,
    reader: Reads,
    year: Annotated[int | None, Query(ge=2000, le=2199, description="The award year.")] = None,
    status: Annotated[
        Literal[CertificateStatus.VALID, CertificateStatus.EXPIRED, CertificateStatus.REVOKED] | None,
        Query(description="As of today."),
    ] = None,
) -> Response:
    """Awards that a decree has conferred, newest first (Art. 22, 23); those of several rounds are valid side by side,
    and a revoked one is shown as revoked (Art. 31)."""
    return as_response(await reads.page(reader, request=paging, year=year, status=status, today=context.today))


@router.get("/awards/{award_id}", summary="An award")
async def read_award(award_id: UUID, response: Response, context: Anybody) -> AwardDetail:
    """One award with its decree, dates and status (Art. 22, 23, 31). Before the decree it is not public."""
    held = await register.read_award(context, award_id=award_id)
    award, decree = held.award, held.decree
    tagged(response, award.version)
    return AwardDetail(
        id=award.id,
        round_id=award.round_id,
        organisation_id=award.organisation_id,
        award_year=award.award_year,
        round_ordinal=held.round_row.ordinal,
        awarded_name=award.awarded_name,
        state=award.state,
        status=held.status,
        first_award=award.first_award,
        repeat_award=award.repeat_award,
        seat_category=award.seat_category,
        prize_fen=award.prize_fen,
        conferred_on=award.conferred_on,
        valid_until=award.valid_until,
        revoked_on=award.revoked_on,
        withdrawn_on=award.withdrawn_on,
        holder_dissolved_on=held.holder_dissolved_on,
        certificate_number=award.certificate_number,
        certificate_issued_on=award.certificate_issued_on,
        plaque_number=award.plaque_number,
        decree_number=decree.number if decree else None,
        decree_date=decree.dated if decree else None,
        is_sample=held.round_row.is_sample,
        version=award.version,
        available_actions=action_views(register.award_actions(context, award)),
    )


@router.get("/certificates/{number}", summary="Verify a certificate")
async def verify_certificate(
    number: Annotated[str, Path(pattern=Format.CERTIFICATE_NUMBER.value, description="As printed on the certificate.")],
    context: Anybody,
) -> CertificateOut:
    """Anybody can verify a certificate: valid, expired or revoked, with its dates (Art. 23, 31). A revoked one is shown
    as revoked, never as missing."""
    line, answer = await register.verify_certificate(context, number=number.upper())
    told = answer.findings[0].message
    return CertificateOut(
        certificate_number=line.certificate_number,
        awarded_name=line.awarded_name,
        award_year=line.award_year,
        status=answer.status,
        issued_on=line.certificate_issued_on,
        valid_from=answer.valid_from,
        valid_until=answer.last_day,
        revoked_on=answer.revoked_on,
        holder_dissolved_on=line.holder_dissolved_on,
        message_zh=told.zh,
        message_en=told.en,
        is_sample=line.is_sample,
    )
