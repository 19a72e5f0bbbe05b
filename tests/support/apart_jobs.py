"""Work for the process apart that does what a file could make a library do."""

import os
import signal
import time
from pathlib import Path
from typing import IO


def size(file: IO[bytes], *, more: int) -> int:
    return len(file.read()) + more


def turn(_file: IO[bytes]) -> None:
    while True:
        pass


def sleep(_file: IO[bytes]) -> None:
    time.sleep(600)


def rest(_file: IO[bytes], *, rested: float) -> None:
    time.sleep(rested)


def swell(_file: IO[bytes]) -> int:
    return len(bytearray(1 << 30))


def write(_file: IO[bytes], *, path: str) -> bool:
    try:
        Path(path).write_bytes(b"x")
    except OSError:
        return False
    return True


def fall(_file: IO[bytes]) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail(_file: IO[bytes]) -> None:
    raise LookupError("a secret of the file")


def told(_file: IO[bytes]) -> dict[str, object]:
    """What there is to be known of the service: its environment, and the process that made this one."""
    return {
        "environment": dict(os.environ),
        "parent": os.getppid(),
        "files": len(list(Path("/proc/self/fd").iterdir())),
    }
