"""Ordering the prize of a first award, holding it back, letting it go on (Art. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, WrongState, existing, refuse
from app.kernel.security.passwords import fingerprint
from app.measures.appropriation import BudgetFacts, account_usable, within_appropriation
from app.measures.disbursements import DisbursementFacts, FeedChange, disbursement_payable, prize_held
from app.measures.eligibility import Gate
from app.measures.findings import Finding, fails
from app.measures.interpretations import resting_on
from app.measures.organs import decider
from app.measures.prize import cancellable, prize_refused
from app.measures.reasons import Reason
from app.measures.state_machines import DISBURSEMENT, AwardState, DisbursementState, RevocationState
from app.services.applications.run_gate import record_run
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import cited, readings, round_parameters
from app.services.lifecycle import act, create, enter
from app.store import approval, awards, organisations, revocations, rounds
from app.store import disbursements as store
from app.store.applications import Application, eligibility

_OPEN = (RevocationState.HEARING, RevocationState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Payee:
    """The account that the prize goes to; its holder must be the winner itself."""

    name: str
    bank_name: str
    bank_account: str
    bank_number: str | None = None


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
    findings += await budget_findings(context, award, budget_year=budget_year, amount_fen=award.prize_fen)
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
        payee_uscc=organisation.uscc,
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


async def reissue(
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
        returned = await store.returned_from(context.session, row.id)
        usable = account_usable(
            account_ending=payee.bank_account[-4:], came_back=account_hash(row, payee.bank_account) in returned
        )
        findings += resting_on(usable, await readings(context.session, context.today), "account_that_came_back")
        # What was ordered from a year is counted in it already.
        if row.attempt == 0 or year != row.budget_year:
            award = existing(await awards.get(context.session, row.award_id))
            findings += await budget_findings(context, award, budget_year=year, amount_fen=row.amount_fen)
        doing.hear(findings)
        row.payee_name, row.bank_name, row.bank_account = payee.name, payee.bank_name, payee.bank_account
        row.bank_number, row.budget_year = payee.bank_number, year
        _next_attempt(row)
        announce(context, row, FeedChange.PAYABLE)
        doing.tell(attempt=row.attempt, reason=reason, budget_year=year)
    return row


async def suspend(context: WriteContext, *, award_id: UUID, reason: str) -> store.Disbursement | None:
    """Hold an unpaid prize back while a case is open; None where there is nothing to hold."""
    row = await store.lock_of_award(context.session, award_id)
    if row is None or row.state not in DISBURSEMENT.transition("suspend").sources:
        return None
    async with act(context, DISBURSEMENT, row, "suspend", named=False) as doing:
        doing.hear()
        row.hold_reason = reason
        announce(context, row, FeedChange.SUSPENDED)
        doing.tell(reason=reason, readings=await cited(context.session, context.today, "unpaid_prize_in_a_case"))
    return row


async def resume(
    context: WriteContext, row: store.Disbursement, *, decision: str | None, reason: str
) -> store.Disbursement:
    """The prize goes on as the case that held it is rejected, withdrawn or annulled (Art. 9). The row is locked.
    `decision`: the number of the decision, None where the office has withdrawn its case."""
    name = await resumed_as(context, row)
    async with act(context, DISBURSEMENT, row, name, named=False) as doing:
        doing.hear(await standing_findings(context, row))
        row.hold_reason = None
        if name == "resume":
            _next_attempt(row)
        announce(context, row, _RESUMED_KINDS[name])
        doing.tell(attempt=row.attempt, decision=decision, reason=reason)
    return row


# What the platform is told of a prize that goes on.
_RESUMED_KINDS = {
    "resume": FeedChange.PAYABLE,
    "resume_taken": FeedChange.RESUMED,
    "resume_failed": FeedChange.FAILED,
    "resume_returned": FeedChange.RETURNED,
    "resume_unordered": FeedChange.UNORDERED,
}


def account_hash(row: store.Disbursement, account: str) -> str:
    """What a report keeps of the account: it can be compared within the order, and read by nobody."""
    return fingerprint(f"{row.id}:{account}")


async def resumed_as(context: ReadContext, row: store.Disbursement) -> str:
    """How a suspended prize goes on: as the attempt that the platform has taken over and not reported on, since its
    money may be on its way and a second attempt would pay it twice; as failed or come back where it was reported so,
    for the office to correct the account; otherwise as a new attempt."""
    if row.bank_account is None:
        return "resume_unordered"
    outcomes = {item.outcome for item in await store.reports(context.session, row.id) if item.attempt == row.attempt}
    for outcome in ("returned", "failed"):
        if outcome in outcomes:
            return f"resume_{outcome}"
    return "resume_taken" if row.acknowledged_at is not None else "resume"


async def restore(context: WriteContext, row: store.Disbursement, *, decision: str, reason: str) -> store.Disbursement:
    """The decision that cancelled the prize was annulled on review: it is held as before. The row is locked already."""
    async with act(context, DISBURSEMENT, row, "restore", named=False) as doing:
        doing.hear(decider(role=context.actor.role, act="restore"))
        row.cancelled_under = None
        row.hold_reason = f"{decision}：复议撤销 / annulled on review"
        announce(context, row, FeedChange.SUSPENDED)
        doing.tell(decision=decision, reason=reason)
    return row


async def cancel(context: WriteContext, *, disbursement_id: UUID, decision: str, reason: str) -> store.Disbursement:
    """The government's recorded decision that the unpaid prize of a revoked award is not paid."""
    row = await locked(context, disbursement_id)
    return await cancel_locked(context, row, decision=decision, reason=reason, named=True)


