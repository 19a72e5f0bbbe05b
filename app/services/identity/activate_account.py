"""A deactivated account is let in again: by the office, or by the administrator whom it awaits."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.security.sealing import Keyring
from app.services.identity.accounts import confirm_account, manageable
from app.store import identity as store


async def activate_account(
    context: WriteContext, *, account_id: UUID, reason: str, keyring: Keyring
) -> tuple[store.Account, str | None]:
    """Let a deactivated account sign in again; old tokens stay refused. With the code that goes with its invitation,
    where that is what is confirmed."""
    return await confirm_account(context, await manageable(context, account_id), reason=reason, keyring=keyring)
