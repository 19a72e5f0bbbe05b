"""Panels, score sheets, reports, the on-site list and the evaluation on the wire. Scores are decimal strings of
points."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, model_validator

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import Format
from app.measures.review_rules import SchemeItem
from app.measures.reviews import Stage, SurveyMethod
from app.measures.sectors import SeatCategory, SectorTag
from app.schemas.applications import FormHeld, FrozenMaterial, OrganisationInApplication
from app.schemas.common import AS_TYPED, Day, FindingView, In, LongText, Out, Paragraph, Reference, Worded, fault
from app.schemas.held import Holds
from app.schemas.once import Once
from app.schemas.reviewers import PanelChangeOut
from app.schemas.words import (
    ApplicationState,
    AssignmentState,
    SheetState,
    StageName,
)
from app.services.reviewers.stage import points

Points = Annotated[
    Decimal,
    PlainSerializer(lambda value: str(points(value)), return_type=str),
    Field(description="Points of the round's total, two places.", examples=["652.50"]),
]
PointsIn = Annotated[
    str,
    StringConstraints(pattern=Format.POINTS.value),
    AS_TYPED,
    Field(description="Points of the round's total, at most two places.", examples=["652.5"]),
]
ItemCode = Annotated[str, StringConstraints(pattern=Format.ITEM_CODE.value)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100, description="Percentage of the item's points.")]


class AssignmentsIn(In):
    """Reviewers for the panel of an application at one stage: all of them or none."""

    stage: Stage = Field(examples=[Stage.MATERIAL])
    reviewer_ids: Annotated[list[UUID], Field(min_length=1, max_length=20), Once()]
    leader_id: UUID | None = Field(None, description="Who leads the panel; one of them.")
    due_on: Day | None = Field(
        None, description="Last day for the sheets, included; not past.", examples=["2024-06-20"]
    )


class AssignmentOut(Out):
    """A review assignment. Whose it is, is for the office and the auditor, by the pool's id."""

    id: UUID
    round_id: UUID
    application_id: UUID
    application_number: str | None
    organisation_name: str
    uscc: str
    seat_category: SeatCategory | None
    stage: StageName
    leader: bool
    state: AssignmentState
    due_on: date | None = Field(description="Last day for the sheet, included; null: none is set.")
    late: bool = Field(description="The last day is over, and the sheet is not in.")
    state_reason: str | None
    ended_at: datetime | None
    reviewer_id: UUID | None = Field(description="Null where a reviewer asks.")
    sheet_state: SheetState
    submitted_at: datetime | None
    created_at: datetime


class AssignmentsOut(Out):
    """The assignments that were made together (Arts. 18, 19)."""

    items: list[AssignmentOut]


class AssignmentDetail(AssignmentOut):
    """One assignment, with what keeps its reviewer from the work (Arts. 11, 29)."""

    blocked_by: list[FindingView] = Field(
        description="What keeps the calling reviewer from the work now (Arts. 11, 29); empty for others."
    )


class RecusalOut(Out):
    """An assignment that ended by recusal, and the panels that it opened again (Art. 29)."""

    assignment_id: UUID
    state: AssignmentState
    ended_at: datetime | None
    panels: list[PanelChangeOut]


class DossierOut(Out):
    """The application as frozen at its submission, and what it is judged by."""

    assignment_id: UUID
    application_id: UUID
    number: str | None
    stage: StageName
    content_hash: str | None
    organisation: Annotated[dict[str, object], Holds(OrganisationInApplication)]
    content: FormHeld
    materials: list[Annotated[dict[str, object], Holds(FrozenMaterial)]]
    items: list[Annotated[dict[str, object], Holds(SchemeItem)]] = Field(
        description="The scoring scheme of the round's frozen rules."
    )
    score_step: int
    rules_hash: str


class FileAccessOut(Out):
    """One opening; `attachment_id` null: the dossier as a whole."""

    id: UUID
    account_id: UUID
    application_id: UUID
    attachment_id: UUID | None
    opened_at: datetime = Field(validation_alias="created_at")


class SheetPatch(In):
    """What is entered; null takes an entry back; the rest stays."""

    scores: Annotated[dict[ItemCode, Percent | None], Field(max_length=200)] = Field(
        default_factory=dict,
        description="Percentage by item, in the steps of the round's rules.",
        examples=[{"4.1.1": 65, "4.1.2": 70}],
    )
    comments: Annotated[dict[ItemCode, Paragraph | None], Field(max_length=200)] = Field(
        default_factory=dict,
        description="Strengths and openings for improvement, by item.",
        examples=[{"4.1.1": "优势：……；改进机会：……"}],
    )


class SheetOut(Out):
    """A score sheet. `total` in points, once it is submitted."""

    assignment_id: UUID
    state: SheetState
    scores: dict[str, int]
    comments: dict[str, str]
    total: Points | None
    submitted_at: datetime | None
    version: int


