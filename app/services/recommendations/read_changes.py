"""What changed for a recommending unit, in an order that skips nothing. Ids only: the state is read where it is."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.recommendations import RecommendationChange
from app.services.applications.endorsement import FEED
from app.store import feeds
from app.store.feeds import FeedEvent


async def read_changes(context: WriteContext, *, after: int, limit: int) -> tuple[Sequence[FeedEvent], int]:
    """Changes of the caller's unit after a position, and the position to go on from (Art. 3)."""
    unit_id = existing(context.actor.unit_id)
    # A position that is given in a trial run is taken back with it, so a trial run gives none.
    if not context.dry_run and await feeds.unplaced(context.session, feed=FEED):
        await feeds.place(context.session, feed=FEED)
    events = await feeds.after(context.session, feed=FEED, audience=str(unit_id), position=after, limit=limit)
    return events, (events[-1].position or after) if events else after


def change_type(event: FeedEvent) -> str:
    """The change's name, the same in the feed and in the messages to webhooks."""
    return name_of(event.kind)


def name_of(kind: str) -> str:
    """The name of a change of this kind."""
    return RecommendationChange(kind).told
