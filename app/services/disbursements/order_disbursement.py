"""Ordering the prize of a first award (Art. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, existing, refuse
from app.measures.disbursements import FeedChange
from app.measures.eligibility import Gate
from app.measures.findings import Finding, fails
from app.measures.reasons import Reason
from app.measures.state_machines import DISBURSEMENT
from app.services.applications.run_gate import record_run
from app.services.disbursements.orders import (
    Payee,
    account_findings,
    budget_findings,
    payable_findings,
    payee_findings,
    receivable_findings,
    receiver,
)
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import cited, readings
from app.services.lifecycle import create, enter
from app.store import approval, awards, organisations
from app.store import disbursements as store
from app.store.applications import Application


async def order_disbursement(
    context: WriteContext, *, award_id: UUID, payee: Payee, budget_year: int
) -> store.Disbursement:
    """Make the one disbursement of a first award payable. The database refuses a second for the same legal person."""
    award = existing(await awards.lock(context.session, award_id), "没有此获奖记录", "No such award")
    ordered = await store.of_award(context.session, award_id)
    if ordered is not None:
        found = fails("art09.disbursement", Reason.ALREADY_ORDERED, next_act=None, state=ordered.state)
        raise Conflict(found, code=ProblemCode.ALREADY_ORDERED)
    # Shared, so that no successor link joins another prize to this legal person meanwhile.
    organisation = existing(await organisations.share(context.session, award.organisation_id))
    findings = await payable_findings(
        context,
        award,
        organisation,
        payee_name=payee.name,
        amount_fen=award.prize_fen,
        budget_year=budget_year,
        own=None,
    )
    told_today = await readings(context.session, context.today)
    await store.one_at_a_time(context.session)
    findings += await receivable_findings(context, award, organisation)
    findings += await payee_findings(context, award, organisation, told_today, before="order_disbursement")
    findings += await budget_findings(context, award, told_today, budget_year=budget_year, amount_fen=award.prize_fen)
    findings += await account_findings(context, payee, organisation.lineage_id, told_today, came_back=False)
    refuse(findings)
    decree = await approval.decree(context.session, award.decree_id)
    if decree is None:
        raise RuntimeError("a prize that is payable without a decree")
    row = store.Disbursement(
        created_at=context.now,
        award_id=award.id,
        organisation_id=organisation.id,
        lineage_id=organisation.lineage_id,
        amount_fen=award.prize_fen,
        budget_year=budget_year,
        decree_number=decree.number,
        decree_dated=decree.dated,
        award_year=award.award_year,
        payee_name=payee.name,
        payee_uscc=(await receiver(context, award, organisation)).uscc,
        bank_name=payee.bank_name,
        bank_account=payee.bank_account,
        bank_number=payee.bank_number,
        state=create(DISBURSEMENT),
        attempt=1,
        ordered_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"award_id": award.id, "amount_fen": row.amount_fen, "decree": row.decree_number}
    rests_on = ("budget_year", "conditions_at_payment", "merged_winners")
    told["readings"] = await cited(context.session, context.today, *rests_on)
    await enter(
        context,
        row,
        "order_disbursement",
        "disbursement",
        round_id=award.round_id,
        findings=findings,
        budget_year=budget_year,
        **told,
    )
    await _keep_gate(context, award, findings)
    announce(context, row, FeedChange.PAYABLE)
    return row


async def _keep_gate(context: WriteContext, award: awards.Award, findings: Sequence[Finding]) -> None:
    application = await context.session.by_id(Application, award.application_id)
    if application is None:
        raise RuntimeError("an award without an application")
    await record_run(context, application, findings, gate=Gate.PAYMENT, test_date=context.today)
