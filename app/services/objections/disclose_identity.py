"""The investigator reads an objection as it came (Art. 21), each time on record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.services.objections.investigator import neutrally, note_reading, own_original
from app.store import objections


@dataclass(frozen=True, slots=True)
class Original:
    """An objection as it came, with its files."""

    row: objections.Objection
    text: objections.ObjectionOriginal
    files: list[objections.ObjectionFile]


async def disclose_identity(context: WriteContext, *, objection_id: UUID, reason: str) -> Original:
    """The objection as it came, for its investigator alone, while another person's release is in force. Every reading
    is audited with its reason; the route has no dry run, so that there is none without a record."""
    row, original = await own_original(context, objection_id=objection_id)
    # The auditor reads the reason: it tells no more than any other word of the investigator.
    refuse(await neutrally(context, row, reason))
    files = list(await objections.files_of(context.session, row.id))
    await note_reading(context, row.id)
    audit.record(context, "disclose_identity", "objection", row.id, round_id=row.round_id, reason=reason)
    return Original(row, original, files)
