"""Webhooks of a recommending unit (Art. 3): an option beside the feed, which tells the same by itself, ids only."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.state_machines import WebhookEnd
from app.measures.text import Text
from app.store.recommendations import webhooks as store
from app.store.recommendations.webhooks import Webhook

MAX_ACTIVE = 5

# The specification recommends 24 to 64 bytes.
_SECRET_BYTES = 32


async def list_webhooks(context: ReadContext, *, request: PageRequest) -> Page[Webhook]:
    """The unit's own endpoints, newest first."""
    unit_id = own_recommending_unit(context)
    rows = await store.page(context.session, after=request.after(unit_id=unit_id), limit=request.limit, unit_id=unit_id)
    return request.page(rows, key=lambda row: row.id, unit_id=unit_id)


# Any: keyword arguments of several types.
def put_out(context: WriteContext, row: Webhook, reason: WebhookEnd) -> dict[str, Any]:
    """Mark the endpoint as deactivated; what the audit log says of it."""
    row.deactivated_at, row.deactivated_reason, row.claimed_until = context.now, reason, None
    return {"unit_id": row.unit_id, "reason": reason, "failures": row.failures, "last_error": row.last_error}


def new_secret() -> str:
    """A secret in the form of the specification of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


async def room_for_another(context: WriteContext, unit_id: UUID) -> None:
    """`Collision` where the unit has as many active endpoints as it may; the unit stays locked."""
    await store.lock_unit(context.session, unit_id)
    if await store.active(context.session, unit_id) >= MAX_ACTIVE:
        raise Collision(
            Text(
                f"启用的 Webhook 已达 {MAX_ACTIVE} 个上限",
                f"{MAX_ACTIVE} webhooks are active, the most there may be",
            ),
            code=ProblemCode.TOO_MANY_WEBHOOKS,
        )


async def own_webhook(context: WriteContext, webhook_id: UUID) -> Webhook:
    """The endpoint, locked; another unit's is not found."""
    row = await store.lock(context.session, webhook_id)
    if row is None or row.unit_id != context.actor.unit_id:
        raise NotFound("没有此 Webhook", "No such webhook")
    return row


def own_recommending_unit(context: ReadContext) -> UUID:
    """The caller's recommending unit; `NotFound` for a caller of none."""
    return existing(context.actor.unit_id)
