"""Public notices."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.publicity import NoticeKind
from app.measures.roles import Role
from app.reads import notice as read
from app.schemas.common import PageOut, page_view
from app.schemas.notices import MediumEndIn, NoticeOut, RegisteredMediumIn, RegisteredMediumOut
from app.services.notices import end_medium as ending
from app.services.notices import media, publish_notice
from app.services.notices import register_medium as register
from app.web.frozen import NOT_MODIFIED
from app.web.plain import Asked, answered_first, as_response
from app.web.policy import Paging, Reads, Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["notices"])


_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


Office = Annotated[WriteContext, acting(Role.OFFICE, rule="art10.proposes")]


@router.get("/notices", summary="Public notices")
async def list_notices(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
    round_id: UUID | None = None,
    kind: NoticeKind | None = None,
) -> PageOut[NoticeOut]:
    """Publications through news media, newest first (Art. 17, 21, 26, 28)."""
    page = await publish_notice.list_notices(context, request=paging, round_id=round_id, kind=kind)
    return page_view(page, NoticeOut.model_validate)


async def _plain_notice(asked: Asked) -> Response:
    asked.query()
    notice = asked.id("notice_id")
    return await asked.public_page(lambda: read.notice(asked.reader, notice_id=notice))


@router.get("/notices/{notice_id}", summary="A public notice", response_model=NoticeOut, responses=NOT_MODIFIED)
@answered_first(_plain_notice)
async def read_notice(
    notice_id: UUID, reader: Reads, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> Response:
    """One publication with the hash of its body (Art. 17, 21, 26, 28)."""
    return as_response(await read.notice(reader, notice_id=notice_id))


@router.get("/media", summary="The register of media")
async def list_media(
    paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> PageOut[RegisteredMediumOut]:
    """The media that the office knows, each with its kind (Art. 21): the candidates are published in one at least that
    is a news medium; the government's site (Art. 16) is none."""
    page = await media.list_media(context, request=paging)
    return page_view(page, RegisteredMediumOut.model_validate)


@router.post("/media", summary="Register a medium", status_code=201)
async def register_medium(body: RegisteredMediumIn, context: Office) -> RegisteredMediumOut:
    """The office registers a medium by a document that says what it is (Art. 21). A name that is registered is
    taken, in whatever writing, until its entry has ended (`POST /v1/media/{medium_id}/ending`)."""
    row = await register.register_medium(context, name=body.name, kind=body.kind, document=body.document)
    return RegisteredMediumOut.model_validate(row)


@router.post("/media/{medium_id}/ending", summary="End a medium")
async def end_medium(medium_id: UUID, body: MediumEndIn, context: Office) -> RegisteredMediumOut:
    """The office ends an entry of the register, with the medium's last day and the reason (Art. 21): closed, merged,
    none any more. Its earlier publications stay valid; a later one is no publication in this medium."""
    row = await ending.end_medium(context, medium_id=medium_id, ended_on=body.ended_on, reason=body.reason)
    return RegisteredMediumOut.model_validate(row)
