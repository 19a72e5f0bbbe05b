"""The expert pool, undertakings, conflicts of interest and appraisals on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import Format
from app.measures.reviewers import AppraisalGrade, ConflictKind, ConflictOrigin, UndertakingKind
from app.schemas.common import Day, FindingView, In, Line, Name, Out, Paragraph, Uscc, Worded, fault
from app.schemas.identity import Login
from app.schemas.words import ReviewerState, StageName

Sha256 = Annotated[str, StringConstraints(pattern=Format.SHA256.value)]


class ReviewerIn(In):
    """An expert for the pool, with the account to sign in with (Art. 11(2))."""

    login: Login = Field(examples=["expert-07"])
    name: Name = Field(examples=["样例评审员"])
    expertise: Paragraph = Field(examples=["卓越绩效模式、制造业质量管理"])
    employer: Line | None = Field(None, description="Where the expert works.", examples=["样例研究院"])
    employer_uscc: Uscc | None = Field(None, description="The employer's code: an applicant of this code is refused.")
    unit_id: UUID | None = Field(None, description="The recommending unit on whose staff the expert is, if any.")
    employed_since: Day | None = Field(None, description="Since when; unknown counts as always.")
    qualified_from: Day = Field(examples=["2024-01-01"])
    qualified_until: Day = Field(description="Last day, included.", examples=["2026-12-31"])

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.qualified_until < self.qualified_from:
            raise fault(
                "资格截止日期早于起始日期", "qualified_until is before qualified_from", FieldCode.END_BEFORE_START
            )
        return self


class ReviewerPatch(In):
    """What changes; the rest stays. A post that is left stays on record as a conflict of interest (Art. 29)."""

    name: Name | None = Field(None, examples=["样例评审员"])
    expertise: Paragraph | None = Field(None, examples=["服务业质量管理"])
    employer: Line | None = Field(None, description="Null: none.")
    employer_uscc: Uscc | None = Field(None, description="Null: none.")
    unit_id: UUID | None = Field(None, description="Null: none.")
    employed_since: Day | None = Field(None, description="First day of the post.")
    qualified_from: Day | None = Field(None, examples=["2024-01-01"])
    qualified_until: Day | None = Field(None, examples=["2026-12-31"])


class ReasonIn(In):
    """Why."""

    reason: Worded = Field(examples=["因病不能参加评审。"])


class DisqualificationIn(In):
    """Misconduct found (Art. 30)."""

    reason: Worded = Field(examples=["接受申报组织宴请，经查属实。"])
    evidence: Worded = Field(examples=["调查报告〔2024〕3号"])
    referred_to: Line | None = Field(None, description="Employer or authority asked for disciplinary measures.")


class ReviewerOut(Out):
    """An entry of the pool with its name: for the office and the auditor; each reading is on record."""

    id: UUID
    account_id: UUID
    name: str
    expertise: str
    employer: str | None
    employer_uscc: str | None
    unit_id: UUID | None
    employed_since: date | None
    qualified_from: date
    qualified_until: date
    state: ReviewerState
    state_reason: str | None
    state_changed_at: datetime | None
    created_at: datetime
    version: int


class ReviewerMade(ReviewerOut):
    """A new entry of the pool, with the invitation to its account."""

    invitation: str | None = Field(None, description="Give it to the reviewer alone; shown this once.")
    invitation_expires_at: datetime | None = Field(None, description="From then on it is not taken.")


class PanelChangeOut(Out):
    """What setting a sheet aside did to one panel."""

    application_id: UUID
    stage: StageName
    remaining: int = Field(description="Members who remain.")
    reopens: bool = Field(description="Below its size: the office assigns anew.")
    report_void: bool = Field(description="The panel's report rested on the sheet and counts no longer.")
    finding: FindingView


class DisqualificationOut(Out):
    """A disqualified reviewer and what became of the work done (Art. 30)."""

    reviewer: ReviewerOut
    panels: list[PanelChangeOut]
    deliberated: list[UUID] = Field(
        description="Applications that the reviewer judged in a round whose candidates are published: their results "
        "stand, and the office removes a name where they cannot."
    )


class UndertakingIn(In):
    """A signature (Art. 29): the hash says which words have been read."""

    kind: UndertakingKind = Field(examples=[UndertakingKind.CONFIDENTIALITY])
    text_hash: Sha256 = Field(examples=["0" * 64])


class UndertakingOut(Out):
    """One undertaking as the reviewer meets it."""

    kind: UndertakingKind
    text_zh: str
    text_en: str
    text_hash: str = Field(description="SHA-256 of the Chinese text, which is what is signed.")
    signed_at: datetime | None


class UndertakingsOut(Out):
    """The undertakings of a round, signed or to be signed by the caller (Art. 29)."""

    items: list[UndertakingOut]


class SignatureOut(Out):
    """Who has signed what, by the pool's id."""

    id: UUID
    reviewer_id: UUID
    round_id: UUID
    kind: UndertakingKind
    text_hash: str
    signed_at: datetime = Field(validation_alias="created_at")


class ConflictDeclarationIn(In):
    """A conflict of interest in an organisation, by its code, or, for `recommending_unit_staff`, in a recommending unit
    (Art. 29)."""

    reviewer_id: UUID | None = Field(None, description="For the office; a reviewer declares own ones only.")
    kind: ConflictKind = Field(examples=[ConflictKind.CONSULTING])
    uscc: Uscc | None = None
    unit_id: UUID | None = None
    started_on: Day | None = Field(None, description="First day; unknown counts as always.")
    ended_on: Day | None = Field(
        None,
        description="Last day; null while it lasts. Past work bars for the years of the round's rules.",
        examples=["2022-06-30"],
    )
    description: Paragraph = Field(examples=["2022年为该组织提供管理咨询。"])


class ConflictDeclarationOut(Out):
    """A reviewer's conflict of interest with an organisation or unit (Art. 29)."""

    id: UUID
    reviewer_id: UUID
    kind: ConflictKind
    uscc: str | None
    unit_id: UUID | None
    origin: ConflictOrigin
    started_on: date | None
    ended_on: date | None
    description: str
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    created_at: datetime


class ConflictDeclarationMade(ConflictDeclarationOut):
    """A conflict of interest as it was recorded, with the assignments that it concerns (Art. 29)."""

    recused: list[UUID] = Field(description="Assignments that it has ended.")
    counted: list[UUID] = Field(
        description="Assignments whose sheet a report counts already: the office ends them, and the panel opens again."
    )


class AppraisalIn(In):
    """The office's appraisal (Art. 11(2))."""

    reviewer_id: UUID
    grade: AppraisalGrade = Field(examples=[AppraisalGrade.COMPETENT])
    remarks: Paragraph = Field(examples=["评分认真，意见具体。"])


class AppraisalOut(Out):
    """The office's appraisal of one reviewer's work in a round (Art. 11(2))."""

    id: UUID
    reviewer_id: UUID
    round_id: UUID
    grade: AppraisalGrade
    remarks: str
    created_at: datetime


class AppraisalsOut(Out):
    """The appraisals of a round, and who has had none (Art. 11(2))."""

    items: list[AppraisalOut]
    findings: list[FindingView] = Field(description="Whether everybody's work in the round is appraised.")
