"""The review rules of a round (Arts. 10, 11(1)): the office's to set, frozen before the call is published.

The shipped default is a default, not law: the measures name no standard, no points and no panel.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache, cached_property

from app.measures.asks import CODE, DAYS, NAME, SEVERAL, WORDS, Asks, asks_problems
from app.measures.facts import RecordCategory
from app.measures.findings import Finding, fails, passes
from app.measures.hashes import RulesHash, canonical_json
from app.measures.plain import Facts, Plain
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.sectors import SectorTag
from app.measures.shipped import read_as, shipped_json
from app.measures.text import Text

_STEPS = frozenset(step for step in range(1, 101) if 100 % step == 0)
_DEFAULT = "review-rules-default.json"
RECORD_CATEGORIES = frozenset(RecordCategory)
_ONE = Decimal(1)
_NOTHING = Asks()
# The bounds of what is sent; see `asks`.
_POINTS: Mapping[str, int] = {"ge": 0, "le": 100_000}
_SCORE: Mapping[str, int] = {**_POINTS, "max_digits": 10, "decimal_places": 4}
_WEIGHT: Mapping[str, int] = {"ge": 0, "le": 1, "max_digits": 10, "decimal_places": 4}
_SHARE: Mapping[str, int] = {"ge": 0, "le": 1}
_FEW: Mapping[str, int] = {"ge": 0, "le": 100}
_MANY: Mapping[str, int] = {"ge": 0, "le": 1000}
_YEARS: Mapping[str, int] = {"ge": 0, "le": 50}
_BYTES: Mapping[str, int] = {"ge": 0, "le": 1 << 30}
_ITEMS: Mapping[str, int] = {"max_length": 300}


class FileType(StrEnum):
    """A kind of file that a round may take as material, by the ending that people know it by."""

    PDF = "pdf"
    OFD = "ofd"
    PNG = "png"
    JPG = "jpg"
    TIF = "tif"
    HEIC = "heic"
    DOCX = "docx"
    XLSX = "xlsx"
    DOC = "doc"
    XLS = "xls"
    WPS = "wps"


class FormPart(StrEnum):
    """A part of the form that can be wanted before a unit is asked to verify it (Art. 3). sections: every required
    section; materials: every required material; figures, certificates: one entry at least."""

    SECTIONS = "sections"
    MATERIALS = "materials"
    FIGURES = "figures"
    CERTIFICATES = "certificates"


class ItemKind(StrEnum):
    """What an item of the scoring scheme asks for: how things are done, or what came of it."""

    PROCESS = "process"
    RESULT = "result"


# What a unit is shown at least, where the rules do not say otherwise.
_BEFORE_RECOMMENDATION = (FormPart.SECTIONS, FormPart.MATERIALS, FormPart.FIGURES)


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """One item of the scoring scheme with its points."""

    code: str = field(metadata=CODE)
    category: str = field(metadata=CODE)
    category_zh: str = field(metadata=NAME)
    category_en: str = field(metadata=NAME)
    zh: str = field(metadata=NAME)
    en: str = field(metadata=NAME)
    points: int = field(metadata=_POINTS)
    kind: ItemKind


@dataclass(frozen=True, slots=True)
class Named:
    """A material or a section that an application must hold, or may."""

    code: str = field(metadata=CODE)
    zh: str = field(metadata=NAME)
    en: str = field(metadata=NAME)


# What is taken beside the required materials, where the rules do not say otherwise.
_FURTHER_MATERIALS = (Named("extra", "其他证明材料", "Other evidence"),)  # house: sentences


@dataclass(frozen=True, slots=True)
class ConsultedDepartment:
    """A department to consult (Art. 17) and the categories of Art. 13(6) that it answers for."""

    code: str = field(metadata=CODE)
    zh: str = field(metadata=NAME)
    en: str = field(metadata=NAME)
    categories: tuple[str, ...] = field(metadata=WORDS)


@dataclass(frozen=True, slots=True)
class PreferencePoints:
    """Points that the round's published rules add for a tag (Arts. 14, 15)."""

    tag: SectorTag
    points: Decimal = field(metadata=_SCORE)


