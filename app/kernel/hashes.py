"""One hash of content: SHA-256 over canonical JSON, which anybody can repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NewType

from app.measures.hashes import canonical_json

# SHA-256 in hexadecimal digits.
ContentHash = NewType("ContentHash", str)


def content_hash(value: Mapping[str, object] | Sequence[object]) -> ContentHash:
    """SHA-256 (hex) over canonical JSON: sorted keys, no spaces, UTF-8."""
    return ContentHash(hashlib.sha256(canonical_json(value).encode()).hexdigest())
