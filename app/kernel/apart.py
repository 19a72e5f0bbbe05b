"""Work on files of strangers, in a process apart that is ended when it takes too much: the library that opens a file
knows no limit, and a thread cannot be stopped.

One process serves all workers (`app.kernel.apart_server`). It is started by whoever needs it first, and again where it
has died; it ends with the last of those who may need it.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from app.kernel import fair_turns
from app.kernel.errors import Unavailable
from app.measures.text import Text

# Seconds of a processor for one file, and bytes of memory; a file that takes more is built to.
SECONDS = 10
MEMORY = 768 << 20
# Seconds for the others' files and our own.
_PATIENCE = 60.0
_START = 20.0
# For it to end when nobody is left: it does so at once, unless it hangs.
_END = 2.0
_PAUSE = 0.01
PREFIX = "award-apart-"
# Requests of one worker that wait at once; who comes later waits in the event loop.
_WAITING = 16
_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_ROOT = Path(__file__).resolve().parent.parent.parent

# The system takes a socket's address of 107 bytes; ours needs some of them.
_LONGEST_PLACE = 60

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("files_apart")


class Over(Exception):
    """The file took more time or memory than a file may, or brought down what opened it."""


class _Gone(Exception):
    """Nobody answered."""


def place() -> Path:
    """Where the folder of the socket lies: with temporary files, unless its address would be too long there."""
    usual = tempfile.gettempdir()
    return Path("/tmp" if len(os.fsencode(usual)) > _LONGEST_PLACE else usual)


class _Room:
    """Where the process apart is found: a folder of ours with its socket, and a pipe that breaks when we go."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._folder: Path | None = None
        self._maker = 0
        self._tether = (-1, -1)
        self._started: list[subprocess.Popen[bytes]] = []

    def prepare(self) -> Path:
        """Make the folder and the pipe, before the workers begin that are to share them."""
        with self._making:
            if self._folder is None or not self._folder.is_dir():
                # Named for us: where we are killed, the next start removes it.
                made = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place())
                self._folder, self._maker = Path(made), os.getpid()
                atexit.register(self.leave)
            if self._tether[0] < 0:
                self._tether = os.pipe()
            return self._folder

    def leave(self) -> None:
        """Let the process end; it takes its folder with it, and where there was none the folder is empty."""
        with self._making:
            if self._folder is None or self._maker != os.getpid():
                return
            for end in self._tether:
                if end >= 0:
                    os.close(end)
            self._wait()
            with contextlib.suppress(OSError):
                self._folder.rmdir()
            self._folder, self._tether = None, (-1, -1)

    def _wait(self) -> None:
        """Until those that were started here have ended. One that hangs is ended: whoever made the room goes last."""
        until = time.monotonic() + _END
        for child in self._started:
            try:
                child.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                # Nobody else is there that it could work for.
                child.kill()
        self._started.clear()

    def connected(self) -> socket.socket:
        """A connection to the process, which is started where there is none."""
        folder = self.prepare()
        with contextlib.suppress(OSError):
            return _connect(folder)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.suppress(OSError):
                return _connect(folder)
            self._start(folder)
            until = time.monotonic() + _START
            while True:
                try:
                    return _connect(folder)
                except OSError:
                    if time.monotonic() > until or self._started[-1].poll() is not None:
                        raise _Gone from None
                time.sleep(_PAUSE)

    def _start(self, folder: Path) -> None:
        # Nothing of the settings, and no secret of the environment.
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self._started = [child for child in self._started if child.poll() is None]
        self._started.append(
            subprocess.Popen(
                [sys.executable, "-m", "app.kernel.apart_server", str(folder / "socket"), str(self._tether[0])],
                cwd=_ROOT,
                env={**environment, "PYTHONPATH": str(_ROOT)},
                pass_fds=[self._tether[0]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Of a group of its own: a key pressed at the terminal is for the service, which ends in its order.
                start_new_session=True,
            )
        )


_room = _Room()
prepare, leave = _room.prepare, _room.leave


def _connect(folder: Path) -> socket.socket:
    asker = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        asker.settimeout(_PATIENCE)
        asker.connect(str(folder / "socket"))
    except OSError:
        asker.close()
        raise
    return asker


async def apart(
    function: Callable[..., object],
    file: IO[bytes],
    *,
    seconds: int = SECONDS,
    memory: int = MEMORY,
    **arguments: object,
) -> object:
    """What `function(file, **arguments)` answers in a process apart. It is a function of a module, and takes and
    answers what JSON knows; `file` lies on a disk or in memory of the system, not of Python. `seconds` of a processor
    and bytes of `memory` are its limits. No transaction may be open meanwhile.

    Raises `Over` past the limits; `Unavailable` where no process can be had or all are busy for long; `TooMany` where
    too many files of this request's caller wait.
    """
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_WAITING)
        _limiter.set(limiter)
    asked = {
        "module": function.__module__,
        "name": function.__name__,
        "seconds": seconds,
        "memory": memory,
        "arguments": arguments,
    }
    async with fair_turns.turn():
        with _of_our_own(file) as number:
            work = functools.partial(_ask, json.dumps(asked).encode(), number)
            told = await anyio.to_thread.run_sync(work, limiter=limiter)
    if "told" not in told:
        if "over" in told:
            raise Over
        raise RuntimeError(f"{function.__name__} failed apart")
    return told["told"]


@contextlib.contextmanager
def _of_our_own(file: IO[bytes]) -> Iterator[int]:
    file.flush()
    number = os.dup(file.fileno())
    try:
        yield number
    finally:
        os.close(number)


def _ask(asked: bytes, number: int) -> dict[str, object]:
    for _ in range(2):
        try:
            return _asked(asked, number)
        except (_Gone, OSError):
            # It has died under us; the next one is started.
            continue
    raise Unavailable(Text("文件检查暂时不可用，请稍后重试", "Files cannot be looked into now; try again shortly"))


def _asked(asked: bytes, number: int) -> dict[str, object]:
    with _room.connected() as asker:
        os.lseek(number, 0, os.SEEK_SET)
        socket.send_fds(asker, [asked], [number])
        pieces = []
        while piece := asker.recv(1 << 16):
            pieces.append(piece)
    if not pieces:
        raise _Gone
    try:
        told: dict[str, object] = json.loads(b"".join(pieces))
    except ValueError:
        # Ended in the middle of its answer.
        return {"over": 0}
    return told
