"""Accounts, how they are shown to be somebody's, their sessions and refresh tokens, where they have signed in from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Select,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.roles import ACCOUNT_ROLES, AccountKind, Awaited, Membership, Role
from app.measures.state_machines import AccountState
from app.store.base import Base, Identified, Json, one_of, page_of
from app.store.database import ReadSession, WriteSession
from app.store.identity.outside_identities import OutsideIdentity
from app.store.readers import Reader
from app.store.sealed import SealedText, WithSealed
from app.store.statements import Statement, columns, given


class UnconfirmedChange(TypedDict):
    """What an administrator has made or changed of an account, as in the log: which act, as whom, and when."""

    act: str
    by: str
    at: str


class Account(Identified):
    """Somebody, or some machine, that signs in. One account has one role and at most one party."""

    __tablename__ = "accounts"
    __table_args__ = (
        one_of("role", ACCOUNT_ROLES),
        one_of("kind", AccountKind),
        one_of("membership", Membership),
        one_of("awaits", Awaited),
        CheckConstraint("awaits IS NULL OR deactivated_at IS NOT NULL", name="awaits_while_deactivated"),
        CheckConstraint("NOT stopped_apart OR deactivated_at IS NOT NULL", name="stopped_apart_while_deactivated"),
        CheckConstraint("role <> 'applicant' OR organisation_id IS NOT NULL", name="applicant_has_organisation"),
        CheckConstraint("role <> 'recommending_unit' OR unit_id IS NOT NULL", name="unit_account_has_unit"),
        CheckConstraint("role <> 'department' OR department_id IS NOT NULL", name="department_account_has_department"),
    )

    login: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[AccountKind]
    role: Mapped[Role]
    display_name: Mapped[str]
    # None until its invitation is accepted.
    secret_hash: Mapped[str | None]
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
    # When it was last used, of the sessions that were swept out; of those that are kept, they know it.
    last_used_at: Mapped[datetime | None]
    # Whose confirmation it awaits that an administrator has made or changed; it lets nobody in until then.
    awaits: Mapped[Awaited | None]
    # What they have made or changed that awaits it.
    unconfirmed: Mapped[list[UnconfirmedChange]] = mapped_column(Json, default=list)
    # Whether the office, or one operator, has stopped it: then no administrator lets it in.
    stopped_apart: Mapped[bool] = mapped_column(default=False)

    @property
    def anonymised(self) -> bool:
        """Whether its person was forgotten: nobody signs in with it any more."""
        return self.login.startswith(ANONYMISED_LOGIN)

    @property
    def state(self) -> AccountState:
        """Its state in the state machine."""
        if self.displaced_at is not None:
            return AccountState.DISPLACED
        return AccountState.ACTIVE if self.deactivated_at is None else AccountState.DEACTIVATED


# What the login of an account begins with whose person was forgotten; its number follows.
ANONYMISED_LOGIN = "anonymised-"


class SessionEnd(StrEnum):
    """What has ended a session before its time."""

    SIGN_OUT = "sign_out"
    END = "end"
    # A refresh token was used twice: it was stolen.
    REUSE = "reuse"
    # The account was stopped, or got another secret, or stands again as an old backup has it.
    ACCOUNT = "account"
    # More sessions went on than may at once.
    NEWER = "newer"


class AccountSession(Identified):
    """What begins with a sign-in: every token that is given meanwhile is of it, and ends with it."""

    __tablename__ = "account_sessions"
    __table_args__ = (
        one_of("ended_by", SessionEnd),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_something"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    # The address that signed in; None where there is none, as for a socket.
    origin: Mapped[str | None]
    # When the secret was last shown.
    proved_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    # However often it is renewed.
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[SessionEnd | None]


class RefreshToken(Identified):
    """One rotation of a refresh token. Using one twice ends its session."""

    __tablename__ = "refresh_tokens"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("account_sessions.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KnownOrigin(Base):
    """A network from which an account has signed in: who guesses elsewhere does not shut it out there."""

    __tablename__ = "known_origins"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    network: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime] = mapped_column(index=True)


class FormerPassword(Identified):
    """The hash of a password that an account had: it is not taken again."""

    __tablename__ = "former_passwords"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret_hash: Mapped[str]


class Invitation(Identified):
    """Once, until it expires, whoever holds it sets the password of the account. `mark` is a keyed hash; `code_mark`
    that of the code which goes with it, where another than who invited has confirmed the account."""

    __tablename__ = "invitations"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    mark: Mapped[str]
    code_mark: Mapped[str | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactor(WithSealed):
    """What an account shows beside its password: codes of a secret, sealed. `last_step` is the time step of the last
    code that was taken: it and those before are not taken again."""

    __tablename__ = "second_factors"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    sealed_secret: Mapped[bytes]
    secret = SealedText[str]()
    last_step: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Identified):
    """Once in place of a code, for whoever has lost the device. `mark` is a keyed hash."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    mark: Mapped[str]
    used_at: Mapped[datetime | None]


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
    session_ended_at: datetime | None


