"""Scores (Arts. 18 to 20): the panel's result, the on-site list, the evaluation.

All scores are `Decimal` points of the round's total. Whatever is averaged or weighted is rounded half up to two places,
so that what is shown is what is ranked. Nothing here breaks a tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from app.measures.findings import Finding, Text, fails, passes
from app.measures.hashes import InputsHash, RulesHash
from app.measures.plain import Fact, Facts
from app.measures.ranking import Place, place
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage
from app.measures.sectors import SeatCategory

_CENT = Decimal("0.01")


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


@dataclass(frozen=True, slots=True)
class EvaluationInput:
    """Both reports' scores of one organisation (None: no report), its tags (Arts. 14, 15), whether it would take a seat
    (a repeat award takes none)."""

    organisation: str
    seat_category: SeatCategory
    material: Decimal | None
    onsite: Decimal | None
    tags: frozenset[str] = frozenset()
    takes_seat: bool = True


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the evaluation. `rank` counts within the seat category, equal for equal scores (1, 1, 3); `passed`:
    every pass line is reached, without preference points; `overall` includes them."""

    organisation: str
    seat_category: SeatCategory
    material: Decimal
    onsite: Decimal
    preference: Decimal
    overall: Decimal
    rank: int
    tied: bool
    passed: bool
    takes_seat: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The ranking by seat category, the hash of the rules it was made by and, once issued, that of what went in."""

    ranking: tuple[Ranked, ...]
    rules_hash: RulesHash
    findings: list[Finding]
    inputs_hash: InputsHash | None = None


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
    mean = _rounded(Decimal(sum(totals)) / len(totals))
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
    places: dict[str, Place] = {}
    sizes = {SeatCategory.MANUFACTURING: rules.shortlist_manufacturing, SeatCategory.OTHER: rules.shortlist_other}
    for seat_category, size in sizes.items():
        scored = [
            (item.score, item.organisation)
            for item in results
            if item.seat_category is seat_category and item.score is not None
        ]
        peers = [score for score, _ in scored]
        for score, organisation in sorted(scored, key=lambda pair: (-pair[0], pair[1])):
            places[organisation] = place(score, peers)
            if score < rules.pass_line_material:
                line = str(rules.pass_line_material)
                left_out[organisation] = _left_out(Reason.BELOW_MATERIAL_PASS_LINE, score, pass_line=line)
            elif places[organisation].rank > size:
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
        places,
    )


def _left_out(reason: Reason, score: Decimal, **facts: Fact) -> Text:
    return fails("art18.material", reason, score=str(score), **facts).message


@rule("art20.evaluation")
def evaluation(*, inputs: Sequence[EvaluationInput], rules: ReviewRules) -> Evaluation:
    """The evaluation report: the weighted score of both reports plus published preference points, ranked by seat
    category (Art. 20).

    An organisation without both reports is a finding and is not ranked. The facts state what went in.
    """
    findings: list[Finding] = []
    scored: list[_Scored] = []
    for item in inputs:
        if item.material is None or item.onsite is None:
            missing = [
                stage.value
                for stage, score in (
                    (Stage.MATERIAL, item.material),
                    (Stage.ONSITE, item.onsite),
                )
                if score is None
            ]
            findings.append(
                fails("art20.evaluation", Reason.REPORT_MISSING, organisation=item.organisation, missing=missing)
            )
        else:
            scored.append(_Scored(item, item.material, item.onsite))
    ranking = tuple(
        line
        for seat_category in SeatCategory
        for line in _ranked([one for one in scored if one.item.seat_category is seat_category], rules)
    )
    for line in ranking:
        findings.append(
            passes(
                "art20.evaluation",
                Reason.RANKED,
                organisation=line.organisation,
                seat_category=line.seat_category.value,
                material=str(line.material),
                onsite=str(line.onsite),
                preference=str(line.preference),
                overall=str(line.overall),
                rank=line.rank,
                tied=line.tied,
                passed=line.passed,
                weight_material=str(rules.weight_material),
                weight_onsite=str(rules.weight_onsite),
            )
        )
    return Evaluation(ranking, rules.content_hash, findings)


@dataclass(frozen=True, slots=True)
class _Scored:
    item: EvaluationInput
    material: Decimal
    onsite: Decimal


def _ranked(scored: Sequence[_Scored], rules: ReviewRules) -> list[Ranked]:
    overalls = [_weighted(one, rules) + _preference(one, rules) for one in scored]
    # Among equals the order is by name, and means nothing: `tied` says so.
    return sorted((_line(one, overalls, rules) for one in scored), key=lambda line: (line.rank, line.organisation))


def _line(one: _Scored, overalls: Sequence[Decimal], rules: ReviewRules) -> Ranked:
    weighted, preference = _weighted(one, rules), _preference(one, rules)
    overall = weighted + preference
    passed = (
        one.material >= rules.pass_line_material
        and one.onsite >= rules.pass_line_onsite
        and weighted >= rules.pass_line_overall
    )
    found = place(overall, overalls)
    return Ranked(
        organisation=one.item.organisation,
        seat_category=one.item.seat_category,
        material=one.material,
        onsite=one.onsite,
        preference=preference,
        overall=overall,
        rank=found.rank,
        tied=found.tied,
        passed=passed,
        takes_seat=one.item.takes_seat,
    )


def _weighted(one: _Scored, rules: ReviewRules) -> Decimal:
    return _rounded(one.material * rules.weight_material + one.onsite * rules.weight_onsite)


def _preference(one: _Scored, rules: ReviewRules) -> Decimal:
    return Decimal(sum(entry.points for entry in rules.preference_points if entry.tag in one.item.tags))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
