"""The order of a prize as every act on it needs it: locked, held back or not, and what Art. 9 says of it today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import WrongState, existing
from app.measures.appropriation import BudgetFacts, account_digits, account_usable, within_appropriation
from app.measures.conferral import conferral_undoubted
from app.measures.disbursements import DisbursementFacts, disbursement_payable, prize_held
from app.measures.findings import Finding
from app.measures.interpretations import Readings, resting_on
from app.measures.prize import (
    PrizeMatter,
    cancellable,
    holder_exists,
    nothing_to_recover,
    payee_receives,
    prize_refused,
)
from app.measures.reasons import Reason
from app.measures.state_machines import OPEN_REVOCATION_STATES, AwardState, DisbursementState, RevocationState
from app.services.instruments.in_force import readings, round_parameters
from app.services.organisations.verification import verified
from app.store import approval, awards, organisations, revocations, rounds
from app.store import disbursements as store
from app.store.applications import eligibility
from app.store.organisations import lineages
from app.store.revocations import conferral_doubts
from app.store.sealed import seals_of

_MARKED = "payment_reports.account_mark"
# Nobody has it in hand.
_AT_REST = (
    DisbursementState.PAYABLE,
    DisbursementState.FAILED,
    DisbursementState.RETURNED,
    DisbursementState.UNORDERED,
)


@dataclass(frozen=True, slots=True)
class Payee:
    """The account that the prize goes to; its holder must be the winner itself."""

    name: str
    bank_name: str
    bank_account: str
    bank_number: str


def account_mark(context: ReadContext, row: store.Disbursement, account: str) -> str:
    """What a report keeps of the account: a keyed hash, which can be compared within the order, and guessed by nobody
    who has the database alone."""
    return seals_of(context.session).mark(f"{row.id}:{account_digits(account)}".encode(), purpose=_MARKED)


def is_marked(context: ReadContext, row: store.Disbursement, account: str, marks: Iterable[str]) -> bool:
    """Whether one of these marks is that of this account."""
    seals, told = seals_of(context.session), f"{row.id}:{account_digits(account)}".encode()
    return any(seals.is_mark_of(mark, told, purpose=_MARKED) for mark in marks)


async def locked(context: WriteContext, disbursement_id: UUID) -> store.Disbursement:
    """The disbursement with its award, both locked, in the order in which everybody locks them."""
    award_id = await store.award_of(context.session, disbursement_id)
    if award_id is not None:
        await awards.lock(context.session, award_id)
    return existing(await store.lock(context.session, disbursement_id), "没有此拨付记录", "No such disbursement")


async def refuse_held(context: WriteContext, row: store.Disbursement, name: str) -> None:
    """`WrongState` where the prize is held: with the act that it waits for, which is done to its case."""
    if row.state != DisbursementState.SUSPENDED:
        return
    raise WrongState((held := await held_finding(context, row, name)), message=held.message)


async def held_finding(context: WriteContext, row: store.Disbursement, name: str) -> Finding:
    """Why the act is not possible on a prize that is held, on which reading."""
    held = prize_held(
        act=name,
        state=row.state,
        case=await open_case_state(context, row),
        doubted=(await conferral_doubts.holding(context.session, row.award_id)).doubt,
    )
    (found,) = resting_on([held], await readings(context.session, context.today), "unpaid_prize_in_a_case")
    return found


async def open_case_state(context: ReadContext, row: store.Disbursement) -> RevocationState | None:
    """The state of the case that is open on the prize's award; None where none is."""
    cases = await revocations.revocations_of(context.session, row.award_id)
    return next((case.state for case in cases if case.state in OPEN_REVOCATION_STATES), None)


async def standing_findings(
    context: ReadContext, row: store.Disbursement, *, payee_name: str | None = None, budget_year: int | None = None
) -> list[Finding]:
    """What Art. 9 says of this disbursement today. `payee_name`: the holder of a new account, who bears the present
    name; the order's own account was right when it was made, and a rename since is no other payee."""
    award = existing(await awards.get(context.session, row.award_id))
    organisation = await _organisation(context, row.organisation_id)
    former = () if payee_name else await _own_names(context, organisation, await receiver(context, award, organisation))
    return await payable_findings(
        context,
        award,
        organisation,
        payee_name=payee_name or row.payee_name,
        amount_fen=row.amount_fen,
        budget_year=budget_year or row.budget_year,
        own=row.id,
        former_names=tuple(former),
    )


