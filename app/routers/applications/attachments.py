"""The material of an application: upload, list, download, remove."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.schemas.applications.attachments import AttachmentOut, AttachmentsOut
from app.schemas.common import FileName
from app.services.applications import attachments
from app.services.applications import remove_attachment as remove
from app.services.applications import upload_attachment as upload
from app.web.policy import Route, acting, reading
from app.web.streaming import DOWNLOAD, UPLOAD, declared_size, downloading, file_response, uploading

router = APIRouter(prefix="/v1/applications/{application_id}/attachments", route_class=Route, tags=["applications"])


_SEEN_BY = (Role.APPLICANT, Role.RECOMMENDING_UNIT, Role.OFFICE, Role.AUDITOR)


MaterialCode = Annotated[
    str,
    Query(
        pattern=Format.WORD.value,
        examples=["self_assessment"],
        description="What the file is; the round's review rules name those required.",
    ),
]


@router.post("", summary="Upload a material", status_code=201, openapi_extra=UPLOAD)
async def upload_attachment(
    application_id: UUID,
    material: MaterialCode,
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["自评报告.pdf"])],
    request: Request,
    context: Annotated[StreamContext, uploading(Role.APPLICANT)],
    trade_secret: Annotated[bool, Query(description="Contains a trade secret: never published.")] = False,
    part: Annotated[
        int, Query(ge=1, le=100, description="Which of several files of the material it is; the first, where missing.")
    ] = 1,
) -> AttachmentOut:
    """Takes the raw body as the next version of a file of a material (Arts. 17, 25), while drafting or correcting.
    Which types are taken, how large and how many for one material, the round's review rules say (`file_types`,
    `max_file_bytes`, `files_per_material`); the type is told by content, and what opens with a password or not at all
    is refused."""
    row = await upload.upload_attachment(
        context,
        application_id=application_id,
        material=upload.Material(code=material, filename=filename, trade_secret=trade_secret, part=part),
        chunks=request.stream(),
        declared_size=declared_size(request),
    )
    return AttachmentOut.model_validate(row)


@router.get("", summary="Material")
async def list_attachments(application_id: UUID, context: Annotated[ReadContext, reading(*_SEEN_BY)]) -> AttachmentsOut:
    """Every version of every material of an application, for those who may see it (Arts. 3, 17)."""
    rows = await attachments.list_attachments(context, application_id=application_id)
    return AttachmentsOut(items=[AttachmentOut.model_validate(row) for row in rows])


@router.get(
    "/{attachment_id}/content", summary="Download a material", response_class=StreamingResponse, responses=DOWNLOAD
)
async def download_attachment(
    application_id: UUID, attachment_id: UUID, context: Annotated[StreamContext, downloading(*_SEEN_BY)]
) -> StreamingResponse:
    """The file as an attachment, for the applicant, the unit that it asked, the office and the auditor; every access by
    others than the applicant is on record (Arts. 17, 29)."""
    row, pieces = await attachments.download_attachment(
        context, application_id=application_id, attachment_id=attachment_id
    )
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


@router.post("/{attachment_id}/removal", summary="Remove a material")
async def remove_attachment(
    application_id: UUID, attachment_id: UUID, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> AttachmentOut:
    """Takes a version out of the application while drafting or correcting (Art. 17); its record stays."""
    row = await remove.remove_attachment(context, application_id=application_id, attachment_id=attachment_id)
    return AttachmentOut.model_validate(row)
