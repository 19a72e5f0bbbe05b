"""Reading disbursements. Accounts are shown by their last four digits everywhere but in the platform's feed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.services.disbursements.orders import cancellation_findings, receivable_findings, standing_findings, winner_of
from app.services.disbursements.reports import claimed_by_another
from app.services.lifecycle import AvailableAction, available_actions
from app.services.organisations.access import own_organisations
from app.store import awards
from app.store import disbursements as store


async def list_disbursements(
    context: ReadContext, *, request: PageRequest, state: str | None
) -> Page[store.Disbursement]:
    """All of them for office, government, platform and auditor; an applicant's own, and of those whom it continues."""
    own = context.actor.organisation_id if context.actor.role is Role.APPLICANT else None
    rows = await store.page(
        context.session,
        after=request.after(state=state, own=own),
        limit=request.limit,
        state=state,
        organisations=await own_organisations(context),
    )
    return request.page(rows, key=lambda row: row.id, state=state, own=own)


async def read_disbursement(
    context: ReadContext, *, disbursement_id: UUID
) -> tuple[store.Disbursement, Sequence[store.PaymentReport]]:
    """One disbursement with what was reported on it; another organisation's is not found."""
    row = await context.session.by_id(store.Disbursement, disbursement_id)
    own = await own_organisations(context)
    if row is None or (own is not None and row.organisation_id not in own):
        raise NotFound("没有此拨付记录", "No such disbursement")
    return row, await store.reports(context.session, row.id)


async def prize_decisions(context: ReadContext, *, award_id: UUID) -> Sequence[store.PrizeDecision]:
    """What the government has decided of an award's prize, oldest first."""
    existing(await awards.get(context.session, award_id), "没有此获奖记录", "No such award")
    return await store.decisions_on(context.session, award_id)


async def disbursement_actions(
    context: ReadContext, row: store.Disbursement
) -> tuple[list[AvailableAction], list[Finding]]:
    """What the caller may do with it now, and what Art. 8 and 9 have against the rest; and what should be looked at
    before it is paid: who receives it, and what is owed back beside it."""
    award = existing(await awards.get(context.session, row.award_id))
    winner = await winner_of(context, row)
    receivable = await receivable_findings(context, award, winner, payee_name=row.payee_name)
    standing = await standing_findings(context, row)
    findings = {
        "acknowledge": [*standing, *receivable],
        # The account with its holder comes with the act.
        "reissue": [*standing, *(item for item in receivable if item.reason is not Reason.PAYEE_NOT_WINNER)],
        "cancel": await cancellation_findings(context, row),
    }
    if row.acknowledged_by not in (None, context.actor.account_id):
        # An acknowledgement is one account's claim: nobody else takes it over again or reports on it.
        for act in ("report_paid", "report_failed", "note_failure", "report_returned"):
            findings[act] = [await claimed_by_another(context, row, act)]
    pointless = await _pointless(context, row)
    actions = [item for item in available_actions(context, DISBURSEMENT, row, findings) if item.act not in pointless]
    due = row.state not in (DisbursementState.PAID, DisbursementState.CANCELLED)
    return actions, receivable if due else []


async def _pointless(context: ReadContext, row: store.Disbursement) -> frozenset[str]:
    """Acts that the state permits and the caller cannot do: an outcome of what was never taken over or has one."""
    ended = row.acknowledged_at is None or await store.reported(context.session, row.id, row.attempt)
    return frozenset({"report_paid", "report_failed", "note_failure"} if ended else ())
