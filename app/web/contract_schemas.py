"""The contract's schemas, said once and in few words: every enumeration a component, names without their origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from app.kernel.field_formats import Format
from app.schemas.held import LIKE
from app.web.contract_examples import Part as Schema

PREFIX = "#/components/schemas/"


# A class may be called this within its module; in the contract, where all stand side by side, it says of what.
NAMES = {
    "Action": "AvailableAction",
    "Asks": "RoundAsks",
    "Done": "Completion",
    "Ground": "RevocationGround",
    "Indicator": "AskedIndicator",
    "Kind": "RuleKind",
    "Named": "NamedItem",
    "Reason": "AccountChangeIn",
    "Severity": "RecordSeverity",
    "Stage": "ReviewStage",
    "Step": "ExtendableStep",
    "Verdict": "DecisionOutcome",
}


# What a reader looks for first stands first.
_ORDER = ("description", "type", "format", "properties", "required")


_PAGE = re.compile(r"^PageOut_(\w+?)(?:Out)?_$")


_FORM = re.compile(r"^Body_(\w+)$")


# What the framework makes without a word.
_MADE = {
    _PAGE: "One page of a list; as things came in, the oldest first, where its operation says nothing else. "
    "`next_cursor` leads to the next.",
    _FORM: "The fields of a form, as `application/x-www-form-urlencoded`.",
}


_LISTED = re.compile(r"^\^\((\w+(?:\|\w+)*)\)\$$")


_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})


_INT32 = 2**31


# Of the library that validates, and of no standard: whoever makes a client of the contract would be warned of it. The
# pattern that says the same: 2/3, 1, 0.6.
FRACTION = r"^[0-9]{1,4}(/[1-9][0-9]{0,3}|\.[0-9]{1,6})?$"
_HOUSE_FORMATS = {"fraction": FRACTION}


def tidy(document: Schema) -> None:
    """Rewrite every schema of the document in place. What is valid stays valid, what is not stays so."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    names = _names(schemas)
    told = _by_words(schemas, names)
    found: dict[str, Schema] = {}
    for name, schema in schemas.items():
        title = schema.get("title")
        plain = _rewritten(schema, (name, str(title)), names, {} if "enum" in schema else told)
        for made, description in _MADE.items():
            if made.match(name):
                plain = {"description": description, **plain}
        # Of two classes of the same words the one that says what they mean.
        if "description" in plain or names[name] not in found:
            found[names[name]] = plain
    document["components"]["schemas"] = dict(sorted(found.items()))
    for form in {part["$ref"].removeprefix(PREFIX) for part in _forms(document)}:
        fields = found[names[form]]["properties"]
        found[names[form]]["properties"] = {name: _parameter(field, told) for name, field in fields.items()}
    for holder in _holders(document):
        if "schema" in holder:
            schema = _rewritten(holder["schema"], (holder.get("name", ""),), names, told)
            holder["schema"] = _parameter(schema, told) if "in" in holder else schema


def words(schema: Schema) -> frozenset[str] | None:
    """The words that a schema of a string enumerates, be it as a pattern; null where it does not."""
    if "enum" in schema:
        return frozenset(schema["enum"])
    match = _LISTED.match(schema.get("pattern", ""))
    return frozenset(match[1].split("|")) if match else None


def _names(schemas: dict[str, Schema]) -> dict[str, str]:
    """The contract's name of every component, by the one that the framework has made."""
    found = {name: _name(name) for name in schemas}
    fullest: dict[frozenset[str], str] = {}
    for name, schema in schemas.items():
        if "enum" in schema:
            listed = frozenset(schema["enum"])
            fullest[listed] = max(fullest.get(listed, ""), found[name], key=lambda item: (len(item), item))
    found |= {name: fullest[frozenset(schema["enum"])] for name, schema in schemas.items() if "enum" in schema}
    for name, other in found.items():
        same = [key for key, value in found.items() if value == other]
        if len(same) > 1 and not all("enum" in schemas[key] for key in same):
            raise LookupError(f"{name} is one of several components that would be called {other}: {same}")
    return found


def _name(name: str) -> str:
    plain = name.rpartition("__")[2] if name.startswith("app__") else name
    # Where an answer holds more, or tells it otherwise, than a body needs.
    plain, _, sent = plain.partition("-")
    page, form = _PAGE.match(plain), _FORM.match(plain)
    if page:
        return f"{page[1]}Page"
    if form:
        return "".join(part.capitalize() for part in form[1].split("_")) + "Form"
    return NAMES.get(plain, plain) + ("In" if sent == "Input" else "")


def _by_words(schemas: dict[str, Schema], names: dict[str, str]) -> dict[frozenset[str], str]:
    return {frozenset(schema["enum"]): names[name] for name, schema in schemas.items() if "enum" in schema}


