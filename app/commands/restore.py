"""Putting a backup back where nothing lies, and proving what was put back."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
from sqlalchemy.exc import SQLAlchemyError

from app.commands.backup import PURPOSE, Manifest, backups, measured, refused, stored_under
from app.commands.operator import looking, operating
from app.commands.record import kept_checkpoints
from app.kernel import audit
from app.kernel.checkpoints import Checkpoint, write_checkpoint
from app.kernel.clock import SystemClock
from app.kernel.errors import Collision, Invalid, Unavailable
from app.kernel.files import FileStore
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.fingerprints import key_file
from app.kernel.security.tokens import NotSigned
from app.kernel.settings import Settings
from app.measures.text import Text
from app.services.audit.verify_record import GivenCheckpoint, RecordVerified, verify_record
from app.store import audit as store
from app.store import copies
from app.store.grants import grant
from app.store.identity import put_back
from app.store.migrations import is_known, upgrade

_READ_BYTES = 1 << 18
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions were ended, and how many invitations voided, that went on when the backup was made: what ended
    or was used since is not known here any more."""

    sessions: int
    invitations: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what was found. `lost`: entries that a later checkpoint knows of and the backup has not.
    `missing_keys`: keys that the backup's service had and that do not lie here. `ended`: None where the record does not
    hold, and nothing was added to it."""

    backup: Path
    manifest: Manifest
    verified: RecordVerified
    lost: int
    missing_keys: list[str]
    ended: Ended | None

    @property
    def whole(self) -> bool:
        return self.verified.intact and not self.lost and not self.missing_keys and not self.manifest.damaged


def restore(settings: Settings, place: Path, *, checkpoints: Sequence[Path], keys_file: Path | None) -> Restored:
    """Put back a backup, or the newest of a folder of them, into the database, the files and the folder of checkpoints
    that the settings name; refused where anything lies there, or the backup is not what was signed. `checkpoints`:
    files that somebody kept, to compare with. `keys_file`: the public keys where the service's own are not here."""
    os.umask(0o077)
    backup = place if (place / "manifest.json").exists() else next(iter(backups(place)[::-1]), place)
    given = [item for path in checkpoints for item in kept_checkpoints(path)]
    keys = CheckpointKeys(keys_file or settings.checkpoint_keys)
    manifest = _read(backup, keys)
    _refuse_another_kind(settings, manifest)
    try:
        asyncio.run(_refuse_what_is_there(settings))
        _refuse_damaged_files(backup)
        asyncio.run(_files(settings, backup))
        copies.put_back(settings.owner_url, backup / manifest.database.name)
        # A backup of an earlier release is looked at as this one knows it, and by the service's own account, which may
        # nothing yet in what another has put back.
        upgrade(settings.owner_url)
        grant(settings.owner_url, settings.database_url)
        asyncio.run(_checkpoints(settings))
    except copies.CopyFailed as error:
        raise Unavailable(error.message) from error
    except (SQLAlchemyError, OSError) as error:
        raise refused(error) from error
    verified, lost, ended = asyncio.run(_prove(settings, manifest, given, keys, keys_file))
    return Restored(backup, manifest, verified, lost, _missing_keys(settings, manifest), ended)


