"""One public notice (Arts. 17, 21, 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.errors import existing
from app.reads.wire import Answer, dumps, stored
from app.store import notices as store
from app.store.readers import Reader


async def notice(reader: Reader, *, notice_id: UUID) -> Answer:
    """The notice with the hash of its body; `NotFound` where there is none. Its ETag is that hash, with what has become
    of it: the text is frozen, and the mark is not."""
    row = existing(await store.notice(reader, notice_id), "没有此公告", "No such notice")
    media = [
        {
            "name": medium["name"],
            "kind": medium.get("kind"),
            "published_on": medium["published_on"],
            "url": medium["url"],
        }
        for medium in row.media
    ]
    marked = f"-{row.mark}-{row.marked_on}" if row.mark else ""
    return Answer(dumps({**row._asdict(), "media": media, "body": stored(row.body)}), f"{row.body_hash}{marked}")
