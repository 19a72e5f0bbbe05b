"""A list states each thing once: which of two entries counts is nobody's to guess."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from app.kernel.chinese import simplified
from app.kernel.error_codes import FieldCode
from app.measures.text import plain_name, plain_number
from app.schemas.strict import fault


@dataclass(frozen=True, slots=True, init=False)
class Once:
    """Of a list in a body: its items are told apart by these fields, or by themselves where none is named. Texts are
    compared as people read them; names of `people` in either writing of Chinese too: nobody is somebody else by it. An
    item whose fields all say nothing is told from no other."""

    fields: tuple[str, ...]
    people: bool

    def __init__(self, *fields: str, people: bool = False) -> None:
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "people", people)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        told = handler(schema)
        return {**told, "x-unique-by": ", ".join(self.fields)} if self.fields else {**told, "uniqueItems": True}

    def check(self, items: list[object]) -> list[object]:
        """The list; a fault for every item that an earlier one has stated, at the field that tells them apart."""
        seen = set[Hashable]()
        faults: list[InitErrorDetails] = []
        for number, item in enumerate(items):
            key = self._key(item)
            if key is not None and key in seen:
                faults.append(self._fault(number, item))
            seen.add(key)
        if faults:
            raise ValidationError.from_exception_data("list", faults)
        return items

    def _key(self, item: object) -> Hashable:
        values = [getattr(item, name) for name in self.fields] if self.fields else [item]
        if all(value is None for value in values):
            return None
        plain = (_plain(name, value) for name, value in zip(self.fields or ("",), values, strict=True))
        return tuple(simplified(item) if self.people and isinstance(item, str) else item for item in plain)

    def _fault(self, number: int, item: object) -> InitErrorDetails:
        stated: Sequence[str] = [name for name in self.fields if getattr(item, name) is not None]
        twice = fault("该项重复，请只填写一次", "It is stated twice; state it once", FieldCode.DUPLICATE)
        return InitErrorDetails(type=twice, loc=(number, *stated[:1]), input=None)


def _plain(name: str, value: Hashable) -> Hashable:
    if not isinstance(value, str):
        return value
    return plain_number(value) if name == "number" else plain_name(value).casefold()
