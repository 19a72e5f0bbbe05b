"""Taking tokens back: somebody signs out."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.security.passwords import fingerprint
from app.store import identity as store


async def revoke_token(context: WriteContext, *, token: str) -> None:
    """End the session of a refresh token, with every token of it; an unknown one is no error."""
    row = await store.refresh_token(context.session, fingerprint(token))
    if row is not None:
        await store.held(context.session, row.account_id)
        await store.end_session(context.session, row.session_id, at=context.now, by=store.SessionEnd.SIGN_OUT)
        audit.record(context, "sign_out", "account", row.account_id, session_id=row.session_id)
