"""The law on the wire: instruments, interpretations, holiday years; articles, rules, state machines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import Format
from app.measures.catalogue import Kind
from app.measures.instruments import InstrumentKind, Parameters
from app.measures.review_rules import ReviewRules
from app.schemas.common import (
    CountyCode,
    Day,
    DocumentNumber,
    FindingView,
    In,
    Out,
    Paragraph,
    Reference,
    WordedLine,
    fault,
)
from app.schemas.held import Holds
from app.schemas.once import Once
from app.schemas.words import LaterInstrumentKind

_Years = Annotated[int, Field(ge=1, le=100)]


_Count = Annotated[int, Field(ge=1, le=1000)]


Key = Annotated[str, StringConstraints(pattern=Format.KEY.value)]


HolidayYearNumber = Annotated[int, Field(ge=2023, le=2199)]


class ParametersIn(In):
    """The numbers of a successor, all of them."""

    cycle_years: _Years = Field(examples=[2])
    seats_manufacturing: _Count = Field(examples=[2])
    seats_other: _Count = Field(examples=[1])
    interval_rounds: _Count = Field(examples=[2])
    prize_fen: Annotated[int, Field(ge=1, le=10**12)] = Field(description="In fen.", examples=[10_000_000])
    publicity_days: _Count = Field(examples=[10])
    validity_years: _Years = Field(examples=[3])
    exclusion_years_fraud: _Years = Field(examples=[10])
    exclusion_years_grounds: _Years = Field(examples=[5])
    lookback_years: _Years = Field(examples=[3])
    record_years: _Years = Field(examples=[3])
    operating_age_years: _Years = Field(examples=[3])
    profitable_years: _Years = Field(examples=[2])
    safety_level_max: Annotated[int, Field(ge=1, le=9)] = Field(examples=[3])
    county_code: CountyCode = Field(examples=["360733"])


ParametersHeld = Annotated[dict[str, object], Holds(Parameters)]


class InstrumentIn(In):
    """An extension of a registered instrument, or a successor with numbers of its own (Art. 33)."""

    number: DocumentNumber = Field(examples=["会府办发〔2025〕8号"])
    document_date: Day = Field(description="Date of the document; not in the future.", examples=["2025-06-20"])
    title_zh: Reference = Field(examples=["关于延长质量奖管理办法试行期的通知"])
    title_en: Reference = Field(examples=["Notice extending the trial of the measures"])
    kind: LaterInstrumentKind = Field(examples=[InstrumentKind.EXTENSION])
    extends: DocumentNumber | None = Field(
        None,
        description="An extension: the number of the instrument that it extends.",
        examples=["会府办发〔2023〕10号"],
    )
    in_force_from: Day = Field(examples=["2025-07-01"])
    in_force_to: Day | None = Field(
        None, description="Last day in force; null: none is stated.", examples=["2027-06-30"]
    )
    retroactive: bool = Field(
        False,
        description="The document says itself that it has force from a day before its own date. Otherwise it has force "
        "from its date, whatever day is stated (Art. 33).",
    )
    parameters: ParametersIn | None = Field(
        None, description="A successor's numbers; an extension has none.", json_schema_extra={"example": None}
    )

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind is InstrumentKind.EXTENSION and self.extends is None:
            raise fault("延长文件须写明所延长的文件", "an extension names what it extends", FieldCode.REQUIRED)
        if self.retroactive and self.in_force_from >= self.document_date:
            raise fault(
                "施行日期不早于成文日期的文件没有溯及力",
                "In force from its own date or later, it does not reach back",
                FieldCode.INCONSISTENT,
            )
        return self


class InstrumentOut(Out):
    """One normative document. An extension carries the parameters of what it extends."""

    id: UUID | None = Field(description="Null for the one that is shipped.")
    number: str
    title_zh: str
    title_en: str
    kind: InstrumentKind
    extends: str | None
    in_force_from: date
    in_force_to: date | None
    parameters: ParametersHeld | None
    document_date: date | None
    retroactive: bool = Field(False, description="It states that it has force from before its own date.")
    effective_from: date = Field(description="The first day in force: not before its own date unless it says so.")
    registered_at: datetime | None
    findings: list[FindingView] = Field(
        default_factory=list, description="What the rules said at its registration, warnings among them."
    )


class InForceOut(Out):
    """What is in force today."""

    number: str
    parameters: ParametersHeld


class InstrumentsOut(Out):
    """The instruments that there are, and the one in force today with its numbers (Art. 33)."""

    in_force: InForceOut | None = Field(description="Null after a lapse: no round can be called (Art. 33).")
    parameter_articles: dict[str, str] = Field(description="Which article each parameter comes from.")
    items: list[InstrumentOut]


class InterpretationIn(In):
    """An entry of the register (Art. 32)."""

    key: Key = Field(description="The question.", examples=["publicity_counting"])
    value: Key = Field(description="The option chosen; of a question of your own, any word.", examples=["working_days"])
    reading_zh: Paragraph = Field(examples=["公示期按工作日计算，公布当日不计。"])
    reading_en: Paragraph = Field(examples=["Working days without the day of publication."])
    document: WordedLine = Field(description="Number or title of the document.", examples=["会质强办〔2024〕3号"])
    effective_on: Day = Field(examples=["2024-03-01"])


class InterpretationEntry(Out):
    """A registered reading: what is read, from which day, by which document of the office (Art. 32)."""

    id: UUID
    value: str
    reading_zh: str
    reading_en: str
    document: str
    effective_on: date
    created_at: datetime


class InterpretationMade(InterpretationEntry):
    """A reading as it was registered, with what the rules say of it (Art. 32)."""

    key: str
    findings: list[FindingView]


class OptionOut(Out):
    """One way to read where the text is silent (Art. 32)."""

    value: str
    zh: str
    en: str


class InterpretationOut(Out):
    """A question, its options, how it is read today, and every entry."""

    key: str
    articles: list[str]
    question_zh: str | None
    question_en: str | None
    options: list[OptionOut]
    default: str | None
    reading: str | None = Field(description="The option that counts today; null where nothing is switched.")
    document: str | None = Field(description="By which document; null: the default.")
    entries: list[InterpretationEntry]


class InterpretationsOut(Out):
    """Every question that the text leaves open, with its readings (Art. 32)."""

    items: list[InterpretationOut]


class HolidayYearIn(In):
    """The yearly notice of the State Council (Art. 21)."""

    year: HolidayYearNumber = Field(examples=[2027])
    holidays: Annotated[list[Day], Field(min_length=1, max_length=120), Once()] = Field(
        description="Days off, weekends among them where the notice lists them, and those of the December before that "
        "belong to the New Year. A statutory holiday that is missing is refused.",
        examples=[
            [
                "2027-01-01",
                "2027-02-05",
                "2027-02-06",
                "2027-02-07",
                "2027-02-08",
                "2027-04-05",
                "2027-05-01",
                "2027-05-02",
                "2027-06-09",
                "2027-09-15",
                "2027-10-01",
                "2027-10-02",
                "2027-10-03",
            ]
        ],
    )
    workdays: Annotated[list[Day], Field(max_length=60), Once()] = Field(
        description="Make-up working days.", examples=[["2027-10-09"]]
    )
    source: WordedLine = Field(description="The notice.", examples=["国办发明电〔2026〕7号（样例）"])


class HolidayYearOut(Out):
    """Public holidays and working weekends of a year, from which working days are counted (Art. 21)."""

    year: int
    holidays: list[date]
    workdays: list[date]
    source: str
    imported: bool = Field(description="False: shipped with the service.")


class HolidayYearsOut(Out):
    """The years whose holidays are known (Art. 21)."""

    items: list[HolidayYearOut]


class ArticleOut(Out):
    """One article: its gist in our words, the rules that enforce it or why none does."""

    number: int
    chapter: int
    title_zh: str
    title_en: str
    gist_zh: str
    gist_en: str
    declaratory_zh: str | None
    declaratory_en: str | None
    rules: list[str]


class ArticlesOut(Out):
    """All 33 articles in their order."""

    items: list[ArticleOut]


class RuleOut(Out):
    """A rule. Kind E: the service decides; H: a person decides and it is recorded; N: declaratory."""

    id: str = Field(examples=["art06.seats"])
    article: str = Field(examples=["6"])
    kind: Kind = Field(examples=["E"])
    zh: str
    en: str


class RulesOut(Out):
    """Every rule by its id, each with its article."""

    items: list[RuleOut]


class StateOut(Out):
    """A state of a state machine and its names."""

    name: str
    zh: str
    en: str
    initial: bool
    terminal: bool
    ahead: str | None = Field(
        description="The act that the procedure does next in it, as `transitions` names it; null: none is next."
    )


class TransitionOut(Out):
    """An act of a state machine: whence, whither, by whom, under which rules."""

    act: str
    sources: list[str]
    target: str | None = Field(description="Null: the state stays.")
    roles: list[str]
    rules: list[str] = Field(description="Rules that are asked.")


class StateMachineOut(Out):
    """The state machine of an object: its states and the acts between them."""

    name: str
    states: list[StateOut]
    transitions: list[TransitionOut]


class StateMachinesOut(Out):
    """The state machine of every object that has a state."""

    items: list[StateMachineOut]


class ReviewRulesOut(Out):
    """The shipped default: a default, not law."""

    note_zh: str
    note_en: str
    review_rules: Annotated[dict[str, object], Holds(ReviewRules)]
    review_rules_hash: str
