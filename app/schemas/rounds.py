"""Rounds on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, HttpUrl

from app.schemas.common import Action, Day, In, Line, Out, Paragraph
from app.schemas.words import RoundState

Year = Annotated[int, Field(ge=2023, le=2199)]
ReviewRulesIn = Annotated[
    dict[str, object],
    Field(
        description="The round's review rules (Art. 10), as `GET /v1/measures/review-rules-default` shows them.",
        max_length=60,
    ),
]


class RoundIn(In):
    """A round in preparation."""

    year: Year = Field(examples=[2024])
    title: Line = Field(examples=["第一届“会昌独好”质量奖"])
    review_rules: ReviewRulesIn | None = Field(None, description="The shipped default where missing.")


class RoundPatch(In):
    """What changes; the rest stays."""

    year: Year | None = None
    title: Line | None = None
    review_rules: ReviewRulesIn | None = None


class CallIn(In):
    """The published call (Art. 16)."""

    title: Line = Field(examples=["关于开展第一届“会昌独好”质量奖评审的通知"])
    channels: Annotated[list[Line], Field(min_length=1, max_length=20)] = Field(examples=[["县政府网站"]])
    deadline: Day = Field(description="Last day for applications, until 24:00 in Shanghai.", examples=["2024-04-30"])
    url: HttpUrl | None = None


class ExtensionIn(In):
    """A later deadline (Art. 16)."""

    new_deadline: Day
    reason: Paragraph
    channel: Line


class CancellationIn(In):
    """Why the round is cancelled (Art. 10)."""

    reason: Paragraph


class CallOut(Out):
    """The call as it was published (Art. 16)."""

    title: str
    channels: list[str]
    url: str | None


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


class RoundOut(RoundSummary):
    """A round with what was frozen at its call."""

    instrument_number: str | None
    parameters: dict[str, object] | None
    readings: dict[str, object] | None
    review_rules: dict[str, object]
    review_rules_hash: str
    call: CallOut | None
    cancelled_reason: str | None
    version: int
    available_actions: list[Action] = Field(default_factory=list)
