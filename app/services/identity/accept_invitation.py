"""Somebody accepts an invitation and sets the password of the account."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import StreamContext
from app.kernel.security.sealing import Keyring
from app.services.identity.invitations import standing
from app.services.identity.passwords import had_before, hash_chosen, known_of, replace_password
from app.store import identity as store


async def accept_invitation(
    context: StreamContext, *, keyring: Keyring, invitation: str, code: str | None, password: str
) -> store.Account:
    """The account, whose password is set and the invitation used up. A password that is refused uses up nothing."""
    async with context.reading() as looking:
        _, account = await standing(looking, keyring, invitation, code)
        about, former = await known_of(looking, account), await had_before(looking, account)
    secret_hash = await hash_chosen(
        password, pointer="/password", about=about, former=former, sample=context.settings.marks_samples
    )
    write = await context.writing()
    # Two who come at once go one after the other from here on.
    await store.held(write.session, account.id)
    row, account = await standing(write, keyring, invitation, code)
    row.used_at = write.now
    await replace_password(write, account, secret_hash)
    audit.record(write, "accept_invitation", "account", account.id, by=(account.id, account.role.value))
    return account
