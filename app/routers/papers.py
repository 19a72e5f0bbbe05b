"""Papers: what an object gives, drafts, issued ones with their verification, the words of the office."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.field_formats import Format
from app.kernel.printing import PaperFormat
from app.measures.roles import Role
from app.measures.validity import CertificateAnswer
from app.schemas.common import DocumentNumber, Done, FileName
from app.schemas.papers import (
    ArchiveOut,
    ArchivePartOut,
    DocumentOut,
    DocumentsOut,
    IssueIn,
    PaperOut,
    PaperScanOut,
    PrintedNameIn,
    TemplateIn,
    TemplateOut,
    TemplatesOut,
    read_form,
)
from app.services.consultations.exchange_sheet import sheet_sent
from app.services.papers import activate_paper_template as activate
from app.services.papers import confirm_printed_name as confirm
from app.services.papers import file_paper_scan as filing
from app.services.papers import import_form_sheet as importing
from app.services.papers import issue_paper as issue
from app.services.papers import read_papers as read
from app.services.papers import read_templates
from app.services.papers import upload_paper_template as upload
from app.services.papers.archives import Archive, read_archives
from app.services.papers.catalogue import Collection, IssuedForm, PaperKey, shipped_words
from app.services.papers.drafts import no_such_paper
from app.services.papers.filled_form import read_form_sheet
from app.store.papers import IssuedPaper, PaperScan
from app.web.policy import Route, acting, reading
from app.web.streaming import BINARY, UPLOAD, attachment, downloading, sent_file, staging, uploading

router = APIRouter(prefix="/v1", route_class=Route, tags=["papers"])

_WHO = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR, Role.APPLICANT, Role.RECOMMENDING_UNIT, Role.DEPARTMENT)
_ISSUERS = (Role.OFFICE, Role.GOVERNMENT)
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "zip": "application/zip",
}
_FILE: dict[int | str, dict[str, object]] = {
    200: {"description": "The file, as an attachment.", "content": dict.fromkeys(_MEDIA.values(), BINARY)}
}
Number = Annotated[str, Path(max_length=40)]
File = Annotated[str, Path(pattern=Format.PAPER_FILE.value, examples=["call.pdf"])]


@router.get("/{collection}/{object_id}/documents", summary="The papers of an object")
async def list_documents(
    collection: Collection, object_id: UUID, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> DocumentsOut:
    """What the object can give now and, for the rest, why not yet: what the caller may have (Art. 16 to 28). Without an
    account: what is public and issued."""
    found = await read.read_documents(context, collection=collection, object_id=object_id)
    items = [
        DocumentOut(
            kind=PaperKey(item.kind.key),
            name_zh=item.kind.zh,
            name_en=item.kind.en,
            formats=list(item.kind.formats),
            drafts=[
                f"/v1/{collection}/{object_id}/documents/{item.kind.key}.{one}"
                for one in item.kind.formats
                if item.drafts
            ],
            available=item.available,
            why_not_zh=None if item.why_not is None else item.why_not.zh,
            why_not_en=None if item.why_not is None else item.why_not.en,
            may_issue=item.may_issue,
            issued=None if item.issued is None else item.issued.number,
            issued_file=None if item.issued is None else f"/v1/papers/{item.issued.number}/file",
            changed=item.changed,
            scan_agreement=None if item.scan is None else item.scan.agreement,
            scan_warning_zh=None if item.scan is None or item.scan.warning is None else item.scan.warning.zh,
            scan_warning_en=None if item.scan is None or item.scan.warning is None else item.scan.warning.en,
        )
        for item in found
    ]
    archives = await read_archives(context, collection=collection, object_id=object_id, offered=found)
    return DocumentsOut(items=items, archives=[_archive(item, object_id) for item in archives])


@router.get(
    "/{collection}/{object_id}/documents/{file}",
    summary="Draft a paper",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def render_document(
    collection: Collection,
    object_id: UUID,
    file: File,
    context: Annotated[StreamContext, downloading(*_WHO, Role.REVIEWER)],
) -> StreamingResponse:
    """The paper on today's facts as PDF or DOCX, its tables as XLSX or CSV (Art. 16 to 28); what is not known is a
    blank. Of a round also `executive_meeting.zip` (Art. 22) and `certificates.zip`; of the office's own words
    `preview.pdf`, each place with its name in it."""
    key, _, ending = file.partition(".")
    if collection is Collection.PAPER_TEMPLATES:
        made = await read_templates.preview_template(context, template_id=object_id, file=file)
    elif ending == "zip":
        if collection is not Collection.ROUNDS:
            raise no_such_paper()
        made = await read.render_archive(context, round_id=object_id, key=key)
    else:
        made = await read.render_document(
            context, collection=collection, object_id=object_id, key=key, form=PaperFormat(ending)
        )
    return _sent(made)


@router.post("/{collection}/{object_id}/documents/{kind}/issuance", summary="Issue a paper")
async def issue_paper(
    collection: Collection,
    object_id: UUID,
    kind: PaperKey,
    body: IssueIn,
    context: Annotated[StreamContext, staging(*_ISSUERS, plain=False)],
) -> PaperOut:
    """Freezes the paper on today's facts: number, version, hash, who and when (Art. 2, 10, 22). What would say the same
    as the version before is that version. It waits for the act that it tells, a certificate for the winner's word on
    its name too; number and day are those on record, where there are any."""
    wanted = issue.Issue(collection, object_id, kind, body.document_number, body.dated)
    row = await issue.issue_paper(context, issue=wanted)
    return _view(row, True, [])


@router.get("/papers/{number}", summary="Verify a paper")
async def verify_paper(number: Number, context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> PaperOut:
    """What is known of a paper by the number that is printed on it: its hash, its date, whether a later version was
    issued (Art. 31), what the award of a certificate is worth today (Art. 23), whether a review has annulled the
    revocation that it tells (Art. 26, 28). Not what it says."""
    row, last, scans = await read.verify_paper(context, number=number)
    worth, revocation = await read.certificate_told(context, row=row), await read.revocation_told(context, row=row)
    return _view(row, last, scans, worth, revocation)


@router.get("/papers/{number}/file", summary="An issued paper", response_class=StreamingResponse, responses=_FILE)
async def download_paper(
    number: Number,
    context: Annotated[StreamContext, downloading(Role.PUBLIC)],
    copy: IssuedForm = IssuedForm.PDF,
) -> StreamingResponse:
    """The PDF as it was issued, the same content as DOCX, or the last scan. Anybody has the PDF of a public paper; the
    rest is for those who may have the paper itself (Art. 16 to 28)."""
    name, ending, size, pieces = await read.download_paper(context, number=number, form=copy)
    return attachment(pieces, name=name, ending=ending, media_type=_MEDIA[ending], size=size)


@router.post("/papers/{number}/scans", summary="File a scan of a paper", status_code=201, openapi_extra=UPLOAD)
async def file_paper_scan(
    number: Number,
    filename: Annotated[FileName, Query()],
    request: Request,
    context: Annotated[StreamContext, uploading(*_ISSUERS)],
) -> PaperOut:
    """Takes the raw body as a scan (PDF) of the issued paper, with seal and signature, and compares it: pages, and text
    where it has any (Art. 2, 10)."""
    row, last, scans = await filing.file_paper_scan(context, number=number, sent=sent_file(request, filename))
    return _view(row, last, scans)


@router.get("/paper-templates", summary="The words of a paper")
async def list_paper_templates(
    kind: PaperKey,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)],
    instrument_number: DocumentNumber | None = None,
) -> TemplatesOut:
    """What the paper's words may name, the shipped ones, those that the office has handed in, and which of them the
    rounds of an instrument have (Art. 10, 33): of that in force where none is named."""
    found = await read_templates.list_templates(context, kind=kind, instrument_number=instrument_number)
    return TemplatesOut(
        kind=PaperKey(found.kind.key),
        instrument_number=found.instrument_number,
        places=list(found.kind.places),
        tables=list(found.kind.tables),
        in_force=found.in_force,
        text_shipped=shipped_words(found.kind.key),
        items=[TemplateOut.model_validate(row) for row in found.rows],
    )


@router.post("/paper-templates", summary="Hand in words for a paper", status_code=201)
async def upload_paper_template(
    body: TemplateIn, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> TemplateOut:
    """Keeps the office's own words for the rounds of an instrument (Art. 10, 33) once they are checked, each fault with
    its line: they name places and tables of the paper and can do nothing else. They are in force once they are put
    so."""
    row = await upload.upload_paper_template(
        context, kind=body.kind, text_zh=body.text_zh, instrument_number=body.instrument_number
    )
    return TemplateOut.model_validate(row)


@router.post("/paper-templates/{template_id}/activation", summary="Put words in force")
async def activate_paper_template(
    template_id: UUID, context: Annotated[WriteContext, acting(*_ISSUERS, rule="art02.decider")]
) -> TemplateOut:
    """From now on the paper is worded so in the rounds of the words' instrument (Art. 10, 33); what is issued stays as
    it was. Of a paper in the government's name (Art. 2, 22) the government agrees to the words by this; of the rest it
    is the office's act."""
    return TemplateOut.model_validate(await activate.activate_paper_template(context, template_id=template_id))


