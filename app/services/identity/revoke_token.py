"""Taking tokens back: somebody signs out."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.security.passwords import fingerprint
from app.store import identity as store


async def revoke_token(context: WriteContext, *, token: str) -> None:
    """Revoke the family of a refresh token; an unknown one is no error."""
    row = await store.refresh_token(context.session, fingerprint(token))
    if row is not None:
        await store.held(context.session, row.account_id)
        await store.revoke_family(context.session, row.family_id, at=context.now)
        audit.record(context, "sign_out", "account", row.account_id)
