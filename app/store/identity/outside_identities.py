"""Outside identities: who signs in by the outside provider, and as which account."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified
from app.store.database import ReadSession


class OutsideIdentity(Identified):
    """Who signs in by the outside provider under this subject is this account."""

    __tablename__ = "outside_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    issuer: Mapped[str]
    subject: Mapped[str]


async def by_subject(session: ReadSession, *, issuer: str, subject: str) -> OutsideIdentity | None:
    """Which account the provider's subject is."""
    query = select(OutsideIdentity).where(OutsideIdentity.issuer == issuer, OutsideIdentity.subject == subject)
    return (await session.execute(query)).scalar_one_or_none()


async def of_account(session: ReadSession, account_id: UUID) -> OutsideIdentity | None:
    """The subject under which the account signs in by the outside provider."""
    query = select(OutsideIdentity).where(OutsideIdentity.account_id == account_id)
    return (await session.execute(query)).scalar_one_or_none()
