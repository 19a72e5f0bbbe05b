"""Signatures that name nobody (Art. 21): somebody is told by what he is or does, in the words of
`data/designations.toml`. Compared are letters, in simplified characters and without case."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.measures.shipped import read_as, shipped_bytes


class Kind(StrEnum):
    """What a word does in a designation: tell whom, say something of them, leave them unnamed, say where, how many or
    how one is spoken to."""

    PERSON = "persons"
    QUALITY = "qualities"
    UNNAMED = "unnamed"
    BEFORE = "before"
    PLACE = "places"
    COUNT = "counts"
    AFTER = "after"
    ADDRESS = "addresses"


@dataclass(frozen=True, slots=True)
class _Shipped:
    persons: tuple[str, ...]
    qualities: tuple[str, ...]
    unnamed: tuple[str, ...]
    before: tuple[str, ...]
    places: tuple[str, ...]
    counts: tuple[str, ...]
    after: tuple[str, ...]
    marks: tuple[str, ...]
    addresses: tuple[str, ...]
    surnames: tuple[str, ...]
    organisations: tuple[str, ...]
    areas: tuple[str, ...]


_IN_A_DESIGNATION = frozenset(Kind) - {Kind.ADDRESS}
_BEHIND_A_SURNAME = frozenset({Kind.ADDRESS, Kind.AFTER})
_TELLING = frozenset({Kind.PERSON, Kind.QUALITY, Kind.ADDRESS})
# Nobody signs with more letters without saying more than what he is.
_MOST_LETTERS = 40
# The name of a township or a village has so many characters before the word for it.
_AREA_NAMES = range(1, 4)


@cache
def _shipped() -> _Shipped:
    return read_as(_Shipped, tomllib.loads(shipped_bytes("designations.toml").decode("utf-8")))


@cache
def _kinds() -> Mapping[str, frozenset[Kind]]:
    """What each word can be: some are several things."""
    kinds: dict[str, set[Kind]] = {}
    for kind in Kind:
        for word in getattr(_shipped(), kind.value):
            kinds.setdefault(word, set()).add(kind)
    return {word: frozenset(found) for word, found in kinds.items()}


@cache
def _longest() -> int:
    return max(map(len, _kinds()))


def designates(letters: str) -> bool:
    """Whether a signature tells somebody by what he is or does, altogether: in such words alone; behind a surname by
    how he is spoken to; as somebody of an organisation or of a township. Whatever else stands in it may be a name."""
    if len(letters) > _MOST_LETTERS:
        return False
    return (
        _made_of(letters, _IN_A_DESIGNATION)
        or any(_made_of(letters[at:], _BEHIND_A_SURNAME) for at in _behind_a_surname(letters))
        or any(_made_of(letters[at:], _IN_A_DESIGNATION) for at in _behind_a_place(letters))
    )


def _behind_a_surname(letters: str) -> Iterator[int]:
    yield 1
    if letters[:2] in _shipped().surnames:
        yield 2


def _behind_a_place(letters: str) -> Iterator[int]:
    """Where the name of an organisation or of a township ends, or what is said of somebody."""
    for ends, least, most in (
        (_shipped().organisations, 2, len(letters)),
        (_shipped().areas, _AREA_NAMES.start, _AREA_NAMES.stop - 1),
        (("的",), 1, len(letters)),  # house: sentences
    ):
        for found in re.finditer("|".join(ends), letters):
            if least <= found.start() <= most:
                yield found.end()


def _made_of(letters: str, kinds: frozenset[Kind]) -> bool:
    """Whether words of these kinds make up all of it and tell somebody, or leave a place unnamed; a mark may follow."""
    told = _read(letters, kinds)
    return told[-1] or (len(told) > 1 and told[-2] and letters[-1] in _shipped().marks)


def _read(letters: str, kinds: frozenset[Kind]) -> list[bool]:
    """By how many letters from the beginning are read: whether they are such words, and a designation by themselves."""
    # Whether it is one so far, and whether something in it is left unnamed; each letter is looked at a few times.
    reached: list[set[tuple[bool, bool]]] = [set() for _ in range(len(letters) + 1)]
    reached[0].add((False, False))
    for at in range(len(letters)):
        if not reached[at]:
            continue
        for end in range(at + 1, min(at + _longest(), len(letters)) + 1):
            for kind in _kinds().get(letters[at:end], frozenset()) & kinds:
                if kind is not Kind.AFTER or at > 0:
                    reached[end] |= {_with(one, unnamed, kind) for one, unnamed in reached[at]}
    return [any(one for one, _ in states) for states in reached]


def _with(one: bool, unnamed: bool, kind: Kind) -> tuple[bool, bool]:
    """What it is with another word: people and what is said of them make it one, a place where it is left unnamed."""
    if kind is Kind.AFTER:
        return one, unnamed
    unnamed = unnamed or kind is Kind.UNNAMED
    return kind in _TELLING or (kind is Kind.PLACE and unnamed), unnamed
