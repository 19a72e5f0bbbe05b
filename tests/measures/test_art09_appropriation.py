"""Art. 9: within the appropriation of the year; an account that came back; a prize that is never ordered."""

from dataclasses import replace
from datetime import date

import pytest

from app.measures.appropriation import (
    BudgetFacts,
    account_usable,
    appropriation_recordable,
    never_ordered_decidable,
    within_appropriation,
)
from app.measures.prize import prize_refused
from app.measures.state_machines import AwardState
from tests.measures.procedure_samples import PARAMETERS, READINGS, only, reading, refused, stated

RULE = "art09.disbursement"
PRIZE = 10_000_000


@pytest.mark.parametrize(
    ("appropriated", "ordered", "amount", "right"),
    [
        (20_000_000, 10_000_000, PRIZE, True),
        (20_000_000, 10_000_001, PRIZE, False),
        (19_999_999, 10_000_000, PRIZE, False),
        (0, 0, PRIZE, False),
        (None, 20_000_000, PRIZE, True),
        (None, 20_000_001, PRIZE, False),
        (None, 30_000_000, PRIZE, False),
    ],
)
def test_a_year_pays_what_it_has(appropriated: int | None, ordered: int, amount: int, right: bool) -> None:
    budget = BudgetFacts(2024, appropriated, ordered)
    found = within_appropriation(budget=budget, amount_fen=amount, parameters=PARAMETERS, readings=READINGS)
    finding = only(found, RULE, "pass" if right else "fail")
    assert finding.reason.value == ("within_appropriation" if right else "appropriation_exceeded")
    assert finding.facts["ceiling_fen"] == (30_000_000 if appropriated is None else appropriated)
    assert (finding.facts["field"], finding.facts["budget_year"]) == ("budget_year", 2024)
    assert (finding.facts["appropriated_fen"], finding.facts["ordered_fen"]) == (appropriated, ordered)
    assert finding.facts["reading"]["key"] == "appropriation_of_the_year"  # type: ignore[index,call-overload]


def test_the_prizes_of_one_round_are_those_of_its_seats() -> None:
    parameters = replace(PARAMETERS, seats_manufacturing=1, seats_other=4, prize_fen=3)
    found = within_appropriation(
        budget=BudgetFacts(2024, None, 13), amount_fen=3, parameters=parameters, readings=READINGS
    )
    assert only(found, RULE, "fail").facts["ceiling_fen"] == 15


def test_the_register_may_ask_for_an_appropriation_first() -> None:
    readings = reading("appropriation_of_the_year", "required")
    for appropriated, reasons in ((None, ["appropriation_missing"]), (PRIZE, [])):
        budget = BudgetFacts(2024, appropriated, 0)
        found = within_appropriation(budget=budget, amount_fen=PRIZE, parameters=PARAMETERS, readings=readings)
        assert refused(found, RULE) == reasons


def test_an_appropriation_has_its_document_and_covers_what_is_ordered() -> None:
    def reasons(amount_fen: int, document: str = "会财预〔2024〕3号") -> list[str]:
        found = appropriation_recordable(
            budget=BudgetFacts(2024, None, PRIZE),
            amount_fen=amount_fen,
            document=document,
            document_date=date(2024, 2, 5),
            readings=READINGS,
        )
        assert {item.rule for item in found} == {RULE}
        return refused(found, RULE)

    assert reasons(PRIZE) == []
    assert reasons(PRIZE - 1) == ["appropriation_below_orders"]
    assert reasons(PRIZE, "会财预〔2023〕3号") == ["document_number_year_differs"]
    assert reasons(0, " ") == ["document_number_missing", "appropriation_below_orders"]


