"""The record (Art. 13(6)): adverse records of three years, higher awards, periods of exclusion (Arts. 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.measures.dates import add_years
from app.measures.facts import (
    AdverseRecord,
    Exclusion,
    Honour,
    HonourKind,
    HonourLevel,
    RecordCategory,
    RecordFinding,
    Severity,
)
from app.measures.findings import Finding, Outcome, fails, needs_decision, passes, placed, under
from app.measures.interpretations import Readings
from app.measures.parameters import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule

_BARRING_LEVELS = frozenset({HonourLevel.MUNICIPAL_MAYOR, HonourLevel.PROVINCIAL_JINGGANG, HonourLevel.NATIONAL_CHINA})


@rule("art13.6.record")
def no_adverse_record(
    *,
    records: Sequence[AdverseRecord],
    test_date: date,
    parameters: Parameters,
    readings: Readings,
    decisions_due: bool = True,
    before: str = "confirm_qualified_list",
) -> list[Finding]:
    """No adverse record whose event or determination lies within the years before `test_date`, both ends included
    (Art. 13(6)).

    What is open is a person's to decide, the responsibility by the office and until the act `before`. Before decisions
    are due (at submission) it is a pass with fact `pending`.
    """
    first_day = add_years(test_date, -parameters.record_years)
    window = {"window_from": first_day.isoformat(), "window_to": test_date.isoformat()}
    findings: list[Finding] = []
    for item in records:
        dates = [day for day in (item.occurred_on, item.determined_on) if day is not None]
        if item.finding is RecordFinding.DENIED or (dates and not any(first_day <= day <= test_date for day in dates)):
            continue
        judged = _judged(item, bool(dates), {**_told(item), **window}, readings, before)
        findings += [placed(found, item.at) for found in judged]
    if not decisions_due:
        findings = [
            placed(_pending(item), item.at) if item.outcome is Outcome.NEEDS_DECISION else item for item in findings
        ]
    return findings or [
        passes(
            "art13.6.record",
            Reason.NO_ADVERSE_RECORD,
            records=len(records),
            record_years=parameters.record_years,
            **window,
        )
    ]


@rule("art13.6.higher_award")
def no_higher_award(*, honours: Sequence[Honour], test_date: date) -> list[Finding]:
    """A holder of the mayor's or a higher government quality award neither applies nor is reviewed while that award is
    valid, both ends included; without a stated end it is taken as valid. Nominations and association prizes are
    flagged (Art. 13(6))."""
    findings: list[Finding] = []
    for honour in honours:
        facts: Facts = {
            "level": honour.level.value,
            "kind": honour.kind.value,
            "awarded_on": honour.awarded_on.isoformat(),
            "valid_to": None if honour.valid_to is None else honour.valid_to.isoformat(),
            "test_date": test_date.isoformat(),
        }
        if honour.kind is not HonourKind.AWARD:
            findings.append(passes("art13.6.higher_award", Reason.NO_BAR, flagged=True, **facts))
        elif (
            honour.level in _BARRING_LEVELS
            and honour.awarded_on <= test_date
            and (honour.valid_to is None or test_date <= honour.valid_to)
        ):
            findings.append(placed(fails("art13.6.higher_award", Reason.HIGHER_AWARD, **facts), honour.at))
    if any(item.outcome is Outcome.FAIL for item in findings):
        return findings
    return [
        *findings,
        passes("art13.6.higher_award", Reason.NO_HIGHER_AWARD, test_date=test_date.isoformat()),
    ]


@rule("exclusions")
def not_excluded(*, exclusions: Sequence[Exclusion], test_date: date) -> list[Finding]:
    """No period of exclusion of the legal person runs on the day, both ends included (Arts. 26, 28). Of several the
    later end counts, and the article that it rests on is cited."""
    running = [item for item in exclusions if item.from_date <= test_date <= item.last_day]
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


def _judged(item: AdverseRecord, dated: bool, facts: Facts, readings: Readings, before: str) -> list[Finding]:
    """The finding on a record in the window; none where it does not count."""
    by = {"decides": "office", "before": before}
    if item.finding is RecordFinding.OPEN:
        return [needs_decision("art13.6.record", Reason.VERIFICATION_OPEN, **by, **facts)]
    if item.category is RecordCategory.ATTRIBUTABLE_RETURN:
        facts["reading"] = readings.cite("returns_and_claims")
    # An accident counts under (a), a return under (c), by responsibility: while that is open, nobody is responsible.
    if item.category in {RecordCategory.ATTRIBUTABLE_RETURN, RecordCategory.FATAL_ACCIDENT}:
        if item.attributable is None:
            return [needs_decision("art13.6.record", Reason.RESPONSIBILITY_UNDETERMINED, **by, **facts)]
        if item.attributable is False:
            return []
    if item.category is RecordCategory.OTHER_VIOLATION and item.severity_decision is not Severity.BARS:
        return _not_barring(item, facts)
    if not dated:
        return [needs_decision("art13.6.record", Reason.DATE_MISSING, **facts)]
    return [fails("art13.6.record", Reason.ADVERSE_RECORD, **facts)]


def _not_barring(item: AdverseRecord, facts: Facts) -> list[Finding]:
    if item.severity_decision is None:
        return [needs_decision("art13.6.record", Reason.SEVERITY_UNDETERMINED, **facts)]
    return [passes("art13.6.record", Reason.NO_BAR, **facts)]


def _told(item: AdverseRecord) -> Facts:
    return {
        "category": item.category.value,
        "occurred_on": None if item.occurred_on is None else item.occurred_on.isoformat(),
        "determined_on": None if item.determined_on is None else item.determined_on.isoformat(),
        "source": item.source,
        "finding": item.finding.value,
        "attributable": item.attributable,
        "severity": None if item.severity_decision is None else item.severity_decision.value,
        "rectified": item.rectified,
    }


def _pending(item: Finding) -> Finding:
    return passes("art13.6.record", Reason.LEFT_TO_REVIEW, pending=True, open=item.reason, **item.facts)
