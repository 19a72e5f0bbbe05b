"""Giving tokens to whoever signs in, and new ones to whoever goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.kernel import audit
from app.kernel.context import StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.security.passwords import fingerprint, random_secret, verify_secret
from app.kernel.security.tokens import TokenIssuer
from app.kernel.throttle import Throttle
from app.measures.roles import AccountKind
from app.measures.text import Text
from app.store import identity as store
from app.store.base import new_id


@dataclass(frozen=True, slots=True)
class Tokens:
    """`expires_in` is seconds. A machine gets no refresh token: it has its secret."""

    access_token: str
    expires_in: int
    refresh_token: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody says he is, and by what he would show it."""

    login: str
    secret: str
    machine: bool


async def issue_token(
    context: StreamContext, *, issuer: TokenIssuer, throttle: Throttle, shown: Claimed | str
) -> Tokens | None:
    """Tokens for what is shown: who somebody claims to be with his secret, or a refresh token. None where that was used
    before: its family is revoked, which must be committed, so the caller refuses after the commit."""
    if isinstance(shown, str):
        return await _go_on(context, issuer=issuer, token=shown)
    return await _sign_in(context, issuer=issuer, throttle=throttle, claimed=shown)


async def _sign_in(context: StreamContext, *, issuer: TokenIssuer, throttle: Throttle, claimed: Claimed) -> Tokens:
    """Tokens for a person by password, or for a machine by client secret.

    The attempt counts before the secret is looked at, and no transaction is open while it is.
    """
    await throttle.begin_guess(context.database, claimed.login, now=context.now)
    async with context.reading() as looking:
        found = _usable(await store.by_login(looking.session, claimed.login), claimed)
        known = found.secret_hash if found else None
    # The secret is checked in any case, so that the time does not tell which logins exist.
    if not await verify_secret(claimed.secret, known) or found is None:
        raise _wrong()
    write = await context.writing()
    account = _usable(await store.held(write.session, found.id), claimed)
    if account is None or account.secret_hash != known:
        # Deactivated, or given another secret, since we looked.
        raise _wrong()
    await throttle.guessed_right(write.session, claimed.login)
    audit.record(write, "sign_in", "account", account.id, role=account.role, machine=claimed.machine)
    if claimed.machine:
        return _tokens(write, issuer, account, refresh=None)
    return _tokens(write, issuer, account, refresh=_new_refresh(write, account.id, family_id=new_id()))


def _usable(account: store.Account | None, claimed: Claimed) -> store.Account | None:
    if (
        account is None
        or account.deactivated_at is not None
        or (account.kind == AccountKind.MACHINE) != claimed.machine
    ):
        return None
    return account


def _wrong() -> Unauthenticated:
    return Unauthenticated(Text("账号或密码不正确", "Wrong login or password"), code=ProblemCode.INVALID_GRANT)


async def _go_on(staged: StreamContext, *, issuer: TokenIssuer, token: str) -> Tokens | None:
    """New tokens for a refresh token, which is used up."""
    context = await staged.writing()
    row = await store.refresh_token(context.session, fingerprint(token))
    if row is None:
        raise _expired()
    account = await store.held(context.session, row.account_id)
    # Two uses at once, and one beside a deactivation, have gone one after the other from here on.
    await context.session.refresh(row)
    if row.revoked_at is not None or row.expires_at <= context.now:
        raise _expired()
    if row.used_at is not None:
        # Somebody else has used it: the thief or the victim. Neither goes on.
        await store.revoke_family(context.session, row.family_id, at=context.now)
        audit.record(context, "refresh_token_reused", "account", row.account_id)
        return None
    if account is None or account.deactivated_at is not None or row.created_at < account.tokens_valid_from:
        raise _expired()
    row.used_at = context.now
    return _tokens(context, issuer, account, refresh=_new_refresh(context, account.id, family_id=row.family_id))


def _tokens(context: WriteContext, issuer: TokenIssuer, account: store.Account, *, refresh: str | None) -> Tokens:
    access = issuer.issue(account.id, role=account.role, now=context.now)
    return Tokens(access, context.settings.access_token_seconds, refresh)


def _new_refresh(context: WriteContext, account_id: UUID, *, family_id: UUID) -> str:
    token = random_secret()
    context.session.add(
        store.RefreshToken(
            created_at=context.now,
            account_id=account_id,
            family_id=family_id,
            token_hash=fingerprint(token),
            expires_at=context.now + timedelta(seconds=context.settings.refresh_token_seconds),
        )
    )
    return token


def _expired() -> Unauthenticated:
    return Unauthenticated(
        Text("登录已过期，请重新登录", "The sign-in has expired; sign in again"), code=ProblemCode.INVALID_GRANT
    )


def reused() -> Unauthenticated:
    """The refusal that follows a reuse."""
    return Unauthenticated(
        Text(
            "刷新令牌已被使用过，相关登录已全部注销", "The refresh token was used before; the whole sign-in is revoked"
        ),
        code=ProblemCode.INVALID_GRANT,
    )
