"""Webhooks of a recommending unit (Art. 3): an option beside the feed, which tells the same by itself, ids only."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid, NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.kernel.webhooks import MAX_URL, Delivery, Message, message, url_fault
from app.measures.state_machines import WEBHOOK, WebhookEnd
from app.measures.text import Text
from app.services.applications.endorsement import FEED
from app.services.lifecycle import act, enter
from app.services.recommendations.read_changes import change_type
from app.store import feeds
from app.store.recommendations import webhooks as store
from app.store.recommendations.webhooks import Webhook

MAX_ACTIVE = 5


# The specification recommends 24 to 64 bytes.
_SECRET_BYTES = 32


# How long the secret before a rotation signs too.
ROTATION_OVERLAP = timedelta(hours=24)


# Waiting after the first, second, … failure in a row, as the specification suggests; after the last of them nothing
# more is tried: three days are enough for a unit to notice.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))


# Longer than one attempt takes; whoever delivers takes it anew at each.
_CLAIM = timedelta(seconds=60)


_FAULTS = {
    FieldCode.NOT_A_URL: Text(
        f"须为不超过 {MAX_URL} 字符的绝对网址（ASCII）",
        f"Must be an absolute ASCII URL of at most {MAX_URL} characters",
    ),
    FieldCode.NOT_HTTPS: Text("只能使用 https 地址", "Only https is taken"),
    FieldCode.CREDENTIALS_OR_FRAGMENT: Text(
        "网址中不得有账号、口令或片段", "The URL must hold neither credentials nor a fragment"
    ),
    FieldCode.NOT_PUBLIC: Text("不得指向内网或本机地址", "It must not lead to a private or loopback address"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now, and with which secrets it is signed."""

    webhook_id: UUID
    url: str
    secrets: tuple[str, ...]
    position: int
    message: Message


async def create_webhook(context: WriteContext, *, url: str, after: int | None) -> Webhook:
    """A new endpoint of the caller's unit. `after`: the position of the feed to tell from; None: what comes from now
    on."""
    unit_id = _unit(context)
    fault = url_fault(url, allow_private=context.settings.webhook_allow_private)
    if fault is not None:
        raise Invalid(_FAULTS[fault], errors=[FieldError("/url", fault, _FAULTS[fault])])
    await _room(context, unit_id)
    head = await store.head(context.session, feed=FEED)
    if after is not None and after > head:
        text = Text("此位置尚不存在", "The feed has not come to this position")
        raise Invalid(text, errors=[FieldError("/after", FieldCode.UNKNOWN_POSITION, text)])
    row = Webhook(
        created_at=context.now,
        unit_id=unit_id,
        url=url,
        secret=_new_secret(),
        failures=0,
        delivered_position=head if after is None else after,
    )
    await enter(context, row, "create_webhook", "webhook", unit_id=unit_id, after=row.delivered_position)
    return row


async def list_webhooks(context: ReadContext, *, request: PageRequest) -> Page[Webhook]:
    """The unit's own endpoints, newest first."""
    unit_id = _unit(context)
    rows = await store.page(context.session, after=request.after(unit_id=unit_id), limit=request.limit, unit_id=unit_id)
    return request.page(rows, key=lambda row: row.id, unit_id=unit_id)


async def deactivate_webhook(context: WriteContext, *, webhook_id: UUID) -> Webhook:
    """Tell this endpoint no more. Its position stays: active again it goes on from there."""
    row = await _own(context, webhook_id)
    text = Text("该 Webhook 已停用", "It is deactivated already")
    async with act(context, WEBHOOK, row, "deactivate_webhook", message=text) as doing:
        doing.hear()
        doing.tell(**_deactivation(context, row, WebhookEnd.BY_RECOMMENDING_UNIT))
    return row


async def activate_webhook(context: WriteContext, *, webhook_id: UUID) -> Webhook:
    """Tell a deactivated endpoint again, from where it was left."""
    row = await _own(context, webhook_id)
    text = Text("该 Webhook 未停用", "It is not deactivated")
    async with act(context, WEBHOOK, row, "activate_webhook", message=text) as doing:
        await _room(context, row.unit_id)
        doing.hear()
        row.deactivated_at, row.deactivated_reason = None, None
        row.failures, row.next_attempt_at, row.claimed_until = 0, None, None
        doing.tell(unit_id=row.unit_id, after=row.delivered_position)
    return row


async def rotate_secret(context: WriteContext, *, webhook_id: UUID) -> Webhook:
    """A new secret. The one before signs too for `ROTATION_OVERLAP`, so that the receiver can change over in peace."""
    row = await _own(context, webhook_id)
    row.previous_secret, row.previous_secret_until = row.secret, context.now + ROTATION_OVERLAP
    row.secret = _new_secret()
    await context.session.flush()
    audit.record(context, "rotate_webhook_secret", "webhook", row.id, unit_id=row.unit_id)
    return row


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
        row.failures, row.last_error, row.claimed_until = row.failures + 1, delivery.error, None
        _put_off(context, row, gone=delivery.gone)
    await context.session.flush()
    return delivery.taken


def _put_off(context: WriteContext, row: Webhook, *, gone: bool) -> None:
    if row.deactivated_at is not None:
        return
    if gone:
        _deactivate(context, row, WebhookEnd.GONE)
    elif row.failures > len(BACKOFF):
        _deactivate(context, row, WebhookEnd.FAILURES)
    else:
        row.next_attempt_at = context.now + BACKOFF[row.failures - 1]


def _deactivate(context: WriteContext, row: Webhook, reason: WebhookEnd) -> None:
    """Deactivated by the service itself, for what the endpoint answers."""
    audit.record(context, "deactivate_webhook", "webhook", row.id, **_deactivation(context, row, reason))


# Any: keyword arguments of several types.
def _deactivation(context: WriteContext, row: Webhook, reason: WebhookEnd) -> dict[str, Any]:
    row.deactivated_at, row.deactivated_reason, row.claimed_until = context.now, reason, None
    return {"unit_id": row.unit_id, "reason": reason, "failures": row.failures, "last_error": row.last_error}


def _signing(context: WriteContext, row: Webhook) -> tuple[str, ...]:
    if row.previous_secret is None or row.previous_secret_until is None or row.previous_secret_until <= context.now:
        return (row.secret,)
    return (row.secret, row.previous_secret)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


async def _room(context: WriteContext, unit_id: UUID) -> None:
    await store.lock_unit(context.session, unit_id)
    if await store.active(context.session, unit_id) >= MAX_ACTIVE:
        raise Collision(
            Text(
                f"启用的 Webhook 已达 {MAX_ACTIVE} 个上限",
                f"{MAX_ACTIVE} webhooks are active, the most there may be",
            ),
            code=ProblemCode.TOO_MANY_WEBHOOKS,
        )


async def _own(context: WriteContext, webhook_id: UUID) -> Webhook:
    row = await store.lock(context.session, webhook_id)
    if row is None or row.unit_id != context.actor.unit_id:
        raise NotFound("没有此 Webhook", "No such webhook")
    return row


def _unit(context: ReadContext) -> UUID:
    return existing(context.actor.unit_id)
