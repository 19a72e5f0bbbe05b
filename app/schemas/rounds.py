"""Rounds on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, HttpUrl, PlainSerializer

from app.measures.asks import (
    AskedOf,
    CommitteeDetail,
    DecreeDetail,
    FormField,
    IndicatorUnit,
    NoticeCounting,
    OpinionDetail,
    ProductDetail,
    RecommendationDetail,
    ReviewDetail,
)
from app.measures.review_rules import ReviewRules
from app.schemas.common import Action, Day, In, Line, Out, Reference, Worded, action_views
from app.schemas.held import Holds
from app.schemas.instruments import ParametersHeld
from app.schemas.once import Once
from app.schemas.words import RoundState
from app.services.lifecycle import AvailableAction

Bound = Annotated[Decimal, PlainSerializer(str, return_type=str)]
Year = Annotated[int, Field(ge=2023, le=2199)]
ReviewRulesIn = Annotated[
    dict[str, object],
    Holds(ReviewRules),
    Field(
        description="The round's review rules (Art. 10), as `GET /v1/measures/review-rules-default` shows them; `asks` "
        "is what the round requires beyond the measures, as `asks` of a round shows it.",
        max_length=60,
    ),
]


class RoundIn(In):
    """A round in preparation."""

    year: Year = Field(examples=[2024])
    title: Reference = Field(examples=["第一届“会昌独好”质量奖"])
    review_rules: ReviewRulesIn | None = Field(None, description="The shipped default where missing.")


class RoundPatch(In):
    """What changes; the rest stays."""

    year: Year | None = None
    title: Reference | None = None
    review_rules: ReviewRulesIn | None = None


class ExplainedPaymentIn(In):
    """Why a material that shows a payment is no fee of the review (Art. 7)."""

    code: Line = Field(description="Of the material, section or indicator.", examples=["training_invoice"])
    reason: Worded = Field(examples=["证明申报组织自身的职工培训投入，与评审无关。"])


class CallIn(In):
    """The published call (Art. 16)."""

    title: Reference = Field(examples=["关于开展第一届“会昌独好”质量奖评审的通知"])
    channels: Annotated[list[Reference], Field(min_length=1, max_length=20), Once()] = Field(examples=[["县政府网站"]])
    deadline: Day = Field(description="Last day for applications, until 24:00 in Shanghai.", examples=["2024-04-30"])
    url: HttpUrl | None = None
    explained_payments: Annotated[list[ExplainedPaymentIn], Field(max_length=50), Once("code")] = Field(
        default_factory=list,
        description="For each required material that shows a payment (an invoice, a transfer): why it is none to the "
        "review, which charges nothing (Art. 7). Kept on record.",
    )


class ExtensionIn(In):
    """A later deadline (Art. 16)."""

    new_deadline: Day
    reason: Worded
    channel: Line


class CancellationIn(In):
    """Why the round is cancelled (Art. 10)."""

    reason: Worded


class CallOut(Out):
    """The call as it was published (Art. 16)."""

    title: str
    channels: list[str]
    url: str | None


class IndicatorOut(Out):
    """A yearly indicator (Art. 5): what it is counted in, and between which bounds its value lies."""

    code: str = Field(examples=["customer_satisfaction"])
    zh: str
    en: str
    counted_in: IndicatorUnit
    at_least: Bound | None = Field(None, description="Lower bound, included; null: none.")
    at_most: Bound | None = Field(None, description="Upper bound, included; null: none.")
    asked_of: AskedOf = Field(AskedOf.EVERYBODY, description="Whose indicator it is.")


class IndicatorsOut(Out):
    """Indicators for the office to choose from when it writes a round's rules (Art. 10)."""

    items: list[IndicatorOut]


class SectionLengthOut(Out):
    """How long a section's text is to be, in characters without blanks (Art. 10)."""

    code: str
    at_least: int | None = None
    at_most: int | None = None


class InternalNoticePeriodOut(Out):
    """For how many days the organisation publishes its application to its own staff (Art. 10)."""

    days: int
    counted: NoticeCounting = NoticeCounting.CALENDAR_DAYS


class AsksOut(Out):
    """What a round requires beyond the measures (Arts. 10, 11(1)); empty where it requires nothing."""

    form_fields: list[FormField] = Field(default_factory=list, description="Parts of the form, by their names.")
    product_details: list[ProductDetail] = Field(default_factory=list, description="Of each main product.")
    indicators: list[IndicatorOut] = Field(default_factory=list, description="Of each year of Art. 5.")
    section_lengths: list[SectionLengthOut] = Field(default_factory=list)
    internal_notice: InternalNoticePeriodOut | None = Field(
        None, description="Over before a recommendation is asked for; null: not asked."
    )
    recommendation: list[RecommendationDetail] = Field(default_factory=list, description="Of a unit (Art. 3).")
    opinions: list[OpinionDetail] = Field(default_factory=list, description="Of a department (Art. 17).")
    review: list[ReviewDetail] = Field(default_factory=list, description="Of the panels (Arts. 18, 19).")
    committee: list[CommitteeDetail] = Field(default_factory=list, description="Of the committee (Art. 11(5)).")
    decree: list[DecreeDetail] = Field(default_factory=list, description="Of the decree's record (Art. 22).")


class RoundSummary(Out):
    """A round in a list."""

    id: UUID
    year: int
    title: str
    state: RoundState
    ordinal: int | None
    called_at: datetime | None
    deadline: date | None
    concluded_at: datetime | None
    is_sample: bool


class RoundAction(Action):
    """An act on the round. Of one on all its applications `blocked_by` names the first few findings."""

    further: int = Field(0, description="How many more findings stand in the way; the act's dry run names them.")
    in_full: bool = Field(
        True, description="False: not all that the act asks of each application was looked at; its dry run does."
    )


class RoundReadings(Out):
    """How the open questions are read in the round (Art. 32), by the key of the question."""

    values: dict[str, str] = Field(description="The option that was chosen.")
    documents: dict[str, str] = Field(description="The document that says so; none where it is the default.")


class RoundOut(RoundSummary):
    """A round with what was frozen at its call."""

    instrument_number: str | None
    parameters: ParametersHeld | None
    readings: Annotated[dict[str, object], Holds(RoundReadings)] | None
    review_rules: Annotated[dict[str, object], Holds(ReviewRules)]
    review_rules_hash: str
    asks: AsksOut = Field(default_factory=AsksOut, description="`asks` of the review rules.")
    call: CallOut | None
    cancelled_reason: str | None
    version: int
    available_actions: list[RoundAction] = Field(default_factory=list)


def round_action_views(actions: Sequence[AvailableAction]) -> list[RoundAction]:
    """What a caller may do with a round, on the wire."""
    return [
        RoundAction(**dict(view), further=item.further, in_full=item.in_full)
        for view, item in zip(action_views(actions), actions, strict=True)
    ]
