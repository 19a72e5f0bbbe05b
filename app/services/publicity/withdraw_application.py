"""Withdrawal: free until the decree (Art. 3: applying is voluntary). The name leaves the lists with its application."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.applications.access import own
from app.services.organisations.access import may_bind
from app.services.publicity.own_wish import end_at_own_wish
from app.services.rounds.read_rounds import locked
from app.store import applications as store


async def withdraw_application(context: WriteContext, *, application_id: UUID, reason: str | None) -> store.Application:
    """End the application at the applicant's own wish, its name on the candidate list and its approved award with it;
    nothing fills the place (Art. 6, 21). What was recorded stays on record."""
    found = await own(context, application_id=application_id)
    may_bind(context)
    # The candidate list may lose a name: nobody counts it meanwhile.
    round_row = await locked(context, found.round_id)
    row = (await store.lock(context.session, [found.id]))[0]
    return await end_at_own_wish(context, row, round_row, "withdraw", reason=reason)
