"""Art. 5: figures for the three complete calendar years before the round's year."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.facts import YearFigures
from app.measures.findings import Finding
from app.measures.performance import lookback
from tests.measures.eligibility_samples import FIGURES, one, organisation, said
from tests.measures.procedure_samples import PARAMETERS

RULE = "art05.lookback"


def look(*figures: YearFigures, established_on: date = date(2015, 1, 1), years: int = 3) -> list[Finding]:
    return lookback(
        organisation=organisation(established_on=established_on),
        figures=figures,
        round_year=2024,
        parameters=replace(PARAMETERS, lookback_years=years),
    )


def test_three_years_before_the_rounds_year_are_complete() -> None:
    one(look(*FIGURES), RULE, "pass", round_year=2024, years=[2021, 2022, 2023], excused=[])


def test_the_rounds_own_year_and_earlier_years_are_neither_asked_for_nor_counted() -> None:
    one(look(*FIGURES, YearFigures(2024, 1), YearFigures(2020, 1), YearFigures(2020, 1)), RULE, "pass")
    one(look(*FIGURES[1:], YearFigures(2024, 1)), RULE, "fail", missing=[2021])


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_a_missing_year_is_refused(year: int) -> None:
    found = one(
        look(*(item for item in FIGURES if item.year != year)),
        RULE,
        "fail",
        f"missing for {year}",
        missing=[year],
    )
    assert found.remedy is not None


def test_all_missing_years_are_told() -> None:
    found = one(look(FIGURES[1]), RULE, "fail", "figures_missing", missing=[2021, 2023])
    assert "2021、2023" in found.message.zh


@pytest.mark.parametrize(
    ("established_on", "excused", "missing"),
    [
        (date(2021, 12, 31), [], [2021]),
        (date(2022, 1, 1), [2021], []),
        (date(2021, 1, 1), [], [2021]),
    ],
)
def test_a_year_before_the_organisation_existed_is_excused_but_not_the_year_of_its_establishment(
    established_on: date, excused: list[int], missing: list[int]
) -> None:
    found = look(*FIGURES[1:], established_on=established_on)
    if missing:
        one(found, RULE, "fail", excused=excused, missing=missing)
    else:
        one(found, RULE, "pass", excused=excused)


@pytest.mark.parametrize("name", ["revenue_fen", "net_profit_fen", "tax_fen", "rd_fen", "export_fen"])
def test_a_year_counts_by_any_figure_and_zero_is_a_figure(name: str) -> None:
    stated: dict[str, Any] = {name: 0}
    one(look(*FIGURES[1:], YearFigures(2021, **stated)), RULE, "pass")


def test_a_year_without_any_figure_is_missing() -> None:
    one(look(*FIGURES[1:], YearFigures(2021)), RULE, "fail", missing=[2021])


def test_a_year_that_is_stated_twice_is_refused() -> None:
    found = one(
        look(*FIGURES, YearFigures(2022, 7), YearFigures(2023, 7)),
        RULE,
        "fail",
        "figures_repeated",
        repeated=[2022, 2023],
        round_year=2024,
    )
    assert "2022、2023" in found.message.zh
    assert found.remedy is not None


def test_missing_and_repeated_years_are_both_told() -> None:
    said(look(FIGURES[0], FIGURES[0]), (RULE, "fail"), (RULE, "fail"))


def test_the_number_of_years_is_the_instruments() -> None:
    one(look(*FIGURES[1:], years=2), RULE, "pass", years=[2022, 2023])
    one(look(*FIGURES, years=4), RULE, "fail", missing=[2020])
