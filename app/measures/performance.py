"""The figures: three years of performance (Art. 5), profit in each of two (Art. 13(4)).

Both count back from the round's year. A later test in the next calendar year asks for no year whose accounts could not
have been in the application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.measures.facts import OrganisationFacts, YearFigures
from app.measures.findings import Finding, fails, passes, placed
from app.measures.instruments import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule


@rule("art05.lookback")
def lookback(
    *, organisation: OrganisationFacts, figures: Sequence[YearFigures], round_year: int, parameters: Parameters
) -> list[Finding]:
    """Figures for each of the complete calendar years before the round's year, once each; a year before the
    organisation existed is excused, the year of its establishment is not (Art. 5)."""
    years = years_before(round_year, parameters.lookback_years)
    due = years_due(organisation=organisation, round_year=round_year, parameters=parameters)
    excused = [year for year in years if year not in due]
    stated = Counter(item.year for item in figures if _states_something(item))
    facts: Facts = {"round_year": round_year, "years": years, "excused": excused}
    missing = [year for year in years if year not in excused and year not in stated]
    repeated = [year for year in years if stated[year] > 1]
    findings: list[Finding] = []
    if missing:
        findings.append(fails("art05.lookback", Reason.FIGURES_MISSING, missing=missing, **facts))
    if repeated:
        findings.append(fails("art05.lookback", Reason.FIGURES_REPEATED, repeated=repeated, **facts))
    return findings or [passes("art05.lookback", Reason.FIGURES_COMPLETE, **facts)]


def years_due(*, organisation: OrganisationFacts, round_year: int, parameters: Parameters) -> list[int]:
    """The calendar years for which figures are due (Art. 5): those before the organisation existed are excused."""
    years = years_before(round_year, parameters.lookback_years)
    return [year for year in years if year >= organisation.established_on.year]


@rule("art13.4.profit")
def profitable(
    *, organisation: OrganisationFacts, figures: Sequence[YearFigures], round_year: int, parameters: Parameters
) -> list[Finding]:
    """Producing or operating organisations: net profit above zero in each of the last complete years before the round's
    year (Art. 13(4)). Zero is no profit, and years are not added up."""
    years = years_before(round_year, parameters.profitable_years)
    if not organisation.operating:
        return [passes("art13.4.profit", Reason.OPERATING_ORGANISATIONS_ONLY, applies=False, years=years)]
    findings: list[Finding] = []
    for year in years:
        # Of a year that is stated twice the worse figure counts; the look-back refuses it anyway.
        stated = [item for item in figures if item.year == year]
        known = [(item.net_profit_fen, item) for item in stated if item.net_profit_fen is not None]
        profit, shown = min(known, key=lambda pair: pair[0], default=(None, stated[0] if stated else None))
        at = None if shown is None or shown.at is None else f"{shown.at}/net_profit_fen"
        if profit is None:
            missing = fails("art13.4.profit", Reason.NET_PROFIT_MISSING, year=year, net_profit_fen=None)
            findings.append(placed(missing, at))
        elif profit <= 0:
            no_profit = fails("art13.4.profit", Reason.NO_PROFIT, year=year, net_profit_fen=profit, years=years)
            findings.append(placed(no_profit, at))
    return findings or [passes("art13.4.profit", Reason.PROFITABLE, applies=True, years=years)]


def years_before(round_year: int, count: int) -> list[int]:
    """The complete calendar years before that of the round, so many, the last one last (Art. 5)."""
    return list(range(round_year - count, round_year))


def _states_something(item: YearFigures) -> bool:
    figures = (item.revenue_fen, item.net_profit_fen, item.tax_fen, item.rd_fen, item.export_fen)
    return any(figure is not None for figure in figures)
