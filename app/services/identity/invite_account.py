"""The office invites somebody anew who has lost the password, or the invitation."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.security.sealing import Keyring
from app.services.identity.accounts import leave_to_the_other, manageable, reset_password
from app.services.identity.invitations import Invited
from app.store import identity as store


async def invite_account(
    context: WriteContext, *, account_id: UUID, reason: str, keyring: Keyring
) -> tuple[store.Account, Invited]:
    """A new invitation to an account that the caller keeps; its password and every token stop at once."""
    account = await manageable(context, account_id)
    invited = await reset_password(context, account, reason=reason, keyring=keyring)
    await leave_to_the_other(context, account, "invite_account", reason=reason)
    return account, invited
