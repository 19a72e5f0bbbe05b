"""Whoever objects adds evidence as files (Art. 21), by the tracking code."""

from __future__ import annotations

from app.kernel.context import ReadContext, StreamContext
from app.measures.state_machines import OBJECTION
from app.services.applications.sent_files import SentFile, room_for_one, take
from app.services.lifecycle import act, require
from app.services.objections.read_objections import locked, status_of
from app.services.objections.upload_objection_file import FULL, MAX_FILES
from app.store import objections


async def add_evidence(context: StreamContext, *, code: str, sent: SentFile) -> objections.ObjectionFile:
    """Take a file while the objection is open. Neither its name nor its content is shown to anybody but the
    investigator; `NotFound` for any other code."""

    async def look(reading: ReadContext) -> None:
        row, _ = await status_of(reading, code=code)
        require(reading, OBJECTION, row, "add_evidence")

    taken = await take(context, sent, rule_id="art21.objections", look=look)
    write = await context.writing(content=taken.stored.sha256)
    found, _ = await status_of(write, code=code)
    row = (await locked(write, found.id)).row
    async with act(write, OBJECTION, row, "add_evidence") as doing:
        room_for_one(len(await objections.files_of(write.session, row.id)), most=MAX_FILES, full=FULL)
        doing.hear()
        kept = objections.ObjectionFile(objection_id=row.id, **taken.recorded(write))
        write.session.add(kept)
        doing.tell(size=kept.size, sha256=kept.sha256)
    return kept
