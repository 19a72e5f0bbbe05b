"""The evaluation (Art. 20): both reports, weighted, with published preference points. Nothing here breaks a tie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.measures.findings import Finding, fails, passes
from app.measures.hashes import InputsHash, RulesHash
from app.measures.ranking import Place, places, rounded
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage
from app.measures.sectors import SeatCategory, SectorTag


@dataclass(frozen=True, slots=True)
class EvaluationInput:
    """Both reports' scores of one organisation (None: no report), its tags (Arts. 14, 15), whether it would take a seat
    (a repeat award takes none)."""

    organisation: str
    seat_category: SeatCategory
    material: Decimal | None
    onsite: Decimal | None
    tags: frozenset[SectorTag] = frozenset()
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
    standing = places(_weighted(one, rules) + _preference(one, rules) for one in scored)
    # Among equals the order is by name, and means nothing: `tied` says so.
    return sorted((_line(one, standing, rules) for one in scored), key=lambda line: (line.rank, line.organisation))


def _line(one: _Scored, standing: Mapping[Decimal, Place], rules: ReviewRules) -> Ranked:
    weighted, preference = _weighted(one, rules), _preference(one, rules)
    overall = weighted + preference
    passed = (
        one.material >= rules.pass_line_material
        and one.onsite >= rules.pass_line_onsite
        and weighted >= rules.pass_line_overall
    )
    found = standing[overall]
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
    return rounded(one.material * rules.weight_material + one.onsite * rules.weight_onsite)


def _preference(one: _Scored, rules: ReviewRules) -> Decimal:
    return Decimal(sum(entry.points for entry in rules.preference_points if entry.tag in one.item.tags))