def session_ended_at() -> ColumnElement[datetime | None]:
    """When the session `session` of a statement was ended: looked at beside the account, in the same statement."""
    return select(AccountSession.ended_at).where(AccountSession.id == given("session")).scalar_subquery()


_CALLER = Statement(
    select(*columns(CallerLine, Account, session_ended_at=session_ended_at())).where(Account.id == given("id")),
    CallerLine,
)


async def caller(reader: Reader, account_id: UUID, *, session_id: UUID) -> CallerLine | None:
    """What a request needs to know of its account and session, as a plain row: this is read on every call."""
    return await reader.row(_CALLER, {"id": account_id, "session": session_id})


async def by_login(session: ReadSession, login: str) -> Account | None:
    """The account with this login."""
    return (await session.execute(_BY_LOGIN, {"login": login})).scalar_one_or_none()


_BY_LOGIN = select(Account).where(Account.login == given("login"))


async def signing_in(session: ReadSession, login: str, *, network: str) -> tuple[Account | None, bool]:
    """The account with this login, and whether it has signed in from this network before: one statement, whether there
    is such a login or not."""
    been_here = exists().where(KnownOrigin.account_id == Account.id, KnownOrigin.network == network)
    found = (await session.execute(select(Account, been_here).where(Account.login == login))).one_or_none()
    return (None, False) if found is None else (found[0], found[1])


async def is_known_origin(session: ReadSession, account_id: UUID, *, network: str) -> bool:
    """Whether the account has signed in from this network before."""
    query = select(KnownOrigin.last_at).where(KnownOrigin.account_id == account_id, KnownOrigin.network == network)
    return (await session.execute(query)).first() is not None


