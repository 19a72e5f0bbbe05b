"""Anyone objects to a name on the list (Art. 21)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.objections.incoming import Voice, keep_objection, publicised, taken
from app.store import objections


async def take_objection(
    context: WriteContext, *, candidate_id: UUID, voice: Voice, code: str | None = None
) -> tuple[objections.Objection, str]:
    """Take it as formal or as an informal objection, never refuse it; answers it with the tracking code, which is shown
    this once; `code`: the one that it was promised.

    What counts is the instant at which the request came in.
    """
    candidate, period = await publicised(context, candidate_id, voice)
    what = taken(candidate, period, voice, now=context.now, received_at=context.now, code=code)
    return await keep_objection(context, what)
