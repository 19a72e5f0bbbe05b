"""The figures: three years of performance (Art. 5), profit in each of two (Art. 13(4)).

Both count back from the round's year. A later test in the next calendar year asks for no year whose accounts could not
have been in the application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.measures.facts import OrganisationFacts, YearFigures
from app.measures.findings import Finding, Text, fails, passes
from app.measures.parameters import Parameters
from app.measures.registry import rule


@rule("art05.lookback")
def lookback(
    *, organisation: OrganisationFacts, figures: Sequence[YearFigures], round_year: int, parameters: Parameters
) -> list[Finding]:
    """Figures for each of the complete calendar years before the round's year, once each; a year before the
    organisation existed is excused, the year of its establishment is not (Art. 5)."""
    years = _years_before(round_year, parameters.lookback_years)
    excused = [year for year in years if year < organisation.established_on.year]
    stated = Counter(item.year for item in figures if _states_something(item))
    facts: dict[str, Any] = {"round_year": round_year, "years": years, "excused": excused}
    missing = [year for year in years if year not in excused and year not in stated]
    repeated = [year for year in years if stated[year] > 1]
    findings: list[Finding] = []
    if missing:
        findings.append(
            fails(
                "art05.lookback",
                f"缺少{_list(missing, '、')}年度业绩数据",
                f"Figures are missing for {_list(missing, ', ')}",
                remedy=Text("补充所缺年度的数据", "Add the figures of these years"),
                missing=missing,
                **facts,
            )
        )
    if repeated:
        findings.append(
            fails(
                "art05.lookback",
                f"{_list(repeated, '、')}年度数据重复",
                f"Figures are stated twice for {_list(repeated, ', ')}",
                remedy=Text("每一年度只填写一次", "State each year once"),
                repeated=repeated,
                **facts,
            )
        )
    return findings or [
        passes(
            "art05.lookback",
            f"前{len(years)}年业绩数据完整",
            f"The figures of the {len(years)} years are complete",
            **facts,
        )
    ]


@rule("art13.4.profit")
def profitable(
    *, organisation: OrganisationFacts, figures: Sequence[YearFigures], round_year: int, parameters: Parameters
) -> list[Finding]:
    """Producing or operating organisations: net profit above zero in each of the last complete years before the round's
    year (Art. 13(4)). Zero is no profit, and years are not added up."""
    years = _years_before(round_year, parameters.profitable_years)
    if not organisation.operating:
        return [
            passes(
                "art13.4.profit",
                "非生产经营性组织不适用",
                "It does not apply to a non-operating organisation",
                applies=False,
                years=years,
            )
        ]
    findings: list[Finding] = []
    for year in years:
        # Of a year that is stated twice the worse figure counts; the look-back refuses it anyway.
        profit = min(
            (item.net_profit_fen for item in figures if item.year == year and item.net_profit_fen is not None),
            default=None,
        )
        if profit is None:
            findings.append(
                fails(
                    "art13.4.profit",
                    f"缺少{year}年度净利润",
                    f"The net profit of {year} is missing",
                    remedy=Text("补充该年度净利润", "State the net profit of that year"),
                    year=year,
                    net_profit_fen=None,
                )
            )
        elif profit <= 0:
            findings.append(
                fails(
                    "art13.4.profit",
                    f"{year}年度未盈利",
                    f"No profit in {year}",
                    remedy=Text(
                        f"连续{len(years)}个完整年度盈利后申报", f"Apply after {len(years)} complete years of profit"
                    ),
                    year=year,
                    net_profit_fen=profit,
                )
            )
    return findings or [
        passes(
            "art13.4.profit",
            f"近{len(years)}年均盈利",
            f"Profit in each of the last {len(years)} years",
            applies=True,
            years=years,
        )
    ]


def _years_before(round_year: int, count: int) -> list[int]:
    return list(range(round_year - count, round_year))


def _states_something(item: YearFigures) -> bool:
    figures = (item.revenue_fen, item.net_profit_fen, item.tax_fen, item.rd_fen, item.export_fen)
    return any(figure is not None for figure in figures)


def _list(years: Sequence[int], separator: str) -> str:
    return separator.join(str(year) for year in years)
