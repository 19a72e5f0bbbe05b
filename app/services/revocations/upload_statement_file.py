"""A file of the organisation's statement comes in, or the scan of its letter (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.services.applications.heard import Hearing, keep_file, room
from app.services.applications.sent_files import SentFile, take
from app.services.revocations.cases import locked_case, visible_case
from app.services.revocations.statements import hearing_of, may_be_heard
from app.store import revocations as store


async def upload_statement_file(
    context: StreamContext, *, revocation_id: UUID, sent: SentFile, late: bool = False
) -> store.StatementFile:
    """Take a file of the statement to come, before it is made or entered. `late`: the scan of a letter that the office
    files with a decided case."""

    async def look(reading: ReadContext) -> None:
        await _room(reading, (await visible_case(reading, revocation_id))[0], late)

    taken = await take(context, sent, rule_id="art26_28.together", look=look)
    write = await context.writing(content=taken.stored.sha256)
    row, award = await locked_case(write, revocation_id)
    return await keep_file(write, await _room(write, row, late), taken, award.round_id)


async def _room(context: ReadContext, row: store.Revocation, late: bool) -> Hearing:
    may_be_heard(context, row, after_decision=late)
    hearing = await hearing_of(context, row)
    room(hearing)
    return hearing
