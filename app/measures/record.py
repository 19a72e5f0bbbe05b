"""The record (Art. 13(6)): adverse records of three years, how one is decided, higher awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.measures.dates import add_years, end_of_day
from app.measures.facts import (
    AdverseRecord,
    Honour,
    HonourKind,
    HonourLevel,
    RecordCategory,
    RecordFinding,
    Severity,
)
from app.measures.findings import Finding, Outcome, fails, needs_decision, passes, placed
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import plain_name, plain_number

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


def _judged(item: AdverseRecord, dated: bool, facts: Facts, readings: Readings, before: str) -> list[Finding]:
    """The finding on a record in the window; none where it does not count."""
    by: Facts = {"decides": "office", "before": before}
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
        return _not_barring(item, by, facts)
    if not dated:
        return [needs_decision("art13.6.record", Reason.DATE_MISSING, **by, **facts)]
    return [fails("art13.6.record", Reason.ADVERSE_RECORD, **facts)]


def _not_barring(item: AdverseRecord, by: Facts, facts: Facts) -> list[Finding]:
    if item.severity_decision is None:
        return [needs_decision("art13.6.record", Reason.SEVERITY_UNDETERMINED, **by, **facts)]
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


# Only the organisation's own responsibility counts under these categories.
_NEEDS_ATTRIBUTION = frozenset({RecordCategory.FATAL_ACCIDENT, RecordCategory.ATTRIBUTABLE_RETURN})


@rule("art13.6.record")
def record_decidable(*, declared: bool, replied: bool, reply_last_day: date | None, at: datetime) -> list[Finding]:
    """The applicant is heard before an adverse record is decided: it has replied, or the day for its reply is over
    (Art. 13(6)). What it has declared itself needs no reply."""
    facts: Facts = {
        "declared": declared,
        "replied": replied,
        "at": at.isoformat(),
        "reply_last_day": None if reply_last_day is None else reply_last_day.isoformat(),
    }
    if declared or replied:
        return [passes("art13.6.record", Reason.APPLICANT_HEARD, **facts)]
    if reply_last_day is None or at < end_of_day(reply_last_day):
        return [fails("art13.6.record", Reason.REPLY_AWAITED, **facts)]
    return [passes("art13.6.record", Reason.REPLY_PERIOD_OVER, **facts)]


@rule("art13.6.record")
def record_decision_complete(
    *, category: RecordCategory, finding: RecordFinding, attributable: bool | None, severity: Severity | None
) -> list[Finding]:
    """A decision on a record says all that Art. 13(6) asks: confirmed or denied; the responsibility for accidents (a)
    and for disputes, claims and returns (c); whether another record (h), and only that, bars."""
    facts: Facts = {
        "category": category.value,
        "finding": finding.value,
        "attributable": attributable,
        "severity": None if severity is None else severity.value,
    }
    confirmed = finding is RecordFinding.CONFIRMED
    findings: list[Finding] = []
    if finding is RecordFinding.OPEN:
        findings.append(fails("art13.6.record", Reason.NEITHER_CONFIRMED_NOR_DENIED, **facts))
    if confirmed and category in _NEEDS_ATTRIBUTION and attributable is None:
        findings.append(fails("art13.6.record", Reason.RESPONSIBILITY_OPEN, **facts))
    if confirmed and category is RecordCategory.OTHER_VIOLATION and severity is None:
        findings.append(fails("art13.6.record", Reason.SEVERITY_OPEN, **facts))
    if severity is not None and category is not RecordCategory.OTHER_VIOLATION:
        findings.append(fails("art13.6.record", Reason.ONLY_OTHER_VIOLATION_WEIGHED, **facts))
    return findings or [passes("art13.6.record", Reason.DECISION_COMPLETE, **facts)]


@dataclass(frozen=True, slots=True)
class RecordTold:
    """What tells one adverse record from another: category, days, source, the paper that it rests on, and the
    certificate or licence that was withdrawn, where it is of one. `basis` None: no paper is named."""

    category: RecordCategory
    occurred_on: date | None
    determined_on: date | None
    source: str
    basis: str | None
    credential_number: str | None = None

    def same(self, other: RecordTold) -> bool:
        """Whether both are of one matter as people read them; without a paper that is nobody's to say."""
        if self.basis is None or other.basis is None:
            return False
        return self._compared() == other._compared()

    def _compared(self) -> tuple[object, ...]:
        papers = [plain_number(item or "") for item in (self.basis, self.credential_number)]
        return self.category, self.occurred_on, self.determined_on, plain_name(self.source), *papers


@rule("art13.6.record")
def record_entered_once(*, new: RecordTold, known: Mapping[str, RecordTold]) -> list[Finding]:
    """Whether the record is none that is known of the organisation, whatever was decided of it: one matter is heard and
    decided once (Art. 13(6)). `known`: by id. Nothing is found where none is the same."""
    return [
        fails("art13.6.record", Reason.RECORD_KNOWN, category=new.category.value, record_id=key, basis=new.basis)
        for key, item in known.items()
        if item.same(new)
    ]
