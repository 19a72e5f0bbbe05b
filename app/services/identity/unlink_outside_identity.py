"""The office ends the link of an account with the outside provider."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.identity import outside_identities
from app.services.identity.accounts import leave_to_the_other, manageable
from app.store import identity as store


async def unlink_outside_identity(context: WriteContext, *, account_id: UUID, reason: str) -> store.Account:
    """The account, which signs in with its password alone from now on."""
    account = await manageable(context, account_id)
    await outside_identities.unlink(context, account, reason=reason)
    await leave_to_the_other(context, account, "unlink_outside_identity", reason=reason)
    return account
