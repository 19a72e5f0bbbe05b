"""Art. 13(4): net profit above zero in each of the last two complete years, operating organisations only."""

from dataclasses import replace

import pytest

from app.measures.facts import YearFigures
from app.measures.findings import Finding
from app.measures.performance import profitable
from tests.measures.eligibility_samples import FIGURES, one, organisation, said
from tests.measures.procedure_samples import PARAMETERS

RULE = "art13.4.profit"


def judge(
    *profits: tuple[int, int | None], operating: bool = True, years: int = 2, round_year: int = 2024
) -> list[Finding]:
    return profitable(
        organisation=organisation(operating=operating),
        figures=[YearFigures(year, revenue_fen=5, net_profit_fen=profit) for year, profit in profits],
        round_year=round_year,
        parameters=replace(PARAMETERS, profitable_years=years),
    )


@pytest.mark.parametrize(
    ("earlier", "later", "failing"),
    [
        (1, 1, []),
        (0, 1, [2022]),
        (1, 0, [2023]),
        (-1, 100, [2022]),
        (100, -1, [2023]),
        (0, -5, [2022, 2023]),
    ],
)
def test_each_year_is_profitable_zero_is_no_profit_and_years_are_not_added_up(
    earlier: int, later: int, failing: list[int]
) -> None:
    found = judge((2022, earlier), (2023, later))
    if not failing:
        one(found, RULE, "pass", "profitable", applies=True, years=[2022, 2023])
        return
    said(found, *[(RULE, "fail")] * len(failing))
    assert [item.facts["year"] for item in found] == failing
    profits = {2022: earlier, 2023: later}
    assert [item.facts["net_profit_fen"] for item in found] == [profits[year] for year in failing]
    assert f"No profit in {failing[0]}" in found[0].message.en


def test_years_outside_the_last_two_do_not_count() -> None:
    one(judge((2021, -9), (2022, 1), (2023, 1), (2024, -9)), RULE, "pass")


def test_the_years_are_those_before_the_rounds_year() -> None:
    one(judge((2022, 1), (2023, 1), round_year=2025), RULE, "fail", year=2024)


@pytest.mark.parametrize("profits", [((2023, 1),), ((2022, None), (2023, 1))])
def test_a_year_without_a_figure_is_refused(profits: tuple[tuple[int, int | None], ...]) -> None:
    found = one(judge(*profits), RULE, "fail", "net_profit_missing", year=2022, net_profit_fen=None)
    assert found.remedy is not None


@pytest.mark.parametrize("profits", [((2023, -1), (2023, 5)), ((2023, 5), (2023, -1)), ((2023, None), (2023, -1))])
def test_of_a_year_stated_twice_the_worse_figure_counts(profits: tuple[tuple[int, int | None], ...]) -> None:
    one(judge((2022, 1), *profits), RULE, "fail", year=2023, net_profit_fen=-1)


def test_it_does_not_apply_to_a_non_profit_organisation() -> None:
    one(
        judge((2023, -1), operating=False),
        RULE,
        "pass",
        "operating_organisations_only",
        applies=False,
        years=[2022, 2023],
    )


def test_the_number_of_years_is_the_instruments() -> None:
    one(judge((2023, 1), years=1), RULE, "pass", years=[2023])
    found = profitable(
        organisation=organisation(),
        figures=FIGURES,
        round_year=2024,
        parameters=replace(PARAMETERS, profitable_years=3),
    )
    one(found, RULE, "pass", years=[2021, 2022, 2023])
