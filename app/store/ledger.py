"""The audit chain, idempotency keys, and the feeds that partners read to the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Identified, Json, one_of


class AuditEntry(Base):
    """One act, chained to the one before by hash. Triggers in the database refuse update and delete."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "seq"),
        Index("ix_audit_entries_round", "round_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    act: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    round_id: Mapped[UUID | None]
    request_id: Mapped[str]
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever appends, so that entries are numbered without gap."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str]


class IdempotencyRecord(Identified):
    """An `Idempotency-Key` and the answer that it got, written in the transaction of the effect."""

    __tablename__ = "idempotency_records"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    scope: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class FeedEvent(Identified):
    """One change in a feed. `position` is given after commit, under a lock: a reader's cursor skips nothing."""

    __tablename__ = "feed_events"
    __table_args__ = (
        UniqueConstraint("feed", "position"),
        Index("ix_feed_events_audience", "feed", "audience", "position"),
        Index("ix_feed_events_feed", "feed", "id"),
    )

    feed: Mapped[str]
    audience: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    position: Mapped[int | None]


class FeedHead(Base):
    """The last position given in a feed."""

    __tablename__ = "feed_heads"

    feed: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class Webhook(Identified):
    """An endpoint of a unit that is told, by id only, that something changed (Standard Webhooks).

    `delivered_position`: up to which position of the feed it has been told. `failures`: attempts in a row that failed.
    `claimed_until`: whoever delivers holds it until then. After a rotation the secret before signs too, for a while.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        one_of("disabled_reason", ["by_unit", "failures", "gone"]),
        CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled_with_reason"),
        Index("ix_webhooks_due", "disabled_at", "next_attempt_at"),
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("recommending_units.id"), index=True)
    url: Mapped[str]
    secret: Mapped[str]
    previous_secret: Mapped[str | None]
    previous_secret_until: Mapped[datetime | None]
    delivered_position: Mapped[int]
    failures: Mapped[int]
    last_error: Mapped[str | None]
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
