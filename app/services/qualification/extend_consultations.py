"""A later day for every department that has not answered yet (Art. 17)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.applications.under_review import in_review
from app.services.qualification.extensions import Extension, consultations_extended
from app.services.rounds.read_rounds import locked
from app.store import consultations
from app.store import qualification as store


async def extend_consultations(context: WriteContext, *, round_id: UUID, extension: Extension) -> store.ExtensionLine:
    """A later day for every department that has not answered yet in this round."""
    round_row = await locked(context, round_id)
    in_review(context, round_row)
    open_rows = await consultations.open_consultations(context.session, round_id=round_row.id, application_id=None)
    return await consultations_extended(context, round_row, open_rows, extension, None)
