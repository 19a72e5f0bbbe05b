"""A file of an organisation's reply to an adverse record comes in, or the scan of its letter (Art. 13(6))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.measures.roles import Role
from app.measures.state_machines import ADVERSE_RECORD
from app.services.applications.heard import Hearing, Term, keep_file, refuse_late, room
from app.services.applications.sent_files import SentFile, take
from app.services.lifecycle import require
from app.services.organisations.access import may_bind
from app.services.qualification.adverse_records import hearing_of, locked_record, of_the_caller, visible_record
from app.store.qualification import AdverseRecord
from app.store.revocations import StatementFile


async def upload_reply_file(context: StreamContext, *, record_id: UUID, sent: SentFile) -> StatementFile:
    """Take a file of the reply to come, before it is made or entered."""

    async def look(reading: ReadContext) -> None:
        await _room(reading, await visible_record(reading, record_id))

    taken = await take(context, sent, rule_id="art13.6.record", look=look)
    write = await context.writing(content=taken.stored.sha256)
    row, place = await locked_record(write, record_id)
    return await keep_file(write, await _room(write, row), taken, None if place is None else place[0].round_id)


async def _room(context: ReadContext, row: AdverseRecord) -> Hearing:
    if context.actor.role is Role.APPLICANT:
        await of_the_caller(context, row)
        may_bind(context)
        require(context, ADVERSE_RECORD, row, "reply_to_adverse_record")
        refuse_late(context, Term("art13.6.record", row.reply_due_at), None)
    hearing = await hearing_of(context, row)
    room(hearing)
    return hearing
