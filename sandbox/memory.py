"""Where databases lie that are soon dropped: in memory, where a file system is there, else in the temporary folder."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_NEEDED_BYTES = 2 * 1024**3


def folder(prefix: str) -> Path:
    """A new folder. Thousands of databases are made and dropped: on a disk that is most of the time of a run."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _NEEDED_BYTES
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if roomy else None))
