"""Sessions: begun by a sign-in, gone on with by refresh tokens, ended by their owner or at the latest by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.origins import network_of
from app.kernel.security.passwords import fingerprint, random_secret
from app.kernel.security.tokens import OfSession, TokenIssuer
from app.measures.roles import AccountKind
from app.store import identity as store
from app.store.base import new_id


@dataclass(frozen=True, slots=True)
class Tokens:
    """`expires_in` is seconds. A machine gets no refresh token: it has its secret."""

    access_token: str
    expires_in: int
    refresh_token: str | None


async def begin_session(
    context: WriteContext, *, issuer: TokenIssuer, account: store.Account, proved_at: datetime | None = None
) -> tuple[store.AccountSession, Tokens]:
    """A session of an account whose secret was just shown, with its first tokens. That of a machine is as long as its
    token; of a person's the oldest ends where there are too many. `proved_at`: when the secret was shown, now where it
    is not said. From here on the account is no stranger where it came from."""
    machine = account.kind == AccountKind.MACHINE
    settings, now = context.settings, context.now
    lasting = settings.access_token_seconds if machine else settings.session_seconds
    row = store.AccountSession(
        id=new_id(),
        created_at=now,
        account_id=account.id,
        origin=context.actor.origin,
        proved_at=proved_at or now,
        renewed_at=now,
        ends_at=now + timedelta(seconds=lasting),
    )
    context.session.add(row)
    await context.session.flush()
    if not machine:
        await store.end_oldest(context.session, account.id, at=now, keep=settings.sessions_at_once)
    await store.know_origin(context.session, account.id, network=network_of(row.origin), at=now)
    return row, tokens_of(context, issuer=issuer, account=account, row=row, renewable=not machine)


def tokens_of(
    context: WriteContext, *, issuer: TokenIssuer, account: store.Account, row: store.AccountSession, renewable: bool
) -> Tokens:
    """Tokens of a session; none of them outlives it. `renewable`: with a refresh token."""
    of = OfSession(row.id, row.proved_at, row.ends_at)
    access = issuer.issue(account.id, role=account.role, now=context.now, of=of)
    lasting = min(timedelta(seconds=context.settings.access_token_seconds), row.ends_at - context.now)
    refresh = _new_refresh(context, row) if renewable else None
    return Tokens(access, int(lasting.total_seconds()), refresh)


def _new_refresh(context: WriteContext, row: store.AccountSession) -> str:
    token = random_secret()
    expires_at = context.now + timedelta(seconds=context.settings.refresh_token_seconds)
    context.session.add(
        store.RefreshToken(
            created_at=context.now,
            account_id=row.account_id,
            session_id=row.id,
            token_hash=fingerprint(token),
            expires_at=min(expires_at, row.ends_at),
        )
    )
    return token


def alive(row: store.AccountSession | None, *, now: datetime) -> bool:
    """Whether the session is there and has not ended."""
    return row is not None and row.ended_at is None and now < row.ends_at


async def own_sessions(context: ReadContext) -> Sequence[store.AccountSession]:
    """The caller's sessions that have not ended, the newest first."""
    return await store.sessions_of(context.session, context.actor.known_id, now=context.now)


async def own_session(context: ReadContext, session_id: UUID) -> store.AccountSession | None:
    """A session of the caller's; None where it is another's, has ended, or is not there."""
    row = await store.account_session(context.session, session_id)
    return row if alive(row, now=context.now) and row is not None and row.account_id == context.actor.known_id else None
