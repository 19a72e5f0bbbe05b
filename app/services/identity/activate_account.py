"""A deactivated account is let in again: by the office, or by the administrator whom it awaits."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.identity.accounts import confirm_account, manageable
from app.store import identity as store


async def activate_account(context: WriteContext, *, account_id: UUID, reason: str) -> store.Account:
    """Let a deactivated account sign in again; old tokens stay refused."""
    return await confirm_account(context, await manageable(context, account_id), reason=reason)
