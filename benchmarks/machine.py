"""What the figures were taken on: enough to compare by, nothing that names the machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

_PACKAGES = ("fastapi", "pydantic", "sqlalchemy", "uvicorn", "psycopg")


def description() -> str:
    """Cores, memory, load before the run, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, load {os.getloadavg()[0]:.1f} at the start; "
        f"{platform.system()}, Python {platform.python_version()}, {packages}"
    )
