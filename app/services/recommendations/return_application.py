"""A unit sends an application back to be corrected (Arts. 3, 12)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.recommendations import RecommendationAnswer
from app.services.recommendations.answers import Opinion, answer_recommendation
from app.store.recommendations import Recommendation


async def return_application(
    context: WriteContext, *, recommendation_id: UUID, reason: str, signatory: str | None
) -> Recommendation:
    """The caller's unit sends the application back, and says what is to be corrected."""
    opinion = Opinion(outcome=RecommendationAnswer.RETURNED, reason=reason, signatory=signatory)
    return await answer_recommendation(context, recommendation_id=recommendation_id, opinion=opinion)
