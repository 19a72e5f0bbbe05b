"""The office takes the second factor away from somebody who has lost the device."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.identity.accounts import leave_to_the_other, manageable
from app.services.identity.second_factors import take_factor_away
from app.store import identity as store


async def remove_second_factor(context: WriteContext, *, account_id: UUID, reason: str) -> store.Account:
    """The account, which signs in with its password alone, or enrols anew. Those that decide, pay or audit are the
    operator's (Art. 2)."""
    account = await manageable(context, account_id)
    await take_factor_away(context, account, reason=reason)
    await leave_to_the_other(context, account, "remove_second_factor", reason=reason)
    return account
