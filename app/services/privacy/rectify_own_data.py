"""A person has the name of the own account put right (Personal Information Protection Law, Art. 46)."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.store import identity as store
from app.store.identity import Account


async def rectify_own_data(context: WriteContext, *, display_name: str, reason: str) -> Account:
    """Set the name of the caller's account. The log has that it was, and why; neither name is in it, so that it can be
    forgotten later."""
    account = existing(await store.held(context.session, context.actor.known_id))
    account.display_name = display_name
    audit.record(context, "rectify_own_data", "account", account.id, fields=["display_name"], reason=reason)
    return account
