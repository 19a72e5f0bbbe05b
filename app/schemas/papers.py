"""Papers on the wire."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field, ValidationError

from app.kernel.errors import FieldError, Invalid
from app.measures.text import Text
from app.measures.validity import CertificateStatus, RevokedUnder
from app.schemas.applications.content import ContentIn
from app.schemas.common import Day, DocumentNumber, In, LongText, Out, WordedLine
from app.schemas.field_messages import field_fault
from app.services.papers.archives import ArchiveKey
from app.services.papers.catalogue import PaperKey
from app.services.papers.filled_form import FilledForm
from app.services.papers.scans import ScanAgreement, compared_scan
from app.store.applications.form import Form
from app.store.papers import PaperScan


class PaperScanOut(Out):
    """A scan with seal and signature, compared with its paper."""

    filename: str
    sha256: str
    size: int
    pages: int
    paper_pages: int = Field(description="Pages of the paper itself.")
    text_found_percent: int | None = Field(description="How much of the paper's text it has; null where it has none.")
    agreement: ScanAgreement
    warning_zh: str | None = Field(description="What a person has to look at, with figures; null where it agrees.")
    warning_en: str | None = Field(description="The same in English.")
    created_at: datetime

    @classmethod
    def of(cls, row: PaperScan) -> PaperScanOut:
        """A scan on record, compared."""
        found = compared_scan(row)
        return cls(
            filename=row.filename,
            sha256=row.sha256,
            size=row.size,
            pages=row.pages,
            paper_pages=row.paper_pages,
            text_found_percent=row.text_found_percent,
            agreement=found.agreement,
            warning_zh=None if found.warning is None else found.warning.zh,
            warning_en=None if found.warning is None else found.warning.en,
            created_at=row.created_at,
        )


class PaperOut(Out):
    """An issued paper, frozen."""

    number: str = Field(examples=["W2026-7KQ4X-9MX2R"])
    kind: PaperKey
    title: str
    paper_version: int
    superseded: bool = Field(description="A later version was issued.")
    document_number: str | None
    dated: date
    sha256: str = Field(description="Of its PDF.")
    data_hash: str = Field(description="SHA-256 of the facts and words that it was made of.")
    issued_at: datetime
    certificate_number: str | None = Field(None, description="Of a certificate that is verified.")
    certificate_status: CertificateStatus | None = Field(None, description="What that is worth today.")
    certificate_revoked_under: RevokedUnder | None = Field(
        None, description="Of one that is worth nothing any more: what revoked it, or that it was taken back."
    )
    annulled_on: date | None = Field(
        None, description="The day on which a review annulled the decision to revoke that it tells."
    )
    annulment_number: str | None = Field(None, description="The number of that decision on review.")
    notice_id: UUID | None = Field(None, description="The notice that told the public of the revocation.")
    annulment_notice_id: UUID | None = Field(None, description="The notice that told of the annulment.")
    scans: list[PaperScanOut]


class DocumentOut(Out):
    """A paper that an object gives."""

    kind: PaperKey
    name_zh: str
    name_en: str
    formats: list[str]
    drafts: list[str] = Field(
        description="Where it can be had on today's facts, in each format; of one that cannot, nowhere.",
        examples=[["/v1/rounds/018e0000-0000-7000-8000-000000000001/documents/call.pdf"]],
    )
    available: bool
    why_not_zh: str | None = Field(description="What is missing before it can be had, or issued by the caller.")
    why_not_en: str | None
    may_issue: bool
    issued: str | None = Field(description="Number of the version issued last.")
    issued_file: str | None = Field(description="Where that is.", examples=["/v1/papers/W2026-7KQ4X-9MX2R/file"])
    changed: bool = Field(description="It would say something else today.")
    scan_agreement: ScanAgreement | None = Field(
        description="How the last scan of that version compares with it; null while there is none."
    )
    scan_warning_zh: str | None = Field(description="What a person has to look at in it.")
    scan_warning_en: str | None = Field(description="The same in English.")


class ArchivePartOut(Out):
    """A paper of an archive."""

    kind: PaperKey
    about: str | None = Field(description="Whose it is, where there are several of a kind.")
    issued: str | None = Field(description="Number of the version that is in it; null: a draft, or nothing.")
    included: bool
    why_not_zh: str | None = Field(description="What is missing before it is in it, or issued.")
    why_not_en: str | None


class ArchiveOut(Out):
    """Papers of a round in one file (Art. 22)."""

    archive: ArchiveKey
    available: bool
    file: str | None = Field(
        description="Where it can be had.",
        examples=["/v1/rounds/018e0000-0000-7000-8000-000000000001/documents/executive_meeting.zip"],
    )
    why_not_zh: str | None
    why_not_en: str | None
    parts: list[ArchivePartOut]


class DocumentsOut(Out):
    """What an object gives now, and why not the rest."""

    items: list[DocumentOut]
    archives: list[ArchiveOut] = Field(
        default_factory=list, description="Those of a round, with what is missing in each."
    )


class IssueIn(In):
    """With what it is issued, where what is on record names none."""

    document_number: DocumentNumber | None = None
    dated: Day | None = Field(None, description="Today where none is named.")


class TemplateIn(In):
    """Words for a paper."""

    kind: PaperKey
    instrument_number: DocumentNumber | None = Field(
        None,
        description="For the rounds of which instrument, registered; that in force where none is named.",
        examples=["会府办发〔2023〕10号"],
    )
    text_zh: LongText = Field(examples=["标题：关于第{届次}届评审的通知\n\n正文。"])


class TemplateOut(Out):
    """Words that were handed in."""

    id: UUID
    kind: PaperKey
    instrument_number: str = Field(description="Of the original or successor for whose rounds they are.")
    text_zh: str
    text_hash: str
    created_at: datetime
    activated_at: datetime | None


class TemplatesOut(Out):
    """The words of a paper, and what they may name."""

    kind: PaperKey
    instrument_number: str | None = Field(
        description="Under which instrument they are in force; null: none was named and no measures are in force."
    )
    places: list[str]
    tables: list[str]
    in_force: UUID | None = Field(description="Null: the shipped words.")
    text_shipped: str
    items: list[TemplateOut]


class PrintedNameIn(In):
    """A winner's word on its name."""

    confirmed: bool
    remark: WordedLine | None = None


def read_form(filled: FilledForm) -> Form:
    """What a sheet says of the form, judged by the same schema as the form itself; `Invalid` with the cell of each
    fault, and where nothing is filled in."""
    if not filled.values:
        text = Text("表格中没有可读入的内容", "There is nothing in the sheet that could be read in")
        raise Invalid(text)
    try:
        return ContentIn.model_validate(filled.values).sent()
    except ValidationError as error:
        faults = []
        for item in error.errors():
            place = "/".join(str(part) for part in item["loc"] if part != "[key]")
            code, text = field_fault(item)
            at = filled.cells.get(place) or next(
                (cell for key, cell in filled.cells.items() if key.startswith(place)), ""
            )
            faults.append(FieldError(f"/content/{place}", code, Text(f"{at}：{text.zh}", f"{at}: {text.en}")))
        raise Invalid(Text("表格有误，未读入", "The sheet has faults; nothing was read in"), errors=faults) from error
