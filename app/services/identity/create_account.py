"""The office makes an account of a unit or a department; the system administrator one of whoever takes part."""

from __future__ import annotations

from app.kernel.context import WriteContext
from app.kernel.security.sealing import Keyring
from app.services.identity.accounts import NewAccount, leave_to_the_other, open_account, refuse_to_make
from app.services.identity.invitations import Invited
from app.store import identity as store


async def create_account(
    context: WriteContext, *, new: NewAccount, keyring: Keyring
) -> tuple[store.Account, Invited | None]:
    """The account, with the invitation of a person. One that the system administrator has made lets nobody in until the
    security administrator has confirmed it."""
    refuse_to_make(context, new.role)
    account, invited = await open_account(context, new=new, keyring=keyring)
    await leave_to_the_other(context, account, "create_account", reason=f"create_account: {new.role.value}")
    return account, invited
