"""Scores (Arts. 18, 19): the panel's result and the on-site list. What is made of both reports is in `evaluation`.

All scores are `Decimal` points of the round's total. Whatever is averaged or weighted is rounded half up to two places,
so that what is shown is what is ranked. Nothing here breaks a tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Fact, Facts
from app.measures.ranking import Place, places, rounded
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage
from app.measures.sectors import SeatCategory
from app.measures.text import Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reviewer's submitted total; `set_aside` after a disqualification (Art. 30)."""

    reviewer: str
    total: Decimal
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class PanelResult:
    """The panel's `score`, None while it is incomplete or owes a consensus."""

    score: Decimal | None
    mean: Decimal | None
    spread: Decimal | None
    consensus_needed: bool
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class MaterialResult:
    """The material score of one application; `score` None: no finished report."""

    organisation: str
    seat_category: SeatCategory
    qualified: bool
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Who goes on to the on-site review, best first within each seat category, why the others do not, and everybody's
    place in the seat category."""

    included: tuple[str, ...]
    left_out: Mapping[str, Text]
    findings: list[Finding]
    places: Mapping[str, Place] = field(default_factory=dict)


@rule("art18.material", "art19.onsite")
def combine(
    *, sheets: Sequence[Sheet], rules: ReviewRules, stage: Stage, consensus: Decimal | None = None
) -> PanelResult:
    """The panel's result: the mean, or the recorded consensus where the spread is above the rules' limit (Art. 18, 19).

    Sheets set aside do not count; below the panel's size there is no result. A consensus lies between the lowest and
    the highest sheet; where none is needed, a recorded one has no effect.
    """
    counted = [sheet for sheet in sheets if not sheet.set_aside]
    incomplete = _panel_faults(counted, rules, stage)
    if incomplete:
        return PanelResult(None, None, None, False, incomplete)
    totals = [sheet.total for sheet in counted]
    mean = rounded(Decimal(sum(totals)) / len(totals))
    spread = max(totals) - min(totals)
    facts: Facts = {"mean": str(mean), "spread": str(spread), "limit": str(rules.spread_for_consensus)}
    if spread <= rules.spread_for_consensus:
        told = passes(stage.rule_id, Reason.PANEL_SCORE, **facts)
        return PanelResult(mean, mean, spread, False, [told])
    if consensus is None:
        return PanelResult(None, mean, spread, True, [fails(stage.rule_id, Reason.CONSENSUS_NEEDED, **facts)])
    facts["consensus"] = str(consensus)
    if not min(totals) <= consensus <= max(totals):
        facts |= {"lowest": str(min(totals)), "highest": str(max(totals))}
        return PanelResult(None, mean, spread, True, [fails(stage.rule_id, Reason.CONSENSUS_OUTSIDE_SCORES, **facts)])
    told = passes(stage.rule_id, Reason.CONSENSUS_SCORE, **facts)
    return PanelResult(consensus, mean, spread, True, [told])


def _panel_faults(counted: Sequence[Sheet], rules: ReviewRules, stage: Stage) -> list[Finding]:
    """What keeps the sheets from being a panel's: a reviewer twice, too few of them."""
    size = rules.panel_size_material if stage is Stage.MATERIAL else rules.panel_size_onsite
    findings: list[Finding] = []
    repeated = sorted(name for name, count in Counter(sheet.reviewer for sheet in counted).items() if count > 1)
    if repeated:
        findings.append(fails(stage.rule_id, Reason.SCORED_TWICE, reviewers=repeated))
    if len(counted) < size:
        findings.append(fails(stage.rule_id, Reason.SHEETS_MISSING, required=size, counted=len(counted)))
    return findings


@rule("art18.material")
def shortlist(*, results: Sequence[MaterialResult], rules: ReviewRules) -> Shortlist:
    """The on-site list: in each seat category the best of those at or above the pass line, up to the rules' size; all
    that tie with the last of them are included (Art. 18). No list while an application is not qualified or has no
    finished report."""
    refused = [
        fails("art18.material", Reason.NOT_QUALIFIED, organisation=item.organisation)
        for item in results
        if not item.qualified
    ]
    refused += [
        fails("art18.material", Reason.REPORT_MISSING, organisation=item.organisation)
        for item in results
        if item.qualified and item.score is None
    ]
    if refused:
        return Shortlist((), {}, refused)
    included: list[str] = []
    left_out: dict[str, Text] = {}
    found: dict[str, Place] = {}
    sizes = {SeatCategory.MANUFACTURING: rules.shortlist_manufacturing, SeatCategory.OTHER: rules.shortlist_other}
    for seat_category, size in sizes.items():
        scored = [
            (item.score, item.organisation)
            for item in results
            if item.seat_category is seat_category and item.score is not None
        ]
        standing = places(score for score, _ in scored)
        for score, organisation in sorted(scored, key=lambda pair: (-pair[0], pair[1])):
            found[organisation] = standing[score]
            if score < rules.pass_line_material:
                line = str(rules.pass_line_material)
                left_out[organisation] = _left_out(Reason.BELOW_MATERIAL_PASS_LINE, score, pass_line=line)
            elif standing[score].rank > size:
                left_out[organisation] = _left_out(Reason.NOT_AMONG_THE_FIRST, score, size=size)
            else:
                included.append(organisation)
    return Shortlist(
        tuple(included),
        left_out,
        [
            passes(
                "art18.material",
                Reason.SHORTLISTED,
                included=included,
                left_out=sorted(left_out),
                rules_hash=rules.content_hash,
            )
        ],
        found,
    )


def _left_out(reason: Reason, score: Decimal, **facts: Fact) -> Text:
    return fails("art18.material", reason, score=str(score), **facts).message
