"""What the payment platform pulls: every change of a disbursement, in an order that skips nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import FieldError, Invalid
from app.measures.disbursements import FeedChange
from app.measures.text import Text
from app.store import disbursements as store
from app.store import feeds
from app.store.feeds import FeedEvent

FEED = "disbursements"


AUDIENCE = "payment_platform"


# The entry of a reading that has shown accounts.
ACT = "read_disbursement_feed"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One change: its position, what it was, and the disbursement as it stands now."""

    position: int
    kind: FeedChange
    attempt: int
    disbursement: store.Disbursement


def announce(context: WriteContext, row: store.Disbursement, kind: FeedChange) -> None:
    """Note a change for the platform, in the transaction that makes it. The account stays out of the event."""
    feeds.emit(
        context.session,
        feed=FEED,
        audience=AUDIENCE,
        kind=kind,
        subject_id=row.id,
        data={"attempt": row.attempt},
        now=context.now,
    )


async def read_feed(context: WriteContext, *, after: int, limit: int) -> tuple[Sequence[FeedItem], int]:
    """Changes after a position, and the position to go on from. A reading that shows accounts is audited (Art. 9).

    A position beyond the end is refused: it is another service's, and a reader who waits there misses everything.
    """
    if await feeds.unplaced(context.session, feed=FEED):
        await feeds.place(context.session, feed=FEED)
    end = await feeds.end(context.session, feed=FEED)
    if after > end:
        text = Text(f"变更位置尚未到此，目前最大为{end}", f"No such position yet: the last one is {end}")
        raise Invalid(
            text,
            code=ProblemCode.UNKNOWN_POSITION,
            errors=[FieldError("/query/after", FieldCode.UNKNOWN_POSITION, text)],
        )
    events = await feeds.after(context.session, feed=FEED, audience=AUDIENCE, position=after, limit=limit)
    rows = await store.by_ids(context.session, {event.subject_id for event in events})
    items = [_item(event, rows[event.subject_id]) for event in events]
    next_after = items[-1].position if items else after
    if items:
        audit.record(context, ACT, "feed", None, after=after, through=next_after, items=len(items))
    return items, next_after


def _item(event: FeedEvent, row: store.Disbursement) -> FeedItem:
    return FeedItem(event.position or 0, FeedChange(event.kind), int(event.data["attempt"]), row)
