"""A department's batch: out of the database into a sheet; a sheet that was sent, up to its limit."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from anyio import to_thread

from app.kernel.context import ReadContext, StreamContext
from app.kernel.errors import NotFound
from app.kernel.files import FileTooLarge
from app.measures.state_machines import IN_THE_ROUND, ConsultationState
from app.services.consultations.read_consultations import with_records
from app.services.consultations.sheet import MAX_ROWS, write_sheet
from app.store import consultations as store
from app.store import rounds


async def export_sheet(context: ReadContext, *, round_id: UUID) -> bytes:
    """The caller's department's unanswered consultations of a round as a workbook. Those on applications that have left
    the round need no answer."""
    round_row = await rounds.get(context.session, round_id)
    if round_row is None or round_row.called_at is None or context.actor.department_id is None:
        raise NotFound("没有此届评审", "No such round")
    rows = await store.consultation_rows(
        context.session,
        after=None,
        limit=MAX_ROWS - 1,
        department_id=context.actor.department_id,
        round_id=round_id,
        states=[ConsultationState.ASKED, ConsultationState.NON_RESPONSE],
    )
    asked = await with_records(context, [row for row in rows if row.application_state in IN_THE_ROUND])
    return await to_thread.run_sync(lambda: write_sheet(asked, made_at=context.now))


@asynccontextmanager
async def sheet_sent(context: StreamContext, chunks: AsyncIterable[bytes]) -> AsyncIterator[tuple[IO[bytes], str]]:
    """What was sent, as a file without a name, and its SHA-256 (hex). Raises `FileTooLarge` as soon as it is over the
    limit, `FileInfected` and `Unavailable` as the virus scanner says."""
    limit, digest, size = context.settings.max_file_bytes, hashlib.sha256(), 0
    with TemporaryFile() as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise FileTooLarge(limit)
            digest.update(chunk)
            await to_thread.run_sync(file.write, chunk)
        await context.files.scan(file)
        yield file, digest.hexdigest()
