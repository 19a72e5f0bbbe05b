"""The form of an application, section by section. While drafting every section is optional (Arts. 5, 13, 26)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self, cast

from pydantic import Field, StringConstraints, model_validator

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import Format
from app.measures.asks import IntellectualPropertyKind, StandardLevel, StandardRole, TerritorialScope
from app.measures.facts import CertificateKind, HonourKind, HonourLevel, RecordCategory, SizeClass
from app.measures.sectors import SectorTag
from app.schemas.applications.asked import (
    EvidenceIn,
    IndicatorIn,
    InternalNoticeIn,
    MainProductIn,
    PersonIn,
    TableIn,
)
from app.schemas.common import (
    Day,
    Fen,
    In,
    Line,
    Name,
    NonNegativeFen,
    Paragraph,
    Phone,
    Postcode,
    Reference,
    ReportText,
    Worded,
    fault,
)
from app.schemas.once import Once
from app.store.applications.form import Form

FigureYear = Annotated[int, Field(ge=1949, le=2199, description="A calendar year.", examples=[2023])]


SectionCode = Annotated[str, StringConstraints(pattern=Format.WORD.value)]


Email = Annotated[str, StringConstraints(pattern=Format.EMAIL.value)]


Count = Annotated[int, Field(ge=0, le=10**7)]


class YearFiguresIn(In):
    """One calendar year's figures in fen; what is not stated is missing."""

    year: FigureYear
    revenue_fen: NonNegativeFen | None = Field(None, examples=[12_000_000_000])
    net_profit_fen: Fen | None = Field(None, description="In fen; a loss is negative.", examples=[800_000_000])
    tax_fen: Fen | None = Field(None, examples=[300_000_000])
    rd_fen: NonNegativeFen | None = Field(None, description="Research and development, in fen.", examples=[400_000_000])
    export_fen: NonNegativeFen | None = Field(None, description="Exports, in fen.", examples=[0])


class _Validity(In):
    valid_from: Day = Field(examples=["2023-01-10"])
    valid_to: Day = Field(description="Last day, included.", examples=["2026-01-09"])

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.valid_to < self.valid_from:  # house: validity
            raise fault("失效日期早于生效日期", "valid_to is before valid_from", FieldCode.END_BEFORE_START)
        return self


class CertificateIn(_Validity):
    """One certificate (Art. 13(3)): management systems of any related standard count there."""

    kind: CertificateKind = Field(CertificateKind.MANAGEMENT_SYSTEM, description="What is certified.")
    standard: Reference = Field(examples=["GB/T 19001-2016"])
    number: Reference = Field(examples=["00123Q30001R0M"])
    issuer: Reference = Field(examples=["样例认证中心"])


_ISSUED = "Not in the future. It tells one that was issued again under its old number from the one that was withdrawn."


class LicenceIn(In):
    """One licence (Art. 13(2)). Without a number it is needed and not held."""

    kind: Reference = Field(examples=["排污许可证"])
    number: Reference | None = Field(None, examples=["91360700000000000X001Q"])
    issued_on: Day | None = Field(None, description=_ISSUED, examples=["2022-07-01"])
    valid_to: Day | None = Field(None, description="Last day, included; null: no end.")
    required: bool = Field(True, description="Whether the industry needs it.")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        _ends_after_issue(self.issued_on, self.valid_to)
        return self


class SafetyIn(In):
    """Safety standardisation (Art. 13(4)); level 1 is the best."""

    level: Annotated[int, Field(ge=1, le=9)] = Field(examples=[3])
    certificate_number: Reference = Field(examples=["赣AQB360733000001"])
    issued_on: Day | None = Field(None, description=_ISSUED, examples=["2023-07-01"])
    valid_to: Day = Field(description="Last day, included.", examples=["2026-06-30"])

    @model_validator(mode="after")
    def _forward(self) -> Self:
        _ends_after_issue(self.issued_on, self.valid_to)
        return self


def _ends_after_issue(issued_on: date | None, valid_to: date | None) -> None:
    if issued_on is not None and valid_to is not None and valid_to < issued_on:  # house: validity
        raise fault("失效日期早于发证日期", "valid_to is before issued_on", FieldCode.END_BEFORE_START)


class DeclaredRecordIn(In):
    """An adverse record that the applicant declares (Art. 13(6))."""

    category: RecordCategory = Field(description="The kind, as in Art. 13(6).", examples=["failed_inspection"])
    fact: Worded = Field(description="What happened.", examples=["2022年抽查一批次不合格，已整改。"])
    occurred_on: Day | None = None
    determined_on: Day | None = Field(None, description="Day of the authority's determination.")
    source: Reference = Field(description="Who determined or holds it.", examples=["市场监督管理局"])
    basis: Line | None = Field(None, description="Document or number.")
    attributable: bool | None = Field(None, description="Whether the organisation is responsible; null: open.")
    rectified: bool = Field(False, description="Told; it does not excuse.")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.occurred_on is None and self.determined_on is None:
            raise fault("发生日期与认定日期至少填一项", "occurred_on or determined_on is needed", FieldCode.REQUIRED)
        return self


class HonourIn(In):
    """A quality award or other honour (Art. 13(6))."""

    name: Reference = Field(examples=["赣州市市长质量奖"])
    level: HonourLevel = Field(description="Who gives it.")
    kind: HonourKind = Field(HonourKind.AWARD, description="The prize itself, a nomination, or an association's.")
    awarded_on: Day
    valid_to: Day | None = Field(None, description="Last day, included; null: none is stated.")


