"""The office, or an administrator, stops an account."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.identity.accounts import manageable, stop_account
from app.store import identity as store


async def deactivate_account(context: WriteContext, *, account_id: UUID, reason: str) -> store.Account:
    """Stop an account at once: its tokens are refused from now on."""
    return await stop_account(context, await manageable(context, account_id), reason=reason)
