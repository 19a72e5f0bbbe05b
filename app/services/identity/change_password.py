"""Somebody sets a new password for himself."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.security.passwords import verify_secret
from app.kernel.throttle import Throttle
from app.measures.text import Text
from app.services.identity.passwords import had_before, hash_chosen, known_of, replace_password
from app.store import identity as store


async def change_password(context: StreamContext, *, throttle: Throttle, old: str, new: str) -> None:
    """Set a new password; every token given before stops. The attempt counts before the old one is looked at, and no
    transaction is open while passwords are hashed."""
    account_id = context.actor.known_id
    guess = await throttle.begin_guess(context.database, str(account_id), now=context.now)
    async with context.reading() as looking:
        account = await store.get(looking.session, account_id)
        known = None if account is None else account.secret_hash
        about = [] if account is None else await known_of(looking, account)
        former = [] if account is None else await had_before(looking, account)
    if not await verify_secret(old, known):
        raise _wrong()
    secret_hash = await hash_chosen(
        new, pointer="/new_password", about=about, former=former, sample=context.settings.marks_samples
    )
    write = await context.writing()
    account = await store.held(write.session, account_id)
    if account is None or account.secret_hash != known or account.deactivated_at is not None:
        # Changed, or stopped, since we looked.
        raise _wrong()
    await replace_password(write, account, secret_hash)
    await throttle.guessed_right(write.session, guess)
    audit.record(write, "change_password", "account", account.id)


def _wrong() -> Unauthenticated:
    return Unauthenticated(Text("原密码不正确", "The old password is wrong"), code=ProblemCode.WRONG_PASSWORD)
