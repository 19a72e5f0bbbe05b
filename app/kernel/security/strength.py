"""Whether a password is good enough to be taken: how many guesses it costs, by a kept library that knows words, names,
dates and keyboards, told besides what people here choose and what everybody knows of the account."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import normalize

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from app.kernel.error_codes import FieldCode

# Ten thousand million guesses, the library's highest class: of a stolen hash, some thousand years of one core.
_NEEDED = 4
# The library's work grows with the square of the length. What is that long is strong by its beginning, or repeats it.
_LOOKED_AT = 64
# Of words that everybody tries first, and so little beside, all can be tried: a year or a day, or a few signs.
_FEW_WORDS = 4
_FEW_SIGNS = 5
_DAY = 8
_FOLDER = Path(__file__).parent

# The library keeps what it was told of the account in a place of its own: one at a time.
_TURN: RunVar[anyio.CapacityLimiter] = RunVar("strength_turn")


async def fault_of(password: str, *, about: Iterable[str], sample: bool) -> FieldCode | None:
    """What is wrong with the password, None where it may be taken. `about`: what everybody knows of the account, as its
    login and its organisation's name. `sample`: the service is the sample's, which has its published passwords."""
    if not sample and password.strip().lower() in _words("published_passwords.txt"):
        return FieldCode.PUBLISHED
    known = [part for text in about for part in _parts(text)]
    if _of_known_words(password[:_LOOKED_AT], known):
        return FieldCode.EASILY_GUESSED
    limiter = _TURN.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(1)
        _TURN.set(limiter)
    score = await anyio.to_thread.run_sync(_score, password[:_LOOKED_AT], known, limiter=limiter)
    return None if score >= _NEEDED else FieldCode.EASILY_GUESSED


def _score(password: str, known: list[str]) -> int:
    from zxcvbn import zxcvbn

    score: int = zxcvbn(password, user_inputs=[*known, *_words("common_passwords.txt")])["score"]
    return score


def _of_known_words(password: str, known: list[str]) -> bool:
    """Whether it is but a few words that are tried first, whatever stands between them: the library takes four words of
    any list, or a line of a poem, for strong."""
    words = {*_bare_words(), *(_bare(word) for word in known)}
    left, found = _bare(password), 0
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= (4 if word.isascii() else 2) and word in left:
            left, found = left.replace(word, " "), found + 1
    rest = left.replace(" ", "")
    little = len(rest) <= _FEW_SIGNS or (len(rest) <= _DAY and rest.isdecimal())
    return 0 < found <= _FEW_WORDS and little


@cache
def _bare_words() -> frozenset[str]:
    return frozenset(_bare(word) for word in _words("common_passwords.txt"))


def _bare(text: str) -> str:
    return "".join(sign for sign in normalize("NFKC", text).lower() if sign.isalnum())


def _parts(text: str) -> set[str]:
    """A name as a whole and by its words: `sample.unit` is guessed as `sample` and `unit` too."""
    words = "".join(sign if sign.isalnum() else " " for sign in text).split()
    return {text.strip(), *(word for word in words if len(word) > 1)} - {""}


@cache
def _words(file: str) -> tuple[str, ...]:
    lines = (_FOLDER / file).read_text(encoding="utf-8").splitlines()
    return tuple(line.lower() for line in lines if line and not line.startswith("#"))
