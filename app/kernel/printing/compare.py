"""A scan beside the paper that it is of: how many pages, and how much of the paper's text stands in its own. For the
process apart."""

from __future__ import annotations

import unicodedata
from typing import IO

from pypdf import PdfReader

from app.kernel.opening import Locked, Unreadable
from app.kernel.pdf import pages_of

# Of a scan with a layer of text: more says nothing more.
_MOST = 400_000


def pages(file: IO[bytes]) -> object:
    """How many pages a PDF has; `unreadable` where it is none that people can read."""
    try:
        return pages_of(file, seconds=8)
    except (Locked, Unreadable):
        return "unreadable"


def compared(file: IO[bytes], *, said: list[str]) -> object:
    """Pages of a scan, and how many of a hundred of these parts of the paper's text stand in it (None: it has no
    text)."""
    counted = pages(file)
    if not isinstance(counted, int):
        return counted
    file.seek(0)
    found, left = "", _MOST
    for page in PdfReader(file, strict=False).pages:
        found += _plain(page.extract_text())
        left -= len(found)
        if left < 0:
            break
    wanted = [words for words in map(_plain, said) if words]
    if not found or not wanted:
        return [counted, None]
    return [counted, 100 * sum(words in found for words in wanted) // len(wanted)]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
