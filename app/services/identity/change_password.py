"""Somebody sets a new password for himself."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import StreamContext
from app.kernel.errors import Invalid
from app.kernel.refusals import RefusalLog
from app.kernel.throttle import Throttle
from app.services.identity.own_secret import shown_again, wrong_password
from app.services.identity.passwords import had_before, hash_chosen, known_of, replace_password
from app.store import identity as store


async def change_password(
    context: StreamContext, *, throttle: Throttle, refusals: RefusalLog, old: str, new: str
) -> None:
    """Set a new password; every token given before stops. The attempt counts before the old one is looked at, and no
    transaction is open while passwords are hashed. Who has shown the old one has not guessed, whatever the new one."""
    found, guess = await shown_again(context, throttle=throttle, refusals=refusals, act="change_password", secret=old)
    async with context.reading() as looking:
        about, former = await known_of(looking, found), await had_before(looking, found)
    try:
        secret_hash = await hash_chosen(
            new, pointer="/new_password", about=about, former=former, sample=context.settings.marks_samples
        )
    except Invalid:
        await throttle.was_right(context.database, guess)
        raise
    write = await context.writing()
    account = await store.held(write.session, found.id)
    if account is None or account.secret_hash != found.secret_hash or account.deactivated_at is not None:
        # Changed, or stopped, since we looked.
        raise wrong_password()
    await replace_password(write, account, secret_hash)
    await throttle.guessed_right(write.session, guess)
    audit.record(write, "change_password", "account", account.id)
