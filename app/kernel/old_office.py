"""Opening a document of the office programs before 2007, which WPS writes too (the only module that knows the library):
each stream is there to its end, and the first of them says what it is."""

from __future__ import annotations

import struct
from enum import Enum, auto
from typing import IO, TYPE_CHECKING

from app.kernel.opening import Costly, Deadline, Unreadable, Unsafe

if TYPE_CHECKING:
    from olefile import OleFileIO

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A document has some dozens of streams.
_MAX_STREAMS = 4096
_MACROS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})
# A file of any kind, put into the document as an object: a double click opens it.
_PACKED = "\1ole10native"
_WORD_MARKS = (0xA5EC, 0xA5DC)
_WORD_ENCRYPTED = 0x0100
_EXCEL_BEGINS = 0x09
_EXCEL_PASSWORD = 0x2F


class Opened(Enum):
    """What a compound file turned out to be."""

    WORD = auto()
    EXCEL = auto()
    LOCKED = auto()
    OTHER = auto()


def claimed(head: bytes) -> bool:
    """Whether a file begins like a compound file."""
    return head.startswith(_SIGNATURE)


def look(file: IO[bytes], *, seconds: float) -> Opened:
    """Word processor or spreadsheet, locked, or something else; with macros it is something else. Raises Unreadable
    where a stream is cut off, Unsafe for a file within it."""
    import olefile  # Loaded with the first such document.

    file.seek(0)
    try:
        with olefile.OleFileIO(file) as found:
            return _look(found, Deadline(seconds))
    except (Unreadable, MemoryError):
        raise
    except Exception:
        # Whatever a broken file makes of the library, it is a file that does not open.
        raise Unreadable from None


def _look(found: OleFileIO, until: Deadline) -> Opened:
    paths = found.listdir(streams=True, storages=True)
    names = {part.lower() for path in paths for part in path}
    if names & _MACROS:
        return Opened.OTHER
    if _PACKED in names:
        raise Unsafe
    if "encryptedpackage" in names:
        return Opened.LOCKED
    streams = found.listdir()
    if len(streams) > _MAX_STREAMS:
        raise Costly
    read = dict[str, bytes]()
    for path in streams:
        until.check()
        content = found.openstream(path).read()
        if len(content) != found.get_size(path):
            raise Unreadable
        read["/".join(path)] = content[:64]
    if "WordDocument" in read:
        return _word(read["WordDocument"])
    book = read.get("Workbook", read.get("Book"))
    return Opened.OTHER if book is None else _excel(book)


def _word(head: bytes) -> Opened:
    if len(head) < 12:
        raise Unreadable
    mark, _version, _product, _language, _next, flags = struct.unpack("<6H", head[:12])
    if mark not in _WORD_MARKS:
        raise Unreadable
    return Opened.LOCKED if flags & _WORD_ENCRYPTED else Opened.WORD


def _excel(head: bytes) -> Opened:
    if len(head) < 4:
        raise Unreadable
    kind, length = struct.unpack("<HH", head[:4])
    if kind & 0xFF != _EXCEL_BEGINS:
        raise Unreadable
    second = head[4 + length : 6 + length]
    return Opened.LOCKED if second == struct.pack("<H", _EXCEL_PASSWORD) else Opened.EXCEL
