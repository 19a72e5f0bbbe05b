"""Art. 5: an amount that does not go with the others is told, so that somebody looks at its unit; nothing refuses."""

from __future__ import annotations

from typing import Any

import pytest

from app.measures.facts import YearFigures
from app.measures.findings import Finding, obstacles
from app.measures.plausibility import Amounts, magnitudes_to_check
from app.measures.text import Text

WAN = 1_000_000  # A unit of 10,000 yuan, in fen.


def figures(*revenues: int | None, **more: int | None) -> tuple[YearFigures, ...]:
    return tuple(
        YearFigures(2021 + number, revenue_fen=revenue, **more, at=f"/figures/{number}")
        for number, revenue in enumerate(revenues)
    )


def checked(*, small: bool = False, **amounts: Any) -> list[Finding]:
    """What is told beside, or only of, amounts that are small in themselves."""
    found = magnitudes_to_check(amounts=Amounts(**amounts))
    assert not obstacles(found)
    assert {item.rule for item in found} <= {"art05.lookback"}
    return [item for item in found if (item.reason == "magnitude_too_small") is small]


def reasons(**amounts: Any) -> list[str]:
    return [item.reason.value for item in checked(**amounts)]


def test_a_sound_form_has_nothing_to_check() -> None:
    assert checked() == []
    whole = figures(12_000 * WAN, 11_000 * WAN, 13_000 * WAN, net_profit_fen=800 * WAN, tax_fen=300 * WAN)
    assert checked(figures=whole, staff=260, capital_fen=5_000 * WAN) == []


@pytest.mark.parametrize(("other", "found"), [(9_999, []), (10_000, ["magnitude_between_years"])])
def test_years_ten_thousand_times_apart(other: int, found: list[str]) -> None:
    assert reasons(figures=figures(1, other)) == found
    assert reasons(figures=figures(-1, None, 0, other)) == found
    assert reasons(indicators=((Text("资产", "Assets"), {2021: 1, 2022: -other}),)) == found


def test_years_apart_are_told_by_name() -> None:
    (told,) = checked(figures=figures(100 * WAN, None, 100))
    assert dict(told.facts) == {"amount_zh": "营业收入", "amount_en": "revenue", "years": [2021, 2023]}
    assert told.at == "/figures"
    (told,) = checked(indicators=((Text("资产", "Assets"), {2023: 1, 2022: 10**6, 2021: 0}),))
    assert (told.facts["amount_zh"], told.facts["years"], told.at) == ("资产", [2022, 2023], "/indicators")
    assert told.facts["amount_en"] == "Assets"


@pytest.mark.parametrize("name", ["net_profit_fen", "tax_fen", "rd_fen", "export_fen"])
def test_an_amount_a_hundred_times_the_revenue(name: str) -> None:
    for sign in (1, -1):
        # Below that, more than the revenue is told as that; a loss may be.
        assert reasons(figures=figures(1000, **{name: sign * 99_999})) == (["more_than_revenue"] if sign > 0 else [])
        (told,) = checked(figures=figures(1000, **{name: sign * 100_000}))
        assert (told.reason, told.facts["year"], told.at) == ("magnitude_beside_revenue", 2021, "/figures/0")
        assert set(told.facts) == {"amount_zh", "amount_en", "year"}
    assert reasons(figures=figures(None, 0, **{name: 7})) == []


@pytest.mark.parametrize("name", ["net_profit_fen", "tax_fen", "rd_fen", "export_fen"])
def test_an_amount_of_more_than_the_revenue_is_to_check_and_a_loss_is_not(name: str) -> None:
    revenue = 12_000 * WAN
    for size in (revenue, revenue - 1, -2 * revenue):
        assert reasons(figures=figures(revenue, **{name: size})) == []
    (told,) = checked(figures=figures(None, revenue, **{name: revenue + 1}))
    assert (told.reason, told.facts["year"], told.at) == ("more_than_revenue", 2022, "/figures/1")
    assert told.outcome == "pass"


