"""The scan of a withdrawal that came before the decree is put to its case by the office (Art. 3)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, StreamContext
from app.measures.state_machines import CONFERRAL_DOUBT
from app.measures.text import Text
from app.services.applications.sent_files import SentFile, room_for_one, take
from app.services.lifecycle import act, require
from app.services.revocations.doubts import locked_doubt, visible_doubt
from app.store.revocations import conferral_doubts

# A letter with all its enclosures.
MAX_FILES = 20
_FULL = Text(f"附件已达 {MAX_FILES} 个上限", f"There are {MAX_FILES} files, the most there may be")


async def upload_withdrawal_letter(
    context: StreamContext, *, doubt_id: UUID, sent: SentFile
) -> conferral_doubts.WithdrawalLetterFile:
    """Take a scan while the government has not decided."""

    async def look(reading: ReadContext) -> None:
        require(reading, CONFERRAL_DOUBT, (await visible_doubt(reading, doubt_id))[0], "upload_withdrawal_letter")

    taken = await take(context, sent, rule_id="art03.recommendation", look=look)
    write = await context.writing(content=taken.stored.sha256)
    row, award = await locked_doubt(write, doubt_id)
    async with act(
        write, CONFERRAL_DOUBT, row, "upload_withdrawal_letter", named=False, round_id=award.round_id
    ) as doing:
        room_for_one(len(await conferral_doubts.letter_files_of(write.session, row.id)), most=MAX_FILES, full=_FULL)
        doing.hear()
        kept = conferral_doubts.WithdrawalLetterFile(doubt_id=row.id, **taken.recorded(write))
        write.session.add(kept)
        doing.tell(size=kept.size, sha256=kept.sha256)
    return kept
