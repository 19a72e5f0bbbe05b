"""Reading a workbook that somebody sent (the only module that knows the library): its cells as they stand, and nothing
of what they mean. For the process apart: it answers what JSON knows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO

from app.kernel.apart import SECONDS, Over, apart
from app.kernel.file_types import FileTooCostly, modest_directory
from app.kernel.opening import Costly, Deadline, Unreadable
from app.kernel.packages import Elements, Root, keep_inside

_MAX_UNPACKED = 64 << 20
_MAX_MEMBERS = 200
# Of XML: twenty thousand lines of forty cells have three for each cell. Of the styles the library makes objects, all of
# them, before the first cell is read; spreadsheets themselves have room for 65,490 formats.
_MAX_ELEMENTS = 4_000_000
_MAX_STYLE_ELEMENTS = 150_000
_PIECE = 1 << 18
_DAY, _UNCOMPUTED = "day", "uncomputed"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


class TooLargeUnpacked(Exception):
    """It unpacks to too much, or to too many members."""


class Uncomputed:
    """A formula whose result the file does not hold: something stands in the cell, and nobody can read it here. A
    schema refuses it wherever it stands."""


Line = tuple[object, ...]


async def lines_of(
    file: IO[bytes], *, first_sheets: int, most_lines: int, columns: int, of: Sequence[int] | None = None
) -> list[tuple[str, list[Line]]]:
    """Title and lines of each of the first sheets, or of those that `of` names by their places: at most so many lines
    of a sheet, of so many columns.

    Raises `Unreadable` for what is no workbook, `TooLargeUnpacked`, `FileTooCostly`.
    """
    bounds = {"first_sheets": first_sheets, "most_lines": most_lines, "columns": columns}
    try:
        told = await apart(read, file, of=None if of is None else list(of), **bounds)
    except Over:
        raise FileTooCostly from None
    if told == "unreadable":
        raise Unreadable
    if told == "large":
        raise TooLargeUnpacked
    if not isinstance(told, list):
        raise FileTooCostly
    return [(title, [tuple(_cell(cell) for cell in line) for line in lines]) for title, lines in told]


def read(file: IO[bytes], *, first_sheets: int, most_lines: int, columns: int, of: Sequence[int] | None) -> object:
    """What `lines_of` answers, or a word that says why not: `unreadable`, `large`, `costly`."""
    from openpyxl import load_workbook

    try:
        _look(file)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets[:first_sheets] if hasattr(sheet, "reset_dimensions")]
        told, left = [], most_lines
        for place in range(len(sheets)) if of is None else of:
            sheets[place].reset_dimensions()
            rows = sheets[place].iter_rows(max_row=left, max_col=columns, values_only=True)
            lines = [[_plain(cell) for cell in row] for row in rows]
            if of is not None:
                _mark_uncomputed(file, place, lines)
            told.append((sheets[place].title, lines))
            if of is not None:
                left = max(left - len(lines), 1)
        return told
    except TooLargeUnpacked:
        return "large"
    except Costly:
        return "costly"
    except MemoryError:
        raise
    # A damaged file breaks the library in as many ways as there are damages; none of them is ours.
    except Exception:
        return "unreadable"


def _look(file: IO[bytes]) -> None:
    """Its parts are counted before the library makes anything of them."""
    if not modest_directory(file):
        raise Unreadable
    until, counted = Deadline(SECONDS), Elements(_MAX_ELEMENTS)
    with zipfile.ZipFile(file) as package:
        members = package.infolist()
        if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
            raise TooLargeUnpacked
        keep_inside(members)
        for member in members:
            if not member.filename.lower().endswith((".xml", ".rels")):
                continue
            of_styles = member.filename.lower().endswith("styles.xml")
            parsed = Root(Elements(_MAX_STYLE_ELEMENTS) if of_styles else counted)
            with package.open(member) as content:
                while piece := content.read(_PIECE):
                    until.check()
                    parsed.feed(piece)


def _mark_uncomputed(file: IO[bytes], place: int, lines: list[list[object]]) -> None:
    """Put a mark where a formula stands whose result the program that wrote it did not put down."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(file) as package:
        parts = (name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml"))
        if not any(_FORMULA.search(package.read(name)) for name in parts):
            return
    file.seek(0)
    book = load_workbook(file, read_only=True, keep_links=False)
    sheet = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")][place]
    sheet.reset_dimensions()
    written = sheet.iter_rows(max_row=len(lines), max_col=max(map(len, lines), default=0), values_only=True)
    for line, row in zip(lines, written, strict=False):
        for column, cell in enumerate(row[: len(line)]):
            if line[column] is None and isinstance(cell, str) and cell.startswith("="):
                line[column] = [_UNCOMPUTED]


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return [_DAY, cell.date().isoformat()]
    if isinstance(cell, date):
        return [_DAY, cell.isoformat()]
    return cell if cell is None or isinstance(cell, bool | int | float | str) else str(cell)


def _cell(told: object) -> object:
    if not isinstance(told, list):
        return told
    return Uncomputed() if told[0] == _UNCOMPUTED else date.fromisoformat(told[1])
