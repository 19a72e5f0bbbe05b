"""One hash of content: SHA-256 over canonical JSON, which anybody can repeat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NewType

# SHA-256 in hexadecimal digits.
ContentHash = NewType("ContentHash", str)


def content_hash(value: Mapping[str, object] | Sequence[object]) -> ContentHash:
    """SHA-256 (hex) over canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return ContentHash(hashlib.sha256(canonical.encode()).hexdigest())
