"""Addresses to which a unit's changes are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import WebhookEnd, WebhookState
from app.store.base import one_of, page_of
from app.store.database import ReadSession, WriteSession
from app.store.feeds import FeedEvent, FeedHead
from app.store.sealed import SealedText, WithSealed
from app.store.statements import given
from app.store.units import RecommendingUnit


class Webhook(WithSealed):
    """An endpoint of a unit that is told, by id only, that something changed (Standard Webhooks).

    `delivered_position`: up to which position of the feed it has been told. `failures`: attempts in a row that failed.
    `claimed_until`: whoever delivers holds it until then. After a rotation the secret before signs too, for a while.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        one_of("deactivated_reason", WebhookEnd),
        CheckConstraint("(deactivated_at IS NULL) = (deactivated_reason IS NULL)", name="deactivated_with_reason"),
        Index("ix_webhooks_due", "deactivated_at", "next_attempt_at"),
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"), index=True)
    url: Mapped[str]
    sealed_secret: Mapped[bytes]
    sealed_previous_secret: Mapped[bytes | None]
    secret = SealedText[str]()
    previous_secret = SealedText[str | None]()
    previous_secret_until: Mapped[datetime | None]
    delivered_position: Mapped[int]
    failures: Mapped[int]
    last_error: Mapped[str | None]
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    deactivated_reason: Mapped[WebhookEnd | None]

    @property
    def state(self) -> WebhookState:
        """Its state in the state machine."""
        return WebhookState.ACTIVE if self.deactivated_at is None else WebhookState.DEACTIVATED


async def page(session: ReadSession, *, after: UUID | None, limit: int, unit_id: UUID) -> Sequence[Webhook]:
    """A unit's webhooks, newest first, up to `limit + 1`."""
    query = page_of(
        (select(Webhook).where(Webhook.unit_id == unit_id)), Webhook.id, after=after, limit=limit, newest_first=True
    )
    return (await session.execute(query)).scalars().all()


async def lock(session: WriteSession, webhook_id: UUID) -> Webhook | None:
    """The webhook with this id, read again and locked until the transaction ends."""
    return (await session.execute(_LOCK, {"webhook_id": webhook_id})).scalar_one_or_none()


_LOCK = (
    select(Webhook).where(Webhook.id == given("webhook_id")).with_for_update().execution_options(populate_existing=True)
)


async def lock_unit(session: WriteSession, unit_id: UUID) -> None:
    """Hold the unit's row, so that two of its webhooks made at once are counted one after the other."""
    await session.execute(_LOCK_UNIT, {"unit_id": unit_id})


_LOCK_UNIT = select(RecommendingUnit.id).where(RecommendingUnit.id == given("unit_id")).with_for_update()


async def active(session: ReadSession, unit_id: UUID) -> int:
    """How many of a unit's webhooks are told of changes."""
    return int((await session.execute(_ACTIVE, {"unit_id": unit_id})).scalar_one())


_ACTIVE = (
    select(func.count())
    .select_from(Webhook)
    .where(Webhook.unit_id == given("unit_id"), Webhook.deactivated_at.is_(None))
)


async def head(session: ReadSession, *, feed: str) -> int:
    """The last position that was given in a feed."""
    return int((await session.execute(_HEAD, {"feed": feed})).scalar_one())


_HEAD = select(FeedHead.position).where(FeedHead.feed == given("feed"))


async def waiting(session: ReadSession, *, feed: str, now: datetime) -> Sequence[UUID]:
    """The webhooks that have something to be told and may be tried now, the oldest first."""
    query = (
        select(Webhook.id, Webhook.unit_id, Webhook.delivered_position)
        .where(
            Webhook.deactivated_at.is_(None),
            or_(Webhook.next_attempt_at.is_(None), Webhook.next_attempt_at <= now),
            or_(Webhook.claimed_until.is_(None), Webhook.claimed_until <= now),
        )
        .order_by(Webhook.id)
    )
    due = (await session.execute(query)).all()
    last = (
        select(FeedEvent.audience, func.max(FeedEvent.position))
        .where(FeedEvent.feed == feed, FeedEvent.audience.in_({str(row.unit_id) for row in due}))
        .group_by(FeedEvent.audience)
    )
    newest = {audience: position or 0 for audience, position in (await session.execute(last)).all()}
    return [row.id for row in due if newest.get(str(row.unit_id), 0) > row.delivered_position]
