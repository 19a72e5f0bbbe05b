"""The two stages of the review (Arts. 18, 19): who is judged at which, what a sheet takes, when a visit counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.measures.findings import Finding, Text, fails, obstacles, passes
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules

_HUNDRED = Decimal(100)


class Stage(StrEnum):
    MATERIAL = "material"
    ONSITE = "onsite"

    @property
    def rule_id(self) -> str:
        return "art18.material" if self is Stage.MATERIAL else "art19.onsite"


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """`total` is None while a finding refuses the sheet."""

    total: Decimal | None
    findings: list[Finding]


@rule("art18.material")
def material_scorable(*, organisation: str, qualified: bool, reports: int) -> list[Finding]:
    """Only a qualified application is scored, and once (`reports`: the standing material reports that it has)."""
    findings: list[Finding] = []
    if not qualified:
        findings.append(
            fails(
                "art18.material",
                "未经资格审查合格，不得评审",
                "Not qualified: it cannot be scored",
                organisation=organisation,
            )
        )
    if reports:
        findings.append(
            fails(
                "art18.material",
                "该组织已有材料评审报告",
                "It already has its material report",
                organisation=organisation,
                reports=reports,
            )
        )
    return findings or [passes("art18.material", "可以材料评审", "It can be scored", organisation=organisation)]


@rule("art19.onsite")
def onsite_scorable(*, organisation: str, onsite_list: Sequence[str], reports: int) -> list[Finding]:
    """Only an organisation on the on-site list is reviewed on site, once (`reports`: those that it already has)."""
    findings: list[Finding] = []
    if organisation not in onsite_list:
        findings.append(
            fails(
                "art19.onsite",
                "未列入现场评审名单",
                "Not on the on-site list",
                organisation=organisation,
            )
        )
    if reports:
        findings.append(
            fails(
                "art19.onsite",
                "该组织已有现场评审报告",
                "It already has its on-site report",
                organisation=organisation,
                reports=reports,
            )
        )
    return findings or [
        passes(
            "art19.onsite",
            "可以现场评审",
            "It can be reviewed on site",
            organisation=organisation,
        )
    ]


@rule("art18.material", "art19.onsite")
def sheet_entries(*, scores: Mapping[str, int], rules: ReviewRules, stage: Stage) -> list[Finding]:
    """What is entered on a sheet so far, complete or not: items of the scheme, in the rules' steps."""
    codes = {item.code for item in rules.items}
    unknown = sorted(set(scores) - codes)
    invalid = [code for code, percent in scores.items() if code in codes and not _valid(percent, rules.score_step)]
    findings: list[Finding] = []
    if unknown:
        findings.append(
            fails(
                stage.rule_id,
                "评分项不在评分方案中",
                "Items are not in the scheme",
                remedy=Text("只对方案所列评分项评分", "Score the items of the scheme only"),
                items=unknown,
            )
        )
    if invalid:
        findings.append(
            fails(
                stage.rule_id,
                f"得分率应为0至100之间{rules.score_step}的倍数",
                f"A score is a multiple of {rules.score_step} from 0 to 100",
                remedy=Text(f"按{rules.score_step}%一档填写", f"Enter steps of {rules.score_step} percent"),
                items=invalid,
            )
        )
    return findings or [passes(stage.rule_id, "所填分值有效", "The entries are valid", entered=len(scores))]


@rule("art18.material", "art19.onsite")
def sheet_total(*, scores: Mapping[str, int], rules: ReviewRules, stage: Stage) -> SheetAnswer:
    """The total of one sheet: item code → whole percentage, in the rules' steps. Every item is scored; none is "not
    applicable". Each missing, unknown or invalid entry is a finding."""
    findings: list[Finding] = []
    missing = [item.code for item in rules.items if item.code not in scores]
    if missing:
        findings.append(
            fails(
                stage.rule_id,
                "尚有评分项未评分",
                "Items are not scored yet",
                remedy=Text("对每一评分项评分", "Score every item"),
                items=missing,
            )
        )
    findings += obstacles(sheet_entries(scores=scores, rules=rules, stage=stage))
    if findings:
        return SheetAnswer(None, findings)
    total = Decimal(sum(item.points * scores[item.code] for item in rules.items)) / _HUNDRED
    return SheetAnswer(total, [passes(stage.rule_id, f"合计{total}分", f"Total {total}", total=str(total))])


@rule("art18.material", "art19.onsite")
def panel_sheets_visible(*, own_submitted: bool, stage: Stage) -> list[Finding]:
    """A reviewer sees the others' sheets once the own one is submitted, so that no judgement leans on another."""
    if not own_submitted:
        return [
            fails(
                stage.rule_id,
                "提交本人评分后方可查看其他评审员的评分",
                "The others' sheets open once yours is submitted",
                remedy=Text("先提交本人评分", "Submit your own sheet first"),
            )
        ]
    return [passes(stage.rule_id, "可以查看其他评审员的评分", "The others' sheets may be seen")]


@rule("art19.onsite")
def visit_dated(*, visited_on: date, listed_on: date, today: date, first_sheet_on: date | None) -> list[Finding]:
    """A visit follows the on-site list, is not of tomorrow, and no sheet is older than it (days in Shanghai)."""
    facts: dict[str, Any] = {
        "visited_on": visited_on.isoformat(),
        "listed_on": listed_on.isoformat(),
        "first_sheet_on": None if first_sheet_on is None else first_sheet_on.isoformat(),
    }
    findings: list[Finding] = []
    if visited_on < listed_on:
        findings.append(
            fails(
                "art19.onsite",
                "现场评审日期早于现场评审名单",
                "The visit is before the on-site list",
                remedy=Text("填写名单确定后的评审日期", "State the day of a visit after the list"),
                **facts,
            )
        )
    if visited_on > today:
        findings.append(
            fails(
                "art19.onsite",
                "现场评审日期晚于今日",
                "The visit is after today",
                remedy=Text("评审后再记录", "Record it after the visit"),
                **facts,
            )
        )
    if first_sheet_on is not None and first_sheet_on < visited_on:
        findings.append(
            fails(
                "art19.onsite",
                "有评分早于现场评审",
                "A sheet was submitted before the visit",
                **facts,
            )
        )
    return findings or [passes("art19.onsite", "现场评审日期有效", "The visit is dated", **facts)]


@rule("art19.onsite")
def onsite_reviewed(*, organisation: str, onsite_list: Sequence[str], reports: int) -> list[Finding]:
    """Before the evaluation: it was on the on-site list and has its one on-site report."""
    facts: dict[str, Any] = {"organisation": organisation, "reports": reports}
    findings: list[Finding] = []
    if organisation not in onsite_list:
        findings.append(fails("art19.onsite", "未列入现场评审名单", "Not on the on-site list", **facts))
    if reports == 0:
        findings.append(
            fails(
                "art19.onsite",
                "尚无现场评审报告",
                "There is no on-site report yet",
                remedy=Text("完成现场评审报告", "Record the on-site report"),
                **facts,
            )
        )
    if reports > 1:
        findings.append(fails("art19.onsite", "现场评审报告只有一份", "There is one on-site report only", **facts))
    return findings or [passes("art19.onsite", "现场评审已完成", "It has been reviewed on site", **facts)]


def _valid(percent: object, step: int) -> bool:
    return isinstance(percent, int) and not isinstance(percent, bool) and 0 <= percent <= 100 and percent % step == 0
