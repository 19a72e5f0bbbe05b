"""Which keys lie in a file, told without the keys: names and fingerprints, by which they are recognised later."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from app.measures.hashes import canonical_json

# What a thumbprint is made over (RFC 7638), by the type of the key: of a pair the public half alone.
_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "oct": ("k", "kty")}


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of keys: where it lies, and of each key the fingerprint by its `kid`."""

    path: str
    keys: dict[str, str] = field(default_factory=dict)


def key_file(path: Path) -> KeyFile:
    """What lies there; no keys where the file is not there or is none of keys."""
    try:
        keys = json.loads(path.read_text(encoding="utf-8"))["keys"]
        return KeyFile(str(path), {str(key["kid"]): _thumbprint(key) for key in keys})
    except (OSError, ValueError, KeyError, TypeError):
        return KeyFile(str(path))


def _thumbprint(key: dict[str, str]) -> str:
    told = {name: key[name] for name in _MEMBERS[key["kty"]]}
    return hashlib.sha256(canonical_json(told).encode()).hexdigest()
