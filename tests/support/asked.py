"""A request that is tried of what callers are offered: who is offered what, and what is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.callers import Caller
from sandbox.world import World

# Any: an object as the service shows it.
Thing = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A request: the path below its object's, and what goes with it."""

    path: str
    body: Any = None
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    version: int | None = None


@dataclass(frozen=True)
class Asked:
    """Who is offered an act, and on what."""

    world: World
    caller: Caller
    thing: Thing

    @property
    def today(self) -> str:
        return self.world.clock.today.isoformat()

    @property
    def year(self) -> int:
        return self.world.clock.today.year

    @property
    def id(self) -> str:
        return str(self.thing["id"])

    def number(self) -> str:
        """Of a document of today."""
        return f"会府字〔{self.year}〕88号"


# None: there is nothing now that could be sent.
Maker = Callable[[Asked], Sent | None]
REASON = {"reason": "样例：情况已查明。"}


def plain(path: str, **body: Any) -> Maker:
    """The same is sent whatever it is asked of."""
    return lambda asked: Sent(path, body)


def dated(path: str, day: str, **body: Any) -> Maker:
    """The same, with today as this day."""
    return lambda asked: Sent(path, {day: asked.today, **body})
