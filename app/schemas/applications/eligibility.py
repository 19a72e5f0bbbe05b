"""The open eligibility check on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.kernel.error_codes import FieldCode
from app.measures.facts import LegalForm
from app.schemas.applications import DraftFinding
from app.schemas.applications.content import ContentIn
from app.schemas.common import CountyCode, Day, FindingView, In, Line, LooseSector, Out, Uscc, fault
from app.schemas.once import Once


class CheckedOrganisation(In):
    """The organisation that would apply. Name, code and address may stay out."""

    name: Line | None = Field(None, examples=["样例制造有限公司"])
    uscc: Uscc | None = None
    legal_form: LegalForm = Field(examples=["limited_company"])
    county_code: CountyCode = Field(description="Six digits of the registered address.", examples=["360733"])
    registered_address: Line | None = Field(None, examples=["江西省赣州市会昌县文武坝镇样例路1号"])
    area: Line | None = Field(None, description="Township or community committee.", examples=["文武坝镇"])
    established_on: Day = Field(examples=["2015-05-20"])
    operating: bool = Field(description="Whether it produces or operates; a for-profit school or hospital does.")
    sector: LooseSector = Field(description="GB/T 4754: two or four digits.", examples=["1392"])


class PastAwardIn(In):
    """An award of an earlier round, of the organisation or a predecessor (Art. 6)."""

    round_ordinal: Annotated[int, Field(ge=1, le=1000)] = Field(description="Which round.", examples=[1])
    awarded_on: Day = Field(description="The decree's date.")
    revoked: bool = Field(False, description="Whether it was revoked since.")


class ExclusionIn(In):
    """A period of exclusion (Arts. 26, 28)."""

    from_day: Day
    last_day: Day = Field(description="Included.")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.last_day < self.from_day:
            raise fault("截止日期早于起始日期", "last_day is before from_day", FieldCode.END_BEFORE_START)
        return self


class EligibilityCheckIn(In):
    """Facts as an application would state them. Nothing of it is stored."""

    organisation: CheckedOrganisation
    content: ContentIn = Field(description="The form, as `PATCH /v1/applications/{id}` takes it; it may have gaps.")
    past_awards: Annotated[list[PastAwardIn], Field(max_length=50), Once("round_ordinal")] = Field(
        default_factory=list, description="Art. 6."
    )
    exclusions: Annotated[list[ExclusionIn], Field(max_length=20)] = Field(
        default_factory=list, description="Arts. 26, 28."
    )
    submission_date: Day | None = Field(None, description="The day of the submission; today where missing.")


class CheckedRound(Out):
    """By which round it was tested."""

    round_id: UUID | None = Field(description="Of the round that takes applications; null: the next one's rules.")
    year: int
    ordinal: int


class EligibilityCheckOut(Out):
    """The findings of the submission's gate."""

    tested_on: date
    round: CheckedRound
    call: list[FindingView] = Field(description="Whether applications are (Art. 16) or could be taken (Art. 33).")
    eligible: bool = Field(description="Whether `call` and every condition that the service decides are met.")
    findings: list[DraftFinding] = Field(description="Every condition, with article, facts, and what would remedy it.")
    decided_later: list[FindingView] = Field(description="What a person decides in the qualification review.")
