"""A winner shares its experience, or declines to (Art. 25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.roles import Role
from app.measures.sharing import SharingItem, SharingKind, declining_legitimate, sharing_publishable
from app.services.days import not_in_future
from app.services.lifecycle import enter
from app.services.supervision.followed_award import conferred_award, since_the_decree
from app.store import supervision


@dataclass(frozen=True, slots=True)
class Sharing:
    """A sharing activity, or the declining of one; `trade_secret` marks what is never published."""

    kind: SharingKind
    held_on: date
    title: str
    description: str
    trade_secret: bool


async def record_sharing(context: WriteContext, *, award_id: UUID, sharing: Sharing) -> supervision.SharingActivity:
    """A winner's sharing of experience, by the winner or the office; declining is legitimate for a trade secret
    only."""
    award, _ = await conferred_award(context, award_id)
    if context.actor.role is Role.APPLICANT and award.organisation_id != context.actor.organisation_id:
        raise NotFound("没有此获奖记录", "No such award")
    not_in_future(sharing.held_on, context.today, "/held_on")
    since_the_decree(award, sharing.held_on, "/held_on")
    if sharing.kind == SharingKind.DECLINED_TRADE_SECRET:
        answers = declining_legitimate(on_trade_secret=sharing.trade_secret, reason=sharing.description)
    else:
        published = not sharing.trade_secret
        answers = sharing_publishable(items=[SharingItem(sharing.title, sharing.trade_secret, published)])
    row = supervision.SharingActivity(
        created_at=context.now,
        award_id=award.id,
        kind=sharing.kind,
        held_on=sharing.held_on,
        title=sharing.title,
        description=sharing.description,
        trade_secret=sharing.trade_secret,
        recorded_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"award_id": award.id, "kind": row.kind}
    await enter(context, row, "record_sharing", "sharing_activity", round_id=award.round_id, findings=answers, **told)
    return row
