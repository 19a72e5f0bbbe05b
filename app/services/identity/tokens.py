"""Giving, rotating and taking back tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app import audit
from app.context import WriteContext
from app.errors import Unauthenticated
from app.measures.findings import Text
from app.security.passwords import fingerprint, random_secret, verify_secret
from app.security.tokens import TokenIssuer
from app.store import identity as store
from app.store.base import new_id


@dataclass(frozen=True, slots=True)
class Tokens:
    """`expires_in` is seconds. A machine gets no refresh token: it has its secret."""

    access_token: str
    expires_in: int
    refresh_token: str | None


async def sign_in(context: WriteContext, *, issuer: TokenIssuer, login: str, secret: str, machine: bool) -> Tokens:
    """Tokens for a person by password, or for a machine by client secret."""
    account = await store.by_login(context.session, login)
    usable = account is not None and account.disabled_at is None and (account.kind == "machine") == machine
    known = account.secret_hash if account is not None and usable else None
    # The secret is checked in any case, so that the time does not tell which logins exist.
    if not await verify_secret(secret, known) or account is None:
        raise Unauthenticated(Text("账号或密码不正确", "Wrong login or password"), code="invalid_grant")
    audit.record(context, "sign_in", "account", account.id, role=account.role, machine=machine)
    if machine:
        return _tokens(context, issuer, account, refresh=None)
    return _tokens(context, issuer, account, refresh=_new_refresh(context, account.id, family_id=new_id()))


async def refresh(context: WriteContext, *, issuer: TokenIssuer, token: str) -> Tokens | None:
    """New tokens for a refresh token, which is used up. None where it was used before: its family is revoked,
    which must be committed, so the caller refuses after the commit."""
    row = await store.refresh_token(context.session, fingerprint(token))
    if row is None or row.revoked_at is not None or row.expires_at <= context.now:
        raise _expired()
    if row.used_at is not None:
        # Somebody else has used it: the thief or the victim. Neither goes on.
        await store.revoke_family(context.session, row.family_id, at=context.now)
        audit.record(context, "refresh_token_reused", "account", row.account_id)
        return None
    account = await store.get(context.session, row.account_id)
    if account is None or account.disabled_at is not None:
        raise _expired()
    row.used_at = context.now
    return _tokens(context, issuer, account, refresh=_new_refresh(context, account.id, family_id=row.family_id))


async def sign_out(context: WriteContext, *, token: str) -> None:
    """Revoke the family of a refresh token; an unknown one is no error."""
    row = await store.refresh_token(context.session, fingerprint(token))
    if row is not None:
        await store.revoke_family(context.session, row.family_id, at=context.now)
        audit.record(context, "sign_out", "account", row.account_id)


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
        Text("登录已过期，请重新登录", "The sign-in has expired; sign in again"), code="invalid_grant"
    )


def reused() -> Unauthenticated:
    """The refusal that follows a reuse."""
    return Unauthenticated(
        Text(
            "刷新令牌已被使用过，相关登录已全部注销", "The refresh token was used before; the whole sign-in is revoked"
        ),
        code="invalid_grant",
    )
