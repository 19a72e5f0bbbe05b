"""The audit log told to a log host: JSON lines, one file for each month, carried on where it was left off.

The service itself forgets no entry: those about awards are kept for good, and all others with them, as each is sealed
by the one after it. What may go is the copy: `keep` says how many months of it stay, never fewer than six.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path

from app.commands.backup import alone_in, refused
from app.commands.operator import looking
from app.kernel.clock import SHANGHAI, shanghai_day
from app.kernel.errors import Collision
from app.kernel.settings import Settings
from app.measures.hashes import canonical_json
from app.measures.text import Text
from app.store import audit

_BATCH = 500
_NAME = re.compile(r"audit-(\d{4})-(\d\d)\.jsonl")


@dataclass(frozen=True, slots=True)
class Exported:
    """How many entries were written now, the number of the last one that lies there, and the files that went."""

    written: int
    last: int
    removed: Sequence[str]


async def export(
    settings: Settings, folder: Path, *, first_day: date | None, last_day: date | None, keep: int | None
) -> Exported:
    """Write every entry that does not lie there yet, oldest first, to the file of its month in Huichang; of the days
    from `first_day` to `last_day` where they are named. A line that was broken off is written anew. One at a time."""
    os.umask(0o077)
    try:
        with alone_in(folder, Text("此文件夹正在进行另一次导出", "Another export is being made into this folder")):
            return await _export(settings, folder, first_day, last_day, keep)
    except OSError as error:
        raise refused(error) from error


async def _export(
    settings: Settings, folder: Path, first_day: date | None, last_day: date | None, keep: int | None
) -> Exported:
    last = _resumed(folder)
    written = 0
    async with looking(settings) as context:
        limits = (_begin(first_day), None if last_day is None else _begin(date.fromordinal(last_day.toordinal() + 1)))
        while rows := await audit.entries_after(context.session, last, limit=_BATCH, since=limits[0], until=limits[1]):
            _append(folder, rows)
            written, last = written + len(rows), rows[-1].seq
            context.session.expunge_all()
        removed = [] if keep is None else _rotate(folder, keep, shanghai_day(context.now))
    return Exported(written, last, removed)


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), SHANGHAI)


def _append(folder: Path, rows: Sequence[audit.AuditEntry]) -> None:
    # In the order of the chain, whatever the clocks said: what lies there has no gap wherever it was broken off.
    for name, some in groupby(rows, key=_name):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("".join(f"{canonical_json(audit.told(row))}\n" for row in some))
            file.flush()
            os.fsync(file.fileno())


def _name(row: audit.AuditEntry) -> str:
    day = shanghai_day(row.at)
    return f"audit-{day.year:04d}-{day.month:02d}.jsonl"


def _resumed(folder: Path) -> int:
    """The number of the last entry that lies there whole; what follows it in its file was broken off, and goes."""
    last = 0
    for path in _files(folder):
        with path.open("rb+") as file:
            whole, end = b"", 0
            for line in file:
                if not line.endswith(b"\n"):
                    file.truncate(end)
                    break
                whole, end = line, end + len(line)
        last = max(last, _number(path, whole))
    return last


def _number(path: Path, line: bytes) -> int:
    try:
        return int(json.loads(line)["seq"]) if line else 0
    except (ValueError, KeyError, TypeError) as error:
        raise Collision(Text(f"不是导出的日志：{path}", f"It is not a log that was exported: {path}")) from error


def _rotate(folder: Path, keep: int, today: date) -> list[str]:
    """Remove the files of months that ended more than `keep` months ago."""
    removed = []
    for path in _files(folder):
        year, month = (int(part) for part in _NAME.fullmatch(path.name).groups())  # type: ignore[union-attr]
        if (today.year - year) * 12 + today.month - month > keep:
            path.unlink()
            removed.append(path.name)
    return removed


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