class MarketPositionIn(In):
    """Position in the industry (Arts. 4, 13(4))."""

    description: Paragraph = Field(examples=["主导产品在省内同行业中排名前三。"])
    scope: TerritorialScope | None = Field(None, description="Where.")
    rank: Annotated[int, Field(ge=1, le=10_000)] | None = Field(None, description="Rank there.")
    source: Line | None = Field(None, description="Who says so.")


class IntellectualPropertyIn(In):
    """One right of intellectual property (Art. 14)."""

    kind: IntellectualPropertyKind = Field(description="Kind of right.")
    title: Reference = Field(examples=["一种样例加工装置"])
    number: Reference = Field(examples=["ZL202010000000.0"])
    granted_on: Day | None = None


class StandardIn(In):
    """One standard that the organisation has led or helped to write."""

    number: Reference = Field(examples=["T/EXAMPLE 001-2022"])
    title: Reference = Field(examples=["样例产品质量规范"])
    level: StandardLevel = Field(description="Level.")
    role: StandardRole = Field(description="Part taken in it.")


class ContactIn(In):
    """Whom to ask."""

    name: Name = Field(examples=["样例联系人"])
    phone: Phone = Field(examples=["0797-5600000"])
    email: Email | None = Field(None, examples=["contact@example.com"])
    fax: Phone | None = Field(None, examples=["0797-5600002"])
    postcode: Postcode | None = Field(None, examples=["342600"])


class TruthfulnessIn(In):
    """The statement that everything is true (Art. 26)."""

    agreed: bool = Field(description="Whether the applicant answers for the truth of the material.")
    signatory: Name = Field(examples=["样例法定代表人"])
    signed_on: Day


class ContentIn(In):
    """The form. Sections that are sent replace those stored; null removes one; the rest stays."""

    size_class: SizeClass | None = Field(None, description="Size class.")
    staff: Count | None = Field(None, description="Number of staff.")
    main_products: Annotated[list[MainProductIn], Field(max_length=50), Once("name")] | None = Field(
        None, description="Main products or services."
    )
    legal_representative: PersonIn | None = None
    registered_capital_fen: NonNegativeFen | None = Field(None, examples=[5_000_000_000])
    quality_officer: PersonIn | None = Field(None, description="Who is in charge of quality.")
    parent_organisation: Line | None = Field(None, description="The superior or parent unit.")
    branches: Annotated[list[Line], Field(max_length=100), Once()] | None = Field(
        None, description="Branches that the application covers."
    )
    indicators: Annotated[list[IndicatorIn], Field(max_length=500), Once("code", "year")] | None = Field(
        None, description="Further yearly indicators, as the rules of the round list them."
    )
    figures: Annotated[list[YearFiguresIn], Field(max_length=20), Once("year")] | None = Field(
        None, description="Figures by year: the three complete years before the round's (Art. 5)."
    )
    certificates: Annotated[list[CertificateIn], Field(max_length=100), Once("number")] | None = Field(
        None, description="Art. 13(3)."
    )
    licences: Annotated[list[LicenceIn], Field(max_length=100), Once("number", "kind")] | None = Field(
        None, description="Art. 13(2)."
    )
    safety: SafetyIn | None = Field(None, description="Art. 13(4).")
    adverse_records: Annotated[list[DeclaredRecordIn], Field(max_length=100)] | None = Field(
        None, description="Adverse records declared, Art. 13(6)."
    )
    honours: Annotated[list[HonourIn], Field(max_length=100), Once("name", "kind", "awarded_on")] | None = Field(
        None, description="Art. 13(6)."
    )
    market_position: MarketPositionIn | None = Field(None, description="Arts. 4, 13(4).")
    intellectual_property: Annotated[list[IntellectualPropertyIn], Field(max_length=500), Once("number")] | None = (
        Field(None, description="Art. 14.")
    )
    standards: Annotated[list[StandardIn], Field(max_length=500), Once("number")] | None = Field(
        None, description="Art. 14."
    )
    tags: Annotated[list[SectorTag], Field(max_length=2), Once()] | None = Field(
        None, description="Claimed under Art. 14 (`encouraged`) or 15 (`preferred`); points only by the round's rules."
    )
    sections: Annotated[dict[SectionCode, ReportText], Field(max_length=40)] | None = Field(
        None,
        description="Texts by section code; the round's review rules say which are required, and how long they may be.",
        examples=[{"profile": "组织概述……"}],
    )
    tables: Annotated[list[TableIn], Field(max_length=100), Once("title", "section")] | None = Field(
        None, description="Tables of the self-assessment."
    )
    evidence: Annotated[list[EvidenceIn], Field(max_length=500), Once("number")] | None = Field(
        None, description="The evidence catalogue."
    )
    internal_notice: InternalNoticeIn | None = Field(
        None, description="The organisation's notice to its own staff, where the round asks for one."
    )
    contact: ContactIn | None = Field(None, description="Whom to ask.")
    truthfulness: TruthfulnessIn | None = Field(None, description="Art. 26.")

    def sent(self) -> Form:
        """The sections that were sent, JSON-ready, with their defaults filled in."""
        return cast(Form, self.model_dump(mode="json", include=self.model_fields_set))