def _forms(document: Schema) -> Iterator[Schema]:
    """What is sent as a form: like a query, it cannot say null."""
    for methods in document["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/x-www-form-urlencoded" in content:
                yield content["application/x-www-form-urlencoded"]["schema"]


def _holders(document: Schema) -> Iterator[Schema]:
    """Whatever holds a schema outside the components: parameters, bodies, answers."""
    for methods in document["paths"].values():
        for operation in methods.values():
            yield from operation.get("parameters", [])
            for part in (operation.get("requestBody", {}), *operation["responses"].values()):
                yield from part.get("content", {}).values()
    for response in document["components"].get("responses", {}).values():
        yield from response.get("content", {}).values()


def _rewritten(
    schema: Schema, named: tuple[str, ...], names: dict[str, str], told: dict[frozenset[str], str]
) -> Schema:
    def within(part: Schema, *inner: str) -> Schema:
        return _rewritten(part, inner, names, told)

    found = _mapped(schema, named, within)
    if found.get("format") in _HOUSE_FORMATS:
        found["pattern"] = _HOUSE_FORMATS[found.pop("format")]
    if "anyOf" in found:
        found["anyOf"] = _digits(found["anyOf"])
    if _holds_objects(found.get("default")):
        # No language's types can check such a default; what it means is said where it is read.
        del found["default"]
    if LIKE in found:
        found["$ref"] = PREFIX + found.pop(LIKE)
        found.pop("maxProperties", None)
    elif "$ref" in found:
        found["$ref"] = PREFIX + names[found["$ref"].removeprefix(PREFIX)]
    if len(found.get("patternProperties", {})) == 1:
        # As those who make clients of a contract look for it.
        ((pattern, value),) = found.pop("patternProperties").items()
        found |= {"additionalProperties": within(value), "propertyNames": {"pattern": pattern}}
    if "title" in found and _same(found["title"], named):
        del found["title"]
    found = _nullable(_sized(_referred(found, told), money=any(name.endswith("_fen") for name in named)))
    return {key: found[key] for key in _ORDER if key in found} | found


def _digits(options: list[Schema]) -> list[Schema]:
    """Of a number or a text, a text that is a number: in it no digit is lost."""
    if not any(part.get("type") == "number" for part in options):
        return options
    return [{**part, "pattern": Format.DECIMAL.value} if part == {"type": "string"} else part for part in options]


def _holds_objects(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _mapped(schema: Schema, named: tuple[str, ...], within: Callable[..., Schema]) -> Schema:
    """A copy, with every schema inside it rewritten; examples and defaults are values, not schemas."""
    found: Schema = {key: _whole(value) if key in _BOUNDS else value for key, value in schema.items()}
    for key in ("items", "additionalProperties", "not"):
        if isinstance(found.get(key), dict):
            found[key] = within(found[key])
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        if key in found:
            found[key] = [within(part, *named) for part in found[key]]
    if "properties" in found:
        found["properties"] = {name: within(part, name) for name, part in found["properties"].items()}
    return found


def _whole(bound: object) -> object:
    """A whole number as one: the framework writes the bounds of integers as fractions."""
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _same(title: str, named: tuple[str, ...]) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", text.lower())

    return any(plain(title) == plain(name) for name in named)


def _referred(schema: Schema, told: dict[frozenset[str], str]) -> Schema:
    """A reference in the place of words that have a name."""
    listed = words(schema)
    if schema.get("type") != "string" or listed is None or listed not in told:
        return schema
    kept: Schema = {key: schema[key] for key in ("description", "default", "examples", "example") if key in schema}
    return {"$ref": PREFIX + told[listed], **kept}


def _nullable(schema: Schema) -> Schema:
    """`{"type": ["string", "null"]}` where one of two alternatives is null and the other a plain type."""
    options = schema.get("anyOf", [])
    others = [part for part in options if part != {"type": "null"}]
    if len(options) != 2 or len(others) != 1:
        return schema
    (other,) = others
    if not isinstance(other.get("type"), str) or "enum" in other or "const" in other:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**other, "type": [other["type"], "null"], **rest}


def _sized(schema: Schema, *, money: bool) -> Schema:
    """An integer says in how many bits it fits; an amount of money is always of 64."""
    if schema.get("type") != "integer" or "format" in schema:
        return schema
    small = not money and schema.get("minimum", -_INT32 - 1) >= -_INT32 and schema.get("maximum", _INT32) < _INT32
    return {**schema, "format": "int32" if small else "int64"}


def _parameter(schema: Schema, told: dict[frozenset[str], str]) -> Schema:
    """Neither a query nor a header can say null: what is not sent is left out."""
    kinds = schema.get("type")
    found = dict(schema)
    if isinstance(kinds, list):
        found["type"] = next(kind for kind in kinds if kind != "null")
    options = [part for part in found.get("anyOf", []) if part != {"type": "null"}]
    if len(options) == 1:
        del found["anyOf"]
        found = {**options[0], **found}
    if "enum" in found:
        # Longer or shorter than its words it cannot be.
        found = _referred({key: value for key, value in found.items() if key != "maxLength"}, told)
    return found
