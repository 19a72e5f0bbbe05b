"""A recommending unit has an endpoint told no more."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import WEBHOOK, WebhookEnd
from app.measures.text import Text
from app.services.lifecycle import act
from app.services.recommendations.webhooks import own_webhook, put_out
from app.store.recommendations.webhooks import Webhook


async def deactivate_webhook(context: WriteContext, *, webhook_id: UUID) -> Webhook:
    """Tell this endpoint no more. Its position stays: active again it goes on from there."""
    row = await own_webhook(context, webhook_id)
    text = Text("该 Webhook 已停用", "It is deactivated already")
    async with act(context, WEBHOOK, row, "deactivate_webhook", message=text) as doing:
        doing.hear()
        doing.tell(**put_out(context, row, WebhookEnd.BY_RECOMMENDING_UNIT))
    return row
