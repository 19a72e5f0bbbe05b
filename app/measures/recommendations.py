"""The recommendation (Art. 3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.asks import RecommendationDetail
from app.measures.facts import Endorsement, UnitKind
from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import FormPart, ReviewRules
from app.measures.state_machines import RecommendationState
from app.measures.text import plain_name, same_name
from app.measures.units import AREA_UNITS

# What an opinion says that is no recommendation. That there is no other opinion is one.
_SAYS_NO = re.compile(
    "不同意(?!见)|(?:不予|不|不宜|不应|不能|不建议|不便|暂不|未予)推荐|"  # house: sentences
    "(?<!不)(?<!无)反对|不支持|"  # house: sentences
    "(?:not|n't)(?:be)?recommend|disagree|(?<!not)oppose|reject",
    re.IGNORECASE,
)


class RecommendationAnswer(StrEnum):
    """What a unit answers to a request for its recommendation (Art. 3); the recommendation's state is the same
    word."""

    ENDORSED = RecommendationState.ENDORSED.value
    DECLINED = RecommendationState.DECLINED.value
    RETURNED = RecommendationState.RETURNED.value


class RecommendationChange(StrEnum):
    """What the units are told of a recommendation: its states as they are entered, and the county's word beside."""

    REQUESTED = RecommendationState.REQUESTED.value
    ENDORSED = RecommendationState.ENDORSED.value
    DECLINED = RecommendationState.DECLINED.value
    RETURNED = RecommendationState.RETURNED.value
    LAPSED = RecommendationState.LAPSED.value
    ENDORSED_FOR_COUNTY = "endorsed_for_county"

    @property
    def told(self) -> str:
        """Its name, the same in the feed and in the messages to webhooks."""
        return f"recommendation.{self}"


@rule("art03.recommendation")
def recommended(*, endorsements: Sequence[Endorsement]) -> list[Finding]:
    """Exactly one endorsement by one unit, and not by the applicant itself (Art. 3). Answers other than an endorsement
    do not count."""
    given = [item for item in endorsements if item.outcome == RecommendationState.ENDORSED]
    facts: Facts = {"endorsements": len(given), "units": [item.unit_id for item in given]}
    findings: list[Finding] = []
    if not given:
        findings.append(fails("art03.recommendation", Reason.NOT_ENDORSED, **facts))
    if len(given) > 1:
        findings.append(fails("art03.recommendation", Reason.SEVERAL_ENDORSEMENTS, **facts))
    if any(_is_itself(item) for item in given):
        findings.append(_itself(facts))
    return findings or [passes("art03.recommendation", Reason.ENDORSED, **facts)]


@rule("art03.recommendation")
def not_itself(*, endorsement: Endorsement) -> list[Finding]:
    """A unit never recommends itself: by its credit code or by its name (Art. 3). For the request, before there is an
    answer."""
    facts: Facts = {"units": [endorsement.unit_id]}
    if _is_itself(endorsement):
        return [_itself(facts)]
    return [passes("art03.recommendation", Reason.NOT_ITSELF, **facts)]


@dataclass(frozen=True, slots=True)
class ShownForm:
    """What a form holds that a unit would be shown: the codes of the sections that say something and of the materials
    that are there, how many years of figures and how many certificates it states."""

    sections: Collection[str]
    materials: Collection[str]
    figures: int
    certificates: int


@rule("art03.recommendation")
def form_to_verify(*, form: ShownForm, rules: ReviewRules) -> list[Finding]:
    """A unit recommends what it has verified (Art. 3): before it is asked, what the round's review rules want there is
    there (`before_recommendation`). Fact `missing` names the sections or materials that are not, `parts` the other
    parts of the form."""
    wanted = rules.before_recommendation
    findings: list[Finding] = []
    for part, reason, required, present in (
        (FormPart.SECTIONS, Reason.SECTIONS_MISSING, rules.required_sections, form.sections),
        (FormPart.MATERIALS, Reason.MATERIALS_TO_VERIFY_MISSING, rules.required_materials, form.materials),
    ):
        missing = [item for item in required if item.code not in present] if part in wanted else []
        if missing:
            told: Facts = {
                "missing": [item.code for item in missing],
                "missing_zh": [item.zh for item in missing],
                "missing_en": [item.en for item in missing],
            }
            findings.append(fails("art03.recommendation", reason, **told))
    stated = {FormPart.FIGURES: form.figures, FormPart.CERTIFICATES: form.certificates}
    empty = [part.value for part, count in stated.items() if part in wanted and not count]
    if empty:
        findings.append(fails("art03.recommendation", Reason.PARTS_TO_VERIFY_MISSING, parts=empty))
    return findings or [passes("art03.recommendation", Reason.SECTIONS_THERE, sections=sorted(form.sections))]


