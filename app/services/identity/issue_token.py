"""Giving tokens to whoever signs in, and new ones to whoever goes on."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel import audit
from app.kernel.context import StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import TooMany, Unauthenticated
from app.kernel.guessing import Guess
from app.kernel.origins import network_of
from app.kernel.refusals import RefusalLog
from app.kernel.security.passwords import fingerprint, verify_secret
from app.kernel.security.tokens import TokenIssuer
from app.kernel.throttle import Throttle
from app.measures.roles import AccountKind
from app.measures.text import Text
from app.services.identity.refused_sign_ins import note_refused
from app.services.identity.sessions import Tokens, alive, begin_session, tokens_of
from app.store import identity as store


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody says he is, and by what he would show it."""

    login: str
    secret: str
    machine: bool


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found of a sign-in before it goes on: the account as it was, if its secret was right."""

    account: store.Account | None
    guess: Guess


async def issue_token(
    context: StreamContext,
    *,
    issuer: TokenIssuer,
    throttle: Throttle,
    refusals: RefusalLog,
    shown: Claimed | str,
) -> Tokens | None:
    """Tokens for what is shown: who somebody claims to be with his secret, or a refresh token. None where that was used
    before: its session is ended, which must be committed, so the caller refuses after the commit."""
    if isinstance(shown, str):
        return await _go_on(context, issuer=issuer, token=shown)
    looked = await _look_at(context, throttle=throttle, refusals=refusals, claimed=shown)
    if looked.account is None:
        raise _wrong()
    write = await context.writing()
    account = _usable(await store.held(write.session, looked.account.id), shown)
    if account is None or account.secret_hash != looked.account.secret_hash:
        # Deactivated, or given another secret, since we looked.
        raise _wrong()
    await throttle.guessed_right(write.session, looked.guess)
    session, tokens = await begin_session(write, issuer=issuer, account=account)
    audit.record(
        write, "sign_in", "account", account.id, session_id=session.id, role=account.role, machine=shown.machine
    )
    return tokens


async def _look_at(context: StreamContext, *, throttle: Throttle, refusals: RefusalLog, claimed: Claimed) -> _Looked:
    """Whether the secret is right. The attempt counts before it is looked at, and no transaction is open meanwhile. A
    login that there is none of costs the same: as many statements, and a hash in any case."""
    origin = context.actor.origin
    network = network_of(origin)
    async with context.reading() as looking:
        account, known = await store.signing_in(looking.session, claimed.login, network=network)
    found = _usable(account, claimed)
    door = f"{network} {claimed.login}" if known else network
    with throttle.hashes.place(door, stranger=not known):
        try:
            guess = await throttle.begin_guess(
                context.database, claimed.login, now=context.now, origin=origin, known=known
            )
        except TooMany:
            note_refused(refusals, context, act="sign_in", account=account, guess=None)
            raise
        right = await verify_secret(claimed.secret, found.secret_hash if found else None, stranger=not known)
    if not right:
        note_refused(refusals, context, act="sign_in", account=account, guess=guess)
    return _Looked(found if right else None, guess)


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
    session = await store.account_session(context.session, row.session_id)
    if session is None or not alive(session, now=context.now) or row.expires_at <= context.now:
        raise _expired()
    if row.used_at is not None:
        # Somebody else has used it: the thief or the victim. Neither goes on, not even with the tokens that they have.
        await store.end_session(context.session, session.id, at=context.now, by=store.SessionEnd.REUSE)
        audit.record(context, "refresh_token_reused", "account", row.account_id, session_id=session.id)
        return None
    if account is None or account.deactivated_at is not None or row.created_at < account.tokens_valid_from:
        raise _expired()
    row.used_at = session.renewed_at = context.now
    return tokens_of(context, issuer=issuer, account=account, row=session, renewable=True)


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
