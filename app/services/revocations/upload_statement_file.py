"""A file of the organisation's statement comes in (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.text import Text
from app.services.applications.sent_files import SentFile, room_for_one, take
from app.services.revocations.cases import locked_case, visible_case
from app.services.revocations.statements import may_be_heard
from app.store import revocations as store
from app.store.awards import Award

# Whoever needs more has more than a statement.
MAX_FILES = 50
_FULL = Text(f"文件已达{MAX_FILES}个上限", f"{MAX_FILES} files are the most there may be")


async def upload_statement_file(context: StreamContext, *, revocation_id: UUID, sent: SentFile) -> store.StatementFile:
    """Take a file of the statement, before the statement is made."""

    async def look(reading: ReadContext) -> None:
        await _room(reading, (await visible_case(reading, revocation_id))[0])

    taken = await take(context, sent, rule_id="art26_28.together", look=look)
    write = await context.writing(content=taken.stored.sha256)
    row, award = await locked_case(write, revocation_id)
    await _room(write, row)
    found = store.StatementFile(revocation_id=row.id, **taken.recorded(write))
    write.session.add(found)
    await write.session.flush()
    _received(write, award, found)
    return found


def _received(context: WriteContext, award: Award, found: store.StatementFile) -> None:
    audit.record(
        context,
        "add_statement_file",
        "statement_file",
        found.id,
        round_id=award.round_id,
        revocation_id=found.revocation_id,
        sha256=found.sha256,
        size=found.size,
    )


async def _room(context: ReadContext, row: store.Revocation) -> None:
    may_be_heard(context, row)
    room_for_one(len(await store.files_of(context.session, row.id)), most=MAX_FILES, full=_FULL)