async def _own_names(context: ReadContext, *parties: organisations.Organisation) -> list[str]:
    """Every name that the winner, or whoever receives its prize, bears or has borne."""
    names: list[str] = []
    for party in {item.id: item for item in parties}.values():
        names += [party.name, *(item.name for item in await organisations.former_names(context.session, party.id))]
    return names


async def payee_findings(
    context: ReadContext, award: awards.Award, winner: organisations.Organisation, told: Readings, *, before: str
) -> list[Finding]:
    """Whether who is to be paid was compared with a document as it stands, as a gate asks it (Arts. 9, 13(1))."""
    return verified(await receiver(context, award, winner), told, before=before)


async def winner_of(context: ReadContext, row: store.Disbursement) -> organisations.Organisation:
    """The winner whose prize it is."""
    return await _organisation(context, row.organisation_id)


async def cancellation_findings(context: ReadContext, row: store.Disbursement) -> list[Finding]:
    """Whether the unpaid prize may be cancelled today. What the platform has taken over may be on its way: where nobody
    continues the winner, its outcome is reported first."""
    award = existing(await awards.get(context.session, row.award_id))
    since = None
    if row.state in _AT_REST:
        since = await nobody_since(context, award, await winner_of(context, row))
    if since is None:
        return cancellable(award_state=award.state)
    told = await readings(context.session, context.today)
    return resting_on(cancellable(award_state=award.state, nobody_since=since), told, "prize_of_a_dissolved_winner")


async def nobody_since(context: ReadContext, award: awards.Award, winner: organisations.Organisation) -> date | None:
    """The day on which the winner was dissolved, where its award stands and no organisation continues it. None where
    somebody is left to whom the prize is due, and while a case or a doubt about the award is open."""
    if winner.dissolved_on is None or award.state != AwardState.CONFERRED:
        return None
    held = await conferral_doubts.holding(context.session, award.id)
    if held.case or held.doubt or await lineages.continued(context.session, winner.id):
        return None
    return winner.dissolved_on


async def ends_by(context: ReadContext, award: awards.Award, winner: organisations.Organisation) -> str | None:
    """The act by which the government ends a prize that nobody is left to receive; None where somebody is."""
    if winner.dissolved_on is None or await lineages.continued(context.session, winner.id):
        return None
    return "decide_prize_not_ordered" if await store.of_award(context.session, award.id) is None else "cancel"


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
    held = await conferral_doubts.holding(context.session, award.id)
    # An order that stands was the first when it was made; a later merger with another winner takes nothing from it.
    new = own is None
    facts = DisbursementFacts(
        decree_number=decree.number if decree else None,
        decree_date=decree.dated if decree else None,
        award_state=DisbursementState.SUSPENDED if award.state == AwardState.CONFERRED and held.case else award.state,
        payee_name=payee_name,
        organisation_name=(await receiver(context, award, organisation)).name,
        amount_fen=amount_fen,
        budget_year=budget_year,
        earlier_disbursement=new and earlier is not None,
        first=award.first_award and not (new and await _won_before(context, organisation, row)),
        former_names=former_names,
    )
    entitled = prize_refused(first=facts.first, repeat_award=award.repeat_award)
    doubted = conferral_undoubted(doubted=held.doubt)
    return [*entitled, *disbursement_payable(facts=facts, parameters=round_parameters(row)), *doubted]


