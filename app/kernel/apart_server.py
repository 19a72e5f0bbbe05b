"""The process in which files of strangers are opened: `python -m app.kernel.apart_server SOCKET TETHER`.

It has no thread, no secret in its environment and no connection but its own socket. For each file it makes a copy of
itself with limits on time, memory and what it may write, and tells what came of it, also where the copy was ended for
passing them.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

# Decoded pictures and unpacked documents are large: so many at once, for all workers together.
AT_ONCE = 2
# A request is a function's name and some numbers.
_MAX_ASKED = 65_536
# What the machine's other work may add to the time that is spent on a file.
_PATIENCE = 4
# Of the address space, beside what the libraries take that are loaded beforehand.
_OUT_OF_MEMORY = 3
_DEFECT = 4


# Takes the file and what JSON knows, and answers what JSON knows.
Job = Callable[..., object]


def serve(path: Path, tether: int) -> None:
    """Open files for whoever reaches the socket, until nobody holds the other end of `tether` any more."""
    import pi_heif  # noqa: F401  Once, for all copies.
    import PIL.Image  # noqa: F401

    import app.kernel.file_types
    import app.kernel.pdf
    import app.kernel.workbooks  # noqa: F401
    from app.kernel import heap

    heap.freeze()
    os.umask(0o077)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(new))
        listener.listen(128)
        listener.setblocking(False)
        new.rename(path)
        try:
            _answer(listener, tether)
        finally:
            path.unlink(missing_ok=True)
            with suppress(OSError):
                (path.parent / "lock").unlink(missing_ok=True)
                path.parent.rmdir()


def _answer(listener: socket.socket, tether: int) -> None:
    woken, waker = socket.socketpair()
    waker.setblocking(False)
    woken.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    copies: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(woken, selectors.EVENT_READ)
        ready.register(tether, selectors.EVENT_READ)
        while True:
            listening = listener.fileno() in ready.get_map()
            if listening and len(copies) >= AT_ONCE:
                ready.unregister(listener)
            elif not listening and len(copies) < AT_ONCE:
                ready.register(listener, selectors.EVENT_READ)
            for key, _ in ready.select():
                if key.fd == tether:
                    return
                if key.fd == woken.fileno():
                    woken.recv(4096)
                elif len(copies) < AT_ONCE and (begun := _begin(listener)) is not None:
                    copies[begun[0]] = begun[1]
            _end(copies)


def _begin(listener: socket.socket) -> tuple[int, socket.socket] | None:
    """A copy of this process for the next who asks; None where nobody does, or not as we ask ourselves."""
    try:
        asker, _ = listener.accept()
    except OSError:
        return None
    files: list[int] = []
    try:
        asker.settimeout(2)
        said, files, _, _ = socket.recv_fds(asker, _MAX_ASKED, 1)
        asked = json.loads(said)
        # Named by us: who asks is the service itself.
        function = getattr(import_module(asked["module"]), asked["name"])  # house: dynamic
        asker.setblocking(True)
        number = os.fork()
        if number == 0:
            signal.set_wakeup_fd(-1)
            _open(asker, files[0], function, asked)
        return number, asker
    except (OSError, ValueError, KeyError, AttributeError, ImportError, IndexError):
        asker.close()
        return None
    finally:
        for file in files:
            os.close(file)


def _open(asker: socket.socket, file: int, function: Job, asked: dict[str, object]) -> NoReturn:
    """What the copy does, and all that it does."""
    status = _DEFECT
    try:
        seconds, memory = int(str(asked["seconds"])), int(str(asked["memory"]))
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds * _PATIENCE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_loaded() + memory,) * 2)
        gc.enable()
        with os.fdopen(_from_the_beginning(file), "rb") as content:
            given = asked["arguments"]
            told = function(content, **(given if isinstance(given, dict) else {}))
        asker.sendall(json.dumps({"told": told}).encode())
        status = 0
    except MemoryError:
        status = _OUT_OF_MEMORY
    except BaseException as error:
        # Its kind alone: its text may quote the file.
        os.write(2, f"apart: {asked.get('module')}.{asked.get('name')}: {type(error).__name__}\n".encode())
    finally:
        os._exit(status)


def _from_the_beginning(file: int) -> int:
    # With a place of its own in the file: whoever asks has the other.
    with suppress(OSError):
        return os.open(f"/proc/self/fd/{file}", os.O_RDONLY | os.O_CLOEXEC)
    return os.dup(file)


def _loaded() -> int:
    """The address space of this process in bytes."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30


def _end(copies: dict[int, socket.socket]) -> None:
    """Tell whoever waits how the copies ended that have."""
    while copies:
        try:
            number, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if number == 0:
            return
        asker = copies.pop(number, None)
        if asker is None:
            continue
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            # A signal is a limit that was passed, or a library that the file has brought down.
            kind = "defect" if code == _DEFECT else "over"
            with suppress(OSError):
                asker.settimeout(1)
                asker.sendall(json.dumps({kind: code}).encode())
        asker.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
