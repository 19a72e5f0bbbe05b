"""Renewed certificates and licences, handed in after the submission and accepted by a person (Art. 13(2) to (4))."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.facts import CredentialKind
from app.measures.state_machines import RENEWAL, RenewalState
from app.store.applications import Application
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.statements import given


class Renewal(Identified):
    """What takes the place of an entry of the frozen form that expires in mid-round. `item`: as the form takes it."""

    __tablename__ = "renewals"
    __table_args__ = (one_of("kind", CredentialKind), state_of(RENEWAL))

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachments.id"))
    kind: Mapped[CredentialKind]
    item: Mapped[dict[str, object]]
    state: Mapped[RenewalState]
    handed_in_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str | None]
    evidence: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


async def get(session: ReadSession, renewal_id: UUID) -> Renewal | None:
    """The renewal with this id."""
    return await session.by_id(Renewal, renewal_id)


async def lock(session: WriteSession, renewal_id: UUID) -> Renewal | None:
    """The renewal, read again and locked until the transaction ends."""
    return (await session.execute(_LOCK, {"renewal_id": renewal_id})).scalar_one_or_none()


_LOCK = (
    select(Renewal).where(Renewal.id == given("renewal_id")).with_for_update().execution_options(populate_existing=True)
)


async def of_applications(
    session: ReadSession, application_ids: Collection[UUID], *, accepted: bool = False
) -> Sequence[Renewal]:
    """The renewals of these applications, the oldest first; `accepted` ones only where asked."""
    query = _ACCEPTED if accepted else _OF_APPLICATIONS
    return (await session.execute(query, {"application_ids": list(application_ids)})).scalars().all()


_OF_APPLICATIONS = select(Renewal).where(Renewal.application_id.in_(given("application_ids"))).order_by(Renewal.id)
_ACCEPTED = _OF_APPLICATIONS.where(Renewal.state == RenewalState.ACCEPTED)


async def of_round(
    session: ReadSession, *, round_id: UUID, state: str | None, after: UUID | None, limit: int
) -> Sequence[Renewal]:
    """The renewals of a round by their making, up to `limit + 1`."""
    of_the_round = select(Renewal).join(Application, Application.id == Renewal.application_id)
    query = page_of(
        of_the_round.where(Application.round_id == round_id),
        Renewal.id,
        after=after,
        limit=limit,
        only=[(Renewal.state, state)],
    )
    return (await session.execute(query)).scalars().all()
