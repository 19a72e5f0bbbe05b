"""What JSON says is taken as it is said: a number is no day, `true` is no number, `"1"` is none either.

Bodies are checked strictly (`In`). JSON has no type for days, instants, UUIDs and words: those are texts of one form,
which is told here. Query and path hold nothing but text; days and instants there have the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError

from app.kernel.error_codes import FieldCode
from app.kernel.field_texts import FIELDS

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}.*", re.DOTALL)

# Texts in JSON for which the library, where it is strict, wants its own objects.
_TOLD_AS_TEXT = ("uuid", "enum")


def fault(zh: str, en: str, code: FieldCode) -> PydanticCustomError:
    """What a check of ours raises: the sentence in both languages, what kind it is, and nothing of the value."""
    return PydanticCustomError(code.value, en, {"zh": zh})


def usual_fault(code: FieldCode) -> PydanticCustomError:
    """The same with the sentence that the word has."""
    return fault(FIELDS[code].zh, FIELDS[code].en, code)


def day_text(value: object) -> object:
    """A day as ISO text, for the library to read. It would take a number, or a text of digits, for seconds since
    1970."""
    if isinstance(value, str):
        if _DAY.fullmatch(value):
            return value
        if _INSTANT.fullmatch(value):
            raise fault("须为日期，不得带时刻", "Must be a date without a time of day", FieldCode.NOT_A_DATE)
    elif isinstance(value, date):
        return value
    raise usual_fault(FieldCode.NOT_A_DATE)


def instant_text(value: object) -> object:
    """An instant as ISO text, for the library to read; a day alone is none."""
    if (isinstance(value, str) and _INSTANT.fullmatch(value)) or isinstance(value, date):
        return value
    raise usual_fault(FieldCode.NOT_AN_INSTANT)


# Any: pydantic's own schemas are plain dictionaries.
def _parts(node: Any, handler: GetCoreSchemaHandler, owner: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """Every schema within one of this model's. Another model inside it has looked after its own."""
    for part in node.values() if isinstance(node, dict) else node:
        if isinstance(part, list | tuple):
            yield from _parts(part, handler, owner)
        elif isinstance(part, dict):
            # Any: as above.
            found: Any = part
            if part.get("type") == "definition-ref":
                found = handler.resolve_ref_schema(part)
            if isinstance(found.get("type"), str):
                yield found
            if found.get("type") != "model" or found["cls"] is owner:
                yield from _parts(found, handler, owner)


class In(BaseModel):
    """A body: unknown fields are refused, and every value must be of the type that the contract names."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True, defer_build=True)

    @classmethod
    # Any: pydantic's own signature.
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        for part in _parts([schema], handler, cls):
            if part["type"] in _TOLD_AS_TEXT:
                part["strict"] = False
        return schema
