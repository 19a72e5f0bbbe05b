"""What follows an award, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.disclosure import DisclosureMatter, DisclosureOutcome
from app.measures.sharing import SharingKind
from app.measures.title_use import MarkReportKind, TitleUseKind
from app.schemas.common import Action, Day, In, Line, Out, Paragraph, Reference, Worded, WordedLong
from app.schemas.once import Once
from app.schemas.words import MarkReportState, MisuseState, VisitState

Visitors = Annotated[list[Line], Field(min_length=1, max_length=20), Once()]


class VisitIn(In):
    """A planned visit to a winner (Art. 27)."""

    planned_on: Day
    visitors: Visitors


class VisitFindingsIn(In):
    """What a visit to a winner found (Art. 27)."""

    visited_on: Day
    visitors: Visitors
    findings: WordedLong
    follow_up: Paragraph


class CancelVisitIn(In):
    """Why a planned visit does not take place (Art. 27)."""

    reason: Worded


class VisitOut(Out):
    """A visit to a winner, planned, done or cancelled (Art. 27)."""

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
    evidence: Worded
    order_text: Worded
    correct_by: Day


class CorrectionIn(In):
    """How and when a misuse of the title was corrected (Art. 23)."""

    corrected_on: Day
    correction: Worded


class MisuseOut(Out):
    """A misuse of the title with its correction order (Art. 23)."""

    id: UUID
    award_id: UUID
    use: TitleUseKind
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

    kind: SharingKind
    held_on: Day
    title: Reference
    description: Worded
    trade_secret: bool = False


class SharingOut(Out):
    """An occasion on which a winner shared its experience (Art. 25)."""

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

    kind: MarkReportKind
    subject: Line = Field(description="Who or what it is about. Read by the report's investigator alone.")
    description: Paragraph = Field(description="As the subject.")
    reporter_name: Line | None = Field(None, description="As the subject.")
    reporter_contact: Line | None = Field(None, description="As the subject.")


class MarkReportSubmission(Out):
    """The receipt of a report on a forged or misused mark (Art. 31)."""

    id: UUID
    tracking_code: str | None = Field(
        description="Shown this once; null where the request is repeated with the same `Idempotency-Key`."
    )


class MarkReportStatus(Out):
    """What became of a report, for whoever holds its tracking code."""

    kind: MarkReportKind
    state: MarkReportState
    received_at: datetime
    followed_up_at: datetime | None


class ReporterOut(Out):
    """A report as it came, for its investigator: about whom, the words, who reported, null where that is not said."""

    report_id: UUID
    subject: str
    description: str
    name: str | None
    contact: str | None


class MarkReportOut(Out):
    """A report as everybody but its investigator knows it: neither what came in nor who brought it, but the
    investigator's summary."""

    id: UUID
    kind: MarkReportKind
    state: MarkReportState
    investigator_id: UUID | None = Field(description="The account that alone reads it as it came; null: not assigned.")
    conflict_check: str | None = Field(description="How it was looked whether the investigator is free of interests.")
    summary: str | None = Field(description="What the investigator says of it. Null: not yet summarised.")
    summarised_at: datetime | None
    follow_up: str | None
    created_at: datetime
    available_actions: list[Action] = Field(default_factory=list)


class ReportRecusalIn(In):
    """Why the investigator withdraws from a report."""

    reason: Worded = Field(examples=["配偶在被举报单位任职。"])


class ReportInvestigatorIn(In):
    """Who investigates a report of a mark: an account of a person in the office, free of interests in the matter."""

    account_id: UUID
    conflict_check: Worded = Field(
        description="How it was looked whether the investigator is free of interests in whom the report may concern.",
        examples=["本人书面声明与被举报对象无利害关系。"],
    )
    reason: Worded | None = Field(
        None, description="Why another is replaced; required then.", examples=["原承办人调离。"]
    )


class DisclosureRequestIn(In):
    """What its investigator must read as it came: an objection, or a report."""

    matter: DisclosureMatter = Field(examples=["objection"])
    matter_id: UUID
    reason: Worded = Field(
        description="Read by whoever decides; name nobody in it.", examples=["须向异议人核实抽查的日期。"]
    )


class DisclosureDecisionIn(In):
    """What another person says to the request."""

    outcome: DisclosureOutcome = Field(examples=["released"])
    statement: Worded = Field(
        description="Why, and how it was looked whether whoever decides is free of interests.",
        examples=["理由成立；本人与被异议组织无利害关系。"],
    )


class DisclosureWithdrawalIn(In):
    """Why a release is taken back."""

    reason: Worded = Field(examples=["放行有误。"])


class DisclosureOut(Out):
    """A request to read an objection or a report as it came, and its decision."""

    id: UUID
    matter: DisclosureMatter
    matter_id: UUID
    published_name: str | None = Field(description="Whom the objection is about.")
    asked_by: UUID
    created_at: datetime
    reason: str
    decided_by: UUID | None
    decided_at: datetime | None
    outcome: DisclosureOutcome | None
    statement: str | None
    ends_at: datetime = Field(description="Of the request; once it is released, of the release.")
    withdrawn_at: datetime | None = Field(description="When it ended before that, for good.")
    withdrawn_by: UUID | None


class ReportSummaryIn(In):
    """What the investigator says of a report to all others."""

    summary: WordedLong = Field(
        description="What is reported, with nothing that tells who reported.",
        examples=["反映某门店悬挂伪造的奖牌。"],
    )


class FollowUpIn(In):
    """What was done about a report on a mark (Art. 31)."""

    text: Paragraph
