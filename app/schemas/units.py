"""Recommending units, departments and cultivation records on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.facts import RecordCategory, UnitKind
from app.measures.units import CultivationKind
from app.schemas.common import Day, In, Line, Name, Out, Paragraph, Reference, Uscc, Worded
from app.schemas.once import Once


class UnitIn(In):
    """A recommending unit (Art. 3, 12)."""

    name: Name = Field(examples=["样例镇人民政府"])
    kind: UnitKind = Field(description="What it is.", examples=[UnitKind.TOWNSHIP])
    area: Line | None = Field(
        None, description="Townships and committees: the area, as organisations name it.", examples=["样例镇"]
    )
    industry: Line | None = Field(
        None,
        description="Departments and associations: the industry as section letters or leading digits of GB/T 4754, or "
        "in words; the example of a township has none.",
        json_schema_extra={"example": None},
    )
    uscc: Uscc | None = Field(None, description="Its own credit code: a unit never recommends itself (Art. 3).")


class UnitOut(Out):
    """A recommending unit with its area or industry (Arts. 3, 12)."""

    id: UUID
    name: str
    kind: UnitKind
    area: str | None
    industry: str | None
    uscc: str | None
    active: bool


class DepartmentIn(In):
    """A department that is consulted (Art. 17)."""

    name: Name = Field(examples=["样例管理局"])
    name_en: Line = Field(examples=["Sample authority"])
    categories: Annotated[list[RecordCategory], Field(min_length=1, max_length=8), Once()] = Field(
        description="The categories of Art. 13(6) that it can answer for.",
        examples=[["fatal_accident", "other_violation"]],
    )


class DepartmentOut(Out):
    """A department and the categories of Art. 13(6) that it answers for (Art. 17)."""

    id: UUID
    name: str
    name_en: str
    categories: list[RecordCategory]
    active: bool


class CultivationIn(In):
    """What a unit did to cultivate organisations or to promote quality (Art. 12)."""

    kind: CultivationKind
    held_on: Day = Field(description="Not in the future.", examples=["2024-02-20"])
    subject: Reference = Field(examples=["卓越绩效管理培训"])
    description: Paragraph = Field(examples=["为辖区内 12 家企业讲解评审准则。"])
    organisation_id: UUID | None = Field(None, description="The organisation that it was for, where it was for one.")


class CultivationWithdrawalIn(In):
    """Why a record is taken back."""

    reason: Worded = Field(examples=["重复登记"])


class CultivationOut(Out):
    """A record of a unit's work. It is reported; no recommendation or award depends on it."""

    id: UUID
    unit_id: UUID
    unit_name: str
    kind: CultivationKind
    held_on: date
    subject: str
    description: str
    organisation_id: UUID | None
    organisation_name: str | None
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