async def receivable_findings(
    context: ReadContext,
    award: awards.Award,
    winner: organisations.Organisation,
    *,
    payee_name: str | None = None,
) -> list[Finding]:
    """Whether the prize can go to somebody now, as whoever orders, issues it again or takes it over is told: a winner
    that exists or a successor that was decided on, who owes nothing back or was decided to be paid all the same. A
    prize that is on its way is not stopped by it, and a case that ends without a revocation does not wait for it.
    `payee_name`: of an order that stands, which was perhaps made before it was decided who receives it."""
    outstanding = await revocations.owed_back_by(context.session, winner.lineage_id)
    if winner.dissolved_on is None and outstanding == 0:
        return []
    decided = await store.decisions_on(context.session, award.id)
    recipient = await _recipient_of(context, winner, decided)
    beside = [item.outstanding_fen for item in decided if item.kind == PrizeMatter.RECOVERY]
    dissolved = holder_exists(
        dissolved_on=winner.dissolved_on,
        recipient=None if recipient is None else recipient.name,
        ends_by=await ends_by(context, award, winner),
    )
    owed = nothing_to_recover(outstanding_fen=outstanding, decided_fen=beside[-1] if beside else None)
    told = await readings(context.session, context.today)
    if recipient is not None and payee_name is not None:
        dissolved += payee_receives(payee_name=payee_name, names=await _own_names(context, recipient))
    return [
        *resting_on(dissolved, told, "prize_of_a_dissolved_winner"),
        *resting_on(owed, told, "prize_beside_a_recovery"),
    ]


async def receiver(
    context: ReadContext, award: awards.Award, winner: organisations.Organisation
) -> organisations.Organisation:
    """Who receives the prize: the winner, or of one that was dissolved whoever was decided on."""
    if winner.dissolved_on is None:
        return winner
    decided = await store.decisions_on(context.session, award.id)
    return await _recipient_of(context, winner, decided) or winner


async def _recipient_of(
    context: ReadContext, winner: organisations.Organisation, decided: Sequence[store.PrizeDecision]
) -> organisations.Organisation | None:
    """The organisation on which the government has decided last; None where the winner exists, or nothing is
    decided."""
    named = [item.recipient_id for item in decided if item.recipient_id is not None]
    return await _organisation(context, named[-1]) if named and winner.dissolved_on is not None else None


async def budget_findings(
    context: WriteContext, award: awards.Award, told: Readings, *, budget_year: int, amount_fen: int
) -> list[Finding]:
    """Whether the appropriation of the budget year has room for the order. Orders come one after the other by now."""
    if amount_fen == 0:
        return []
    row = existing(await rounds.get(context.session, award.round_id))
    return within_appropriation(
        budget=await budget_of(context, budget_year),
        amount_fen=amount_fen,
        parameters=round_parameters(row),
        readings=told,
    )


async def account_findings(
    context: WriteContext, payee: Payee, lineage_id: UUID, told: Readings, *, came_back: bool
) -> list[Finding]:
    """Whether the prize can go to the payee's account. Orders come one after the other by now."""
    others = await store.accounts_in_use(context.session, but_of=lineage_id)
    found = account_usable(account=payee.bank_account, came_back=came_back, others=others)
    taken = any(item.reason is Reason.ACCOUNT_OF_ANOTHER for item in found)
    key = "account_of_two_winners" if taken else "account_that_came_back"
    return resting_on(found, told, key)


async def budget_of(context: ReadContext, year: int) -> BudgetFacts:
    """A year's money: what is appropriated, and what was ever ordered from it."""
    found = await store.appropriation_of(context.session, year)
    ordered = sum(item.amount_fen for item in await store.balances(context.session, year) if item.attempts)
    return BudgetFacts(year, None if found is None else found.amount_fen, ordered)


async def _won_before(context: ReadContext, organisation: organisations.Organisation, row: rounds.Round) -> bool:
    """Whether the legal person has an award of an earlier round, by the successor links of today (Art. 8)."""
    past = await eligibility.past_awards(context.session, {organisation.lineage_id})
    return any(row.ordinal is not None and award.ordinal < row.ordinal for award in past)


async def _organisation(context: ReadContext, organisation_id: UUID) -> organisations.Organisation:
    return existing(await context.session.by_id(organisations.Organisation, organisation_id))


def next_attempt(row: store.Disbursement) -> None:
    # A new attempt makes late messages about the old one recognisable, and refusable.
    """Offer the order anew: nobody has taken this attempt over."""
    row.attempt += 1
    row.acknowledged_at, row.acknowledged_by = None, None
