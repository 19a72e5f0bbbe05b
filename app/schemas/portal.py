"""What a portal shows and need not know beforehand: vocabularies and descriptions of forms."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from app.measures.facts import UnitKind
from app.measures.review_rules import FileType
from app.measures.sectors import SeatCategory
from app.schemas.common import Out
from app.schemas.held import Holds
from app.schemas.words import SchemaType, SentBy


class LabelledWord(Out):
    """A word of the contract, or a code, and what people call it."""

    value: str = Field(examples=["small"])
    zh: str = Field(examples=["小型"])
    en: str = Field(examples=["Small"])


class EnumerationOut(Out):
    """An enumeration of the contract, in the contract's order."""

    name: str = Field(description="Its component of the contract.", examples=["SizeClass"])
    words: list[LabelledWord]


class SectorSectionOut(Out):
    """A section of GB/T 4754-2017 with its divisions (Art. 6)."""

    letter: str = Field(examples=["C"])
    zh: str
    en: str
    seat_category: SeatCategory
    divisions: list[LabelledWord] = Field(description="By their two digits, as `sector` takes them.")


class PublicRecommendingUnit(Out):
    """A recommending unit that may be asked (Art. 3)."""

    id: UUID
    name: str
    kind: UnitKind
    area: str | None = Field(description="As `area` of an organisation names it.")
    industry: str | None


class DocumentKindOut(Out):
    """A kind of file that can be handed in, or one that a round takes (Art. 17): of less types or bytes, perhaps."""

    code: str = Field(description="An `OwnFileKind`; of a round a material.", examples=["stamped_opinion"])
    zh: str
    en: str
    asked: bool = Field(description="Whether the round requires it.")
    file_types: list[FileType] = Field(description="Told by content.")
    media_types: list[str] = Field(examples=[["application/pdf"]])
    max_bytes: int = Field(description="Of one file.")
    files_at_most: int | None = Field(description="Of a round's material.")
    method: SentBy
    path: str = Field(description="Where it is uploaded.", examples=["/v1/stamped-opinions"])


class VocabulariesOut(Out):
    """The words of the contract and the lists that forms choose from."""

    version: str = Field(description="Of the content: another one, another version.")
    enumerations: list[EnumerationOut]
    fields: list[LabelledWord] = Field(description="Every field and parameter by its name, wherever it stands.")
    sectors: list[SectorSectionOut]
    areas: list[str] = Field(description="The areas of townships and of the urban community committee (Art. 12).")
    recommending_units: list[PublicRecommendingUnit]
    departments: list[LabelledWord] = Field(description="Those that are consulted (Art. 17), by their ids.")
    document_kinds: list[DocumentKindOut]


class CountedIn(Out):
    """In what a value is entered: it is sent `factor` times what a person enters."""

    zh: str = Field(examples=["万元"])
    en: str = Field(examples=["10,000 yuan"])
    factor: int = Field(examples=[1_000_000])


class FormGroup(Out):
    """Fields that are filled in together, in their order."""

    code: str
    zh: str
    en: str
    fields: list[str]


def _some(schema: JsonDict) -> None:
    del schema["required"]


# What it holds is a node again; a type that holds itself has no end in most languages.
Inner = Annotated[object, Field(description="A node again.")]


# As JSON Schema spells them. What is not there is not said: nothing is null.
class FormNode(TypedDict, total=False):
    """A node of a form's schema."""

    __pydantic_config__ = ConfigDict(json_schema_extra=_some)  # type: ignore[misc]

    type: SchemaType | list[SchemaType]
    format: str
    pattern: str
    minLength: int
    maxLength: int
    minimum: int
    maximum: int
    minItems: int
    maxItems: int
    uniqueItems: bool
    maxProperties: int
    enum: list[str | int | None]
    required: list[str]
    properties: dict[str, Inner]
    additionalProperties: Inner
    propertyNames: Inner
    items: Inner
    anyOf: list[Inner]
    description: str
    label_zh: str
    label_en: str
    help_zh: str
    help_en: str
    widget: str
    order: int
    groups: list[FormGroup]
    options: list[LabelledWord]
    chosen_from: str
    counted_in: CountedIn
    asked: bool
    at_least: int
    at_most: int
    step: int
    example: str | int | bool


_EXAMPLE = {"type": "string", "widget": "textarea", "label_zh": "理由", "label_en": "Reason"}


class FormOut(Out):
    """A form by its description. In `body` what is accepted is JSON Schema (2020-12). For people: `label`, `help`;
    `widget` (`text`, `textarea`, `number`, `date`, `datetime`, `checkbox`, `select`, `checkboxes`, `reference`; of
    several values `group`, `rows`, `lines`, `entries`); `options`, or the list of the vocabularies that is
    `chosen_from`; `asked`, `at_least`, `at_most` (characters without blanks) and `step`: what the round wants."""

    name: str = Field(description="The operation that takes it.", examples=["withdraw_cultivation"])
    method: SentBy
    path: str = Field(examples=["/v1/cultivation-records/{record_id}/withdrawal"])
    title_zh: str = Field(examples=["撤回培育记录"])
    title_en: str
    round_id: UUID | None
    body: Annotated[dict[str, object], Holds(FormNode)] = Field(
        examples=[{"type": "object", "required": ["reason"], "properties": {"reason": _EXAMPLE}}]
    )
    files: list[DocumentKindOut]