async def know_origin(session: WriteSession, account_id: UUID, *, network: str, at: datetime) -> None:
    """The account has signed in from this network."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = dialect.insert(KnownOrigin).values(account_id=account_id, network=network, last_at=at)
    await session.execute(made.on_conflict_do_update(index_elements=["account_id", "network"], set_={"last_at": at}))


async def purge_origins(session: WriteSession, *, last_before: datetime) -> int:
    """Forget the networks from which nobody has signed in since this instant; answers how many."""
    over = delete(KnownOrigin).where(KnownOrigin.last_at < last_before).returning(KnownOrigin.network)
    return len((await session.execute(over)).all())


async def held(session: WriteSession, account_id: UUID) -> Account | None:
    """The account as it is now, locked: who gives tokens and who deactivates, or changes the secret, go one after the
    other."""
    return (await session.execute(_HELD, {"account_id": account_id})).scalar_one_or_none()


_HELD = select(Account).where(Account.id == given("account_id")).with_for_update()


async def get(session: ReadSession, account_id: UUID) -> Account | None:
    """The account with this id."""
    return await session.by_id(Account, account_id)


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
    return (await session.execute(_REFRESH_TOKEN, {"token_hash": token_hash})).scalar_one_or_none()


_REFRESH_TOKEN = select(RefreshToken).where(RefreshToken.token_hash == given("token_hash"))


async def purge_sessions(session: WriteSession, *, over_before: datetime) -> int:
    """Forget the sessions that were over before this instant, with their refresh tokens; answers how many tokens. One
    that was ended stays as long as it would have lasted: its tokens are refused by it."""
    over = select(AccountSession.id).where(AccountSession.ends_at < over_before)
    await _note_last_use(session, over_before=over_before)
    gone = delete(RefreshToken).where((RefreshToken.expires_at < over_before) | RefreshToken.session_id.in_(over))
    tokens = (await session.execute(gone.returning(RefreshToken.id))).all()
    await session.execute(
        delete(AccountSession).where(AccountSession.ends_at < over_before).execution_options(synchronize_session=False)
    )
    return len(tokens)


async def _note_last_use(session: WriteSession, *, over_before: datetime) -> None:
    """Keep of the sessions that are to be forgotten when each account was last used."""
    last = select(func.max(AccountSession.renewed_at)).where(
        AccountSession.account_id == Account.id, AccountSession.ends_at < over_before
    )
    used = last.scalar_subquery()
    later = or_(Account.last_used_at.is_(None), Account.last_used_at < used)
    had = select(AccountSession.account_id).where(AccountSession.ends_at < over_before)
    noting = update(Account).where(Account.id.in_(had), later).values(last_used_at=used)
    await session.execute(noting.execution_options(synchronize_session=False))


async def account_session(session: ReadSession, session_id: UUID) -> AccountSession | None:
    """The session with this id, as it is now."""
    return await session.get(AccountSession, session_id, populate_existing=True)


async def sessions_of(session: ReadSession, account_id: UUID, *, now: datetime) -> Sequence[AccountSession]:
    """The sessions of an account that have not ended, the newest first."""
    query = (
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None), AccountSession.ends_at > now)
        .order_by(AccountSession.id.desc())
    )
    return (await session.execute(query)).scalars().all()


async def end_session(session: WriteSession, session_id: UUID, *, at: datetime, by: SessionEnd) -> bool:
    """End a session with every token of it; answers whether it had not ended yet."""
    ending = (
        update(AccountSession)
        .where(AccountSession.id == session_id, AccountSession.ended_at.is_(None))
        .values(ended_at=at, ended_by=by)
        .returning(AccountSession.id)
    )
    return (await session.execute(ending)).first() is not None


async def end_oldest(session: WriteSession, account_id: UUID, *, at: datetime, keep: int) -> None:
    """End the sessions of the account that still go on, but for the `keep` newest."""
    going_on = (
        select(AccountSession.id)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None), AccountSession.ends_at > at)
        .order_by(AccountSession.id.desc())
        .offset(literal_column(str(keep)))
        # SQLite knows no offset without a limit.
        .limit(literal_column("1000000"))
    )
    await session.execute(
        update(AccountSession)
        .where(AccountSession.id.in_(going_on))
        .values(ended_at=at, ended_by=SessionEnd.NEWER)
        .execution_options(synchronize_session=False)
    )


async def revoke_all(session: WriteSession, account_id: UUID, *, at: datetime) -> None:
    """End every session of the account."""
    await session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .values(ended_at=at, ended_by=SessionEnd.ACCOUNT)
    )


async def former_passwords(session: ReadSession, account_id: UUID, *, limit: int) -> Sequence[str]:
    """The hashes of the last passwords that the account had before the present one, the latest first."""
    query = _former(account_id).limit(literal_column(str(limit)))
    return [row.secret_hash for row in (await session.execute(query)).scalars()]


async def forget_passwords(session: WriteSession, account_id: UUID, *, but: int) -> None:
    """Of the passwords that the account had, keep the last ones alone."""
    kept = [row.id for row in (await session.execute(_former(account_id).limit(literal_column(str(but))))).scalars()]
    mine = FormerPassword.account_id == account_id
    await session.execute(delete(FormerPassword).where(mine, FormerPassword.id.not_in(kept)))


def _former(account_id: UUID) -> Select[FormerPassword]:
    mine = select(FormerPassword).where(FormerPassword.account_id == account_id)
    return mine.order_by(FormerPassword.id.desc())


async def invitation(session: ReadSession, invitation_id: UUID) -> Invitation | None:
    """The invitation with this id, as it is now."""
    return await session.get(Invitation, invitation_id, populate_existing=True)


async def open_invitation(session: WriteSession, account_id: UUID, *, now: datetime) -> Invitation | None:
    """The invitation of the account that may still be accepted."""
    mine = select(Invitation).where(Invitation.account_id == account_id)
    still = mine.where(Invitation.used_at.is_(None), Invitation.expires_at > now)
    return (await session.execute(still)).scalar_one_or_none()


async def withdraw_invitations(session: WriteSession, account_id: UUID) -> None:
    """No invitation of the account is taken any more."""
    await session.execute(delete(Invitation).where(Invitation.account_id == account_id, Invitation.used_at.is_(None)))


async def purge_invitations(session: WriteSession, *, expired_before: datetime) -> int:
    """Forget the invitations that expired before this instant, used or not; answers how many."""
    over = delete(Invitation).where(Invitation.expires_at < expired_before).returning(Invitation.id)
    return len((await session.execute(over)).all())


async def second_factor(session: ReadSession, account_id: UUID) -> SecondFactor | None:
    """The second factor of the account."""
    return (await session.execute(_SECOND_FACTOR, {"account_id": account_id})).scalar_one_or_none()


_SECOND_FACTOR = select(SecondFactor).where(SecondFactor.account_id == given("account_id"))


async def recovery_codes(session: ReadSession, account_id: UUID) -> Sequence[RecoveryCode]:
    """The recovery codes of the account that were not used yet."""
    query = select(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return (await session.execute(query)).scalars().all()


async def remove_second_factor(session: WriteSession, account_id: UUID) -> bool:
    """Take the second factor and the recovery codes away; answers whether there was one."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    gone = delete(SecondFactor).where(SecondFactor.account_id == account_id).returning(SecondFactor.id)
    return bool((await session.execute(gone)).all())


async def forget_person(session: WriteSession, account_id: UUID) -> None:
    """Remove whatever an account was shown to be somebody's by: former passwords, invitations, second factor, recovery
    codes, outside identity, and where it has signed in from."""
    await remove_second_factor(session, account_id)
    for model in (FormerPassword, Invitation, OutsideIdentity, KnownOrigin):
        await session.execute(delete(model).where(model.account_id == account_id))
