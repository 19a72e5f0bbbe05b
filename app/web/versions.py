"""Operations that are to end: announced in every answer of theirs and in the contract (docs/versions.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from datetime import date as day
from email.utils import format_datetime

from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Ending:
    """Since which day an operation is deprecated, from which it may be gone, and the path of what takes its place."""

    deprecated_on: day
    sunset_on: day
    successor: str


# By operation. There is none at present.
ENDINGS: dict[str, Ending] = {}


def tell_of_the_end(operation: str, response: Response) -> None:
    """`Deprecation` (RFC 9745), `Sunset` (RFC 8594) and the successor, where the operation is to end."""
    ending = ENDINGS.get(operation)
    if ending is None:
        return
    response.headers["Deprecation"] = f"@{int(_instant(ending.deprecated_on).timestamp())}"
    response.headers["Sunset"] = format_datetime(_instant(ending.sunset_on), usegmt=True)
    response.headers.append("Link", f'<{ending.successor}>; rel="successor-version"')


def _instant(on: day) -> datetime:
    return datetime.combine(on, time(), UTC)