# No slots: the hash is worked out once and kept.
@dataclass(frozen=True)
class ReviewRules:
    """The rules of one round. Points are of `total_points`, percentages in steps of `score_step`, weights sum to 1.

    `quorum` is the share of the committee that must be present; `majority`, where votes are required, the share of
    those present that must vote for a candidate (reaching either suffices). Days are calendar days. `recusal_years`:
    how long past work for an applicant bars a reviewer. `file_types`, `max_file_bytes` and `files_per_material`: what
    may be uploaded as material; the service's own limit of size holds beside it. `before_recommendation`: what a form
    holds before a unit is asked (Art. 3). `further_materials`: what is taken beside the required ones. `asks`: what the
    round requires beyond the measures.
    """

    total_points: int = field(metadata=_POINTS)
    score_step: int = field(metadata=_FEW)
    items: tuple[SchemeItem, ...] = field(metadata=_ITEMS)
    panel_size_material: int = field(metadata=_FEW)
    panel_size_onsite: int = field(metadata=_FEW)
    weight_material: Decimal = field(metadata=_WEIGHT)
    weight_onsite: Decimal = field(metadata=_WEIGHT)
    pass_line_material: Decimal = field(metadata=_SCORE)
    pass_line_onsite: Decimal = field(metadata=_SCORE)
    pass_line_overall: Decimal = field(metadata=_SCORE)
    spread_for_consensus: Decimal = field(metadata=_SCORE)
    shortlist_manufacturing: int = field(metadata=_MANY)
    shortlist_other: int = field(metadata=_MANY)
    committee_size: int = field(metadata=_MANY)
    quorum: Fraction = field(metadata=_SHARE)
    votes_required: bool
    majority: Fraction = field(metadata=_SHARE)
    consultation_days: int = field(metadata=DAYS)
    correction_days: int = field(metadata=DAYS)
    recusal_years: int = field(metadata=_YEARS)
    departments: tuple[ConsultedDepartment, ...] = field(metadata=SEVERAL)
    required_materials: tuple[Named, ...] = field(metadata=SEVERAL)
    required_sections: tuple[Named, ...] = field(metadata=SEVERAL)
    preference_points: tuple[PreferencePoints, ...] = field(default=(), metadata=WORDS)
    file_types: tuple[FileType, ...] = field(default=tuple(FileType), metadata=WORDS)
    max_file_bytes: int = field(default=20 << 20, metadata=_BYTES)
    files_per_material: int = field(default=10, metadata=_FEW)
    before_recommendation: tuple[FormPart, ...] = field(default=_BEFORE_RECOMMENDATION, metadata=WORDS)
    further_materials: tuple[Named, ...] = field(default=_FURTHER_MATERIALS, metadata=SEVERAL)
    asks: Asks = _NOTHING

    def to_mapping(self) -> dict[str, object]:
        """JSON-ready, equal for equal rules: "0.40" and "0.4" come out alike."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @cached_property
    def content_hash(self) -> RulesHash:
        """SHA-256 (hex) of the content: what the published call names and every score is held against. Rules that ask
        for nothing more, of the form or of a unit, have the hash that they had before a round could ask."""
        content = self.to_mapping()
        if self.asks == _NOTHING:
            del content["asks"]
        if self.before_recommendation == _BEFORE_RECOMMENDATION:
            del content["before_recommendation"]
        if self.further_materials == _FURTHER_MATERIALS:
            del content["further_materials"]
        return RulesHash(hashlib.sha256(canonical_json(content).encode()).hexdigest())


_FRACTIONS = frozenset({"quorum", "majority"})
_POSITIVE = (
    "total_points",
    "panel_size_material",
    "panel_size_onsite",
    "shortlist_manufacturing",
    "shortlist_other",
    "committee_size",
    "consultation_days",
    "correction_days",
    "recusal_years",
    "max_file_bytes",
    "files_per_material",
)


@cache
def default_review_rules() -> ReviewRules:
    """The shipped default: GB/T 19580-2012 as a model, 1,000 points. A default, not law."""
    raw = shipped_json(_DEFAULT)
    return read_as(ReviewRules, {name: value for name, value in raw.items() if name not in ("note_zh", "note_en")})


@cache
def default_note() -> Text:
    """What the shipped default says of itself."""
    raw = shipped_json(_DEFAULT)
    return Text(raw["note_zh"], raw["note_en"])


@rule("art10.review_rules")
def review_rules_complete(*, rules: ReviewRules) -> list[Finding]:
    """Whether the rules can carry a round; each problem is a finding of its own (Art. 10). Facts name the field."""
    problems = [*_number_problems(rules), *_scheme_problems(rules), *_list_problems(rules), *asks_problems(rules)]
    return [fails("art10.review_rules", reason, **facts) for reason, facts in problems] or [
        passes(
            "art10.review_rules",
            Reason.RULES_COMPLETE,
            rules_hash=rules.content_hash,
            items=len(rules.items),
            total_points=rules.total_points,
        )
    ]


@rule("art10.review_rules")
def review_rules_unchanged(*, frozen_hash: RulesHash | None, rules: ReviewRules) -> list[Finding]:
    """The rules applied are those frozen when the call was published (`frozen_hash`; None: never frozen; Art. 10)."""
    if frozen_hash is None:
        return [fails("art10.review_rules", Reason.RULES_NOT_FROZEN)]
    facts: Facts = {"frozen": frozen_hash, "applied": rules.content_hash}
    if frozen_hash != rules.content_hash:
        return [fails("art10.review_rules", Reason.RULES_CHANGED, **facts)]
    return [passes("art10.review_rules", Reason.RULES_AS_FROZEN, **facts)]


_Problem = tuple[Reason, Facts]


def _number_problems(rules: ReviewRules) -> Iterator[_Problem]:
    for name in _POSITIVE:
        if getattr(rules, name) < 1:
            yield Reason.NUMBER_NOT_POSITIVE, {"field": name, "value": getattr(rules, name)}
    if rules.score_step not in _STEPS:
        yield Reason.SCORE_STEP_UNEVEN, {"field": "score_step", "value": rules.score_step}
    weights = rules.weight_material + rules.weight_onsite
    if weights != _ONE:
        yield Reason.WEIGHTS_NOT_ONE, {"field": "weights", "sum": str(weights)}
    for name in ("weight_material", "weight_onsite"):
        if getattr(rules, name) <= 0:
            yield Reason.WEIGHT_NOT_POSITIVE, {"field": name, "value": str(getattr(rules, name))}
    for name in ("pass_line_material", "pass_line_onsite", "pass_line_overall", "spread_for_consensus"):
        if not 0 <= getattr(rules, name) <= rules.total_points:
            yield (
                Reason.BEYOND_TOTAL_POINTS,
                {"field": name, "value": str(getattr(rules, name)), "total_points": rules.total_points},
            )
    # Two opposite conclusions must never both have their quorum or their majority.
    for name in _FRACTIONS_IN_ORDER:
        if not Fraction(1, 2) < getattr(rules, name) <= 1:
            yield Reason.NO_MAJORITY, {"field": name, "value": str(getattr(rules, name))}


_FRACTIONS_IN_ORDER = tuple(sorted(_FRACTIONS))


def _scheme_problems(rules: ReviewRules) -> Iterator[_Problem]:
    points = sum(item.points for item in rules.items)
    if points != rules.total_points:
        yield (
            Reason.POINTS_NOT_THE_TOTAL,
            {"field": "items", "sum": points, "total_points": rules.total_points},
        )
    worthless = [item.code for item in rules.items if item.points < 1]
    if worthless:
        yield Reason.ITEM_WITHOUT_POINTS, {"field": "items", "codes": worthless}
    yield from _duplicates("items", (item.code for item in rules.items))
    for preference in rules.preference_points:
        if preference.points <= 0:
            yield (
                Reason.PREFERENCE_NOT_POSITIVE,
                {"field": "preference_points", "tag": preference.tag, "points": str(preference.points)},
            )
    yield from _duplicates("preference_points", (item.tag for item in rules.preference_points))


def _list_problems(rules: ReviewRules) -> Iterator[_Problem]:
    for name in ("departments", "required_materials", "required_sections"):
        entries = getattr(rules, name)
        if not entries:
            yield Reason.FIELD_EMPTY, {"field": name}
        yield from _duplicates(name, (entry.code for entry in entries))
    if not rules.file_types:
        yield Reason.FIELD_EMPTY, {"field": "file_types"}
    yield from _duplicates("file_types", rules.file_types)
    yield from _duplicates("before_recommendation", rules.before_recommendation)
    # One code is one material, required or not.
    required, further = ([item.code for item in named] for named in (rules.required_materials, rules.further_materials))
    yield from _duplicates("further_materials", (*further, *(set(required) & set(further))))
    for department in rules.departments:
        unknown = sorted(set(department.categories) - RECORD_CATEGORIES)
        if unknown or not department.categories:
            yield (
                Reason.CONSULTATION_INVALID,
                {
                    "field": "departments",
                    "code": department.code,
                    "categories": unknown,
                    "department_zh": department.zh,
                    "department_en": department.en,
                },
            )


def _duplicates(name: str, codes: Iterable[str]) -> Iterator[_Problem]:
    repeated = sorted(code for code, count in Counter(codes).items() if count > 1)
    if repeated:
        yield Reason.FIELD_DUPLICATED, {"field": name, "codes": repeated}


def _plain(value: object) -> Plain:
    if isinstance(value, Decimal):
        # `normalize` alone would turn 500 into 5E+2; "f" writes it out.
        return f"{value.normalize():f}"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int)):
        return value
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(f"review rules hold no {type(value).__name__}")
