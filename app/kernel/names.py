"""Names of organs, media and places in one writing, for comparing and never for showing: the measures know no
dictionary, and people write traditional characters too."""

from __future__ import annotations

from app.kernel.chinese import simplified
from app.measures.text import plain_medium


def medium_key(name: str) -> str:
    """The name of a medium as it is compared, in whichever writing of Chinese."""
    return plain_medium(simplified(name))