@router.post("/applications/{application_id}/form-sheet", summary="Fill in by spreadsheet", openapi_extra=UPLOAD)
async def import_form_sheet(
    application_id: UUID, request: Request, context: Annotated[StreamContext, uploading(Role.APPLICANT)]
) -> Done:
    """Takes `…/documents/application_form.xlsx`, filled in, as the raw body (Art. 17): what it says replaces the
    sections that it says something of, all or nothing, every fault with its cell."""
    async with context.reading() as reading:
        in_yuan = await importing.amounts_asked(reading, application_id=application_id)
    async with sheet_sent(context, request.stream()) as (file, digest):
        changes = read_form(await read_form_sheet(file, in_yuan=in_yuan))
    write = await context.writing(content=digest)
    await importing.import_form_sheet(write, application_id=application_id, changes=changes)
    return Done(done_at=write.now)


@router.post("/awards/{award_id}/printed-name", summary="Confirm the printed name")
async def confirm_printed_name(
    award_id: UUID, body: PrintedNameIn, context: Annotated[WriteContext, acting(Role.APPLICANT, Role.OFFICE)]
) -> Done:
    """The winner says that its name is right as the decree has it, or what is wrong, before certificate and plaque are
    made (Art. 22); the office enters what came on paper."""
    await confirm.confirm_printed_name(context, award_id=award_id, confirmed=body.confirmed, remark=body.remark)
    return Done(done_at=context.now)


