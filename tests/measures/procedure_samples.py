"""Facts for the tests of the procedure: small, valid, changed by `replace` where a test needs another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.measures.dates import SHANGHAI
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, Outcome
from app.measures.instruments import Parameters, shipped_instruments
from app.measures.interpretations import Readings, RegisteredReading, readings_on
from app.measures.review_rules import ReviewRules, default_review_rules
from app.measures.working_days import HolidayYear, WorkingCalendar

DAY = date(2024, 6, 1)


def shipped_parameters() -> Parameters:
    found = shipped_instruments()[0].parameters
    assert found is not None
    return found


PARAMETERS = shipped_parameters()
READINGS = readings_on(DAY)
RULES = default_review_rules()


def reading(key: str, value: str) -> Readings:
    return readings_on(DAY, [RegisteredReading(key, value, "质量强县办解释〔2024〕1号", DAY)])


def rules(**changes: Any) -> ReviewRules:
    return replace(RULES, **changes)


def shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def calendar(*years: int, holidays: Iterable[date] = (), workdays: Iterable[date] = ()) -> WorkingCalendar:
    """The named years, each with the given days off and make-up working days that fall in it."""
    return WorkingCalendar(
        {
            year: HolidayYear(
                frozenset(day for day in holidays if day.year == year),
                frozenset(day for day in workdays if day.year == year),
                "国办发明电",
            )
            for year in years
        }
    )


def decided(rule_id: str, outcome: Any = "pass", **changes: Any) -> RecordedDecision:
    made = RecordedDecision(
        rule=rule_id,
        outcome=Verdict(outcome),
        reason="经核实",
        evidence="核查记录3号",
        decided_by="office-1",
        decided_on=DAY,
    )
    return replace(made, **changes)


def outcomes(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.outcome.value) for finding in findings]


def only(findings: list[Finding], rule_id: str, outcome: str) -> Finding:
    """The single finding there is, of that rule and outcome."""
    assert outcomes(findings) == [(rule_id, outcome)]
    return findings[0]


def refused(findings: Iterable[Finding], rule_id: str) -> list[str]:
    """The reasons for which `rule_id` refuses."""
    return [item.reason.value for item in findings if item.rule == rule_id and item.outcome is Outcome.FAIL]


def stated(finding: Finding) -> dict[str, Any]:
    """What the rule states; the act that comes next, and whose it is, stand beside it."""
    return {name: value for name, value in finding.facts.items() if name not in ("next_act", "next_by")}


def told(findings: Iterable[Finding]) -> list[tuple[str, dict[str, Any], bool]]:
    """What a caller is told: the reason, every fact that the rule states, whether there is a cure."""
    return [(item.reason.value, stated(item), item.remedy is not None) for item in findings]


def points(value: str) -> Decimal:
    return Decimal(value)
