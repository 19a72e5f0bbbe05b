"""The account of an order is corrected, and the same prize offered again (Art. 9)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.disbursements import FeedChange, something_corrected
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.services.disbursements.orders import (
    Payee,
    account_findings,
    budget_findings,
    is_marked,
    locked,
    next_attempt,
    payee_findings,
    receivable_findings,
    receiver,
    refuse_held,
    standing_findings,
    winner_of,
)
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.store import awards
from app.store import disbursements as store


async def reissue_disbursement(
    context: WriteContext, *, disbursement_id: UUID, payee: Payee, reason: str, budget_year: int | None = None
) -> store.Disbursement:
    """Correct the account and offer the same disbursement again, as its next attempt: after a payment that failed or
    came back, or before the platform takes it over, where a wrong account is noticed in time. Not to an account from
    which a payment of it has come back. `budget_year`: the year that pays now, None for the year that it was ordered
    from."""
    row = await locked(context, disbursement_id)
    await refuse_held(context, row, "reissue")
    async with act(context, DISBURSEMENT, row, "reissue") as doing:
        year = budget_year or row.budget_year
        findings = await standing_findings(context, row, payee_name=payee.name, budget_year=year)
        told = await readings(context.session, context.today)
        award = existing(await awards.get(context.session, row.award_id))
        winner = await winner_of(context, row)
        findings += await receivable_findings(context, award, winner)
        findings += await payee_findings(context, award, winner, told, before="reissue")
        await store.one_at_a_time(context.session)
        returned = await store.returned_from(context.session, row.id)
        came_back = is_marked(context, row, payee.bank_account, returned)
        findings += something_corrected(
            payable=row.state == DisbursementState.PAYABLE,
            before=_order(row),
            after=(payee.name, payee.bank_name, payee.bank_account, payee.bank_number, year),
        )
        # What was ordered from a year is counted in it already.
        if row.attempt == 0 or year != row.budget_year:
            findings += await budget_findings(context, award, told, budget_year=year, amount_fen=row.amount_fen)
        findings += await account_findings(context, payee, row.lineage_id, told, came_back=came_back)
        doing.hear(findings)
        row.payee_name, row.bank_name, row.bank_account = payee.name, payee.bank_name, payee.bank_account
        row.bank_number, row.budget_year = payee.bank_number, year
        row.payee_uscc = (await receiver(context, award, winner)).uscc
        next_attempt(row)
        announce(context, row, FeedChange.PAYABLE)
        doing.tell(attempt=row.attempt, reason=reason, budget_year=year)
    return row


def _order(row: store.Disbursement) -> tuple[object, ...]:
    return row.payee_name, row.bank_name, row.bank_account, row.bank_number, row.budget_year
