"""The record as its operator keeps it: verified, signed by checkpoints, told to a log host."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from app.commands.operator import keys_of, looking
from app.commands.upkeep import note_rotation
from app.kernel.checkpoints import Checkpoint, Checkpointer
from app.kernel.clock import SystemClock
from app.kernel.errors import Invalid
from app.kernel.security.checkpoint_keys import public_keys, rotate_checkpoint_key
from app.kernel.security.keys import BrokenKeys
from app.kernel.settings import Settings
from app.measures.text import Text
from app.services.audit.verify_record import GivenCheckpoint, RecordVerified, verify_record
from app.store.database import Database


async def verify(settings: Settings, *, checkpoints: Sequence[Path], keys_file: Path | None) -> RecordVerified:
    """Look at the whole record. `checkpoints`: files that somebody kept, each a statement as it was signed, or an
    answer of `GET /v1/audit-checkpoints`. `keys_file`: the published keys that were kept with them."""
    given = [item for path in checkpoints for item in kept_checkpoints(path)]
    try:
        if keys_file is not None or settings.checkpoint_keys.exists():
            public_keys(keys_file or settings.checkpoint_keys)
    except (OSError, BrokenKeys) as error:
        raise _unreadable("public keys", keys_file or settings.checkpoint_keys) from error
    async with looking(settings) as context:
        return await verify_record(context, given=given, keys_file=keys_file)


def kept_checkpoints(path: Path) -> list[GivenCheckpoint]:
    """The checkpoints of a file that somebody kept; `Invalid` where there is none in it."""
    try:
        content = path.read_text(encoding="utf-8").strip()
        if not content.startswith("{"):
            return [GivenCheckpoint(str(path), line) for line in content.split()] or _none_in(path)
        told = json.loads(content)
        items = told.get("items", [told])
        return [GivenCheckpoint(str(path), str(item["signed"])) for item in items] or _none_in(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable("checkpoints", path) from error


def _none_in(path: Path) -> list[GivenCheckpoint]:
    raise ValueError(path)


def _unreadable(what: str, path: Path) -> Invalid:
    return Invalid(Text(f"无法读取：{path}", f"It cannot be read as {what}: {path}"))


def lines(found: RecordVerified) -> list[str]:
    """What `verify-audit` says to a person."""
    said = [f"{fault.part.value}: {fault.where}: {fault.what}" for fault in found.faults]
    if found.fault_count > len(found.faults):
        said.append(f"and {found.fault_count - len(found.faults)} more")
    said += [
        f"CLOSED: {count} value(s) sealed with key {kid}, which is not here" for kid, count in found.closed.items()
    ]
    good = found.last_good
    if good is not None:
        until = (
            f"good until entry {good.size} of {good.at.isoformat(timespec='seconds')}, the last checkpoint that fits"
        )
        said.append(f"the log is {until}" if found.first_bad_entry is not None else f"last checkpoint: {until}")
    else:
        said.append("no checkpoint vouches for any part of the log")
    verdict = "intact" if found.intact else f"BROKEN, {found.fault_count} fault(s)"
    said.append(
        f"audit chain: {verdict}; {found.entries} entries, head {found.head_hash};"
        f" {found.checkpoints} checkpoint(s), {found.files} file(s), {found.marks} mark(s) of final rows, money, seats,"
        " decisions and guards looked at"
    )
    return said


def as_json(found: RecordVerified) -> str:
    """The same for programs."""
    good = found.last_good
    told = {
        "intact": found.intact,
        "entries": found.entries,
        "head_hash": found.head_hash,
        "checkpoints": found.checkpoints,
        "files": found.files,
        "marks": found.marks,
        "last_good_checkpoint": None if good is None else {"size": good.size, "head": good.head, "at": str(good.at)},
        "first_entry_in_doubt": found.first_bad_entry,
        "closed": found.closed,
        "fault_count": found.fault_count,
        "faults": [asdict(fault) for fault in found.faults],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


async def checkpoint(settings: Settings) -> Checkpoint | None:
    """Sign the end of the log now; None where it has not grown since the last checkpoint, or contradicts it."""
    database = Database(settings.database_url, pool_size=1, seals=keys_of(settings))
    try:
        return await Checkpointer(settings, database, SystemClock()).now()
    finally:
        await database.close()


def rotate(settings: Settings) -> str:
    """Put a new key in front that signs checkpoints; answers its `kid`. The public halves of the others stay."""
    kid = rotate_checkpoint_key(settings.checkpoint_keys)
    asyncio.run(note_rotation(settings, "rotate_checkpoint_key", kid))
    return kid
