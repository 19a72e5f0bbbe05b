"""A unit recommends an application (Arts. 3, 12)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.recommendations.answers import Opinion, answer_recommendation
from app.store.recommendations import Recommendation


async def endorse_application(context: WriteContext, *, recommendation_id: UUID, opinion: Opinion) -> Recommendation:
    """The caller's unit recommends the application that it was asked for. `opinion`: with the outcome of an
    endorsement."""
    return await answer_recommendation(context, recommendation_id=recommendation_id, opinion=opinion)
