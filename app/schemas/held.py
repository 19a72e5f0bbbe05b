"""What an answer holds, for the contract, where it goes out as it is stored or as a rule has answered: nobody looks at
it a second time, so that the shape is told and not asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from app.measures.fact_kinds import FactKind, Words, fact_kinds, facts_by_reason
from app.schemas.words import OutcomeName, ReasonName


class Out(BaseModel):
    """An answer: every field is always told."""

    model_config = ConfigDict(from_attributes=True, defer_build=True, json_schema_serialization_defaults_required=True)


# Of an answer that leaves out what has no value.
SOMETIMES = ConfigDict(json_schema_serialization_defaults_required=False)


class Holds:
    """What an object holds that goes out as it is stored, for the contract: nobody looks at it a second time.

    `shape`: a model, a dataclass of the measures, or a choice among models.
    """

    # Any: a type, which no checker can name.
    def __init__(self, shape: Any) -> None:
        self._shape = shape

    def __get_pydantic_json_schema__(self, _stored: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        shape: TypeAdapter[object] = TypeAdapter(self._shape)
        shape.rebuild()
        # Inside another the shape is named, not written out.
        return handler(core_schema.no_info_after_validator_function(lambda held: held, shape.core_schema))


def by_kind(
    told: type[BaseModel], shapes: object, schema: CoreSchema, handler: GetJsonSchemaHandler
) -> JsonSchemaValue:
    """For the contract, a model's schema as a choice among those of `shapes`, which its `kind` decides; the answer is
    the same."""
    choice = Holds(Annotated[shapes, Field(discriminator="kind")]).__get_pydantic_json_schema__(schema, handler)
    return {"description": told.__doc__, **choice}


# In a schema, until the contract is made: the name of the schema that it is.
LIKE = "x-like"


class Like:
    """An answer that is what a body is, or a body that is what an answer is, for the contract: one schema of both."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get_pydantic_json_schema__(self, _stored: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {LIKE: self._name}


class CitedReading(Out):
    """How an open question was read (Art. 32), by which document; null: the default."""

    key: str
    value: str
    document: str | None


class StatedCertificate(Out):
    """A certificate as the form states it (Art. 13(3))."""

    standard: str
    number: str
    valid_from: date
    valid_to: date


_TEXT: JsonSchemaValue = {"type": "string"}
_DAY = {**_TEXT, "format": "date"}
_INSTANT = {**_TEXT, "format": "date-time"}
_NUMBER = {"type": "integer", "format": "int64"}
_KINDS: dict[FactKind, JsonSchemaValue] = {
    FactKind.TEXT: _TEXT,
    FactKind.DAY: _DAY,
    FactKind.INSTANT: _INSTANT,
    FactKind.NUMBER: _NUMBER,
    FactKind.FEN: _NUMBER,
    FactKind.FLAG: {"type": "boolean"},
    FactKind.TEXTS: {"type": "array", "items": _TEXT},
    FactKind.DAYS: {"type": "array", "items": _DAY},
    FactKind.NUMBERS: {"type": "array", "items": _NUMBER},
    FactKind.NULL: {"type": "null"},
}


class FindingFacts(Out):
    """The facts of a finding, by their names: those of its reason (`x-reasons`), and where something is ahead the act
    that comes next (`next_act`) and whose it is (`next_by`)."""

    reading: CitedReading
    certificates: list[StatedCertificate]

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        named = handler.resolve_ref_schema(handler(schema))
        reading, certificates = named["properties"]["reading"], named["properties"]["certificates"]
        known: dict[FactKind, JsonSchemaValue] = {
            **_KINDS,
            FactKind.READING: reading,
            FactKind.CERTIFICATES: certificates,
        }

        def told(kind: FactKind | Words) -> JsonSchemaValue:
            if isinstance(kind, FactKind):
                return known[kind]
            word = {**_TEXT, "enum": [str(word) for word in kind.of]}
            return {"type": "array", "items": word} if kind.several else word

        return {
            "description": named["description"],
            "type": "object",
            "properties": {name: _of_kinds([told(kind) for kind in kinds]) for name, kinds in fact_kinds().items()},
            "x-reasons": {reason.value: list(names) for reason, names in facts_by_reason().items() if names},
        }


def _of_kinds(schemas: Sequence[JsonSchemaValue]) -> JsonSchemaValue:
    """A schema of several kinds: plain ones side by side."""
    if len(schemas) == 1:
        return schemas[0]
    types = [schema.get("type") for schema in schemas]
    # Words have a schema of their own, and a format is of one type alone.
    formats = sum("format" in schema for schema in schemas)
    several = formats > 0 and len(types) - types.count("null") > 1
    if any("enum" in schema for schema in schemas) or None in types or types.count("array") > 1 or several:
        return {"anyOf": list(schemas)}
    return {**{name: value for schema in schemas for name, value in schema.items()}, "type": types}


FactsHeld = Annotated[dict[str, object], Holds(FindingFacts)]


class RecordedFinding(Out):
    """What a rule had answered, as it was recorded."""

    rule: str
    article: str
    outcome: OutcomeName
    reason: ReasonName
    message_zh: str
    message_en: str
    remedy_zh: str | None
    remedy_en: str | None
    facts: FactsHeld


class PlainValue(Out):
    """What JSON holds: read by its name, and by nothing else."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # No type: a schema that holds itself has no end in the types that clients are made with.
        return {"description": cls.__doc__}


class AuditDetails(Out):
    """The facts of an act, by their names, and what the rules said of it where they were asked."""

    # Not typed by the act: an entry is sealed as it was told and is never told otherwise, while acts and their facts
    # change from version to version. A schema for each act would promise of old entries what nobody looked at.

    model_config = ConfigDict(**SOMETIMES, extra="allow")

    findings: list[RecordedFinding] = []
    __pydantic_extra__: dict[str, PlainValue]