def _read(backup: Path, keys: CheckpointKeys) -> Manifest:
    """The manifest, and every part of the backup as it says."""
    try:
        content = (backup / "manifest.json").read_bytes()
        signed = (backup / "manifest.jws").read_text(encoding="ascii")
        manifest = Manifest.of_json(content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(Text(f"此处没有完整的备份：{backup}", f"There is no whole backup at {backup}")) from error
    try:
        if keys.opened(signed, purpose=PURPOSE) != hashlib.sha256(content).hexdigest().encode():
            raise NotSigned("it was changed")
    except NotSigned as error:
        raise Invalid(
            Text(
                f"备份清单的签名不符（{error}）：请先放回检查点密钥，或以 --keys 指定其公钥",
                f"The backup's manifest is not signed by a known key ({error}): put the keys of the checkpoints back"
                " first, or name their public halves with --keys",
            )
        ) from error
    for part in (manifest.database, manifest.file_list):
        path = backup / part.name
        if not path.exists() or measured(path) != part:
            raise Invalid(Text(f"备份已损坏：{path}", f"The backup is damaged: {path}"))
    return manifest


def _refuse_another_kind(settings: Settings, manifest: Manifest) -> None:
    if not is_known(manifest.revision):
        newer = f"{manifest.version}, {manifest.revision}"
        raise Collision(
            Text(f"该备份出自更新的版本（{newer}）", f"The backup is of another release, unknown here ({newer})")
        )
    if copies.kind_of(settings.database_url) != manifest.kind:
        raise Collision(
            Text(
                f"该备份出自 {manifest.kind}，与设置不同",
                f"The backup is of {manifest.kind}; the settings name another",
            )
        )


async def _refuse_what_is_there(settings: Settings) -> None:
    there = []
    if not copies.is_empty(settings.owner_url):
        there.append("AWARD_DATABASE_URL")
    async for _ in FileStore.from_settings(settings).list_keys():
        there.append("AWARD_FILES_URL")
        break
    if settings.checkpoints.is_dir() and any(settings.checkpoints.iterdir()):
        there.append("AWARD_CHECKPOINTS_FOLDER")
    if there:
        names = ", ".join(there)
        raise Collision(Text(f"恢复只写入空的位置，请先移走：{names}", f"Something lies there already: {names}"))


def _listed(backup: Path) -> Iterator[tuple[str, Path]]:
    """The files of a backup, each by its key and where it lies."""
    with (backup / "files.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            yield told["key"], stored_under(backup.parent, told["sha256"])


def _refuse_damaged_files(backup: Path) -> None:
    """All of them, before anything is put back: where one has rotted, an older backup can be taken."""
    damaged = [path for _, path in _listed(backup) if not path.exists() or measured(path).sha256 != path.name]
    if damaged:
        told = ", ".join(str(path) for path in dict.fromkeys(damaged))
        raise Invalid(Text(f"备份已损坏：{told}", f"The backup is damaged: {told}"))


async def _files(settings: Settings, backup: Path) -> None:
    """Every file before the database that names it."""
    files = FileStore.from_settings(settings)
    for key, source in _listed(backup):
        await files.put_back(key, _pieces(source))


async def _checkpoints(settings: Settings) -> None:
    """Those of the database that was put back, as each was signed: whatever else lies beside it was never looked at."""
    after = 0
    async with looking(settings) as context:
        while rows := await store.checkpoints_after(context.session, after, limit=_BATCH):
            for row in rows:
                await asyncio.to_thread(write_checkpoint, settings.checkpoints, row.size, row.signed)
            after = rows[-1].size
            context.session.expunge_all()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        while piece := await file.read(_READ_BYTES):
            yield piece


async def _prove(
    settings: Settings,
    manifest: Manifest,
    given: Sequence[GivenCheckpoint],
    keys: CheckpointKeys,
    keys_file: Path | None,
) -> tuple[RecordVerified, int, Ended | None]:
    """Look at the whole record as it lies there now, and put the restoring on record. Whoever was signed in, or was
    invited, when the backup was made is not any more: a token that was stolen and ended since would go on."""
    later = [_size(item, keys) for item in given]
    comparable = [item for item, size in zip(given, later, strict=True) if size <= manifest.entries]
    async with looking(settings) as context:
        verified = await verify_record(context, given=comparable, keys_file=keys_file)
    if (verified.entries, verified.head_hash) != (manifest.entries, manifest.head):
        verified.note_other_end(manifest.entries)
    lost = max(0, max(later, default=0) - manifest.entries)
    ended = None
    if verified.intact:
        async with operating(settings) as context:
            ended = Ended(
                await put_back.end_all_sessions(context.session, at=context.now),
                await put_back.withdraw_all_invitations(context.session),
            )
            audit.record(
                context,
                "restore_backup",
                "backup",
                None,
                made_at=manifest.made_at,
                restored_at=SystemClock().now(),
                entries=manifest.entries,
                head=manifest.head,
                lost_entries=lost,
                ended_sessions=ended.sessions,
                void_invitations=ended.invitations,
            )
    return verified, lost, ended


def _size(given: GivenCheckpoint, keys: CheckpointKeys) -> int:
    try:
        return Checkpoint.opened(given.signed, keys).size
    except NotSigned:
        # Told by whoever looks at it closely.
        return 0


def _missing_keys(settings: Settings, manifest: Manifest) -> list[str]:
    here = {
        kid: mark
        for path in (settings.keys_file, settings.data_keys, settings.checkpoint_keys)
        for kid, mark in key_file(path).keys.items()
    }
    return [
        f"{kid} of {item.path}" for item in manifest.keys for kid, mark in item.keys.items() if here.get(kid) != mark
    ]


def lines(found: Restored) -> list[str]:
    """What `restore` says."""
    manifest = found.manifest
    said = [f"{found.backup}: {manifest.entries} entries, {manifest.files} file(s), of {manifest.made_at.isoformat()}"]
    said += [f"not in the backup, as it was damaged before: {key}" for key in manifest.damaged]
    said += [
        f"key not here: {name}; what it sealed or signed stays closed until it is put back"
        for name in found.missing_keys
    ]
    if found.lost:
        said.append(
            f"LOST: {found.lost} entries after entry {manifest.entries}, which a checkpoint that was kept knows of"
        )
    if found.ended is not None:
        said.append(
            f"{found.ended.sessions} session(s) ended and {found.ended.invitations} invitation(s) void: whoever was"
            " signed in signs in again. Accounts that were stopped, and passwords that were replaced, after the backup"
            " are as they were then: stop and invite anew whom the log host's copy of the log names"
        )
    return said
