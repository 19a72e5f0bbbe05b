"""The award after the ceremony, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.field_formats import Format
from app.measures.sanctions import AccidentGrade, Ground, RevocationKind
from app.measures.validity import TitleUseKind
from app.schemas.common import (
    MAX_FEN,
    Action,
    Day,
    DocumentNumber,
    Fen,
    In,
    Line,
    LongText,
    NonNegativeFen,
    Out,
    Paragraph,
)
from app.schemas.words import (
    MarkReportKind,
    MarkReportState,
    MisuseState,
    RecoveryItem,
    RecoveryState,
    RevocationBasis,
    RevocationState,
    SharingKind,
    VisitState,
)

Persons = Annotated[int, Field(ge=0, le=100_000)]
Visitors = Annotated[list[Line], Field(min_length=1, max_length=20)]
ProfitYear = Annotated[int, Field(ge=2020, le=2199)]


class AccidentIn(In):
    """The facts of an accident (Art. 28(1))."""

    responsible: bool | None = Field(None, description="Whether the organisation is responsible; null: not determined.")
    dead: Persons = 0
    seriously_injured: Persons = 0
    direct_loss_fen: NonNegativeFen = 0
    grade: AccidentGrade | None = Field(None, description="The competent department's grading, where there is one.")


class YearProfit(In):
    year: ProfitYear
    net_profit_fen: Fen


class RevocationIn(In):
    """A case of revocation: `fraud` under Art. 26, `grounds` under Art. 28."""

    basis: RevocationKind
    facts: Paragraph = Field(description="What was verified.")
    evidence: Paragraph
    ground: Ground | None = Field(None, description="Number of the ground in Art. 28.")
    event_on: Day | None = None
    accident: AccidentIn | None = None
    penalised_or_proven: bool = False
    net_profits: Annotated[list[YearProfit], Field(max_length=10)] = Field(default_factory=list)


class GovernmentDecisionIn(In):
    """A decision of the government."""

    number: DocumentNumber = Field(examples=["会府字〔2025〕12号"])
    decided_on: Day
    reason: Paragraph


class MediumIn(In):
    """One medium of a publication."""

    name: Line = Field(examples=["县政府网站"])
    published_on: Day
    url: Annotated[str, Field(max_length=500, pattern=Format.URL.value)] | None = None


class NoticeIn(In):
    """A public notice."""

    title: Line
    media: Annotated[list[MediumIn], Field(min_length=1, max_length=20)]


class RevocationOut(Out):
    id: UUID
    award_id: UUID
    basis: RevocationBasis
    ground: int | None
    event_on: date | None
    event: dict[str, Any]
    facts: str
    evidence: str
    state: RevocationState
    supplementary_to: UUID | None
    decision_number: str | None
    decided_on: date | None
    decision_reason: str | None
    consequences: dict[str, Any] | None
    notice_id: UUID | None
    created_at: datetime
    version: int


class RevocationDetail(RevocationOut):
    available_actions: list[Action] = Field(default_factory=list)


class RecoveryIn(In):
    """Something has come back."""

    recovered_on: Day
    evidence: Paragraph
    amount_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = Field(
        None,
        description="The part of the prize that was paid back, in fen; null: all that is outstanding, or the thing.",
        examples=[4000000],
    )


class RecoveryOut(Out):
    id: UUID
    award_id: UUID
    revocation_id: UUID
    item: RecoveryItem
    amount_fen: int
    recovered_fen: int = Field(description="What has come back so far, in fen.")
    state: RecoveryState
    recovered_on: date | None = Field(description="When the last of it came back.")
    evidence: str | None


class RecoveryReceiptOut(Out):
    """Something that came back."""

    amount_fen: int
    recovered_on: date
    evidence: str
    created_at: datetime


class RecoveryDetail(RecoveryOut):
    receipts: list[RecoveryReceiptOut] = Field(default_factory=list)


class ExclusionOut(Out):
    """A legal person that may not take part, last day included (Art. 26, 28)."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
    article: str
    from_day: date
    last_day: date


class VisitIn(In):
    """A planned visit to a winner (Art. 27)."""

    planned_on: Day
    visitors: Visitors


class VisitFindingsIn(In):
    visited_on: Day
    visitors: Visitors
    findings: LongText
    follow_up: Paragraph


class CancelVisitIn(In):
    reason: Paragraph


class VisitOut(Out):
    id: UUID
    award_id: UUID
    state: VisitState
    planned_on: date
    visited_on: date | None
    visitors: list[str]
    findings: str | None
    follow_up: str | None


class MisuseIn(In):
    """A misuse of the title, with the correction ordered (Art. 23)."""

    use: TitleUseKind
    used_on: Day
    year_named: Annotated[int, Field(ge=2023, le=2199)] | None = None
    description: Paragraph
    evidence: Paragraph
    order_text: Paragraph
    correct_by: Day


class CorrectionIn(In):
    corrected_on: Day
    correction: Paragraph


class MisuseOut(Out):
    id: UUID
    award_id: UUID
    use: str
    used_on: date
    year_named: int | None
    found_on: date
    description: str
    evidence: str
    order_text: str
    correct_by: date
    state: MisuseState
    corrected_on: date | None
    correction: str | None


class SharingIn(In):
    """Sharing of experience, or the declining of it where it is a trade secret (Art. 25)."""

    kind: Literal["held", "declined_trade_secret"]
    held_on: Day
    title: Line
    description: Paragraph
    trade_secret: bool = False


class SharingOut(Out):
    id: UUID
    award_id: UUID
    kind: SharingKind
    held_on: date
    title: str
    description: str
    trade_secret: bool


class MarkReportIn(In):
    """A report of a forged or misused mark, or of a review that nobody may hold (Art. 31). Anonymous ones are taken
    too."""

    kind: Literal["forgery", "misuse", "unauthorised_review"]
    subject: Line = Field(description="Who or what it is about.")
    description: Paragraph
    reporter_name: Line | None = None
    reporter_contact: Line | None = None


class MarkReportReceipt(Out):
    id: UUID
    receipt_code: str | None = Field(
        description="Told this once; null where the request is repeated with the same `Idempotency-Key`."
    )


class MarkReportStatus(Out):
    """What became of a report, for whoever holds its receipt code."""

    kind: str
    state: str
    received_at: datetime
    followed_up_at: datetime | None


class ReporterOut(Out):
    """Who reported. Read for a recorded reason only; null where it was not given."""

    report_id: UUID
    name: str | None
    contact: str | None


class MarkReportOut(Out):
    """A report without who made it."""

    id: UUID
    kind: MarkReportKind
    subject: str
    description: str
    state: MarkReportState
    follow_up: str | None
    created_at: datetime


class FollowUpIn(In):
    text: Paragraph
