"""The two stages of the review (Arts. 18, 19): who is judged at which, what a sheet takes, when a visit counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.measures.dates import to_come
from app.measures.findings import Finding, fails, obstacles, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules

_HUNDRED = Decimal(100)


class Stage(StrEnum):
    """material: on the papers (Art. 18). onsite: at the organisation (Art. 19)."""

    MATERIAL = "material"
    ONSITE = "onsite"

    @property
    def rule_id(self) -> str:
        """The rule of the stage (Art. 18, 19)."""
        return "art18.material" if self is Stage.MATERIAL else "art19.onsite"


class SurveyMethod(StrEnum):
    """How the customers were asked (Art. 19)."""

    TELEPHONE = "telephone"
    QUESTIONNAIRE = "questionnaire"
    INTERVIEW = "interview"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """`total` is None while a finding refuses the sheet."""

    total: Decimal | None
    findings: list[Finding]


@rule("art18.material")
def material_scorable(*, organisation: str, qualified: bool, reports: int) -> list[Finding]:
    """Only a qualified application is scored, and once (`reports`: the standing material reports that it has;
    Art. 18)."""
    findings: list[Finding] = []
    if not qualified:
        findings.append(fails("art18.material", Reason.NOT_QUALIFIED, organisation=organisation))
    if reports:
        findings.append(fails("art18.material", Reason.REPORT_EXISTS, organisation=organisation, reports=reports))
    return findings or [passes("art18.material", Reason.SCORABLE, organisation=organisation)]


@rule("art19.onsite")
def onsite_scorable(*, organisation: str, onsite_list: Sequence[str], reports: int) -> list[Finding]:
    """Only an organisation on the on-site list is reviewed on site, once (`reports`: those that it already has;
    Art. 19)."""
    findings: list[Finding] = []
    if organisation not in onsite_list:
        findings.append(fails("art19.onsite", Reason.NOT_ON_LIST, organisation=organisation))
    if reports:
        findings.append(fails("art19.onsite", Reason.REPORT_EXISTS, organisation=organisation, reports=reports))
    return findings or [passes("art19.onsite", Reason.SCORABLE, organisation=organisation)]


@rule("art18.material", "art19.onsite")
def sheet_entries(*, scores: Mapping[str, int], rules: ReviewRules, stage: Stage) -> list[Finding]:
    """What is entered on a sheet so far, complete or not: items of the scheme, in the rules' steps (Art. 18, 19)."""
    codes = {item.code for item in rules.items}
    unknown = sorted(set(scores) - codes)
    invalid = [code for code, percent in scores.items() if code in codes and not _valid(percent, rules.score_step)]
    findings: list[Finding] = []
    if unknown:
        findings.append(fails(stage.rule_id, Reason.ITEMS_UNKNOWN, items=unknown))
    if invalid:
        findings.append(fails(stage.rule_id, Reason.SCORES_INVALID, items=invalid, score_step=rules.score_step))
    return findings or [passes(stage.rule_id, Reason.ENTRIES_VALID, entered=len(scores))]


@rule("art18.material", "art19.onsite")
def sheet_total(*, scores: Mapping[str, int], rules: ReviewRules, stage: Stage) -> SheetAnswer:
    """The total of one sheet: item code → whole percentage, in the rules' steps (Art. 18, 19). Every item is scored;
    none is "not applicable". Each missing, unknown or invalid entry is a finding."""
    findings: list[Finding] = []
    missing = [item.code for item in rules.items if item.code not in scores]
    if missing:
        findings.append(fails(stage.rule_id, Reason.ITEMS_UNSCORED, items=missing))
    findings += obstacles(sheet_entries(scores=scores, rules=rules, stage=stage))
    if findings:
        return SheetAnswer(None, findings)
    total = Decimal(sum(item.points * scores[item.code] for item in rules.items)) / _HUNDRED
    return SheetAnswer(total, [passes(stage.rule_id, Reason.SHEET_TOTAL, total=str(total))])


@rule("art18.material", "art19.onsite")
def panel_sheets_visible(*, own_submitted: bool, stage: Stage) -> list[Finding]:
    """A reviewer sees the others' sheets once the own one is submitted, so that no judgement leans on another
    (Art. 18, 19)."""
    if not own_submitted:
        return [fails(stage.rule_id, Reason.OWN_SHEET_FIRST)]
    return [passes(stage.rule_id, Reason.OTHERS_SHEETS_OPEN)]


@rule("art19.onsite")
def visit_dated(*, visited_on: date, listed_on: date, today: date, first_sheet_on: date | None) -> list[Finding]:
    """A visit follows the on-site list, is not of tomorrow, and no sheet is older than it (days in Shanghai;
    Art. 19)."""
    facts: Facts = {
        "visited_on": visited_on.isoformat(),
        "listed_on": listed_on.isoformat(),
        "first_sheet_on": None if first_sheet_on is None else first_sheet_on.isoformat(),
    }
    findings: list[Finding] = []
    if visited_on < listed_on:
        findings.append(fails("art19.onsite", Reason.BEFORE_LIST, **facts))
    if to_come([visited_on], today):
        findings.append(fails("art19.onsite", Reason.DATE_IN_FUTURE, **facts))
    if first_sheet_on is not None and first_sheet_on < visited_on:
        findings.append(fails("art19.onsite", Reason.SHEET_BEFORE_VISIT, **facts))
    return findings or [passes("art19.onsite", Reason.DATE_IN_ORDER, **facts)]


@rule("art19.onsite")
def onsite_reviewed(*, organisation: str, onsite_list: Collection[str], reports: int) -> list[Finding]:
    """Before the evaluation: it was on the on-site list and has its one on-site report (Art. 19)."""
    facts: Facts = {"organisation": organisation, "reports": reports}
    findings: list[Finding] = []
    if organisation not in onsite_list:
        findings.append(fails("art19.onsite", Reason.NOT_ON_LIST, **facts))
    if reports == 0:
        findings.append(fails("art19.onsite", Reason.REPORT_MISSING, **facts))
    if reports > 1:
        findings.append(fails("art19.onsite", Reason.SEVERAL_REPORTS, **facts))
    return findings or [passes("art19.onsite", Reason.REVIEWED_ONSITE, **facts)]


def _valid(percent: object, step: int) -> bool:
    return isinstance(percent, int) and not isinstance(percent, bool) and 0 <= percent <= 100 and percent % step == 0
