"""Reading disbursements. Accounts are shown by their last four digits everywhere but in the platform's feed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.context import ReadContext
from app.errors import NotFound
from app.measures.lives import DISBURSEMENT
from app.measures.roles import Role
from app.paging import Page, PageRequest
from app.services.lifecycle import AvailableAction, available_actions
from app.store import money as store


async def list_disbursements(
    context: ReadContext, *, request: PageRequest, state: str | None
) -> Page[store.Disbursement]:
    """All of them for office, government, platform and auditor; an applicant's own."""
    own = context.actor.organisation_id if context.actor.role is Role.APPLICANT else None
    rows = await store.page(
        context.session,
        after=request.after(state=state, own=own),
        limit=request.limit,
        state=state,
        organisation_id=own,
    )
    return request.page(rows, key=lambda row: row.id, state=state, own=own)


async def read_disbursement(
    context: ReadContext, *, disbursement_id: UUID
) -> tuple[store.Disbursement, Sequence[store.PaymentReport]]:
    """One disbursement with what was reported on it; another organisation's is not found."""
    row = await context.session.get(store.Disbursement, disbursement_id)
    stranger = context.actor.role is Role.APPLICANT and row is not None
    if row is None or (stranger and row.organisation_id != context.actor.organisation_id):
        raise NotFound("没有此拨付记录", "No such disbursement")
    return row, await store.reports(context.session, row.id)


def disbursement_actions(context: ReadContext, row: store.Disbursement) -> list[AvailableAction]:
    """What the caller may do with it now."""
    return available_actions(context, DISBURSEMENT, row)
