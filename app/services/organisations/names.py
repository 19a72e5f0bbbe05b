"""Organisations of one name, told apart where a list prints them (Arts. 17, 21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.measures.text import plain_name


def told_apart(named: Sequence[tuple[str, str]]) -> list[str]:
    """Names as a list prints them, of names and credit codes: as written, with the code in brackets where two of the
    list read the same."""
    counted = Counter(plain_name(name) for name, _ in named)
    return [f"{name}（{code}）" if counted[plain_name(name)] > 1 else name for name, code in named]
