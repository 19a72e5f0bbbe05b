"""A unit does not recommend an application (Art. 3)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.recommendations import RecommendationAnswer
from app.services.recommendations.answers import Opinion, answer_recommendation
from app.store.recommendations import Recommendation


async def decline_application(
    context: WriteContext, *, recommendation_id: UUID, reason: str, signatory: str | None
) -> Recommendation:
    """The caller's unit does not recommend the application, and says why."""
    opinion = Opinion(outcome=RecommendationAnswer.DECLINED, reason=reason, signatory=signatory)
    return await answer_recommendation(context, recommendation_id=recommendation_id, opinion=opinion)
