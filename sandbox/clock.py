"""A clock that whoever plays a round moves. The product has none."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self._now = instant

    @classmethod
    def at(cls, day: str) -> "MovableClock":
        """A clock that begins on this day, at ten in the morning in Shanghai."""
        clock = cls(datetime(2000, 1, 1, tzinfo=UTC))
        clock.go(day)
        return clock

    def now(self) -> datetime:
        return self._now

    def go(self, day: str | date, at: str = "10:00:00") -> datetime:
        """Set to a day and time in Shanghai, e.g. `go("2024-03-01", "23:59:59.999999")`."""
        chosen = date.fromisoformat(day) if isinstance(day, str) else day
        self._now = datetime.combine(chosen, time.fromisoformat(at), SHANGHAI).astimezone(UTC)
        return self._now

    def set(self, instant: datetime) -> None:
        """Set to an instant."""
        self._now = instant

    def forward(self, **amount: float) -> datetime:
        """Move on by a `timedelta`."""
        self._now += timedelta(**amount)
        return self._now

    @property
    def today(self) -> date:
        return self._now.astimezone(SHANGHAI).date()
