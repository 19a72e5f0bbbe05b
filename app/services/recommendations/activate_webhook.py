"""A recommending unit has a deactivated endpoint told again."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.retention import anonymised_mark
from app.measures.state_machines import WEBHOOK
from app.measures.text import Text
from app.services.lifecycle import act
from app.services.recommendations.webhooks import own_webhook, room_for_another
from app.store.recommendations.webhooks import Webhook


async def activate_webhook(context: WriteContext, *, webhook_id: UUID) -> Webhook:
    """Tell a deactivated endpoint again, from where it was left."""
    row = await own_webhook(context, webhook_id)
    if row.url == anonymised_mark():
        raise NotFound("该 Webhook 已匿名化", "The webhook was anonymised")
    text = Text("该 Webhook 未停用", "It is not deactivated")
    async with act(context, WEBHOOK, row, "activate_webhook", message=text) as doing:
        await room_for_another(context, row.unit_id)
        doing.hear()
        row.deactivated_at, row.deactivated_reason = None, None
        row.failures, row.next_attempt_at, row.claimed_until = 0, None, None
        doing.tell(unit_id=row.unit_id, after=row.delivered_position)
    return row
