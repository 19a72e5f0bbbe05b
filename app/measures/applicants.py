"""Who is who where a rule looks at several applicants at once."""

from __future__ import annotations

from typing import Self


class Applicant(str):
    """An applicant among others: the text is its key, by which it is itself and no other; `name` is what people read,
    in findings too, and what a list is ordered by. Where no two have the same name, the name may be the key."""

    __slots__ = ("name",)

    name: str

    def __new__(cls, key: str, name: str) -> Self:
        found = super().__new__(cls, key)
        found.name = name
        return found

    def __lt__(self, other: str, /) -> bool:
        return _order(self) < _order(other)

    def __gt__(self, other: str, /) -> bool:
        return _order(self) > _order(other)


def name_of(key: str) -> str:
    """What people read for a key."""
    return key.name if isinstance(key, Applicant) else key


def _order(key: str) -> tuple[str, str]:
    return name_of(key), str(key)
