"""The scan of an objection on paper (Art. 21) is put to the original by the office."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.objections import ObjectionClass, ObjectionLack, letter_complete
from app.measures.state_machines import OBJECTION, ObjectionState
from app.measures.text import Text
from app.services.applications.sent_files import SentFile, room_for_one, take
from app.services.instruments.in_force import readings
from app.services.lifecycle import act, require
from app.services.objections.read_objections import locked, read_objection
from app.store import objections

# A letter with all its enclosures.
MAX_FILES = 20
FULL = Text(f"附件已达 {MAX_FILES} 个上限", f"The objection holds {MAX_FILES} files, the most it may")


async def upload_objection_file(
    context: StreamContext, *, objection_id: UUID, sent: SentFile
) -> objections.ObjectionFile:
    """Take a scan while the objection is open. Neither its name nor its content is shown to anybody but the
    investigator."""

    async def look(reading: ReadContext) -> None:
        found = await read_objection(reading, objection_id=objection_id)
        require(reading, OBJECTION, found.row, "upload_objection_file")

    taken = await take(context, sent, rule_id="art21.objections", look=look)
    write = await context.writing(content=taken.stored.sha256)
    row = (await locked(write, objection_id)).row
    async with act(write, OBJECTION, row, "upload_objection_file") as doing:
        room_for_one(len(await objections.files_of(write.session, row.id)), most=MAX_FILES, full=FULL)
        doing.hear()
        kept = objections.ObjectionFile(objection_id=row.id, **taken.recorded(write))
        write.session.add(kept)
        doing.tell(size=kept.size, sha256=kept.sha256)
    await _complete(write, row)
    return kept


async def _complete(context: WriteContext, row: objections.Objection) -> None:
    """A letter lacks its scan no more: it is a formal objection, where that was all it lacked."""
    lacking = [item for item in row.classified_because.split(",") if item]
    if row.state != ObjectionState.INFORMAL or ObjectionLack.SCAN not in lacking:
        return
    left = [item for item in lacking if item != ObjectionLack.SCAN]
    if left:
        row.classified_because = ",".join(left)
        return
    async with act(context, OBJECTION, row, "complete_letter", named=False) as doing:
        doing.hear(letter_complete())
        row.classification, row.classified_because = ObjectionClass.FORMAL, ""
        doing.rest_on(await readings(context.session, context.today), "letters_without_scan")
