"""The service that is attacked: its own command with two workers, on a database of its own, reached from as many
addresses as an attack likes."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from sandbox.stages.decision import Contender, candidates, in_publicity
from sandbox.world import World
from siege.service import connection, embedded, serving, signed_in
from siege.stages import built

POSTS_PER_MINUTE = 30
READS_PER_MINUTE = 600
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """A running service. `candidate_id`: a name that can be objected to."""

    address: str
    candidate_id: str

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self.address.removeprefix("http://").split(":")
        return host, int(port)

    def client(self, origin: str) -> httpx.Client:
        """Somebody at this address: said as a proxy says it that the service trusts."""
        return connection(self.address, origin=origin)

    def bearer(self, login: str, origin: str = "198.51.100.200") -> dict[str, str]:
        """The header by which an account of the sample signs its requests."""
        with self.client(origin) as client:
            return signed_in(client, login)


@contextlib.contextmanager
def target() -> Iterator[Target]:
    """Build and start it; it is gone with the context."""
    with tempfile.TemporaryDirectory(prefix="award-siege-") as name:
        folder = Path(name)
        settings = embedded(
            folder,
            public_posts_per_minute=POSTS_PER_MINUTE,
            reads_per_minute=READS_PER_MINUTE,
            second_factor_required=False,
        )
        candidate_id = built(settings, _candidate)
        with serving(settings, folder, workers=2) as service:
            yield Target(service.address, candidate_id)


def _candidate(world: World) -> str:
    made = in_publicity(world, Contender())
    return str(candidates(world, made.round_id)[made.ids[0]]["id"])


@dataclass(slots=True)
class Bystander:
    """Somebody honest who reads the register all the while; how long each answer took, and what was no answer."""

    target: Target
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    @property
    def slowest(self) -> float:
        """Seconds of the slowest answer."""
        return max(self.seconds, default=0.0)

    def _read(self) -> None:
        with self.target.client("203.0.113.250") as client:
            while not self._over.wait(0.2):
                began = time.monotonic()
                try:
                    if client.get("/v1/awards").status_code != 200:
                        self.refused += 1
                except httpx.TransportError:
                    self.refused += 1
                self.seconds.append(time.monotonic() - began)