async def cancel_locked(
    context: WriteContext,
    row: store.Disbursement,
    *,
    decision: str,
    reason: str,
    under: UUID | None = None,
    named: bool = False,
) -> store.Disbursement:
    """As `cancel`, on a row that is locked already: for a revocation under Art. 26. `under`: the case whose decision it
    follows from; None for one of the government's own. `named`: by the request."""
    async with act(context, DISBURSEMENT, row, "cancel", named=named) as doing:
        doing.hear([*decider(role=context.actor.role, act="cancel"), *await cancellation_findings(context, row)])
        row.hold_reason, row.cancelled_under = reason, under
        announce(context, row, FeedChange.CANCELLED)
        doing.tell(decision=decision, reason=reason)
    return row


async def locked(context: WriteContext, disbursement_id: UUID) -> store.Disbursement:
    """The disbursement with its award, both locked, in the order in which everybody locks them."""
    found = existing(
        await context.session.get(store.Disbursement, disbursement_id), "没有此拨付记录", "No such disbursement"
    )
    await awards.lock(context.session, found.award_id)
    await context.session.refresh(found, with_for_update=True)
    return found


async def refuse_held(context: WriteContext, row: store.Disbursement, name: str) -> None:
    """`WrongState` where the prize is held: with the act that it waits for, which is done to its case."""
    if row.state != DisbursementState.SUSPENDED:
        return
    raise WrongState((held := await held_finding(context, row, name)), message=held.message)


async def held_finding(context: WriteContext, row: store.Disbursement, name: str) -> Finding:
    """Why the act is not possible on a prize that is held, on which reading."""
    held = prize_held(act=name, state=row.state, case=await open_case_state(context, row))
    (found,) = resting_on([held], await readings(context.session, context.today), "unpaid_prize_in_a_case")
    return found


async def open_case_state(context: ReadContext, row: store.Disbursement) -> RevocationState | None:
    """The state of the case that is open on the prize's award; None where none is."""
    cases = await revocations.revocations_of(context.session, row.award_id)
    return next((case.state for case in cases if case.state in _OPEN), None)


async def standing_findings(
    context: ReadContext, row: store.Disbursement, *, payee_name: str | None = None, budget_year: int | None = None
) -> list[Finding]:
    """What Art. 9 says of this disbursement today. `payee_name`: the holder of a new account, who bears the present
    name; the order's own account was right when it was made, and a rename since is no other payee."""
    award = existing(await awards.get(context.session, row.award_id))
    organisation = await _organisation(context, row.organisation_id)
    former = () if payee_name else await organisations.former_names(context.session, organisation.id)
    return await payable_findings(
        context,
        award,
        organisation,
        payee_name=payee_name or row.payee_name,
        amount_fen=row.amount_fen,
        budget_year=budget_year or row.budget_year,
        own=row.id,
        former_names=tuple(item.name for item in former),
    )


