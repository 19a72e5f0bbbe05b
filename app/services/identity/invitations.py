"""Invitations: by one, once, somebody sets the password of an account that another has made. Whoever makes an account,
or stops a password that was lost, never knows the password that comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import Unauthenticated
from app.kernel.security.passwords import random_secret
from app.kernel.security.sealing import Keyring
from app.store import identity as store
from app.store.base import new_id

_PURPOSE = "invitation"
_CODE_PURPOSE = "acceptance code"
# The id in hexadecimal digits, then the secret: found by the one, shown to be right by the other.
_ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as it is given away, which is not kept, and when it expires."""

    token: str
    expires_at: datetime


async def invite(context: WriteContext, account: store.Account, keyring: Keyring) -> Invited:
    """An invitation to the account; those given before are void."""
    await store.withdraw_invitations(context.session, account.id)
    key, secret = new_id(), random_secret()
    expires_at = context.now + timedelta(hours=context.settings.invitation_hours)
    context.session.add(
        store.Invitation(
            id=key,
            created_at=context.now,
            account_id=account.id,
            mark=keyring.mark(_marked(key, account.id, secret), purpose=_PURPOSE),
            expires_at=expires_at,
        )
    )
    return Invited(f"{key.hex}{secret}", expires_at)


async def draw_code(context: WriteContext, account: store.Account, keyring: Keyring) -> str | None:
    """The other half of the account's invitation, for whoever confirms it to give to its person: without it whoever
    holds the invitation, who may be the one that gave it, opens nothing. None where no invitation stands."""
    row = await store.open_invitation(context.session, account.id, now=context.now)
    if row is None:
        return None
    code = random_secret()
    row.code_mark = keyring.mark(_marked(row.id, account.id, code), purpose=_CODE_PURPOSE)
    return code


async def standing(
    context: ReadContext, keyring: Keyring, token: str, code: str | None
) -> tuple[store.Invitation, store.Account]:
    """The invitation that this is, with the code where one goes with it, and its account; the same refusal whatever is
    wrong with it."""
    try:
        key = UUID(hex=token[:_ID_LENGTH])
    except ValueError as error:
        raise _refusal() from error
    row = await store.invitation(context.session, key)
    if row is None or not keyring.is_mark_of(
        row.mark, _marked(row.id, row.account_id, token[_ID_LENGTH:]), purpose=_PURPOSE
    ):
        raise _refusal()
    if row.code_mark is not None and not keyring.is_mark_of(
        row.code_mark, _marked(row.id, row.account_id, code or ""), purpose=_CODE_PURPOSE
    ):
        raise _refusal()
    account = await store.get(context.session, row.account_id)
    if row.used_at is not None or row.expires_at <= context.now or account is None or account.deactivated_at:
        raise _refusal()
    return row, account


def _marked(key: UUID, account_id: UUID, secret: str) -> bytes:
    # Bound to its account: moved to another row it is none.
    return f"{key.hex}:{account_id.hex}:{secret}".encode()


def _refusal() -> Unauthenticated:
    return Unauthenticated(PROBLEMS[ProblemCode.INVALID_INVITATION].whole, code=ProblemCode.INVALID_INVITATION)
