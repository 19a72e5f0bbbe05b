"""Somebody sets a new password for himself."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.guessing import Guess
from app.kernel.security.passwords import hash_secret, verify_secret
from app.kernel.throttle import Throttle
from app.measures.text import Text
from app.store import identity as store


async def change_password(context: WriteContext, *, throttle: Throttle, guess: Guess, old: str, new: str) -> None:
    """Set a new password; every token given before stops."""
    account = await store.get(context.session, context.actor.known_id)
    if account is None or not await verify_secret(old, account.secret_hash):
        raise Unauthenticated(Text("原密码不正确", "The old password is wrong"), code=ProblemCode.WRONG_PASSWORD)
    account.secret_hash = await hash_secret(new)
    account.tokens_valid_from = context.now
    await store.revoke_all(context.session, account.id, at=context.now)
    await throttle.guessed_right(context.session, guess)
    audit.record(context, "change_password", "account", account.id)
