"""Telling the endpoints of recommending units: whose turn it is, and how an attempt ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.webhooks import Delivery, Message, message
from app.measures.state_machines import WEBHOOK, WebhookEnd, WebhookState
from app.services.applications.endorsement import FEED
from app.services.lifecycle import act
from app.services.recommendations.read_changes import change_type
from app.services.recommendations.webhooks import put_out
from app.store import feeds
from app.store.recommendations import webhooks as store
from app.store.recommendations.webhooks import Webhook

# Waiting after the first, second, … failure in a row, as the specification suggests; after the last of them nothing
# more is tried: three days are enough for a unit to notice.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))

# Longer than one attempt takes; whoever delivers takes it anew at each.
_CLAIM = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now, and with which secrets it is signed."""

    webhook_id: UUID
    url: str
    secrets: tuple[str, ...]
    position: int
    message: Message


async def waiting_webhooks(context: WriteContext) -> Sequence[UUID]:
    """The endpoints that have something to be told and may be tried now."""
    if await feeds.unplaced(context.session, feed=FEED):
        await feeds.place(context.session, feed=FEED)
    return await store.waiting(context.session, feed=FEED, now=context.now)


async def claim(context: WriteContext, *, webhook_id: UUID, held: bool) -> Due | None:
    """Take the next message of an endpoint, so that nobody else sends it meanwhile. `held`: the caller has it already.
    None where another was faster, or nothing more is to be sent now."""
    row = await store.lock(context.session, webhook_id)
    now = context.now
    if row is None or row.deactivated_at is not None or (row.next_attempt_at is not None and row.next_attempt_at > now):
        return None
    if not held and row.claimed_until is not None and row.claimed_until > now:
        return None
    events = await feeds.after(
        context.session, feed=FEED, audience=str(row.unit_id), position=row.delivered_position, limit=1
    )
    row.claimed_until = now + _CLAIM if events else None
    await context.session.flush()
    if not events:
        return None
    event = events[0]
    position = event.position or 0
    return Due(
        webhook_id=row.id,
        url=row.url,
        secrets=_signing(context, row),
        position=position,
        message=message(
            event_id=event.id.hex,
            kind=change_type(event),
            at=event.created_at,
            data={"recommendation_id": str(event.subject_id), "position": position},
            trace_id=event.trace_id,
        ),
    )


async def record_delivery(context: WriteContext, *, due: Due, delivery: Delivery) -> bool:
    """Note how an attempt ended; whether the next message may follow at once."""
    row = await store.lock(context.session, due.webhook_id)
    if row is None:
        return False
    if delivery.taken:
        # Never back: another may have been faster after our claim had ended.
        row.delivered_position = max(row.delivered_position, due.position)
        row.failures, row.last_error, row.next_attempt_at = 0, None, None
    else:
        await _put_off(context, row, delivery)
    await context.session.flush()
    return delivery.taken


async def _put_off(context: WriteContext, row: Webhook, delivery: Delivery) -> None:
    """Wait after a failure, longer after each in a row; after the last of them, or where the endpoint is gone, it is
    told no more."""
    failures = row.failures + 1
    end = WebhookEnd.GONE if delivery.gone else WebhookEnd.FAILURES if failures > len(BACKOFF) else None
    if row.state is WebhookState.DEACTIVATED or end is None:
        row.failures, row.last_error, row.claimed_until = failures, delivery.error, None
        if row.state is WebhookState.ACTIVE:
            row.next_attempt_at = context.now + BACKOFF[failures - 1]
        return
    async with act(context, WEBHOOK, row, "give_up_webhook", recorded="deactivate_webhook", named=False) as doing:
        doing.hear()
        row.failures, row.last_error = failures, delivery.error
        doing.tell(**put_out(context, row, end))


def _signing(context: WriteContext, row: Webhook) -> tuple[str, ...]:
    if row.previous_secret is None or row.previous_secret_until is None or row.previous_secret_until <= context.now:
        return (row.secret,)
    return (row.secret, row.previous_secret)
