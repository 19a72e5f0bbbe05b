"""A suspended reviewer comes back (Art. 11(2))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.reviewers.suspend_reviewer import change_standing
from app.store import reviewers as store


async def reinstate_reviewer(context: WriteContext, *, reviewer_id: UUID, reason: str) -> store.Reviewer:
    """End a suspension."""
    return await change_standing(context, reviewer_id, "reinstate_reviewer", reason)
