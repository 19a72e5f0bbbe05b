"""Art. 9: the platform reports the exact amount, once, paid after it took the order over."""

from dataclasses import replace
from datetime import date

import pytest

from app.measures.disbursements import (
    ConfirmationFacts,
    ReturnFacts,
    confirmation_fits,
    failure_told,
    return_fits,
    something_corrected,
)
from app.measures.findings import Outcome
from app.measures.reasons import Reason

FACTS = ConfirmationFacts(
    amount_fen=10_000_000,
    ordered_fen=10_000_000,
    paid_on=date(2024, 6, 5),
    taken_over_on=date(2024, 6, 4),
    today=date(2024, 6, 6),
    number_known=False,
)


def test_a_receipt_that_fits() -> None:
    (finding,) = confirmation_fits(facts=FACTS)
    assert (finding.rule, finding.article, finding.outcome) == ("art09.disbursement", "9", Outcome.PASS)
    assert finding.reason is Reason.CONFIRMATION_FITS
    assert dict(finding.facts) == {"amount_fen": 10_000_000, "paid_on": "2024-06-05"}


@pytest.mark.parametrize("amount", [9_999_999, 10_000_001, 0])
def test_neither_more_nor_less_than_the_order(amount: int) -> None:
    (finding,) = confirmation_fits(facts=replace(FACTS, amount_fen=amount))
    assert (finding.rule, finding.outcome) == ("art09.disbursement", Outcome.FAIL)
    assert finding.reason is Reason.AMOUNT_NOT_AS_ORDERED
    assert finding.remedy is not None
    assert dict(finding.facts) == {"field": "amount_fen", "ordered_fen": 10_000_000}


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2024, 6, 3), False),
        (date(2024, 6, 4), True),
        (date(2024, 6, 6), True),
        (date(2024, 6, 7), False),
    ],
)
def test_paid_between_the_taking_over_and_today(day: date, fits: bool) -> None:
    (finding,) = confirmation_fits(facts=replace(FACTS, paid_on=day))
    assert (finding.outcome is Outcome.PASS) is fits
    if not fits:
        assert finding.reason is Reason.PAYMENT_DAY_IMPOSSIBLE
        assert finding.remedy is not None
        assert dict(finding.facts) == {"field": "paid_on", "taken_over_on": "2024-06-04", "today": "2024-06-06"}


def test_a_payment_is_entered_once() -> None:
    (finding,) = confirmation_fits(facts=replace(FACTS, number_known=True))
    assert finding.outcome is Outcome.FAIL
    assert finding.reason is Reason.CONFIRMATION_KNOWN_ALREADY
    assert finding.remedy is not None
    assert dict(finding.facts) == {"field": "confirmation_number"}


def test_everything_that_does_not_fit_is_told() -> None:
    found = confirmation_fits(facts=replace(FACTS, amount_fen=1, paid_on=date(2024, 6, 7), number_known=True))
    assert [item.facts["field"] for item in found] == ["amount_fen", "paid_on", "confirmation_number"]


def test_a_failure_is_always_taken() -> None:
    (finding,) = failure_told(attempt=3)
    assert (finding.rule, finding.outcome) == ("art09.disbursement", Outcome.PASS)
    assert finding.reason is Reason.PAYMENT_FAILED
    assert dict(finding.facts) == {"attempt": 3}


RETURNED = ReturnFacts(
    amount_fen=10_000_000,
    paid_fen=10_000_000,
    confirmation_number="会财付〔2024〕0012号",
    confirmed_as="会财付〔2024〕0012号",
    returned_on=date(2024, 6, 5),
    paid_on=date(2024, 6, 5),
    today=date(2024, 6, 6),
)


@pytest.mark.parametrize("day", [date(2024, 6, 5), date(2024, 6, 6)])
def test_a_payment_comes_back_between_its_day_and_today(day: date) -> None:
    (finding,) = return_fits(facts=replace(RETURNED, returned_on=day))
    assert (finding.rule, finding.outcome, finding.reason) == (
        "art09.disbursement",
        Outcome.PASS,
        Reason.PAYMENT_RETURNED,
    )


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"returned_on": date(2024, 6, 4)}, "returned_on", Reason.RETURN_DAY_IMPOSSIBLE),
        ({"returned_on": date(2024, 6, 7)}, "returned_on", Reason.RETURN_DAY_IMPOSSIBLE),
        ({"amount_fen": 9_999_999}, "amount_fen", Reason.AMOUNT_NOT_AS_ORDERED),
        ({"confirmation_number": "会财付〔2024〕0013号"}, "confirmation_number", Reason.NOT_THE_CONFIRMATION),
    ],
)
def test_what_came_back_is_that_payment(changes: dict[str, object], field: str, reason: Reason) -> None:
    (finding,) = return_fits(facts=replace(RETURNED, **changes))  # type: ignore[arg-type]
    assert (finding.outcome, finding.reason, finding.facts["field"]) == (Outcome.FAIL, reason, field)
    assert finding.remedy is not None


def test_an_order_that_waits_is_issued_anew_for_a_correction_only() -> None:
    (finding,) = something_corrected(payable=True, before=("甲", 2024), after=("甲", 2024))
    assert (finding.rule, finding.outcome, finding.reason) == (
        "art09.disbursement",
        Outcome.FAIL,
        Reason.NOTHING_CORRECTED,
    )
    assert something_corrected(payable=True, before=("甲", 2024), after=("甲", 2025)) == []
    assert something_corrected(payable=False, before=("甲", 2024), after=("甲", 2024)) == []
