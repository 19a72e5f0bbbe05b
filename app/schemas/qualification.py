"""The qualification review on the wire (Arts. 13, 17, 26)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.kernel.field_formats import Format
from app.measures.catalogue import Kind
from app.measures.deadlines import DeadlineKind, Step
from app.measures.facts import (
    CredentialKind,
    HonourKind,
    HonourLevel,
    RecordCategory,
    RecordFinding,
    RecordOrigin,
    Severity,
    Verdict,
)
from app.measures.qualification import ConsultationAnswer
from app.measures.removal import RemovalGround
from app.measures.sectors import SeatCategory
from app.schemas.common import (
    CONCERNED,
    Day,
    FindingView,
    In,
    Line,
    Out,
    Paragraph,
    ProfileChangeOut,
    Reference,
    Sector,
    Worded,
    WordedLine,
)
from app.schemas.once import Once
from app.schemas.revocations import PartyStatementOut, StatementFileOut
from app.schemas.words import ApplicationState, ConsultationState, CorrectionState, DecidedFinding, OutcomeName

Pointer = Annotated[str, Field(pattern=Format.POINTER.value, examples=["/content/figures"])]


class ConditionDecisionIn(In):
    """A person's decision on one condition."""

    rule: Annotated[str, Field(pattern=Format.RULE_ID.value)] = Field(
        description="`art13.2.compliance`, `art13.4.leading` or `art13.5.distinctive`; where the worklist shows it "
        "open, `art12.jurisdiction` (the reason of a unit that recommends beyond its industry), `art13.1.local`, "
        "`art13.1.legal_person` (what is flagged in the registration) or `art13.4.non_profit` (`fail`: it produces or "
        "operates, and is judged so).",
        examples=["art13.4.leading"],
    )
    outcome: Verdict = Field(description="Whether the condition is met.")
    reason: Paragraph = Field(examples=["主要经济指标居省内同行业前三。"])
    evidence: Paragraph = Field(examples=["行业协会2023年度排名；现场核查记录。"])


class ConditionDecisionsIn(In):
    """Decisions on one application, recorded together or not at all."""

    decisions: Annotated[list[ConditionDecisionIn], Field(min_length=1, max_length=20), Once("rule")]


class ConditionDecisionOut(Out):
    """A person's recorded decision on a condition of Art. 13 that the service cannot decide."""

    id: UUID
    rule: str
    outcome: OutcomeName
    reason: str
    evidence: str
    decided_by: UUID
    created_at: datetime


class ConditionDecisionsOut(Out):
    """What was recorded; the newest decision on a rule counts, earlier ones stay."""

    items: list[ConditionDecisionOut]


class SectorDeterminationIn(In):
    """The sector that counts, before it is frozen."""

    sector: Sector = Field(description="GB/T 4754: two-digit division or four-digit class.", examples=["5431"])
    reason: Worded = Field(examples=["主营业务收入主要来自道路货物运输。"])
    evidence: Worded = Field(examples=["营业执照经营范围；近三年分业务收入表（样例）。"])


class CorrectionItemIn(In):
    """One thing to correct."""

    pointer: Pointer = Field(description="JSON pointer into the application.")
    request: Paragraph = Field(examples=["请补充2022年度审计报告。"])


class CorrectionRequestIn(In):
    """A request for correction (补正)."""

    items: Annotated[list[CorrectionItemIn], Field(min_length=1, max_length=50), Once("pointer")]
    due_on: Day | None = Field(
        None, description="Last day, included. Missing: the days of the round's rules from today."
    )


class CorrectionItemOut(Out):
    """One thing to correct: where in the form, and what is asked for (Art. 17)."""

    pointer: str
    request: str


class CorrectionOut(Out):
    """A request for correction and its own last day."""

    id: UUID
    application_id: UUID
    items: list[CorrectionItemOut]
    last_day: date = Field(description="Included, until 24:00 in Shanghai.")
    state: CorrectionState
    answered_at: datetime | None
    created_at: datetime


class CorrectionsOut(Out):
    """The requests for correction that an application has had (Art. 17)."""

    items: list[CorrectionOut]


