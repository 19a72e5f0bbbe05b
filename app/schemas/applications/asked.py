"""Parts of the form that a round may ask for in its review rules, and that may be filled in where it does not
(Arts. 10, 17)."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import Format
from app.measures.asks import StandardLevel, TerritorialScope
from app.measures.objections import is_reference
from app.schemas.common import (
    AS_TYPED,
    Day,
    In,
    Line,
    Name,
    Paragraph,
    Phone,
    Reference,
    WordedLine,
    fault,
)
from app.schemas.once import Once

IndicatorCode = Annotated[str, StringConstraints(pattern=Format.WORD.value)]
IndicatorAmount = Annotated[
    str,
    StringConstraints(pattern=Format.DECIMAL.value),
    AS_TYPED,
    Field(
        description="In the indicator's unit; amounts in fen. Full width and blanks are read as meant.",
        examples=["62.5"],
    ),
]
Names = Annotated[list[Line], Field(max_length=50), Once()]


class PersonIn(In):
    """Somebody who answers for the organisation: its legal representative, or who is in charge of its quality."""

    name: Name = Field(examples=["样例法定代表人"])
    office: Line | None = Field(None, examples=["总经理"])
    phone: Phone | None = Field(None, examples=["0797-5600001"])


class ProductStandardIn(In):
    """A standard that a main product meets."""

    number: Reference = Field(examples=["GB/T 17714-2022"])
    level: StandardLevel = Field(description="Level.")


class MainProductIn(In):
    """A main product or service (Art. 13(4)); the rules of the round say what is asked of it beyond its name."""

    name: Reference = Field(examples=["样例脐橙"])
    standards: Annotated[list[ProductStandardIn], Field(max_length=20), Once("number")] = Field(default_factory=list)
    customers: Names = Field(default_factory=list, examples=[["样例超市"]])
    competitors: Names = Field(default_factory=list, examples=[["样例同业公司"]])


class RankIn(In):
    """A rank in the industry (Art. 13(4)), where it is known."""

    scope: TerritorialScope = Field(description="Where.")
    rank: Annotated[int, Field(ge=1, le=10_000)] = Field(description="Rank there.", examples=[3])
    source: WordedLine | None = Field(None, description="Who says so.", examples=["样例行业协会"])


class IndicatorIn(In):
    """One indicator of one year, of those that the rules of the round list: its value, or why there is none."""

    code: IndicatorCode = Field(description="As the rules of the round list it.", examples=["customer_satisfaction"])
    year: Annotated[int, Field(ge=1949, le=2199)] = Field(
        description="One of those that the figures are of (Art. 5).", examples=[2023]
    )
    value: IndicatorAmount | None = None
    blank_reason: WordedLine | None = Field(None, description="Why there is no value.", examples=["当年未开展调查。"])
    rank: RankIn | None = None

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if (self.value is None) == (self.blank_reason is None):
            raise fault(
                "填写数值，或者说明没有数值的原因，二者取一",
                "Either value or blank_reason is stated, not both",
                FieldCode.INCONSISTENT,
            )
        if self.value is None and self.rank is not None:
            raise fault("没有数值的指标没有位次", "Where there is no value, there is no rank", FieldCode.INCONSISTENT)
        return self


class TableIn(In):
    """A table of the self-assessment: headings, and rows of as many cells."""

    section: Annotated[str, StringConstraints(pattern=Format.WORD.value)] = Field(
        description="Code of the section that it belongs to.", examples=["results"]
    )
    title: Reference = Field(examples=["近三年顾客满意度"])
    columns: Annotated[list[Line], Field(min_length=1, max_length=20), Once()] = Field(examples=[["年度", "满意度"]])
    rows: Annotated[list[Annotated[list[Line | None], Field(max_length=20)]], Field(max_length=200)] = Field(
        description="Null: an empty cell.", examples=[[["2022", "92.1%"], ["2023", None]]]
    )

    @model_validator(mode="after")
    def _square(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise fault(
                "每行的单元格数须与表头一致", "Each row has as many cells as there are columns", FieldCode.INCONSISTENT
            )
        return self


class EvidenceIn(In):
    """An entry of the evidence catalogue."""

    number: Line = Field(examples=["4.2-01"])
    title: Reference = Field(examples=["2023年度战略评审会议纪要"])
    pages: Line | None = Field(None, description="Where in the file.", examples=["12-15"])
    attachment_id: UUID | None = Field(None, description="A file of the application.")


def _told(result: str) -> str:
    # That nobody objected is a result, and mostly the one. A word for nothing leaves open of what there was none.
    if not is_reference(result):
        said = "须写明公示结果：没有人提出异议的，写“公示期间未收到异议”；“-”“无”等不算"
        raise fault(
            said,
            "Say what came of it: where nobody objected, that nobody did; a dash or “none” leaves it open",
            FieldCode.BLANK,
        )
    return result


class InternalNoticeIn(In):
    """The organisation's notice to its own staff that it applies, where the rules of the round ask for one."""

    from_day: Day = Field(description="First day.", examples=["2024-03-04"])
    to_day: Day = Field(description="Last day, included.", examples=["2024-03-08"])
    place: WordedLine = Field(examples=["厂区公告栏"])
    result: Annotated[Paragraph, AfterValidator(_told)] = Field(
        description="What came of it.", examples=["公示期间未收到异议。"]
    )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.to_day < self.from_day:
            raise fault("截止日期早于开始日期", "to_day is before from_day", FieldCode.END_BEFORE_START)
        return self
