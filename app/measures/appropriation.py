"""The money of a year for the prizes (Art. 9): earmarked in the county budget, and a ceiling to what is ordered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

from app.measures.document_numbers import document_number
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import AwardState


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """A year's money in fen. `appropriated_fen` None: no appropriation is on record. `ordered_fen`: what was ordered
    from it before, cancelled orders as well, as a review may bring their prizes back; not those that nobody is left to
    receive."""

    year: int
    appropriated_fen: int | None
    ordered_fen: int


@rule("art09.disbursement")
def within_appropriation(
    *, budget: BudgetFacts, amount_fen: int, parameters: Parameters, readings: Readings
) -> list[Finding]:
    """Whether an order of `amount_fen` is within the appropriation of its budget year (Art. 9). Without one on record
    the year pays no more than the prizes of one round, or nothing, as the register reads."""
    one_round_fen = (parameters.seats_manufacturing + parameters.seats_other) * parameters.prize_fen
    ceiling_fen = one_round_fen if budget.appropriated_fen is None else budget.appropriated_fen
    facts: Facts = {
        "field": "budget_year",
        "budget_year": budget.year,
        "appropriated_fen": budget.appropriated_fen,
        "ordered_fen": budget.ordered_fen,
        "ceiling_fen": ceiling_fen,
        "reading": readings.cite("appropriation_of_the_year"),
    }
    if budget.appropriated_fen is None and readings["appropriation_of_the_year"] == "required":
        return [fails("art09.disbursement", Reason.APPROPRIATION_MISSING, **facts)]
    if budget.ordered_fen + amount_fen > ceiling_fen:
        return [fails("art09.disbursement", Reason.APPROPRIATION_EXCEEDED, **facts)]
    return [passes("art09.disbursement", Reason.WITHIN_APPROPRIATION, **facts)]


@rule("art09.disbursement")
def appropriation_recordable(
    *, budget: BudgetFacts, amount_fen: int, document: str, document_date: date, readings: Readings
) -> list[Finding]:
    """Whether an appropriation can be put on record for its year: a document whose number is of its date's year, which
    is the year before, the year itself or the next; and at least what was ordered from the year already (Art. 9)."""
    findings = document_number(number=document, day=document_date, readings=readings, rule_id="art09.disbursement")
    if abs(document_date.year - budget.year) > 1:
        facts: Facts = {
            "field": "document_date",
            "budget_year": budget.year,
            "document_date": document_date.isoformat(),
            "reading": readings.cite("document_of_an_appropriation"),
        }
        findings.append(fails("art09.disbursement", Reason.APPROPRIATION_OF_ANOTHER_YEAR, **facts))
    if amount_fen < budget.ordered_fen:
        facts = {"budget_year": budget.year, "amount_fen": amount_fen, "ordered_fen": budget.ordered_fen}
        findings.append(fails("art09.disbursement", Reason.APPROPRIATION_BELOW_ORDERS, **facts))
    return findings


def account_digits(account: str) -> str:
    """By what an account is compared: letters that a bank writes before the digits make no other account."""
    return account.lstrip(ascii_uppercase)


@rule("art09.disbursement")
def account_usable(*, account: str, came_back: bool, others: Collection[str]) -> list[Finding]:
    """Whether the prize can be ordered to this account, which must be the winner's own (Art. 8, 9): one that has a
    number, none from which a payment of it came back, none of `others`, the accounts to which the prizes of other legal
    persons go. Only the last four digits of an account are told."""
    facts: Facts = {"field": "bank_account", "account_ending": account[-4:]}
    digits = account_digits(account)
    if not digits.strip("0"):
        return [fails("art09.disbursement", Reason.ACCOUNT_HAS_NO_NUMBER, **facts)]
    if digits in map(account_digits, others):
        return [fails("art09.disbursement", Reason.ACCOUNT_OF_ANOTHER, **facts)]
    if came_back:
        return [fails("art09.disbursement", Reason.ACCOUNT_CAME_BACK, **facts)]
    return [passes("art09.disbursement", Reason.ACCOUNT_USABLE, **facts)]


@rule("art09.disbursement", "art28.grounds")
def never_ordered_decidable(
    *, award_state: AwardState, prize_fen: int, ordered: bool, nobody_since: date | None = None
) -> list[Finding]:
    """Whether the government can decide that a prize is never ordered: that of a revoked award, or of a winner that was
    dissolved (`nobody_since`, Shanghai) and that no organisation continues, where one was due and nobody has ordered
    it. An order is cancelled by an act of its own (Art. 9, 28)."""
    facts: Facts = {"award_state": award_state, "prize_fen": prize_fen, "ordered": ordered}
    if award_state != AwardState.REVOKED and nobody_since is None:
        return [fails("art28.grounds", Reason.AWARD_STANDS, **facts)]
    if prize_fen == 0:
        return [fails("art09.disbursement", Reason.NO_PRIZE_DUE, **facts)]
    if ordered:
        return [fails("art09.disbursement", Reason.PRIZE_ORDERED, **facts)]
    if award_state != AwardState.REVOKED and nobody_since is not None:
        return [passes("art09.disbursement", Reason.NOBODY_RECEIVES, dissolved_on=nobody_since.isoformat())]
    return [passes("art28.grounds", Reason.NEVER_ORDERED_DECIDABLE, **facts)]
