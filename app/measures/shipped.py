"""The data files that come with the measures."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def shipped_bytes(name: str) -> bytes:
    """A file of `data/` as it is."""
    return files("app.measures").joinpath("data", name).read_bytes()


# Any: each file has its own shape, which its one reader names.
def shipped_json(name: str) -> Any:
    """A JSON file of `data/`."""
    return json.loads(shipped_bytes(name))