class AdverseRecordIn(In):
    """A record that the office has found (Art. 13(6))."""

    category: RecordCategory = Field(description="The kind, as in Art. 13(6).", examples=["failed_inspection"])
    fact: Worded = Field(examples=["2022年监督抽查一批次不合格。"])
    source: WordedLine = Field(description="Who determined or holds it.", examples=["市场监督管理局"])
    basis: WordedLine = Field(description="Document or number.", examples=["样例监抽〔2022〕8号"])
    occurred_on: Day | None = Field(None, description="Day of the event; this or the next is needed.")
    determined_on: Day | None = Field(None, description="Day of the authority's determination.")
    rectified: bool = Field(False, description="Told; it does not excuse.")
    credential_kind: CredentialKind | None = Field(
        None,
        description="For `other_violation`: what was withdrawn before its end (Art. 13(2) to 13(4)). Once confirmed, it"
        " is not held from that day on, whether or not the record bars.",
    )
    credential_number: Line | None = Field(None, description="Its number, as in the form.")


class AdverseReplyIn(In):
    """What the applicant says to a record."""

    reply: Paragraph = Field(examples=["该批次系代工企业产品，附判决书。"])


class AdverseLetterIn(AdverseReplyIn):
    """What the organisation says to a record on paper, as the office enters it; the scan of the letter is added
    before."""

    received_on: Day = Field(
        description="The day on which it was received, by which it counts, whenever it is entered.",
        examples=["2024-03-06"],
    )
    letter_reference: Reference = Field(
        description="The mark under which the letter is filed.", examples=["收文〔2024〕19号"]
    )


class AdverseDecisionIn(In):
    """How a record is decided, after the applicant was heard."""

    finding: DecidedFinding
    reason: Worded
    attributable: bool | None = Field(
        None, description="Its own responsibility: needed to confirm a fatal accident or an attributable return."
    )
    severity: Severity | None = Field(
        None, description="Whether it bars: needed to confirm another violation, only there."
    )


class AdverseRecordOut(Out):
    """One record, what the applicant said to it, and how it was decided."""

    id: UUID
    organisation_id: UUID = Field(description="Whose record it is, in every round.")
    application_id: UUID | None = Field(description="In which it came up; null for one that came up in no round.")
    origin: RecordOrigin
    category: RecordCategory
    fact: str
    basis: str | None
    occurred_on: date | None
    determined_on: date | None
    source: str
    rectified: bool
    credential_kind: CredentialKind | None = Field(description="What was withdrawn before its end.")
    credential_number: str | None
    notified_at: datetime | None
    reply_due_at: datetime | None = Field(description="Until when the applicant may reply; exclusive.")
    reply: str | None = Field(description="What the organisation has said first.")
    replied_at: datetime | None
    replies: list[PartyStatementOut] = Field(
        default_factory=list, description="All that it has said, in the order in which it counts."
    )
    files: list[StatementFileOut] = Field(default_factory=list, description="Those of its replies.")
    finding: RecordFinding
    attributable: bool | None
    severity: Severity | None
    decision_reason: str | None
    decided_at: datetime | None
    warnings: list[FindingView] = Field(default_factory=list, description=CONCERNED, examples=[[]])


class AdverseRecordsOut(Out):
    """The adverse records on an application (Art. 13(6))."""

    items: list[AdverseRecordOut]


class StepExtensionIn(In):
    """A later day for one application's step."""

    step: Step = Field(description="Which deadline moves.")
    new_deadline: Day = Field(description="The new last day, included.")
    reason: Worded
    channel: Reference = Field(description="Where it was made known.", examples=["县政府网站"])


class ConsultationExtensionIn(In):
    """A later day for every department that has not answered."""

    new_deadline: Day = Field(description="The new last day, included.")
    reason: Worded
    channel: Reference = Field(description="Where it was made known.", examples=["县政府网站"])


class DeadlineExtensionOut(Out):
    """A deadline that was moved: who, why, for whom, from when to when."""

    id: UUID
    kind: DeadlineKind
    application_number: str | None = Field(description="Null: for all, or not submitted yet.")
    old_deadline: date
    new_deadline: date
    reason: str
    channel: str
    decided_by: str = Field(description="Name of the account.")
    created_at: datetime


class LateStep(Out):
    """Who is late."""

    step: Step = Field(description="`consultation` or `correction`.")
    who: str
    since: datetime


class WorklistItem(Out):
    """One application on the worklist."""

    application_id: UUID
    number: str | None
    organisation: str
    state: ApplicationState
    seat_category: SeatCategory | None = Field(description="As the sector code has it; frozen at the confirmation.")
    open: list[FindingView] = Field(description="What somebody still has to do.")
    refusing: list[FindingView] = Field(description="What refuses, whatever is still open.")
    late: list[LateStep]
    profile_changes: list[ProfileChangeOut] = Field(description="What of its profile has changed since the submission.")
    to_check: list[FindingView] = Field(
        description="Amounts of the form whose order of magnitude does not go with the others; they refuse nothing."
    )


