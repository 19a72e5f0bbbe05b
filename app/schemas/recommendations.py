"""Recommendations on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.recommendations import RecommendationAnswer
from app.schemas.common import WARNED, Action, Day, DocumentNumber, FindingView, In, Name, Out, Worded, WordedLine
from app.schemas.once import Once
from app.schemas.words import OrganisationStateName, RecommendationChangeName, RecommendationState

Order = Annotated[int, Field(ge=1, le=500, examples=[1])]
_ID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"


class BatchItemIn(In):
    """One opinion. `endorsed` needs `facts_verified`, `opinion`, `signatory` and `signed_on`; `declined` and `returned`
    need `reason`."""

    recommendation_id: UUID
    outcome: RecommendationAnswer
    version: int | None = Field(
        None, ge=1, le=2**53, description="The version that was read: a later one refuses the item.", examples=[1]
    )
    facts_verified: Annotated[list[WordedLine], Field(max_length=50), Once()] | None = Field(
        None, description="What the unit has verified.", examples=[["登记信息", "经营地址"]]
    )
    opinion: Worded | None = Field(None, examples=["经核实，同意推荐。"])
    signatory: Name | None = Field(None, examples=["样例负责人"])
    signed_on: Day | None = Field(None, description="Not in the future, nor before the call.", examples=["2024-03-20"])
    industry_justification: Worded | None = Field(
        None,
        description="Departments and associations: why it is of their industry or system (Art. 12).",
        examples=["属于本行业主管范围。"],
    )
    stamped_opinion_id: UUID | None = Field(None, description="A stamped opinion of the unit.")
    letter_number: DocumentNumber | None = Field(
        None,
        description="Number of the recommendation letter, of the year in which it was signed.",
        examples=["会文府字〔2024〕15号"],
    )
    order: Order | None = Field(None, description="Its place among those that the unit recommends in the round.")
    reason: Worded | None = Field(
        None, description="Why it is declined or returned.", examples=["近三年主要指标与统计数据不一致，请核对。"]
    )


class BatchIn(In):
    """Many opinions, all or none. At most as many as the settings permit (500 by default)."""

    items: Annotated[list[BatchItemIn], Field(min_length=1)] = Field(
        examples=[
            [
                {
                    "recommendation_id": _ID,
                    "outcome": "endorsed",
                    "facts_verified": ["登记信息", "经营地址"],
                    "opinion": "经核实，同意推荐。",
                    "signatory": "样例负责人",
                    "signed_on": "2024-03-20",
                }
            ]
        ],
    )


class BatchItemOut(Out):
    """What became of one opinion."""

    recommendation_id: UUID
    application_id: UUID
    state: RecommendationState
    version: int
    warnings: list[FindingView] = Field(description=WARNED)


class BatchOut(Out):
    """Every opinion, in the order in which they came."""

    items: list[BatchItemOut]


class ChangeOut(Out):
    """One change: ids only. What is now is read at the recommendation and the application."""

    position: int = Field(examples=[42])
    type: RecommendationChangeName = Field(examples=["recommendation.requested"])
    changed_at: datetime
    recommendation_id: UUID
    application_id: UUID


class ChangesOut(Out):
    """Changes in order. Ask again with `after=next_after`; nothing is skipped and nothing repeats."""

    items: list[ChangeOut]
    next_after: int


class StampedOpinionOut(Out):
    """A stamped opinion as it was taken."""

    id: UUID
    unit_id: UUID | None = Field(description="The unit whose it is; null: a department's.")
    department_id: UUID | None = Field(description="The department whose it is; null: a unit's.")
    filename: str
    media_type: str = Field(description="Told by content.", examples=["application/pdf"])
    size: int = Field(description="Bytes.")
    sha256: str
    created_at: datetime


class WebhookIn(In):
    """Where a unit wants to be told of changes."""

    url: Annotated[str, Field(min_length=1, max_length=500)] = Field(
        description="https, on the public network, without credentials.", examples=["https://example.org/award-changes"]
    )
    after: int | None = Field(
        None, ge=0, le=2**53, description="Tell what follows this position; null: what comes from now on."
    )


class WebhookOut(Out):
    """An endpoint of the unit. Its secret is not shown again."""

    id: UUID
    url: str
    delivered_position: int = Field(description="Up to which position of the changes it has been told.")
    failures: int = Field(description="Attempts in a row that failed.")
    last_error: str | None = Field(
        description="`status_503`, `timeout`, `connection`, `tls`, `unresolved`, `not_public` …",
        examples=["status_503"],
    )
    next_attempt_at: datetime | None
    deactivated_at: datetime | None
    deactivated_reason: str | None = Field(
        description="`by_unit`; `failures` after ten in a row; `gone` when the receiver answered 410."
    )
    previous_secret_until: datetime | None = Field(description="Until when the secret before the rotation signs too.")
    created_at: datetime


class WebhookMade(WebhookOut):
    """An endpoint with its secret, shown this once."""

    secret: str | None = Field(
        description="Verifies the signatures (Standard Webhooks). Null in a repeated answer: rotate it if it was lost.",
        examples=["whsec_c2FtcGxlLXNlY3JldC1vZi10aGUtY29udHJhY3QtMDE="],
    )


class EndorsementIn(In):
    """The opinion form of an endorsement (Art. 3, 12)."""

    facts_verified: Annotated[list[WordedLine], Field(min_length=1, max_length=50), Once()] = Field(
        description="What the unit has verified.", examples=[["登记信息", "经营地址", "近三年主要指标"]]
    )
    opinion: Worded = Field(examples=["经核实，同意推荐。"])
    signatory: Name = Field(examples=["样例负责人"])
    signed_on: Day = Field(description="Not in the future, nor before the call.", examples=["2024-03-20"])
    industry_justification: Worded | None = Field(
        None, description="Departments and associations: why it is of their industry or system (Art. 12)."
    )
    stamped_opinion_id: UUID | None = Field(None, description="The scanned, stamped opinion.")
    letter_number: DocumentNumber | None = Field(
        None,
        description="Number of the recommendation letter, of the year in which it was signed.",
        examples=["会文府字〔2024〕15号"],
    )
    order: Order | None = Field(None, description="Its place among those that the unit recommends in the round.")


class CountyEndorsementIn(In):
    """The opinion of the county's competent department, beside a township's recommendation (Art. 3)."""

    opinion: Worded = Field(examples=["情况属实，同意推荐。"])
    signatory: Name = Field(examples=["样例主管部门负责人"])
    signed_on: Day = Field(description="Not in the future, nor before the call.", examples=["2024-03-22"])
    letter_number: DocumentNumber | None = Field(None, examples=["会工信字〔2024〕9号"])
    stamped_opinion_id: UUID | None = Field(None, description="A stamped opinion of the department.")


class CountyEndorsementOut(Out):
    """The department's opinion as it was given (Art. 3)."""

    opinion: str
    signatory: str
    signed_on: date
    letter_number: str | None
    endorsed_at: datetime


