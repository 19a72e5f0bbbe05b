"""What the contract says, taken at its word: an object holds what it names, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry, ValidationError, ValidationErrorKind

_AT = "urn:contract"


class Strict:
    """The schemas as an example has to keep them. A recording of an earlier shape is found by that, and by the fields
    that it lacks: what is always told is required."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        # The references of a schema are looked up in the document that it stands in.
        self._registry = Registry([(_AT, {"components": {"schemas": closed(schemas)}})])
        # Of four thousand examples most are of few schemas.
        self._validators: dict[str, Draft202012Validator] = {}

    def validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        """What holds a value to a schema of the contract."""
        told = json.dumps(schema)
        if told not in self._validators:
            text = json.dumps(closed(schema)).replace('"#/', f'"{_AT}#/')
            self._validators[told] = Draft202012Validator(json.loads(text), registry=self._registry)
        return self._validators[told]

    def faults(self, schema: dict[str, Any], value: object) -> Iterator[str]:
        """What of a value a schema does not say, each with its place: `$.items[0] …`."""
        for error in self.validator(schema).iter_errors(value):
            meant = _meant(error)
            place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in meant.instance_path)
            yield f"${place} {meant.message}"


def closed(part: Any) -> Any:
    """A part of a document whose objects hold nothing but what they name."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {key: closed(item) for key, item in part.items()}
    # A field may be called "properties" too; then what it holds is no table of schemas.
    if isinstance(part.get("properties"), dict) and part.get("type", "object") == "object":
        found.setdefault("additionalProperties", False)
    return found


def _meant(error: ValidationError) -> ValidationError:
    """Of several alternatives, what is wrong with the one that was meant: the value was read furthest in it."""
    if not isinstance(error.kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
        return error
    within = [_meant(each) for alternative in error.kind.context for each in alternative]
    return max(within, key=lambda each: len(each.instance_path), default=error)