class DecisionView(Out):
    """A person's decision on a condition."""

    outcome: OutcomeName
    reason: str
    evidence: str
    about: list[str] = Field(description="What lay before whoever decided; what comes up later is decided anew.")
    decided_by: UUID
    decided_by_name: str
    decided_at: datetime


class ConditionView(Out):
    """One condition: rule, what the service finds today with its facts, their source, and what people decided."""

    rule: str = Field(examples=["art13.3.certified"])
    article: str
    name_zh: str
    name_en: str
    kind: Kind = Field(description="E: the service decides; H: a person; E+H: both.")
    source: str = Field(description="Where the facts come from.", examples=["form"])
    outcome: OutcomeName = Field(description="The worst of its findings: `fail`, `needs_decision` or `pass`.")
    findings: list[FindingView]
    decisions: list[DecisionView] = Field(description="Every decision, the newest last; the newest counts.")


class ConsultationView(Out):
    """A consultation as the office reads it beside the conditions."""

    id: UUID
    department: str
    categories: list[RecordCategory]
    last_day: date
    state: ConsultationState
    answer: ConsultationAnswer | None
    remark: str | None
    answered_at: datetime | None
    letter_number: str | None
    signatory: str | None
    stamped_opinion_id: UUID | None
    non_response_reason: str | None
    non_response_by_name: str | None


class RecordView(AdverseRecordOut):
    """A record with who decided it."""

    decided_by_name: str | None


class QualificationOut(Out):
    """Everything that the review of one application rests on, tested today."""

    application_id: UUID
    number: str | None
    organisation: str
    state: ApplicationState
    sector: str
    seat_category: SeatCategory | None
    tested_on: date
    conditions: list[ConditionView]
    completeness: list[FindingView] = Field(description="What Art. 17 adds to the conditions.")
    records: list[RecordView]
    consultations: list[ConsultationView]
    corrections: list[CorrectionOut]
    late: list[LateStep]
    profile_changes: list[ProfileChangeOut] = Field(description="What of its profile has changed since the submission.")
    to_check: list[FindingView] = Field(
        description="Amounts of the form whose order of magnitude does not go with the others; they refuse nothing."
    )


class QualifiedListIn(In):
    """The publication of the confirmed list."""

    title: Reference = Field(examples=["第一届“会昌独好”质量奖资格审查合格名单"])
    channels: Annotated[list[Reference], Field(min_length=1, max_length=20), Once()] = Field(examples=[["县政府网站"]])


class RefusalOut(Out):
    """An application that is not qualified, with the rules that refuse it."""

    application_id: UUID
    organisation: str
    rules: list[str]


class ConfirmedListOut(Out):
    """The confirmed list, for the office."""

    round_id: UUID
    notice_id: UUID
    published_on: date
    names: list[str]
    not_qualified: list[RefusalOut]


class QualifiedListOut(Out):
    """The published list: names only."""

    round_id: UUID
    title: str
    published_on: date
    names: list[str]
    body_hash: str = Field(description="SHA-256 of the notice's body.")


class HonourWonIn(In):
    """A higher award won in mid-round (Art. 13(6))."""

    level: HonourLevel
    kind: HonourKind = Field(description="The prize itself, a nomination, or an association's.")
    awarded_on: Day
    valid_to: Day | None = Field(None, description="Last day, included; null: none is stated.")


class RemovalIn(In):
    """Why an organisation leaves the round."""

    ground: RemovalGround = Field(
        description="Fraud found before an award (it excludes nobody), a higher award, or the condition that the facts"
        " of today fail, e.g. `art13.6.record`."
    )
    reason: Worded = Field(description="Told to the applicant.")
    evidence: Worded
    found_on: Day
    honour: HonourWonIn | None = Field(None, description="For the ground `art13.6.higher_award`.")


class ApplicationOutcome(Out):
    """Where an application stands after the act; the whole of it is under `GET /v1/applications/{id}`."""

    id: UUID
    round_id: UUID
    state: ApplicationState
    number: str | None
    sector: str | None = Field(description="As the office has determined it, frozen with the qualified list (Art. 17).")
    snapshot_hash: str | None = Field(description="SHA-256 of what is frozen now.")
    closed_reason: str | None
    closed_rule: str | None = Field(description="The rule under which it has ended.")
    closed_at: datetime | None
    version: int
