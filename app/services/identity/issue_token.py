"""Giving tokens to whoever signs in, and new ones to whoever goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel import audit
from app.kernel.context import StreamContext, WriteContext
from app.kernel.errors import ClientRefused, DomainError, NotGranted, TooMany
from app.kernel.guessing import Guess
from app.kernel.origins import network_of
from app.kernel.refusals import RefusalLog
from app.kernel.security.outside_provider import OutsideProvider
from app.kernel.security.passwords import fingerprint, verify_secret
from app.kernel.security.sealing import Keyring
from app.kernel.security.tokens import TokenIssuer
from app.kernel.throttle import Throttle
from app.measures.roles import AccountKind
from app.measures.text import Text
from app.services.identity.challenges import SIGN_IN, opened, over
from app.services.identity.refused_sign_ins import note_refused, note_wrong_code
from app.services.identity.second_factors import ask_for_code, takes_code, wrong_code
from app.services.identity.sessions import Tokens, alive, begin_session, tokens_of
from app.store import identity as store
from app.store.identity import outside_identities


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody says he is, and by what he would show it."""

    login: str
    secret: str
    machine: bool


@dataclass(frozen=True, slots=True)
class Coded:
    """The second step of a sign-in: the challenge that the first one was answered with, and a code."""

    challenge: str
    code: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A token of the outside provider, with the nonce that was asked for, where one was."""

    token: str
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Issuing:
    """What a sign-in is looked at with."""

    issuer: TokenIssuer
    throttle: Throttle
    refusals: RefusalLog
    keyring: Keyring
    provider: OutsideProvider


async def issue_token(context: StreamContext, *, by: Issuing, shown: Claimed | Coded | Outside | str) -> Tokens | None:
    """Tokens for what is shown: who somebody claims to be with a secret, a code after that, a token of the outside
    provider, or a refresh token. None where that was used before: its session is ended, which must be committed, so
    the caller refuses after the commit."""
    if isinstance(shown, str):
        return await _go_on(context, issuer=by.issuer, token=shown)
    if isinstance(shown, Coded):
        return await _with_code(context, by=by, coded=shown)
    if isinstance(shown, Outside):
        return await _from_outside(context, by=by, shown=shown)
    return await _sign_in(context, by=by, claimed=shown)


async def proven(
    context: StreamContext, *, throttle: Throttle, refusals: RefusalLog, claimed: Claimed
) -> tuple[store.Account, Guess]:
    """The account as it was looked at, whose secret was shown, with the attempt that was counted before that. No
    transaction is open meanwhile. A login that there is none of costs the same: as many statements, and a hash in any
    case."""
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
    if not right or found is None:
        note_refused(refusals, context, act="sign_in", account=account, guess=guess)
        raise _wrong(claimed)
    return found, guess


async def _sign_in(context: StreamContext, *, by: Issuing, claimed: Claimed) -> Tokens:
    """Tokens for a person by password, or for a machine by client secret. Where a code is wanted besides, the attempt
    stays counted until it comes: who has guessed a password guesses no faster for it."""
    found, guess = await proven(context, throttle=by.throttle, refusals=by.refusals, claimed=claimed)
    write = await context.writing()
    account = _usable(await store.held(write.session, found.id), claimed)
    if account is None or account.secret_hash != found.secret_hash:
        # Deactivated, or given another secret, since we looked.
        raise _wrong(claimed)
    await ask_for_code(write, account, by.keyring, attempt=list(guess.doors))
    await by.throttle.guessed_right(write.session, guess)
    return await _signed_in(write, by.issuer, account)


async def _with_code(context: StreamContext, *, by: Issuing, coded: Coded) -> Tokens:
    """Tokens for whoever has shown the password, and now a code."""
    begun = opened(by.keyring, SIGN_IN, coded.challenge, now=context.now)
    account_id = UUID(begun.account)
    try:
        await by.throttle.begin_code(context.database, account_id, now=context.now)
    except TooMany:
        note_wrong_code(by.refusals, context, act="sign_in", account_id=account_id, looked_at=False)
        raise
    write = await context.writing()
    account = await store.held(write.session, account_id)
    if account is None or not begun.is_to(account):
        raise over()
    if not await takes_code(write, account, coded.code, by.keyring):
        note_wrong_code(by.refusals, context, act="sign_in", account_id=account_id, looked_at=True)
        raise wrong_code()
    await by.throttle.code_was_right(write.session, account_id)
    if begun.attempt:
        await by.throttle.guessed_right(write.session, Guess(tuple(begun.attempt), None))
    return await _signed_in(write, by.issuer, account)


async def _from_outside(context: StreamContext, *, by: Issuing, shown: Outside) -> Tokens:
    """Tokens for whoever the outside provider says it is. What the account may do is said here alone: nothing of the
    provider's token but its subject is read."""
    known = await by.provider.subject_of(shown.token, nonce=shown.nonce, now=context.now)
    write = await context.writing()
    # Once: whoever finds a token in a log has nothing. Known by what is signed: there are several ways to write a
    # signature.
    signed = shown.token.rpartition(".")[0]
    if not await by.throttle.first_use(write.session, signed, now=context.now, until=known.expires_at):
        raise _wrong()
    identity = await outside_identities.by_subject(write.session, issuer=known.issuer, subject=known.subject)
    account = None if identity is None else await store.held(write.session, identity.account_id)
    if account is None or account.deactivated_at is not None or account.kind == AccountKind.MACHINE:
        raise _wrong()
    await ask_for_code(write, account, by.keyring, attempt=[])
    return await _signed_in(write, by.issuer, account, outside=True, proved_at=known.signed_in_at)


async def _signed_in(
    write: WriteContext,
    issuer: TokenIssuer,
    account: store.Account,
    *,
    outside: bool = False,
    proved_at: datetime | None = None,
) -> Tokens:
    """The one place where a sign-in, by whatever way, is put on record and begins a session. `proved_at`: when the
    secret was shown elsewhere."""
    session, tokens = await begin_session(write, issuer=issuer, account=account, proved_at=proved_at)
    machine = account.kind == AccountKind.MACHINE
    audit.record(
        write,
        "sign_in",
        "account",
        account.id,
        session_id=session.id,
        role=account.role,
        machine=machine,
        outside=outside,
    )
    return tokens


def _usable(account: store.Account | None, claimed: Claimed) -> store.Account | None:
    if (
        account is None
        or account.deactivated_at is not None
        or (account.kind == AccountKind.MACHINE) != claimed.machine
    ):
        return None
    return account


def _wrong(claimed: Claimed | None = None) -> DomainError:
    if claimed is not None and claimed.machine:
        return ClientRefused(Text("客户端标识或密钥不正确", "Wrong client id or secret"))
    return NotGranted(Text("账号或密码不正确", "Wrong login or password"))


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


def _expired() -> NotGranted:
    return NotGranted(Text("登录已过期，请重新登录", "The sign-in has expired; sign in again"))


def reused() -> NotGranted:
    """The refusal that follows a reuse."""
    return NotGranted(
        Text(
            "刷新令牌已被使用过，相关登录已全部注销", "The refresh token was used before; the whole sign-in is revoked"
        )
    )
