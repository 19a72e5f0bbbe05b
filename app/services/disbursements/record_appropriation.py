"""The appropriation of a budget year for the prizes (Art. 9), and how much of it lies where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, existing, refuse
from app.measures.appropriation import appropriation_recordable, never_ordered_decidable
from app.measures.disbursements import FeedChange
from app.measures.interpretations import resting_on
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.measures.text import Text, plain_number
from app.services.days import not_in_future
from app.services.disbursements.order_disbursement import budget_of
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import readings
from app.services.lifecycle import create, enter
from app.store import approval, awards, organisations
from app.store import disbursements as store


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """A year's money for the prizes, in fen: its appropriations, the last of which counts, and what was ordered from
    it by state. `never_ordered_fen`: prizes of revoked awards that the government decided never to order."""

    year: int
    appropriations: Sequence[store.Appropriation]
    by_state: Mapping[str, int]
    never_ordered_fen: int

    @property
    def appropriated_fen(self) -> int | None:
        """The amount that counts; None where none is on record."""
        return self.appropriations[-1].amount_fen if self.appropriations else None

    @property
    def ordered_fen(self) -> int:
        """What was ever ordered from the year, cancelled orders as well."""
        return sum(self.by_state.values())


async def record_appropriation(
    context: WriteContext, *, year: int, amount_fen: int, document_number: str, document_date: date
) -> store.Appropriation:
    """Put on record what the budget of a year gives to the prizes; a later document replaces the amount."""
    not_in_future(document_date, context.today, "/document_date")
    await store.one_at_a_time(context.session, year)
    if any(
        item.year == year and plain_number(item.document_number) == plain_number(document_number)
        for item in await store.appropriations(context.session)
    ):
        text = Text("该文件已登记本年度预算安排", "This document is on record for the year already")
        raise Collision(text, code=ProblemCode.NUMBER_TAKEN)
    findings = appropriation_recordable(
        budget=await budget_of(context, year),
        amount_fen=amount_fen,
        document=document_number,
        document_date=document_date,
        readings=await readings(context.session, context.today),
    )
    row = store.Appropriation(
        created_at=context.now,
        year=year,
        amount_fen=amount_fen,
        document_number=document_number,
        document_date=document_date,
        recorded_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "record_appropriation",
        "appropriation",
        findings=findings,
        year=year,
        amount_fen=amount_fen,
        document_number=document_number,
    )
    return row


async def read_budget_years(context: ReadContext) -> list[BudgetYear]:
    """Every year for which money is appropriated or was ordered."""
    recorded, balances = await store.appropriations(context.session), await store.balances(context.session)
    years = sorted({item.year for item in recorded} | {item.year for item in balances})
    return [
        BudgetYear(
            year,
            [item for item in recorded if item.year == year],
            {item.state: item.amount_fen for item in balances if item.year == year and item.attempts},
            sum(item.amount_fen for item in balances if item.year == year and not item.attempts),
        )
        for year in years
    ]


async def never_order(context: WriteContext, *, award_id: UUID, decision: str, reason: str) -> store.Disbursement:
    """The government's recorded decision that the prize of a revoked award, which nobody has ordered, is not paid."""
    award = existing(await awards.lock(context.session, award_id), "没有此获奖记录", "No such award")
    organisation = existing(await organisations.share(context.session, award.organisation_id))
    ordered = await store.of_lineage(context.session, organisation.lineage_id)
    findings = never_ordered_decidable(award_state=award.state, prize_fen=award.prize_fen, ordered=ordered is not None)
    findings = resting_on(findings, await readings(context.session, context.today), "prize_never_ordered")
    refuse(findings)
    decree = existing(await approval.decree(context.session, award.decree_id))
    row = store.Disbursement(
        created_at=context.now,
        award_id=award.id,
        organisation_id=organisation.id,
        lineage_id=organisation.lineage_id,
        amount_fen=award.prize_fen,
        budget_year=decree.dated.year,
        decree_number=decree.number,
        decree_dated=decree.dated,
        award_year=award.award_year,
        payee_name=award.awarded_name,
        payee_uscc=organisation.uscc,
        bank_name=None,
        bank_account=None,
        bank_number=None,
        state=create(DISBURSEMENT, DisbursementState.CANCELLED),
        attempt=0,
        hold_reason=reason,
        ordered_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "decide_prize_not_ordered",
        "disbursement",
        round_id=award.round_id,
        findings=findings,
        decision=decision,
        reason=reason,
        award_id=award.id,
        amount_fen=row.amount_fen,
    )
    announce(context, row, FeedChange.CANCELLED)
    return row
