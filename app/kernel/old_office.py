"""Documents of the office programs before 2007, which WPS writes too: compound files, of which the directory is read
and the first bytes of the document."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import Enum, auto
from typing import IO

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_LAST = 0xFFFFFFFA
# A document has some dozens of streams. Each entry of the directory is 128 bytes.
_MAX_ENTRIES, _ENTRY = 4096, 128
# Streams below this lie inside another one.
_SMALL = 4096
_MACROS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})
_WORD_MARKS = (0xA5EC, 0xA5DC)
_WORD_ENCRYPTED = 0x0100
_EXCEL_PASSWORD = 0x2F


class Opened(Enum):
    """What a compound file turned out to be."""

    WORD = auto()
    EXCEL = auto()
    LOCKED = auto()
    OTHER = auto()


class OldOffice:
    """A compound file. What does not hold together is `OTHER`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @staticmethod
    def claimed(head: bytes) -> bool:
        """Whether a file begins like one."""
        return head.startswith(_SIGNATURE)

    def look(self) -> Opened:
        """Word processor or spreadsheet, locked, or something else; with macros it is something else."""
        try:
            return self._look()
        except (struct.error, ValueError, OverflowError, UnicodeDecodeError):
            return Opened.OTHER

    def _look(self) -> Opened:
        self._file.seek(0)
        header = self._file.read(_HEADER)
        (shift,) = struct.unpack("<H", header[30:32])
        if shift not in (9, 12):
            raise ValueError("no sector size")
        self._sector = 1 << shift
        self._tables = [number for number in struct.unpack("<109I", header[76:512]) if number < _LAST]
        self._more_tables(*struct.unpack("<II", header[68:76]))
        (directory,) = struct.unpack("<I", header[48:52])
        streams = dict(self._streams(directory))
        names = {name.lower() for name in streams}
        if names & _MACROS:
            return Opened.OTHER
        if "encryptedpackage" in names:
            return Opened.LOCKED
        if "WordDocument" in streams:
            return self._word(*streams["WordDocument"])
        book = streams.get("Workbook") or streams.get("Book")
        return Opened.OTHER if book is None else self._excel(*book)

    def _more_tables(self, start: int, count: int) -> None:
        """Of a large file, the sectors that name further sectors of the table."""
        per_sector = self._sector // 4
        for _ in range(min(count, 1024)):
            if start >= _LAST:
                return
            *numbers, start = struct.unpack(f"<{per_sector}I", self._read(start))
            self._tables += [number for number in numbers if number < _LAST]

    def _read(self, sector: int) -> bytes:
        self._file.seek((sector + 1) * self._sector)
        return self._file.read(self._sector)

    def _next(self, sector: int) -> int:
        table, place = divmod(sector, self._sector // 4)
        if table >= len(self._tables):
            raise ValueError("a sector that the table does not hold")
        (following,) = struct.unpack("<I", self._read(self._tables[table])[place * 4 : place * 4 + 4])
        return int(following)

    def _streams(self, sector: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name, first sector and size of every entry of the directory."""
        read = 0
        while sector < _LAST and read < _MAX_ENTRIES:
            block = self._read(sector)
            for at in range(0, self._sector, _ENTRY):
                entry = block[at : at + _ENTRY]
                length, kind = struct.unpack("<HB", entry[64:67])
                read += 1
                if kind in (1, 2) and 2 <= length <= 64:
                    start, size = struct.unpack("<II", entry[116:124])
                    yield entry[: length - 2].decode("utf-16-le"), (start, size)
            sector = self._next(sector)

    def _word(self, start: int, size: int) -> Opened:
        if size < _SMALL:
            return Opened.OTHER
        mark, _version, _product, _language, _next, flags = struct.unpack("<6H", self._read(start)[:12])
        if mark not in _WORD_MARKS:
            return Opened.OTHER
        return Opened.LOCKED if flags & _WORD_ENCRYPTED else Opened.WORD

    def _excel(self, start: int, size: int) -> Opened:
        if size < _SMALL:
            return Opened.OTHER
        first = self._read(start)
        kind, length = struct.unpack("<HH", first[:4])
        if kind & 0xFF != 0x09:
            return Opened.OTHER
        (second,) = struct.unpack("<H", first[4 + length : 6 + length])
        return Opened.LOCKED if second == _EXCEL_PASSWORD else Opened.EXCEL
