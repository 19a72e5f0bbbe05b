"""A file that is sent in, whatever it belongs to: looked at, then stored, then on record (Arts. 3, 17, 21, 26)."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.kernel.files import StoredFile
from app.measures.text import Text
from app.services.applications.attachments import clean_filename, named_as_it_is


@dataclass(frozen=True, slots=True)
class SentFile:
    """What is sent: the name that people read, the bytes, and of how many it is said to be."""

    filename: str
    chunks: AsyncIterable[bytes]
    declared_size: int | None


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What lies in the storage, under a key of ours and on no record yet."""

    filename: str
    key: str
    stored: StoredFile

    def recorded(self, context: WriteContext) -> dict[str, object]:
        """The columns that every record of a file has. Who is behind evidence of the public is not known."""
        return {
            "created_at": context.now,
            "filename": self.filename,
            "media_type": self.stored.media_type,
            "size": self.stored.size,
            "sha256": self.stored.sha256,
            "storage_key": self.key,
            "uploaded_by": context.actor.account_id,
        }


async def take(
    context: StreamContext,
    sent: SentFile,
    *,
    rule_id: str,
    look: Callable[[ReadContext], Awaitable[None]],
    accept: Callable[[str], None] | None = None,
) -> TakenFile:
    """Store the bytes, once `look` has found nothing in the way. `rule_id`: the rule that the file is handed in for.
    `accept` refuses a media type that is not taken here. Whoever records it looks again, in the transaction that
    does."""
    filename = clean_filename(sent.filename, rule_id)
    async with context.reading() as reading:
        await look(reading)
    key, stored = await context.put(
        sent.chunks, limit=context.settings.max_file_bytes, declared_size=sent.declared_size, rule_id=rule_id
    )
    if accept is not None:
        accept(stored.media_type)
    named_as_it_is(filename, stored.media_type, rule_id)
    return TakenFile(filename, key, stored)


def room_for_one(kept: int, *, most: int, full: Text) -> None:
    """`Collision`, in the words of `full`, where there are as many files as there may be."""
    if kept >= most:
        raise Collision(full, code=ProblemCode.TOO_MANY_FILES)
