"""Which settings a start has found changed, on record: from what, to what, whose they are to change (三员分立), and
under which start.

A setting lies in the machine's environment, which no log of the service sees. So the first process of a start that
reaches the database compares what it was started with to what the log tells of the starts before, and adds one entry.
A secret is never told: a keyed hash of it tells whether it is another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import structlog
from pydantic import SecretStr

from app import __version__
from app.kernel import audit
from app.kernel.clock import Clock
from app.kernel.security.principal import OPERATOR
from app.kernel.security.sealing import Keyring
from app.kernel.settings import Settings
from app.kernel.sweeping import tell_lost_turn
from app.measures.plain import Plain
from app.store import audit as chain
from app.store.database import Database
from app.store.settings_record import ACT, SUBJECT, told_so_far

_PURPOSE = "settings"
# A database that is away, or a disk that takes nothing, may be back.
_TRY_AGAIN_SECONDS = 60.0

_log = structlog.get_logger("settings")

# By administrator and setting: from what, to what.
_Changed = Mapping[str, Mapping[str, Mapping[str, Plain]]]


class Whose(StrEnum):
    """Which administrator answers for a setting."""

    SYSTEM = "system"
    SECURITY = "security"


# What the service runs on and says of itself. Whatever is not named is the security administrator's: a setting that
# nobody thought of is looked at too closely, never too little.
SYSTEM_SETTINGS = frozenset(
    {
        *("database_url", "migration_database_url", "database_pool_size"),
        *("files_url", "s3_endpoint", "s3_access_key_id", "s3_secret_access_key", "s3_region"),
        *("max_body_bytes", "max_file_bytes", "bulk_max_items", "ending_seconds", "log_level"),
        *("public_base_url", "fonts", "privacy_contact", "supervision_phone"),
        *("office_address", "office_postcode", "office_phone", "office_email"),
    }
)


def whose(name: str) -> Whose:
    """Which administrator answers for the setting of this name."""
    return Whose.SYSTEM if name in SYSTEM_SETTINGS else Whose.SECURITY


@dataclass(frozen=True, slots=True)
class Start:
    """A start of the service: its name, by which its entry is found, who gave the command, where, in which process."""

    name: str
    user: str
    origin: str
    process: int


_begun: Start | None = None


@contextmanager
def starting(start: Start) -> Iterator[None]:
    """Whatever serves within this block, in this process or in workers that it starts, was started so."""
    global _begun
    _begun = start
    try:
        yield
    finally:
        _begun = None


def begun() -> Start | None:
    """The start of this process; None where it was not started by the service's own command."""
    return _begun


class SettingsRecord:
    """Puts on record what of the settings a start has found changed."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, seals: Keyring, start: Start) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self._seals, self._start = seals, start

    async def run(self) -> None:
        """Compare once; again and again until the log takes it."""
        while True:
            try:
                changed = await self.compare()
            except Exception as error:
                tell_lost_turn(_log, "settings_record", error)
                await asyncio.sleep(_TRY_AGAIN_SECONDS)
                continue
            if changed:
                _log.warning("settings_changed", settings=changed, start=self._start.name)
            return

    async def compare(self) -> list[str]:
        """Add the entry where something is not as the log has it; answers the names of what changed."""
        async with self._database.writing() as session:
            told = await told_so_far(session)
            before = _known(told)
            changed = dict(self._changed(before))
            if not changed:
                return []
            parts: dict[str, dict[str, object]] = {}
            for name, pair in changed.items():
                parts.setdefault(whose(name).value, {})[name] = pair
            entry = audit.pending(
                ACT,
                SUBJECT,
                None,
                first=not told,
                changed=parts,
                start={"name": self._start.name, "process": self._start.process, "version": __version__},
                operator=self._start.user,
            )
            actor = replace(OPERATOR, origin=self._start.origin)
            await chain.append(session, audit.note_of(actor, self._clock.now(), self._start.name, entry))
            await session.commit()
        return sorted(changed)

    def _changed(self, before: Mapping[str, Plain]) -> Iterator[tuple[str, dict[str, Plain]]]:
        values = {name: getattr(self._settings, name) for name in type(self._settings).model_fields}
        for name in sorted(values.keys() | before.keys()):
            old, value = before.get(name), values.get(name)
            if not self._same(old, value):
                yield name, {"from": old, "to": self._shown(value)}

    def _shown(self, value: object) -> Plain:
        """A setting as the log has it."""
        secret = _secret_in(value)
        if secret is None:
            return audit.plain_value(str(value) if isinstance(value, Path | StrEnum) else value)
        digest = self._seals.mark(secret.encode(), purpose=_PURPOSE)
        return (
            {"digest": digest} if isinstance(value, SecretStr) else {"shown": _without_secret(value), "digest": digest}
        )

    def _same(self, old: Plain, value: object) -> bool:
        secret = _secret_in(value)
        if secret is None:
            return old == self._shown(value)
        if not isinstance(old, dict) or not self._seals.is_mark_of(
            str(old.get("digest")), secret.encode(), purpose=_PURPOSE
        ):
            return False
        return isinstance(value, SecretStr) or old.get("shown") == _without_secret(value)


def _known(told: Sequence[Mapping[str, object]]) -> dict[str, Plain]:
    """The settings as the last start on record had them."""
    known: dict[str, Plain] = {}
    for details in told:
        for part in cast("_Changed", details["changed"]).values():
            known |= {name: pair["to"] for name, pair in part.items()}
    return known


def _secret_in(value: object) -> str | None:
    """What of a setting's value must not be told: the whole of a secret, an address with a password in it."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if not isinstance(value, str) or "://" not in value:
        return None
    address = urlsplit(value)
    return value if address.password is not None or _secret_names(address) else None


def _secret_names(address: SplitResult) -> list[str]:
    return [name for name, _ in parse_qsl(address.query, keep_blank_values=True) if "pass" in name.lower()]


def _without_secret(value: object) -> str:
    """An address without the password in it."""
    address = urlsplit(str(value))
    user, at, host = address.netloc.rpartition("@")
    hidden = _secret_names(address)
    query = [(name, text) for name, text in parse_qsl(address.query, keep_blank_values=True) if name not in hidden]
    return address._replace(netloc=f"{user.partition(':')[0]}{at}{host}", query=urlencode(query)).geturl()