async def cancellation_findings(context: ReadContext, row: store.Disbursement) -> list[Finding]:
    """Whether the unpaid prize may be cancelled today."""
    award = existing(await awards.get(context.session, row.award_id))
    return cancellable(award_state=award.state)


async def payable_findings(
    context: ReadContext,
    award: awards.Award,
    organisation: organisations.Organisation,
    *,
    payee_name: str,
    amount_fen: int,
    budget_year: int | None,
    own: UUID | None,
    former_names: tuple[str, ...] = (),
) -> list[Finding]:
    """The findings of art09.disbursement; `own` is the disbursement that does not count as an earlier one."""
    decree = await approval.decree(context.session, award.decree_id)
    earlier = await store.of_lineage(context.session, organisation.lineage_id)
    row = await rounds.get(context.session, award.round_id)
    if row is None:
        raise RuntimeError("an award without a round")
    # An order that stands was the first when it was made; a later merger with another winner takes nothing from it.
    new = own is None
    facts = DisbursementFacts(
        decree_number=decree.number if decree else None,
        decree_date=decree.dated if decree else None,
        award_state=DisbursementState.SUSPENDED if await _in_doubt(context, award) else award.state,
        payee_name=payee_name,
        organisation_name=organisation.name,
        amount_fen=amount_fen,
        budget_year=budget_year,
        earlier_disbursement=new and earlier is not None,
        first=award.first_award and not (new and await _won_before(context, organisation, row)),
        former_names=former_names,
    )
    entitled = prize_refused(first=facts.first, repeat_award=award.repeat_award)
    return [*entitled, *disbursement_payable(facts=facts, parameters=round_parameters(row))]


async def budget_findings(
    context: WriteContext, award: awards.Award, *, budget_year: int, amount_fen: int
) -> list[Finding]:
    """Whether the appropriation of the budget year has room for the order; orders of a year come one after the
    other."""
    if amount_fen == 0:
        return []
    await store.one_at_a_time(context.session, budget_year)
    row = existing(await rounds.get(context.session, award.round_id))
    return within_appropriation(
        budget=await budget_of(context, budget_year),
        amount_fen=amount_fen,
        parameters=round_parameters(row),
        readings=await readings(context.session, context.today),
    )


async def budget_of(context: ReadContext, year: int) -> BudgetFacts:
    """A year's money: what is appropriated, and what was ever ordered from it."""
    found = await store.appropriation_of(context.session, year)
    ordered = sum(item.amount_fen for item in await store.balances(context.session, year) if item.attempts)
    return BudgetFacts(year, None if found is None else found.amount_fen, ordered)


async def _in_doubt(context: ReadContext, award: awards.Award) -> bool:
    cases = await revocations.revocations_of(context.session, award.id)
    return award.state == AwardState.CONFERRED and any(case.state in _OPEN for case in cases)


async def _won_before(context: ReadContext, organisation: organisations.Organisation, row: rounds.Round) -> bool:
    """Whether the legal person has an award of an earlier round, by the successor links of today (Art. 8)."""
    past = await eligibility.past_awards(context.session, {organisation.lineage_id})
    return any(row.ordinal is not None and award.ordinal < row.ordinal for award in past)


async def _organisation(context: ReadContext, organisation_id: UUID) -> organisations.Organisation:
    return existing(await context.session.get(organisations.Organisation, organisation_id))


async def _keep_gate(context: WriteContext, award: awards.Award, findings: Sequence[Finding]) -> None:
    application = await context.session.get(Application, award.application_id)
    if application is None:
        raise RuntimeError("an award without an application")
    await record_run(context, application, findings, gate=Gate.PAYMENT, test_date=context.today)


def _next_attempt(row: store.Disbursement) -> None:
    # A new attempt makes late messages about the old one recognisable, and refusable.
    row.attempt += 1
    row.acknowledged_at, row.acknowledged_by = None, None
