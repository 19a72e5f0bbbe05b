"""The office says who an account is at the outside provider."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.identity import outside_identities
from app.services.identity.accounts import leave_to_the_other, manageable
from app.store.identity.outside_identities import OutsideIdentity


async def link_outside_identity(
    context: WriteContext, *, account_id: UUID, subject: str, reason: str
) -> OutsideIdentity:
    """Link an account that the office keeps; those that decide, pay or audit are the operator's (Art. 2)."""
    account = await manageable(context, account_id)
    row = await outside_identities.link(context, account, subject=subject, reason=reason)
    await leave_to_the_other(context, account, "link_outside_identity", reason=reason)
    return row