class RecommendationRefusalIn(In):
    """Why a unit declines or returns (Art. 3)."""

    reason: Worded = Field(examples=["近三年主要指标与统计数据不一致，请核对后重新申请。"])
    signatory: Name | None = Field(None, examples=["样例负责人"])


class RecommendationOut(Out):
    """A recommendation asked for, given, or refused."""

    id: UUID
    application_id: UUID
    round_id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
    organisation_state: OrganisationStateName = Field(
        description="`unverified`: the unit may verify the registration against a document (Art. 13(1))."
    )
    unit_id: UUID
    unit_name: str
    state: RecommendationState
    created_at: datetime
    due_at: datetime | None = Field(description="Until when the unit can endorse; exclusive.")
    content_hash: str = Field(description="SHA-256 of the content that the recommendation is about.")
    facts_verified: list[str] | None
    opinion: str | None
    signatory: str | None
    signed_on: date | None
    industry_justification: str | None
    reason: str | None
    stamped_opinion_id: UUID | None
    letter_number: str | None
    order: int | None = Field(description="Its place among those that the unit recommends in the round.")
    county_unit_id: UUID | None = Field(
        description="The competent department that endorses for the county, where the applicant has named one."
    )
    county_endorsement: CountyEndorsementOut | None = Field(description="Its opinion, once it is given.")
    county_stamped_opinion_id: UUID | None
    answered_at: datetime | None
    version: int
    available_actions: list[Action] = Field(default_factory=list)


class RecommendationGiven(RecommendationOut):
    """What the unit or the county's department has recommended, with what to check of its letter (Art. 3)."""

    warnings: list[FindingView] = Field(description=WARNED)
