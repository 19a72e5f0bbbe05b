"""Webhooks of the recommending units: an option beside the feed of changes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from app.kernel.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.schemas.common import PageOut, page_view
from app.schemas.recommendations import WebhookIn, WebhookMade, WebhookOut
from app.services.recommendations import activate_webhook as activate
from app.services.recommendations import create_webhook as create
from app.services.recommendations import deactivate_webhook as deactivate
from app.services.recommendations import rotate_webhook_secret as rotate
from app.services.recommendations import webhooks
from app.web.policy import Paging, Route, acting, reading, show_once

router = APIRouter(prefix="/v1/webhooks", route_class=Route, tags=["recommendations"])


_UNIT = acting(Role.RECOMMENDING_UNIT)


@router.post("", summary="Be told of changes", status_code=201)
async def create_webhook(body: WebhookIn, request: Request, context: Annotated[WriteContext, _UNIT]) -> WebhookMade:
    """Tells an endpoint of the unit each change of its recommendations (Art. 3), in order, at least once, ids only,
    signed by the Standard Webhooks specification. The secret is shown this once."""
    show_once(request, "secret")
    row = await create.create_webhook(context, url=body.url, after=body.after)
    return WebhookMade.model_validate(row)


@router.get("", summary="Webhooks")
async def list_webhooks(
    paging: Paging, context: Annotated[ReadContext, reading(Role.RECOMMENDING_UNIT)]
) -> PageOut[WebhookOut]:
    """The unit's own endpoints (Art. 3), newest first: how far each was told, and what went wrong last."""
    page = await webhooks.list_webhooks(context, request=paging)
    return page_view(page, WebhookOut.model_validate)


@router.post("/{webhook_id}/deactivation", summary="Deactivate a webhook")
async def deactivate_webhook(webhook_id: UUID, context: Annotated[WriteContext, _UNIT]) -> WebhookOut:
    """Tells this endpoint no more (Art. 3). Its position is kept."""
    return WebhookOut.model_validate(await deactivate.deactivate_webhook(context, webhook_id=webhook_id))


@router.post("/{webhook_id}/activation", summary="Activate a webhook")
async def activate_webhook(webhook_id: UUID, context: Annotated[WriteContext, _UNIT]) -> WebhookOut:
    """Tells a deactivated endpoint again, from where it was left (Art. 3): nothing is skipped."""
    return WebhookOut.model_validate(await activate.activate_webhook(context, webhook_id=webhook_id))


@router.post("/{webhook_id}/secret-rotation", summary="Rotate a webhook's secret")
async def rotate_webhook_secret(
    webhook_id: UUID, request: Request, context: Annotated[WriteContext, _UNIT]
) -> WebhookMade:
    """Draws a new secret, shown this once (Art. 3). For 24 hours the one before signs too."""
    show_once(request, "secret")
    row = await rotate.rotate_webhook_secret(context, webhook_id=webhook_id)
    return WebhookMade.model_validate(row)
