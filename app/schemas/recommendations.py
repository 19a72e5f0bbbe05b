"""Recommendations on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.common import Action, Day, In, Line, Out, Paragraph
from app.schemas.words import RecommendationState


class EndorsementIn(In):
    """The opinion form of an endorsement (Art. 3, 12)."""

    facts_verified: Annotated[list[Line], Field(min_length=1, max_length=50)] = Field(
        description="What the unit has verified.", examples=[["登记信息", "经营地址", "近三年主要指标"]]
    )
    opinion: Paragraph = Field(examples=["经核实，同意推荐。"])
    signatory: Line = Field(examples=["样例负责人"])
    signed_on: Day = Field(description="Not in the future.", examples=["2024-03-20"])
    trade_reason: Paragraph | None = Field(
        None, description="Departments and associations: why it is of their trade or system (Art. 12)."
    )
    seal_file_id: UUID | None = Field(None, description="The scanned, sealed opinion.")


class RecommendationRefusalIn(In):
    """Why a unit declines or returns (Art. 3)."""

    reason: Paragraph = Field(examples=["近三年主要指标与统计数据不一致，请核对后重新申请。"])
    signatory: Line | None = Field(None, examples=["样例负责人"])


class RecommendationOut(Out):
    """A recommendation asked for, given, or refused."""

    id: UUID
    application_id: UUID
    round_id: UUID
    organisation_id: UUID
    organisation_name: str
    uscc: str
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
    trade_reason: str | None
    reason: str | None
    seal_file_id: UUID | None
    answered_at: datetime | None
    version: int
    available_actions: list[Action] = Field(default_factory=list)
