"""The record (Art. 13(6)): adverse records of three years, higher awards, periods of exclusion (Arts. 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.measures.dates import add_years
from app.measures.facts import (
    AdverseRecord,
    Exclusion,
    Honour,
    HonourKind,
    HonourLevel,
    RecordFinding,
    RecordLetter,
    Severity,
)
from app.measures.findings import Finding, Outcome, Text, fails, needs_decision, passes, placed
from app.measures.interpretations import Readings
from app.measures.parameters import Parameters
from app.measures.registry import rule

_NAMES = {
    RecordLetter.FATAL_ACCIDENT: Text("生产安全亡人责任事故", "a responsible fatal accident"),
    RecordLetter.MAJOR_COMPLAINT: Text("重大质量投诉", "a major quality complaint"),
    RecordLetter.DISPUTE_CLAIM_RETURN: Text("质量异议、索赔或退货", "a quality dispute, claim or return"),
    RecordLetter.SPOT_CHECK: Text("监督抽查不合格", "a failed supervision spot check"),
    RecordLetter.LABOUR_SECURITY: Text("较大劳动保障失信", "larger labour-security dishonesty"),
    RecordLetter.STATISTICS: Text("统计数据不实且后果严重", "falsified statistics with serious consequences"),
    RecordLetter.TAX: Text("重大纳税失信", "major tax dishonesty"),
    RecordLetter.OTHER: Text("其他违法违规不良记录", "another unlawful or bad record"),
}
_BARRING_LEVELS = frozenset({HonourLevel.MUNICIPAL_MAYOR, HonourLevel.PROVINCIAL_JINGGANG, HonourLevel.NATIONAL_CHINA})


@rule("art13.6.record")
def no_adverse_record(
    *,
    records: Sequence[AdverseRecord],
    test_date: date,
    parameters: Parameters,
    readings: Readings,
    decisions_due: bool = True,
) -> list[Finding]:
    """No adverse record whose event or determination lies within the years before `test_date`, both ends included.

    What is open is a person's to decide. Before decisions are due (at submission) it is a pass with fact `pending`.
    """
    first_day = add_years(test_date, -parameters.record_years)
    window = {"window_from": first_day.isoformat(), "window_to": test_date.isoformat()}
    findings: list[Finding] = []
    for item in records:
        dates = [day for day in (item.occurred_on, item.determined_on) if day is not None]
        if item.finding is RecordFinding.DENIED or (dates and not any(first_day <= day <= test_date for day in dates)):
            continue
        judged = _judged(item, bool(dates), {**_told(item), **window}, readings)
        findings += [placed(found, item.at) for found in judged]
    if not decisions_due:
        findings = [
            placed(_pending(item), item.at) if item.outcome is Outcome.NEEDS_DECISION else item for item in findings
        ]
    return findings or [
        passes(
            "art13.6.record",
            f"近{parameters.record_years}年无不良记录",
            f"No adverse record in {parameters.record_years} years",
            records=len(records),
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
        facts: dict[str, Any] = {
            "level": honour.level.value,
            "kind": honour.kind.value,
            "awarded_on": honour.awarded_on.isoformat(),
            "valid_to": None if honour.valid_to is None else honour.valid_to.isoformat(),
            "test_date": test_date.isoformat(),
        }
        if honour.kind is not HonourKind.AWARD:
            findings.append(
                passes(
                    "art13.6.higher_award",
                    "提名奖或协会奖项，已标记，不影响申报",
                    "A nomination or association prize: flagged, no bar",
                    flagged=True,
                    **facts,
                )
            )
        elif (
            honour.level in _BARRING_LEVELS
            and honour.awarded_on <= test_date
            and (honour.valid_to is None or test_date <= honour.valid_to)
        ):
            findings.append(
                placed(
                    fails(
                        "art13.6.higher_award",
                        "已获市长质量奖或更高级别政府质量奖且在有效期内",
                        "It holds a mayor's or higher government quality award within its validity",
                        remedy=Text("有效期满后申报", "Apply after its validity"),
                        **facts,
                    ),
                    honour.at,
                )
            )
    if any(item.outcome is Outcome.FAIL for item in findings):
        return findings
    return [
        *findings,
        passes(
            "art13.6.higher_award",
            "无有效期内的更高级别质量奖",
            "No higher award within its validity",
            test_date=test_date.isoformat(),
        ),
    ]


@rule("exclusions")
def not_excluded(*, exclusions: Sequence[Exclusion], test_date: date) -> list[Finding]:
    """No period of exclusion of the legal person runs on the day, both ends included (Arts. 26, 28). Of several the
    later end counts."""
    running = [item for item in exclusions if item.from_date <= test_date <= item.last_day]
    if not running:
        return [
            passes(
                "exclusions",
                "不在不得申报期内",
                "No period of exclusion is running",
                test_date=test_date.isoformat(),
            )
        ]
    last_day = max(item.last_day for item in running)
    return [
        fails(
            "exclusions",
            f"不得申报期至{last_day}（含当日）",
            f"Excluded through {last_day}",
            remedy=Text("期满后申报", "Apply after it has ended"),
            test_date=test_date.isoformat(),
            last_day=last_day.isoformat(),
            articles=sorted({item.article for item in running}),
        )
    ]


def _judged(item: AdverseRecord, dated: bool, facts: dict[str, Any], readings: Readings) -> list[Finding]:
    """The finding on a record in the window; none where it does not count."""
    name = _NAMES[item.letter]
    if item.finding is RecordFinding.OPEN:
        return [
            needs_decision(
                "art13.6.record",
                f"{name.zh}：尚待核实",
                f"To be verified: {name.en}",
                remedy=Text("核实并记录认定", "Verify it and record the finding"),
                **facts,
            )
        ]
    if item.letter is RecordLetter.DISPUTE_CLAIM_RETURN:
        facts["reading"] = readings.cite("returns_and_claims")
        if item.attributable is None:
            return [
                needs_decision(
                    "art13.6.record",
                    f"{name.zh}：责任尚未认定",
                    f"Responsibility is open: {name.en}",
                    remedy=Text("认定是否属于组织自身责任", "Determine whether the organisation is responsible"),
                    **facts,
                )
            ]
    # An accident is under (a) by responsibility; once confirmed, only an express denial of it takes the record out.
    needs_attribution = item.letter in {RecordLetter.DISPUTE_CLAIM_RETURN, RecordLetter.FATAL_ACCIDENT}
    if needs_attribution and item.attributable is False:
        return []
    if item.letter is RecordLetter.OTHER and item.severity_decision is not Severity.BARS:
        return _not_barring(item, name, facts)
    if not dated:
        return [
            needs_decision(
                "art13.6.record",
                f"{name.zh}：未注明日期",
                f"Without any date: {name.en}",
                remedy=Text("补充发生日期或认定日期", "Record the day of the event or of its determination"),
                **facts,
            )
        ]
    return [
        fails(
            "art13.6.record",
            f"近年内有{name.zh}记录",
            f"On record: {name.en}",
            remedy=Text("该记录超过规定年限后申报", "Apply when the record is older than the years that count"),
            **facts,
        )
    ]


def _not_barring(item: AdverseRecord, name: Text, facts: dict[str, Any]) -> list[Finding]:
    if item.severity_decision is None:
        return [
            needs_decision(
                "art13.6.record",
                f"{name.zh}：严重程度尚未认定",
                f"Severity is not decided: {name.en}",
                remedy=Text("记录是否影响申报的认定", "Record whether it bars the application"),
                **facts,
            )
        ]
    return [
        passes(
            "art13.6.record",
            f"{name.zh}：已认定不影响申报",
            f"Decided to be no bar: {name.en}",
            **facts,
        )
    ]


def _told(item: AdverseRecord) -> dict[str, Any]:
    return {
        "letter": item.letter.value,
        "occurred_on": None if item.occurred_on is None else item.occurred_on.isoformat(),
        "determined_on": None if item.determined_on is None else item.determined_on.isoformat(),
        "source": item.source,
        "finding": item.finding.value,
        "attributable": item.attributable,
        "severity": None if item.severity_decision is None else item.severity_decision.value,
        "cured": item.cured,
    }


def _pending(item: Finding) -> Finding:
    return passes(
        "art13.6.record",
        f"{item.message.zh}（资格审查时认定）",
        f"{item.message.en} (left to the qualification review)",
        pending=True,
        **item.facts,
    )