@rule("art03.recommendation")
def county_unit_named(*, rules: ReviewRules, unit_kind: UnitKind, county_kind: UnitKind | None) -> list[Finding]:
    """Who endorses for the county after a township or community committee, where the round's rules ask for it (Art. 3):
    a competent department, named when the recommendation is asked for. `county_kind`: the kind of the unit that is
    named; None: none is. Nothing is found where none is asked for or named."""
    if county_kind is None:
        if not _county_asked(rules, unit_kind):
            return []
        return [fails("art03.recommendation", Reason.COUNTY_UNIT_MISSING, unit_kind=unit_kind.value)]
    if unit_kind not in AREA_UNITS or county_kind is not UnitKind.DEPARTMENT:
        facts: Facts = {"unit_kind": unit_kind.value, "county_unit_kind": county_kind.value}
        return [fails("art03.recommendation", Reason.COUNTY_UNIT_UNFIT, **facts)]
    return [passes("art03.recommendation", Reason.COUNTY_UNIT_NAMED, county_unit_kind=county_kind.value)]


@rule("art03.recommendation")
def county_endorsed(*, rules: ReviewRules, unit_kind: UnitKind, given: bool) -> list[Finding]:
    """Whether the county's department has endorsed too, where the round's rules ask for it (Art. 3). It is no second
    recommendation: the unit that recommends is one."""
    if not _county_asked(rules, unit_kind):
        return []
    if not given:
        return [fails("art03.recommendation", Reason.COUNTY_ENDORSEMENT_MISSING, unit_kind=unit_kind.value)]
    return [passes("art03.recommendation", Reason.COUNTY_ENDORSED, unit_kind=unit_kind.value)]


@rule("art03.recommendation")
def opinion_recommends(*, opinion: str) -> list[Finding]:
    """An endorsement says yes: a unit whose opinion is no declines, or sends the application back (Art. 3). Nothing is
    found where it does not say no."""
    if _SAYS_NO.search(plain_name(opinion)):
        return [fails("art03.recommendation", Reason.OPINION_SAYS_NO)]
    return []


@rule("art03.recommendation")
def county_signed_after(*, signed_on: date, recommended_on: date | None) -> list[Finding]:
    """The county's department puts its opinion under the unit's: on the day on which that was signed, or later (Art.
    3). Nothing is found where it does."""
    if recommended_on is None or signed_on >= recommended_on:
        return []
    days: Facts = {"day": signed_on.isoformat(), "recommended_on": recommended_on.isoformat()}
    return [fails("art03.recommendation", Reason.COUNTY_SIGNED_BEFORE, **days)]


@rule("art03.recommendation")
def signed_after_the_request(*, signed_on: date, requested_on: date, called_on: date) -> list[Finding]:
    """A unit recommends what it has read (Art. 3): its opinion is signed on the day on which it was asked for it with
    this form, or later. Nothing is found where it is, nor for a day before the call (`called_on`), which is refused by
    itself."""
    if signed_on >= requested_on or signed_on < called_on:
        return []
    days: Facts = {"day": signed_on.isoformat(), "requested_on": requested_on.isoformat()}
    return [fails("art03.recommendation", Reason.SIGNED_BEFORE_THE_REQUEST, **days)]


@rule("art03.recommendation")
def county_endorsable(*, given: bool) -> list[Finding]:
    """The county's department endorses once (Art. 3). `given`: it has."""
    if given:
        return [fails("art03.recommendation", Reason.COUNTY_ENDORSED_ALREADY)]
    return [passes("art03.recommendation", Reason.COUNTY_UNIT_NAMED)]


@rule("art03.recommendation")
def order_free(*, order: int | None, taken: Collection[int]) -> list[Finding]:
    """A unit that recommends several in a round puts them in an order, each at a place of its own (Art. 3). `order`
    None: it states none; `taken`: the places of those that it has recommended already."""
    if order is None:
        return []
    if order in taken:
        return [fails("art03.recommendation", Reason.ORDER_TAKEN, order=order, taken=sorted(taken))]
    return [passes("art03.recommendation", Reason.ORDER_FREE, order=order)]


@rule("art03.recommendation")
def endorsed_as_it_is(*, endorsed_hash: str | None, present_hash: str) -> list[Finding]:
    """A unit endorses what it has read: another content needs another endorsement (Art. 3). Both are hashes of the
    content; None: nothing is endorsed, which `recommended` refuses."""
    facts: Facts = {"endorsed_hash": endorsed_hash, "present_hash": present_hash}
    if endorsed_hash is not None and endorsed_hash != present_hash:
        return [fails("art03.recommendation", Reason.CONTENT_CHANGED, **facts)]
    return [passes("art03.recommendation", Reason.CONTENT_UNCHANGED, **facts)]


def _county_asked(rules: ReviewRules, unit_kind: UnitKind) -> bool:
    return RecommendationDetail.COUNTY_ENDORSEMENT in rules.asks.recommendation and unit_kind in AREA_UNITS


def _is_itself(item: Endorsement) -> bool:
    """By the code where the unit's is on record, and by the name in any case: a code is mistyped, or of an older
    register."""
    by_code = item.unit_uscc is not None and same_name(item.unit_uscc.upper(), item.organisation_uscc.upper())
    return by_code or same_name(item.unit_name, item.organisation_name)


def _itself(facts: Facts) -> Finding:
    return fails("art03.recommendation", Reason.SELF_REFERENCE, **facts)
