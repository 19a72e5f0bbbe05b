"""Verification, deliberation, approval and decree on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.facts import Verdict
from app.schemas.common import Day, DocumentNumber, FindingView, In, Line, LongText, Out, Paragraph
from app.schemas.words import AwardState, BucketName, OutcomeName, RoundState

Names = Annotated[list[Line], Field(max_length=100)]
Votes = Annotated[int, Field(ge=0, le=100)]


class SocialVerificationIn(In):
    """What the investigation of record and social feedback found (Art. 11(4))."""

    outcome: Verdict = Field(examples=["pass"])
    evidence: Paragraph = Field(examples=["走访记录、12345热线查询记录。"])
    reason: Paragraph = Field(examples=["业绩属实，社会反映良好。"])


class SocialVerificationOut(Out):
    application_id: UUID
    outcome: OutcomeName
    evidence: str
    reason: str
    recorded_by: UUID
    created_at: datetime


class MeritIn(In):
    """The finding of leading position and outstanding contribution (Art. 4)."""

    outcome: Verdict = Field(examples=["pass"])
    reason: Paragraph = Field(examples=["质量管理居省内同行业前列。"])
    evidence: Paragraph = Field(examples=["综合评价报告"])


class ConclusionIn(In):
    """The committee's conclusion on one evaluated application; votes where the round's rules ask for them."""

    application_id: UUID = Field(examples=["018e0000-0000-7000-8000-000000000001"])
    recommended: bool = Field(examples=[True])
    reason: Paragraph = Field(examples=["同意列为候选。"])
    votes_for: Votes = Field(0, examples=[6])
    votes_against: Votes = Field(0, examples=[1])
    abstentions: Votes = Field(0, examples=[0])
    recused: Names = Field(
        default_factory=list,
        description="Members present who have an interest in it and withdrew (Art. 29): they have no vote on it.",
        examples=[["样例委员二"]],
    )
    merit: MeritIn


class DeliberationIn(In):
    """The review committee's meeting (Art. 11(5))."""

    meeting_on: Day = Field(examples=["2024-08-30"])
    members: Names = Field(description="All members of the committee.", examples=[["样例委员一", "样例委员二"]])
    present: Names = Field(description="Those who were present.", examples=[["样例委员一"]])
    minutes: LongText = Field(examples=["会议听取了综合评价报告。"])
    conclusions: Annotated[list[ConclusionIn], Field(max_length=500)] = Field(
        description="One for every evaluated application."
    )


class MeritOut(Out):
    outcome: OutcomeName
    reason: str
    evidence: str


class ConclusionOut(Out):
    application_id: UUID
    recommended: bool
    reason: str
    votes_for: int
    votes_against: int
    abstentions: int
    recused: list[str] = Field(default_factory=list)
    merit: MeritOut


class DeliberationOut(Out):
    """The deliberation as recorded."""

    round_id: UUID
    meeting_on: date
    members: list[str]
    present: list[str]
    minutes: str
    conclusions: list[ConclusionOut]
    created_at: datetime


class StruckIn(In):
    """A proposed name that the meeting did not approve."""

    candidate_id: UUID = Field(examples=["018e0000-0000-7000-8000-000000000003"])
    reason: Paragraph = Field(examples=["会议决定空缺。"])


class ApprovalIn(In):
    """The executive meeting's decision: what it does not strike is approved (Art. 22)."""

    meeting_number: Line = Field(examples=["第45次县政府常务会议"])
    meeting_on: Day = Field(description="After the publicity's last day.", examples=["2024-09-25"])
    struck: Annotated[list[StruckIn], Field(max_length=50)] = Field(default_factory=list)
    transitional_basis: Paragraph | None = Field(
        None,
        description="The document by which it is approved although the measures have lapsed (Art. 33).",
        examples=["县政府专题会议纪要〔2025〕8号"],
    )


class StruckOut(Out):
    candidate_id: UUID
    name: str
    reason: str


class ApprovedAward(Out):
    """An award as the approval made it. The certificate comes with the decree."""

    id: UUID
    candidate_id: UUID
    application_id: UUID
    organisation_id: UUID
    awarded_name: str
    award_year: int
    state: AwardState
    first_time: bool
    repeated: bool
    seat_bucket: BucketName | None
    seat_number: int | None
    prize_fen: int = Field(description="Amount in fen; 0 where there is no prize (Art. 6, 8).")
    conferred_on: date | None
    valid_until: date | None = Field(description="Last day of validity, included (Art. 23).")
    certificate_number: str | None
    plaque_number: str | None
    version: int


class ApprovalOut(Out):
    """The approval with its awards."""

    round_id: UUID
    round_state: RoundState
    meeting_number: str
    meeting_on: date
    transitional_basis: str | None
    struck: list[StruckOut]
    awards: list[ApprovedAward]


class DecreeIn(In):
    """The decree of commendation (Art. 22)."""

    number: DocumentNumber = Field(examples=["会府字〔2024〕12号"])
    dated: Day = Field(examples=["2024-09-28"])


class DecreeOut(Out):
    """The decree with the awards that it conferred."""

    round_id: UUID
    round_state: RoundState
    number: str
    dated: date
    warnings: list[FindingView] = Field(description="What should be checked, e.g. a malformed number.")
    awards: list[ApprovedAward]


class StrikeIn(In):
    """Fraud that was verified before the decree (Art. 26)."""

    found_on: Day = Field(examples=["2024-09-27"])
    reason: Paragraph = Field(examples=["申报材料中的审计报告系伪造。"])
    evidence: Paragraph = Field(examples=["会计师事务所复函"])
