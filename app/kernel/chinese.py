"""One writing of Chinese for comparing, never for showing: people write names in traditional characters too (the only
module that knows the library)."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def simplified(text: str) -> str:
    """The text with each character in its simplified form. Sign by sign: what stands beside a name makes no other name
    of it."""
    return text if text.isascii() else "".join(map(_simplified, text))


# Most texts are made of some thousand characters.
@lru_cache(maxsize=1 << 14)
def _simplified(char: str) -> str:
    return char if char.isascii() else str(_converter().convert(char))


@cache
def _converter() -> OpenCC:
    # Its dictionary takes memory and a tenth of a second: loaded with the first name that is compared.
    from opencc import OpenCC

    return OpenCC("t2s")
