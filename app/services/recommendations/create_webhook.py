"""A recommending unit names an endpoint that is told what the feed tells (Art. 3)."""

from __future__ import annotations

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.webhooks import MAX_URL, url_fault
from app.measures.text import Text
from app.services.applications.endorsement import FEED
from app.services.lifecycle import enter
from app.services.recommendations.webhooks import new_secret, own_recommending_unit, room_for_another
from app.store.recommendations import webhooks as store
from app.store.recommendations.webhooks import Webhook

_FAULTS = {
    FieldCode.NOT_A_URL: Text(
        f"须为不超过 {MAX_URL} 字符的绝对网址（ASCII）",
        f"Must be an absolute ASCII URL of at most {MAX_URL} characters",
    ),
    FieldCode.NOT_HTTPS: Text("只能使用 https 地址", "Only https is taken"),
    FieldCode.CREDENTIALS_OR_FRAGMENT: Text(
        "网址中不得有账号、密码或片段", "The URL must hold neither credentials nor a fragment"
    ),
    FieldCode.PORT_NOT_ALLOWED: Text("该端口不在允许之列", "This port is not among those that are allowed"),
    FieldCode.NOT_PUBLIC: Text("不得指向内网或本机地址", "It must not lead to a private or loopback address"),
}


async def create_webhook(context: WriteContext, *, url: str, after: int | None) -> Webhook:
    """A new endpoint of the caller's unit. `after`: the position of the feed to tell from; None: what comes from now
    on."""
    unit_id = own_recommending_unit(context)
    settings = context.settings
    fault = url_fault(url, allow_private=settings.webhook_allow_private, ports=settings.webhook_port_numbers)
    if fault is not None:
        raise Invalid(_FAULTS[fault], errors=[FieldError("/url", fault, _FAULTS[fault])])
    await room_for_another(context, unit_id)
    head = await store.head(context.session, feed=FEED)
    if after is not None and after > head:
        text = Text("此位置尚不存在", "The feed has not come to this position")
        raise Invalid(text, errors=[FieldError("/after", FieldCode.UNKNOWN_POSITION, text)])
    row = Webhook(
        created_at=context.now,
        unit_id=unit_id,
        url=url,
        secret=new_secret(),
        failures=0,
        delivered_position=head if after is None else after,
    )
    await enter(context, row, "create_webhook", "webhook", unit_id=unit_id, after=row.delivered_position)
    return row