class OtherSheetOut(Out):
    """Another member's sheet, by a letter."""

    member: str = Field(examples=["B"])
    scores: dict[str, int]
    comments: dict[str, str]
    total: Points | None
    submitted_at: datetime | None


class OtherSheetsOut(Out):
    """The other members' sheets of a panel, once the caller's own is submitted (Arts. 18, 19)."""

    items: list[OtherSheetOut]


class PanelSheetOut(Out):
    """A review assignment with its sheet; a draft's entries are its reviewer's own."""

    assignment_id: UUID
    reviewer_id: UUID
    stage: StageName
    assignment_state: AssignmentState
    sheet_state: SheetState
    scores: dict[str, int] | None
    comments: dict[str, str] | None
    total: Points | None
    submitted_at: datetime | None


class PanelSheetsOut(Out):
    """All sheets of a panel, for the office (Arts. 18, 19)."""

    items: list[PanelSheetOut]


class MaterialReportIn(In):
    """The material report on one application (Art. 18)."""

    summary: LongText = Field(examples=["综合评述：……"])
    consensus_score: PointsIn | None = Field(
        None, description="Where the sheets lie further apart than the rules allow."
    )
    consensus_reason: Worded | None = Field(None, examples=["经合议，对结果类评分项统一尺度。"])

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if (self.consensus_score is None) != (self.consensus_reason is None):
            raise fault(
                "合议得分与合议理由须同时填写",
                "consensus_score and consensus_reason go together",
                FieldCode.INCONSISTENT,
            )
        return self


class CustomerSurveyIn(In):
    """A survey among the organisation's customers (Art. 19)."""

    method: SurveyMethod = Field(description="How they were asked.")
    sample: Annotated[int, Field(ge=1, le=10**7)] = Field(description="How many were asked.", examples=[120])
    answered: Annotated[int, Field(ge=1, le=10**7)] = Field(description="How many of them answered.", examples=[96])
    satisfaction: Annotated[str, StringConstraints(pattern=Format.SHARE.value), AS_TYPED] = Field(
        description="Satisfaction, a share of a hundred.", examples=["93.4"]
    )
    carried_out_on: Day = Field(description="Not in the future.", examples=["2024-06-10"])
    carried_out_by: Reference = Field(examples=["样例调查机构"])

    @model_validator(mode="after")
    def _of_the_sample(self) -> Self:
        if self.answered > self.sample:
            raise fault("答复数多于样本数", "More have answered than were asked", FieldCode.INCONSISTENT)
        return self


class CustomerSurveyOut(Out):
    """The survey as it was recorded (Art. 19)."""

    method: SurveyMethod
    sample: int
    answered: int
    satisfaction: str
    carried_out_on: date
    carried_out_by: str


class OnsiteReportIn(MaterialReportIn):
    """The on-site report on one application (Art. 19)."""

    visited_on: Day = Field(description="When the panel was there.", examples=["2024-06-12"])
    customer_survey: CustomerSurveyIn | None = Field(None, description="Where the rules of the round ask for one.")


class CountedSheet(Out):
    """A sheet that a stage report rests on."""

    assignment_id: UUID
    total: str


class StageReportOut(Out):
    """A report on one application. `score` is the panel's mean, or its consensus."""

    id: UUID
    application_id: UUID
    stage: StageName
    score: Points
    mean: Points
    spread: Points
    consensus: bool
    consensus_reason: str | None
    summary: str
    visited_on: date | None
    customer_survey: CustomerSurveyOut | None
    sheets: list[CountedSheet] = Field(description="Assignment and total of each sheet that it rests on.")
    created_at: datetime
    voided_at: datetime | None = Field(description="Since when it counts no longer (Arts. 29, 30).")
    void_reason: str | None


class StageReportsOut(Out):
    """The reports of an application's stages (Arts. 18, 19)."""

    items: list[StageReportOut]


class ShortlistLine(Out):
    """One organisation of the on-site list, or left out of it with the reason."""

    application_id: UUID
    application_number: str | None
    organisation_name: str
    uscc: str
    seat_category: SeatCategory
    included: bool
    application_state: ApplicationState
    rank: int | None = Field(description="Within the seat category; equal for equal scores. Null for reviewers.")
    tied: bool | None
    score: Points | None
    reason_zh: str | None
    reason_en: str | None


class OnsiteListOut(Out):
    """The on-site list of a round (Art. 18). Nothing breaks a tie: `tied` says so."""

    round_id: UUID
    rules_hash: str
    items: list[ShortlistLine]


class PreferenceIn(In):
    """A claim under Art. 14 or 15 that the office grants, where the round's published rules give points for it."""

    application_id: UUID
    tag: SectorTag = Field(examples=["encouraged"])
    reason: Worded = Field(examples=["经核实为创新型中小企业。"])


class EvaluationIn(In):
    """The evaluation report (Art. 20)."""

    summary: LongText = Field(examples=["综合评价：……"])
    preferences: Annotated[list[PreferenceIn], Field(max_length=200), Once("application_id", "tag")] = Field(
        default_factory=list, description="Claims granted; none: no preference points."
    )
