"""Whether amounts can be what they say (Art. 5): people write yuan or units of 10,000 yuan into fields of fen, or
exchange two columns.

What stands out is told to whoever fills in the form and to the office, and refuses nothing: unusual firms exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.measures.facts import YearFigures
from app.measures.findings import Finding, passes, placed
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.sentences import label
from app.measures.text import Text

# Between a unit of 10,000 yuan and the yuan lies this factor, and more to the fen.
_MAGNITUDE = 10_000
# Revenue per head and year that is hard to believe: below 10,000 yuan, above 100 million, in fen.
_LEAST_PER_HEAD, _MOST_PER_HEAD = 1_000_000, 10_000_000_000
# No profit, tax, research or export is this many times the revenue of its year.
_TIMES_REVENUE = 100
# A year's revenue or a capital of less is hard to believe of a legal person: 100,000 yuan, 10,000 yuan, in fen.
_LEAST_REVENUE, _LEAST_CAPITAL = 10_000_000, 1_000_000
_BESIDE_REVENUE = ("net_profit_fen", "tax_fen", "rd_fen", "export_fen")
_AMOUNTS = ("revenue_fen", *_BESIDE_REVENUE)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a form says of sizes: figures by year, staff, registered capital in fen (None: not stated), and further
    yearly amounts in fen, each with its name."""

    figures: tuple[YearFigures, ...] = ()
    staff: int | None = None
    capital_fen: int | None = None
    indicators: tuple[tuple[Text, Mapping[int, int]], ...] = ()


@rule("art05.lookback")
def magnitudes_to_check(*, amounts: Amounts) -> list[Finding]:
    """Amounts whose order of magnitude does not go with the others (Art. 5): each a passing finding that says what to
    check. None where nothing stands out."""
    return [
        *_between_years(amounts),
        *_within_years(amounts.figures),
        *_per_head(amounts),
        *_capital(amounts),
        *_too_small(amounts),
    ]


def _between_years(amounts: Amounts) -> Iterator[Finding]:
    for name in _AMOUNTS:
        series = {item.year: getattr(item, name) for item in amounts.figures}
        yield from _steps(_called(name), {year: value for year, value in series.items() if value}, "/figures")
    for told, values in amounts.indicators:
        yield from _steps(told, {year: value for year, value in values.items() if value}, "/indicators")


def _steps(name: Text, series: Mapping[int, int], at: str) -> Iterator[Finding]:
    sizes = [abs(value) for value in series.values()]
    if sizes and max(sizes) >= _MAGNITUDE * min(sizes):
        years = sorted(series)
        yield _to_check(Reason.MAGNITUDE_BETWEEN_YEARS, at, amount_zh=name.zh, amount_en=name.en, years=years)


def _within_years(figures: Sequence[YearFigures]) -> Iterator[Finding]:
    for item in figures:
        if not item.revenue_fen:
            continue
        for name in _BESIDE_REVENUE:
            size, told = abs(getattr(item, name) or 0), _called(name)
            if not size:
                continue
            facts: Facts = {"amount_zh": told.zh, "amount_en": told.en, "year": item.year}
            if size >= _TIMES_REVENUE * item.revenue_fen:
                yield _to_check(Reason.MAGNITUDE_BESIDE_REVENUE, item.at, **facts)
            elif (getattr(item, name) or 0) > item.revenue_fen:
                # A loss may be larger than the revenue; what is left of it, or was spent, sold or paid of it, is not.
                yield _to_check(Reason.MORE_THAN_REVENUE, item.at, **facts)
            if _MAGNITUDE * size <= item.revenue_fen:
                yield _to_check(Reason.MAGNITUDE_BELOW_REVENUE, item.at, **facts)


def _per_head(amounts: Amounts) -> Iterator[Finding]:
    for item in amounts.figures:
        if not amounts.staff or not item.revenue_fen:
            continue
        if not _LEAST_PER_HEAD <= item.revenue_fen / amounts.staff <= _MOST_PER_HEAD:
            yield _to_check(Reason.MAGNITUDE_PER_HEAD, item.at, year=item.year, staff=amounts.staff)


def _capital(amounts: Amounts) -> Iterator[Finding]:
    revenues = [item.revenue_fen for item in amounts.figures if item.revenue_fen]
    if not amounts.capital_fen or not revenues:
        return
    low, high = sorted((amounts.capital_fen, max(revenues)))
    if high >= _MAGNITUDE * low:
        yield _to_check(Reason.MAGNITUDE_OF_CAPITAL, "/registered_capital_fen", capital_fen=amounts.capital_fen)


def _too_small(amounts: Amounts) -> Iterator[Finding]:
    """A form that is written in a larger unit throughout agrees with itself; its amounts are small all the same."""
    for item in amounts.figures:
        # Beside the staff the revenue has been looked at.
        if not amounts.staff and 0 < (item.revenue_fen or 0) < _LEAST_REVENUE:
            told = _called("revenue_fen")
            facts: Facts = {"amount_zh": told.zh, "amount_en": told.en, "amount_fen": item.revenue_fen}
            yield _to_check(Reason.MAGNITUDE_TOO_SMALL, item.at, **facts)
    if 0 < (amounts.capital_fen or 0) < _LEAST_CAPITAL:
        told = _called("registered_capital_fen")
        facts = {"amount_zh": told.zh, "amount_en": told.en, "amount_fen": amounts.capital_fen}
        yield _to_check(Reason.MAGNITUDE_TOO_SMALL, "/registered_capital_fen", **facts)


def _called(name: str) -> Text:
    return Text(label("amount", name, "zh"), label("amount", name, "en"))


def _to_check(reason: Reason, at: str | None, /, **facts: Fact) -> Finding:
    return placed(passes("art05.lookback", reason, **facts), at)
