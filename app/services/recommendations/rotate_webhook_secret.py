"""A webhook gets a new secret."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.services.recommendations.webhooks import new_secret, own_webhook
from app.store.recommendations.webhooks import Webhook

# How long the secret before a rotation signs too.
ROTATION_OVERLAP = timedelta(hours=24)


async def rotate_webhook_secret(context: WriteContext, *, webhook_id: UUID) -> Webhook:
    """A new secret. The one before signs too for `ROTATION_OVERLAP`, so that the receiver can change over in peace."""
    row = await own_webhook(context, webhook_id)
    row.previous_secret, row.previous_secret_until = row.secret, context.now + ROTATION_OVERLAP
    row.secret = new_secret()
    await context.session.flush()
    audit.record(context, "rotate_webhook_secret", "webhook", row.id, unit_id=row.unit_id)
    return row
