"""What leads to a person is anonymised when the period of its class is over and nothing pending holds it: by the
operator's command, and by itself once a day. The register, decisions, money and the audit log are never touched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from app.kernel import audit
from app.kernel.clock import Clock
from app.kernel.context import ReadContext, WriteContext
from app.kernel.files import FileStore
from app.kernel.security.principal import OPERATOR
from app.kernel.settings import Settings
from app.kernel.sweeping import tell_lost_turn
from app.measures.retention import DataClass, Hold, due_on
from app.services.privacy.anonymised import ANONYMISED_BY
from app.store import privacy as store
from app.store.base import new_id
from app.store.database import Database
from app.store.privacy import due as due_store
from app.store.privacy.due import Due
from app.store.sweeps import take_turn

EVERY = timedelta(days=1)
# A start is busy enough without it.
_FIRST_AFTER = timedelta(minutes=5)

_log = structlog.get_logger("retention")

# Begins a transaction of its own, which ends with the block: committed with what was noted.
Begin = Callable[[], AbstractAsyncContextManager[WriteContext]]


@dataclass(slots=True)
class Anonymised:
    """How many things of each class were anonymised, how many whose period is over are held by what, and how many files
    are gone."""

    done: dict[DataClass, int] = field(default_factory=dict)
    held: dict[Hold, int] = field(default_factory=dict)
    files: int = 0


async def anonymise_due(begin: Begin, files: FileStore) -> Anonymised:
    """Anonymise all that is due, a slice in each transaction, and remove the files that go with it after the commit;
    those that an earlier run was stopped before, too. Two at once do each thing once."""
    found = Anonymised()
    failed: list[Exception] = []
    for data_class in DataClass:
        try:
            await _anonymise_class(begin, data_class, found)
        except Exception as error:
            # One thing that fails holds up those of its class; the others have their right all the same.
            failed.append(error)
    found.files = await _remove_files(begin, files)
    if failed:
        raise failed[0]
    return found


async def _anonymise_class(begin: Begin, data_class: DataClass, found: Anonymised) -> None:
    after: UUID | None = None
    while True:
        async with begin() as context:
            items, after = await due_store.due(context.session, data_class, now=context.now, after=after)
            for item in items:
                await _anonymise(context, item, found)
        if after is None:
            return


async def _anonymise(context: WriteContext, item: Due, found: Anonymised) -> None:
    for hold in item.held_by:
        found.held[hold] = found.held.get(hold, 0) + 1
    if item.held_by:
        return
    key = await due_store.claim(context.session, item, now=context.now)
    if key is None:
        return
    removed = await ANONYMISED_BY[item.data_class](context, item.subject_id)
    context.session.add_all(
        store.RemovedFile(created_at=context.now, anonymisation_id=key, file_id=file_id, key=path)
        for file_id, path in removed.items()
    )
    audit.record(
        context,
        "anonymise",
        item.subject_type,
        item.subject_id,
        round_id=item.round_id,
        data_class=item.data_class.value,
        event_on=item.event_on,
        due_on=due_on(item.data_class, item.event_on),
        files=sorted(removed),
    )
    found.done[item.data_class] = found.done.get(item.data_class, 0) + 1


async def _remove_files(begin: Begin, files: FileStore) -> int:
    removed = 0
    while True:
        async with begin() as context:
            left = await store.leftover_files(context.session)
        if not left:
            return removed
        # One that is gone already is no error: an earlier run may have been stopped between the two.
        for path in left.values():
            await files.delete(path)
        async with begin() as context:
            await store.note_removed(context.session, left, now=context.now)
        removed += len(left)


async def listed_due(context: ReadContext) -> AsyncIterator[Due]:
    """All that is due, held ones included: for the dry run."""
    for data_class in DataClass:
        after: UUID | None = None
        while True:
            items, after = await due_store.due(context.session, data_class, now=context.now, after=after)
            for item in items:
                yield item
            if after is None:
                break


class Retention:
    """What one process does of it by itself."""

    def __init__(self, settings: Settings, database: Database, files: FileStore, clock: Clock) -> None:
        self._settings, self._database, self._files, self._clock = settings, database, files, clock

    async def run(self) -> None:
        """Look once a day, whichever process's turn it is, until cancelled."""
        pause = _FIRST_AFTER
        while True:
            await asyncio.sleep(pause.total_seconds())
            pause = EVERY / 24
            try:
                found = await self.now()
            except Exception as error:
                tell_lost_turn(_log, "retention", error)
                continue
            if found is not None:
                _log.info("anonymised", **told(found))

    async def now(self) -> Anonymised | None:
        """Anonymise what is due; None where it was looked at within a day, by whichever process."""
        async with self._database.writing() as session:
            if not await take_turn(session, "retention", now=self._clock.now(), every=EVERY):
                return None
            await session.commit()  # house: commit
        return await anonymise_due(self._begin, self._files)

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[WriteContext]:
        async with self._database.writing() as session:
            context = WriteContext(
                session=session,
                actor=OPERATOR,
                now=self._clock.now(),
                request_id=f"retention-{new_id()}",
                settings=self._settings,
                files=self._files,
            )
            yield context
            await audit.flush(context)
            await session.commit()  # house: commit


def told(found: Anonymised) -> Mapping[str, object]:
    """The numbers, for a log line."""
    return {
        "done": {str(name): count for name, count in found.done.items()},
        "held": {str(name): count for name, count in found.held.items()},
        "files": found.files,
    }
