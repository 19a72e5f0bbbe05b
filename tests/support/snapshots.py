"""Stages that were built before are put back instead of built again.

Most of the time of an API test went into rebuilding what other tests had built. A function marked as a `stage` runs
once for each past of a world; then the database, the files, the clock and what the function answered are kept, and the
next world with the same past and the same arguments gets them back. A past is told by its snapshots alone, so it ends
with the first write of the test itself, or with a stage that was not kept: from there on every stage is built anew.

Numbers that the stages give out (names, logins, credit codes) only ever rise within a process; a world that was put
back holds lower ones than any that follow.
"""

import io
import itertools
import pickle
import shutil
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import make_url

from app.kernel.settings import Settings
from sandbox.world import World
from tests.support import writes
from tests.support.places import PostgresPlace

R = TypeVar("R")
# The snapshot that the world equalled before, and the stage with its instant and arguments.
Key = tuple[str, str]
# Seconds of the processor from which a stage is kept at once: some times what keeping it takes.
_DEAR = 0.02
_numbers = itertools.count(1)


class Copies(Protocol):
    """Copies of a database of one kind, by name."""

    def keep(self, world: World, name: str) -> bool:
        """Copy the world's database; False where it cannot be done now."""

    def put_back(self, name: str, world: World) -> None:
        """Make the world's database what the copy is."""

    def drop(self, name: str) -> None:
        """Remove a copy."""


class SqliteCopies:
    """Files beside the databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, world: World, name: str) -> bool:
        _leave(world)
        file = _file(world)
        with closing(sqlite3.connect(file)) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            # Somebody still holds a connection to it.
            return False
        shutil.copy(file, self._folder / name)
        return True

    def put_back(self, name: str, world: World) -> None:
        _leave(world)
        file = _file(world)
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        shutil.copy(self._folder / name, file)

    def drop(self, name: str) -> None:
        (self._folder / name).unlink()


class PostgresCopies:
    """Rows of the one database. Its connections may stay: nothing is put in their place."""

    def __init__(self, place: PostgresPlace) -> None:
        self._place = place

    def keep(self, world: World, name: str) -> bool:
        self._place.keep(name)
        return True

    def put_back(self, name: str, world: World) -> None:
        self._place.put_back(name)

    def drop(self, name: str) -> None:
        self._place.drop(name)


def _file(world: World) -> Path:
    return Path(make_url(_database(world)).database or "")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    name: str
    instant: datetime
    answered: bytes


class Shelf:
    """The snapshots of one kind of database; the least recently used make room."""

    def __init__(self, copies: Copies, folder: Path, *, room: int) -> None:
        self._copies, self._folder, self._room = copies, folder, room
        # A stage that is quick to build is kept when it is built for the second time: most are built once.
        self._built: set[Key] = set()
        self._kept: OrderedDict[Key, _Snapshot] = OrderedDict()

    def keep(self, past: Key, world: World, answered: Any, seconds: float) -> str | None:
        """Keep the world as it is now, if it can be kept and is worth it; the snapshot's name, None where it was not
        kept. `seconds` is what building it took."""
        known = past in self._built
        self._built.add(past)
        told = _told(world, answered) if known or seconds > _DEAR else None
        if told is None or past in self._kept:
            return None
        name = f"stage_{next(_numbers)}"
        if not self._copies.keep(world, name):
            return None
        if (files := _files(world)).exists():
            shutil.copytree(files, self._folder / name)
        self._kept[past] = _Snapshot(name, world.clock.now(), told)
        if len(self._kept) > self._room:
            self._drop(next(iter(self._kept)))
        return name

    def put_back(self, past: Key, world: World) -> _Snapshot | None:
        """Make the world what it was after this past, if that was kept."""
        found = self._kept.get(past)
        if found is None:
            return None
        self._kept.move_to_end(past)
        self._copies.put_back(found.name, world)
        files = _files(world)
        shutil.rmtree(files, ignore_errors=True)
        if (kept := self._folder / found.name).exists():
            shutil.copytree(kept, files)
        world.clock.set(found.instant)
        return found

    def clear(self) -> None:
        """Remove everything."""
        for past in list(self._kept):
            self._drop(past)

    def _drop(self, past: Key) -> None:
        name = self._kept.pop(past).name
        self._copies.drop(name)
        shutil.rmtree(self._folder / name, ignore_errors=True)


class Past:
    """What a world has been through, as long as it is something that can be put back."""

    def __init__(self, shelf: Shelf, world: World) -> None:
        self._shelf = shelf
        # The name of the snapshot that the world equals now; None once it equals none.
        self._at: str | None = surroundings(world.client.app.state.settings)  # type: ignore[attr-defined]
        self._written = writes.counted()

    def run(self, world: World, name: str, arguments: str, build: Callable[[], R]) -> R:
        """What `build` answers, from the shelf where it stands there. Stages within a stage are put back as well, as
        long as it has written nothing itself."""
        with writes.beforehand():
            return self._run(world, name, arguments, build)

    def _run(self, world: World, name: str, arguments: str, build: Callable[[], R]) -> R:
        if self._at is None or self._written != writes.counted() or " at 0x" in arguments:
            return build()
        past = (self._at, f"{world.clock.now().isoformat()} {name}{arguments}")
        found = self._shelf.put_back(past, world)
        if found is not None:
            answered: R = _answer(world, found.answered)
            self._at = found.name
        else:
            began = time.process_time()
            answered = build()
            self._at = self._shelf.keep(past, world, answered, time.process_time() - began)
        self._written = writes.counted()
        return answered


def _leave(world: World) -> None:
    """The service lets go of its connections; it makes new ones when it needs them."""
    world.client.portal.call(world.client.app.state.database.close)  # type: ignore[union-attr,attr-defined,call-arg]


def _database(world: World) -> str:
    url: str = world.client.app.state.settings.database_url  # type: ignore[attr-defined]
    return url


def _files(world: World) -> Path:
    url: str = world.client.app.state.settings.files_url  # type: ignore[attr-defined]
    return Path(url.removeprefix("file:"))


def surroundings(settings: Settings) -> str:
    """What a world begins with: its settings, but for the places that are each test's own."""
    return repr(settings.model_dump(exclude={"database_url", "files_url", "checkpoints_folder"}))


def _told(world: World, answered: Any) -> bytes | None:
    """An answer as bytes, the world's own client and clock left out; None for what cannot be told so."""
    kept = io.BytesIO()
    pickler = pickle.Pickler(kept)
    own = {id(world): "world", id(world.client): "client", id(world.clock): "clock"}
    pickler.persistent_id = lambda value: own.get(id(value))  # type: ignore[method-assign]
    try:
        pickler.dump(answered)
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    return kept.getvalue()


def _answer(world: World, told: bytes) -> Any:
    """The answer again, its callers bound to this world."""
    unpickler = pickle.Unpickler(io.BytesIO(told))
    own = {"world": world, "client": world.client, "clock": world.clock}
    unpickler.persistent_load = own.__getitem__  # type: ignore[method-assign]
    return unpickler.load()