def _archive(item: Archive, round_id: UUID) -> ArchiveOut:
    return ArchiveOut(
        archive=item.key,
        available=item.available,
        file=f"/v1/rounds/{round_id}/documents/{item.key.value}.zip" if item.available else None,
        why_not_zh=None if item.why_not is None else item.why_not.zh,
        why_not_en=None if item.why_not is None else item.why_not.en,
        parts=[
            ArchivePartOut(
                kind=PaperKey(part.kind.key),
                about=part.about,
                issued=part.issued,
                included=part.included,
                why_not_zh=None if part.why_not is None else part.why_not.zh,
                why_not_en=None if part.why_not is None else part.why_not.en,
            )
            for part in item.parts
        ],
    )


def _sent(made: read.Made) -> StreamingResponse:
    return attachment(
        read.one(made.content),
        name=made.filename,
        ending=made.media,
        media_type=_MEDIA[made.media],
        size=len(made.content),
    )


def _view(
    row: IssuedPaper,
    last: bool,
    scans: Sequence[PaperScan],
    worth: tuple[str, CertificateAnswer] | None = None,
    revocation: read.RevocationTold | None = None,
) -> PaperOut:
    certificate, answer = worth or (None, None)
    return PaperOut(
        number=row.number,
        kind=PaperKey(row.kind),
        title=row.title,
        paper_version=row.paper_version,
        superseded=not last,
        document_number=row.document_number,
        dated=row.dated,
        sha256=row.sha256,
        data_hash=row.data_hash,
        issued_at=row.created_at,
        certificate_number=certificate,
        certificate_status=None if answer is None else answer.status,
        certificate_revoked_under=None if answer is None else answer.revoked_under,
        annulled_on=None if revocation is None else revocation.annulled_on,
        annulment_number=None if revocation is None else revocation.annulled_number,
        notice_id=None if revocation is None else revocation.notice_id,
        annulment_notice_id=None if revocation is None else revocation.annulment_notice_id,
        scans=[PaperScanOut.of(item) for item in scans],
    )