def test_every_year_is_looked_at() -> None:
    assert reasons(figures=figures(None, 1000, 1000, tax_fen=100_000)) == ["magnitude_beside_revenue"] * 2
    assert reasons(figures=figures(None, 1, 1), staff=1) == ["magnitude_per_head"] * 2


@pytest.mark.parametrize(
    ("revenue", "found"),
    [
        (26_000 * WAN // 100 - 1, ["magnitude_per_head"]),
        (26_000 * WAN // 100, []),
        (260 * 10_000_000_000, []),
        (260 * 10_000_000_000 + 1, ["magnitude_per_head"]),
    ],
)
def test_revenue_per_head_that_is_hard_to_believe(revenue: int, found: list[str]) -> None:
    assert reasons(figures=figures(revenue), staff=260) == found
    for staff in (None, 0):
        assert reasons(figures=figures(revenue), staff=staff) == []


def test_revenue_per_head_is_told_with_its_year() -> None:
    (told,) = checked(figures=figures(12_000), staff=260)
    assert (dict(told.facts), told.at) == ({"year": 2021, "staff": 260}, "/figures/0")


@pytest.mark.parametrize(
    ("capital", "found"),
    [
        (10**8, []),
        (10**8 + 1, []),
        (99_999_999, []),
        (10**12, ["magnitude_of_capital"]),
        (10**4, ["magnitude_of_capital"]),
    ],
)
def test_capital_and_revenue(capital: int, found: list[str]) -> None:
    assert reasons(figures=figures(10**8, 10**7), capital_fen=capital) == found
    assert reasons(figures=figures(None, 0), capital_fen=capital) == []


def test_capital_is_told_where_it_stands() -> None:
    (told,) = checked(figures=figures(10**8), capital_fen=500)
    assert (dict(told.facts), told.at) == ({"capital_fen": 500}, "/registered_capital_fen")
    assert reasons(figures=figures(10**8), capital_fen=None) == []
    assert reasons(figures=figures(10**8), capital_fen=10**4 + 1) == []


@pytest.mark.parametrize("name", ["net_profit_fen", "tax_fen", "rd_fen", "export_fen"])
def test_an_amount_a_ten_thousandth_of_the_revenue(name: str) -> None:
    """600 units of 10,000 yuan, typed as fen beside a revenue that is in fen."""
    revenue = 12_000 * WAN
    assert reasons(figures=figures(revenue, **{name: revenue // 10_000 + 1})) == []
    for size in (600, -600, revenue // 10_000):
        (told,) = checked(figures=figures(revenue, **{name: size}))
        assert (told.reason, told.facts["year"], told.at) == ("magnitude_below_revenue", 2021, "/figures/0")
        assert set(told.facts) == {"amount_zh", "amount_en", "year"}
    assert reasons(figures=figures(revenue, **{name: 0})) == []


@pytest.mark.parametrize(("revenue", "small"), [(9_999_999, True), (10_000_000, False), (0, False), (None, False)])
def test_a_revenue_that_no_legal_person_has(revenue: int | None, small: bool) -> None:
    """All in units of 10,000 yuan: the form agrees with itself."""
    found = checked(small=True, figures=figures(revenue))
    assert [(item.facts["amount_en"], item.facts["amount_fen"], item.at) for item in found] == (
        [("revenue", revenue, "/figures/0")] if small else []
    )
    # Beside the staff the revenue per head says it.
    assert checked(small=True, figures=figures(revenue), staff=2) == []
    assert len(checked(small=True, figures=figures(revenue, revenue), staff=0)) == 2 * small


@pytest.mark.parametrize(("capital", "small"), [(999_999, True), (1_000_000, False), (0, False), (None, False)])
def test_a_capital_that_no_legal_person_has(capital: int | None, small: bool) -> None:
    found = checked(small=True, capital_fen=capital)
    assert [(item.facts["amount_fen"], item.at) for item in found] == (
        [(capital, "/registered_capital_fen")] if small else []
    )
    assert [item.facts["amount_en"] for item in found] == ["registered capital"] * small
