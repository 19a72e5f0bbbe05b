"""Accounts, refresh tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.roles import ACCOUNT_ROLES, AccountKind, Membership, Role
from app.measures.state_machines import AccountState
from app.store.base import Identified, one_of, page_of
from app.store.database import ReadSession, WriteSession


class Account(Identified):
    """Somebody, or some machine, that signs in. One account has one role and at most one party."""

    __tablename__ = "accounts"
    __table_args__ = (
        one_of("role", ACCOUNT_ROLES),
        one_of("kind", AccountKind),
        one_of("membership", Membership),
        CheckConstraint("role <> 'applicant' OR organisation_id IS NOT NULL", name="applicant_has_organisation"),
        CheckConstraint("role <> 'recommending_unit' OR unit_id IS NOT NULL", name="unit_account_has_unit"),
        CheckConstraint("role <> 'department' OR department_id IS NOT NULL", name="department_account_has_department"),
    )

    login: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[AccountKind]
    role: Mapped[Role]
    display_name: Mapped[str]
    secret_hash: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    # What a member of an applicant may do; null for every other role.
    membership: Mapped[Membership | None]
    deactivated_at: Mapped[datetime | None]
    # Since its organisation was moved to its rightful owner (Art. 13(1)): it is not activated again.
    displaced_at: Mapped[datetime | None]
    # Tokens issued before this instant are refused: set at a change of password and at deactivation.
    tokens_valid_from: Mapped[datetime]

    @property
    def state(self) -> AccountState:
        """Its state in the state machine."""
        if self.displaced_at is not None:
            return AccountState.DISPLACED
        return AccountState.ACTIVE if self.deactivated_at is None else AccountState.DEACTIVATED


class RefreshToken(Identified):
    """One rotation of a refresh token. Using one twice revokes its whole family."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_family_id", "family_id"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    family_id: Mapped[UUID]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class CallerLine(NamedTuple):
    """What a request needs to know of its account."""

    id: UUID
    role: Role
    kind: AccountKind
    organisation_id: UUID | None
    unit_id: UUID | None
    department_id: UUID | None
    membership: Membership | None
    deactivated_at: datetime | None
    tokens_valid_from: datetime


async def caller(session: ReadSession, account_id: UUID) -> CallerLine | None:
    """What a request needs to know of its account, as a plain row: this is read on every call."""
    query = select(
        Account.id,
        Account.role,
        Account.kind,
        Account.organisation_id,
        Account.unit_id,
        Account.department_id,
        Account.membership,
        Account.deactivated_at,
        Account.tokens_valid_from,
    ).where(Account.id == account_id)
    found = (await session.execute(query)).one_or_none()
    return None if found is None else CallerLine._make(found)


async def by_login(session: ReadSession, login: str) -> Account | None:
    """The account with this login."""
    return (await session.execute(select(Account).where(Account.login == login))).scalar_one_or_none()


async def held(session: WriteSession, account_id: UUID) -> Account | None:
    """The account as it is now, locked: who gives tokens and who deactivates, or changes the secret, go one after the
    other."""
    query = select(Account).where(Account.id == account_id).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def get(session: ReadSession, account_id: UUID) -> Account | None:
    """The account with this id."""
    return await session.get(Account, account_id)


async def of_organisation(session: ReadSession, organisation_id: UUID) -> Sequence[Account]:
    """Every account of an organisation, by creation."""
    query = select(Account).where(Account.organisation_id == organisation_id).order_by(Account.id)
    return (await session.execute(query)).scalars().all()


async def page(session: ReadSession, *, after: UUID | None, limit: int, role: str | None) -> Sequence[Account]:
    """Accounts by creation, up to `limit + 1`."""
    query = page_of(select(Account), Account.id, after=after, limit=limit, only=[(Account.role, role)])
    return (await session.execute(query)).scalars().all()


async def refresh_token(session: ReadSession, token_hash: str) -> RefreshToken | None:
    """The refresh token with this hash."""
    query = select(RefreshToken).where(RefreshToken.token_hash == token_hash)
    return (await session.execute(query)).scalar_one_or_none()


async def purge_refresh_tokens(session: WriteSession, *, expired_before: datetime) -> int:
    """Forget the refresh tokens that expired before this instant; answers how many."""
    over = delete(RefreshToken).where(RefreshToken.expires_at < expired_before).returning(RefreshToken.id)
    return len((await session.execute(over)).all())


async def revoke_family(session: WriteSession, family_id: UUID, *, at: datetime) -> None:
    """Revoke every token that descends from the same sign-in."""
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def revoke_all(session: WriteSession, account_id: UUID, *, at: datetime) -> None:
    """Revoke every refresh token of the account."""
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.account_id == account_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=at)
    )
