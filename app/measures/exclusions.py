"""Periods of exclusion (Arts. 26, 28): how long one runs, and whether one runs on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.measures.dates import last_day_of_years
from app.measures.facts import Exclusion
from app.measures.findings import Finding, fails, passes, under
from app.measures.instruments import Parameters
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.revocations import RevocationKind
from app.measures.validity import Day, Holds, begun, not_past


@rule("exclusions")
def exclusion_last_day(*, kind: RevocationKind, decided_on: date, parameters: Parameters) -> date:
    """The last day of exclusion, included: calendar years from the decision's date (Arts. 26, 28)."""
    fraud = kind is RevocationKind.FRAUD
    years = parameters.exclusion_years_fraud if fraud else parameters.exclusion_years_grounds
    return last_day_of_years(decided_on, years)


@rule("art26_28.together", "exclusions")
def exclusion_end(*, last_days: Sequence[date]) -> date | None:
    """Of several exclusions the later end; None without any (Art. 26, 28)."""
    return max(last_days, default=None)


def runs(first_day: Day[Holds], last_day: Day[Holds], on: date) -> tuple[Holds, Holds]:
    """What must hold for a period to run on the day, both ends included (Arts. 26, 28): of columns, the conditions in
    SQL."""
    return begun(first_day, on), not_past(last_day, on)


@rule("exclusions")
def not_excluded(*, exclusions: Sequence[Exclusion], test_date: date) -> list[Finding]:
    """No period of exclusion of the legal person runs on the day, both ends included (Arts. 26, 28). Of several the
    later end counts, and the article that it rests on is cited."""
    running = [item for item in exclusions if all(runs(item.from_date, item.last_day, test_date))]
    if not running:
        return [passes("exclusions", Reason.NOT_EXCLUDED, test_date=test_date.isoformat())]
    latest = max(running, key=lambda item: item.last_day)
    told = fails(
        "exclusions",
        Reason.EXCLUDED,
        test_date=test_date.isoformat(),
        last_day=latest.last_day.isoformat(),
        articles=sorted({item.article for item in running}),
    )
    return [under(told, latest.article)]
