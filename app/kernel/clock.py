"""The only place that reads time. Instants are UTC; days are those of Asia/Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Answers the present instant, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def shanghai_day(instant: datetime) -> date:
    """The calendar day of an instant in Huichang."""
    return instant.astimezone(SHANGHAI).date()
