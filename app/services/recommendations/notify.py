"""What a recommending unit's feed is told: ids only, in the transaction of the change."""

from __future__ import annotations

from app.context import WriteContext
from app.store import feeds
from app.store.applications import Recommendation

FEED = "recommendations"


def tell(context: WriteContext, recommendation: Recommendation, kind: str) -> None:
    """Note a change for the unit. `kind`: requested, endorsed, declined, returned, lapsed."""
    feeds.emit(
        context.session,
        feed=FEED,
        audience=str(recommendation.unit_id),
        kind=kind,
        subject_id=recommendation.id,
        data={"application_id": str(recommendation.application_id)},
        now=context.now,
    )