@pytest.mark.parametrize(
    ("day", "right"),
    [
        (date(2022, 12, 31), False),
        (date(2023, 1, 1), True),
        (date(2024, 6, 3), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_an_appropriation_is_by_a_document_of_its_time(day: date, right: bool) -> None:
    found = appropriation_recordable(
        budget=BudgetFacts(2024, None, 0),
        amount_fen=PRIZE,
        document=f"会财预〔{day.year}〕3号",
        document_date=day,
        readings=READINGS,
    )
    assert refused(found, RULE) == ([] if right else ["appropriation_of_another_year"])
    if not right:
        told = next(item.facts for item in found if item.reason.value == "appropriation_of_another_year")
        assert (told["field"], told["budget_year"], told["document_date"]) == ("document_date", 2024, day.isoformat())
        assert told["reading"]["key"] == "document_of_an_appropriation"  # type: ignore[index,call-overload]


def test_an_account_from_which_money_came_back_is_not_used_again() -> None:
    facts = {"field": "bank_account", "account_ending": "1234"}
    for came_back, outcome in ((True, "fail"), (False, "pass")):
        finding = only(account_usable(account="62220001234", came_back=came_back, others=()), RULE, outcome)
        assert dict(finding.facts) == facts


@pytest.mark.parametrize(
    ("account", "others", "reason"),
    [
        ("00000000", (), "account_has_no_number"),
        ("00000001", (), "account_usable"),
        ("NRA00000000", (), "account_has_no_number"),
        ("NRA00000001", (), "account_usable"),
        ("NRA62220001234", ("62220001234",), "account_of_another"),
        ("62220001234", ("NRA62220001234",), "account_of_another"),
        ("Z62220001234", ("A62220001234",), "account_of_another"),
        ("NRA62220001234", ("NRA62220001235",), "account_usable"),
        ("88888888", (), "account_usable"),
        ("62220001234", ("62220009999", "62220001234"), "account_of_another"),
        ("62220001234", ("62220011234", "6222000123"), "account_usable"),
    ],
)
def test_a_prize_goes_to_an_account_of_its_winner_alone(account: str, others: tuple[str, ...], reason: str) -> None:
    (finding,) = account_usable(account=account, came_back=False, others=others)
    assert (finding.reason.value, finding.facts["account_ending"]) == (reason, account[-4:])
    # Whose money came back, or who else is paid there, matters only where there is an account at all.
    (finding,) = account_usable(account=account, came_back=True, others=others)
    assert finding.reason.value == (reason if reason != "account_usable" else "account_came_back")


@pytest.mark.parametrize(
    ("state", "prize", "ordered", "rule", "reason"),
    [
        (AwardState.CONFERRED, PRIZE, False, "art28.grounds", "award_stands"),
        (AwardState.REVOKED, 0, False, RULE, "no_prize_due"),
        (AwardState.REVOKED, PRIZE, True, RULE, "prize_ordered"),
        (AwardState.REVOKED, PRIZE, False, "art28.grounds", "never_ordered_decidable"),
    ],
)
def test_the_prize_that_nobody_ordered(state: AwardState, prize: int, ordered: bool, rule: str, reason: str) -> None:
    found = never_ordered_decidable(award_state=state, prize_fen=prize, ordered=ordered)
    finding = only(found, rule, "pass" if reason == "never_ordered_decidable" else "fail")
    assert finding.reason.value == reason
    assert stated(finding) == {"award_state": state, "prize_fen": prize, "ordered": ordered}


@pytest.mark.parametrize(
    ("prize", "ordered", "reason"),
    [(PRIZE, False, "nobody_receives"), (0, False, "no_prize_due"), (PRIZE, True, "prize_ordered")],
)
def test_the_prize_that_nobody_is_left_to_receive(prize: int, ordered: bool, reason: str) -> None:
    found = never_ordered_decidable(
        award_state=AwardState.CONFERRED, prize_fen=prize, ordered=ordered, nobody_since=date(2025, 4, 1)
    )
    finding = only(found, RULE, "pass" if reason == "nobody_receives" else "fail")
    assert finding.reason.value == reason


def test_the_prize_of_a_later_award_is_refused_under_6_and_8() -> None:
    assert prize_refused(first=True, repeat_award=False) == []
    only(prize_refused(first=False, repeat_award=False), "art08.prize", "fail")
    both = prize_refused(first=False, repeat_award=True)
    assert [(item.rule, item.article, item.outcome.value) for item in both] == [
        ("art08.prize", "8", "fail"),
        ("art06.repeat_award", "6", "fail"),
    ]
    assert [dict(item.facts) for item in both] == [{"first": False}, {"repeat_award": True}]
