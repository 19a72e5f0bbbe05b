"""The application's form against what the round asks for (Arts. 10, 17): parts, yearly indicators, texts, evidence, the
applicant's own internal notice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from app.measures.asks import WHOLE_UNITS, Asks, Indicator, InternalNoticePeriod, NoticeCounting, ProductDetail
from app.measures.findings import Finding, fails, passes, placed
from app.measures.interpretations import Readings
from app.measures.objections import says_something
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.working_days import UnknownYear, WorkingCalendar
from app.measures.writers import letters_of

_RULE = "art17.qualification"
# What stands where a text is to come, or where it is said to stand elsewhere, and nothing beside it.
_ELSEWHERE = (
    "自我评价估总结报告申请附件表后材料上下另纸文见册份第页章节所述一二三四五六七八九十电子版网盘"  # house: sentences
)
_TO_COME = "待|未|尚未|暂未|稍后|随后|后续|将另行|另行"  # house: sentences
# What was read is not read another way (`?>`, `++`): a text that is built to be read in many ways would take years.
_NO_TEXT = re.compile(
    rf"(?>(?:{_TO_COME})(?:补充?|填写?|完善|提供|更新|提交|报送)|待定|后补|暂无|暂缺"  # house: sentences
    r"|暂空|空白|另附|附后"  # house: sentences
    rf"|(?:详见|请见|参见|参阅|请参见|请参阅|另见|见|同|如)[{_ELSEWHERE}]{{1,16}}"  # house: sentences
    r"|(?:请在此处|请在此|请|在此|此处|点击此处|点击输入|点击)(?:处)?(?:填写|输入)?(?:文字|内容)?"  # house: sentences
    r"|todo|tbd|tbc|tba|pending|tobe(?:completed|added|provided|determined|filledin)"
    r"|(?:please)?see(?:the|our)?(?:attach(?:ed|ment)s?|annex|appendix|enclosed|above|below|report|selfassessment)+)++"
)
# One sign over and over.
_ONE_SIGN = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """An indicator of one year: its value, or why there is none (`value` None). `at`: where in the form."""

    code: str
    year: int
    value: Decimal | None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A main product, and which of its details are stated."""

    name: str
    details: frozenset[ProductDetail]
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """An entry of the evidence catalogue; `attachment`: the file that it names, None where it names none."""

    number: str
    attachment: str | None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A form as far as a round can ask for it. `given`: the names of its parts that say something; `lengths`: by
    section, characters without blanks; `files`: those of the application."""

    given: frozenset[str] = frozenset()
    products: tuple[Product, ...] = ()
    indicators: tuple[IndicatorValue, ...] = ()
    lengths: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    evidence: tuple[Evidence, ...] = ()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InternalNotice:
    """The applicant's notice to its own staff: first and last day, both included."""

    from_day: date
    to_day: date


@rule("art17.qualification")
def form_as_asked(
    *, facts: FormFacts, rules: ReviewRules, years: Sequence[int], due: Collection[int], operating: bool
) -> list[Finding]:
    """Whether the form holds what the round's rules ask for, each thing in its bounds (Arts. 10, 17). `years`: those of
    Art. 5, of which the figures are; `due`: those in which the organisation was there; `operating`: whether the
    indicators of organisations that operate are asked. Nothing is found where the round asks for nothing and nothing is
    wrong."""
    asks = rules.asks
    findings = [
        *_parts(facts, asks),
        *_products(facts, asks),
        *_indicators(facts, asks, years, due, operating=operating),
        *_lengths(facts, rules),
        *_evidence(facts),
    ]
    if findings or asks == Asks():
        return findings
    return [passes(_RULE, Reason.FORM_AS_ASKED, asked=[item.value for item in asks.form_fields])]


@rule(
    "art03.recommendation",
    "art11.deliberation",
    "art17.qualification",
    "art18.material",
    "art19.onsite",
    "art22.approval",
)
def asked_for_given(*, rule_id: str, asked: Collection[StrEnum], given: Collection[str]) -> list[Finding]:
    """Whether an act brings what the round's rules ask of it (Arts. 3, 10, 11, 17, 18, 19, 22): `asked` and `given` are
    names of fields; found under the rule of the act. Nothing is found where the round asks for nothing."""
    if not asked:
        return []
    missing = [item.value for item in asked if item.value not in given]
    if missing:
        return [fails(rule_id, Reason.ASKED_FOR_MISSING, missing=missing)]
    return [passes(rule_id, Reason.ASKED_FOR_GIVEN, asked=[item.value for item in asked])]


@rule("art17.qualification")
def internal_notice_given(
    *,
    notice: InternalNotice | None,
    asked: InternalNoticePeriod | None,
    on: date,
    calendar: WorkingCalendar,
    readings: Readings,
) -> list[Finding]:
    """Whether the applicant has published its application to its own staff for the days that the rules name (Art. 17),
    and they are over `on` that day. Nothing is found where the round does not ask for it (Art. 10)."""
    if asked is None:
        return []
    facts: Facts = {"days": asked.days, "counted": asked.counted.value}
    if notice is None:
        return [_refused(Reason.INTERNAL_NOTICE_MISSING, **facts)]
    facts |= {"from_day": notice.from_day.isoformat(), "to_day": notice.to_day.isoformat()}
    facts["reading"] = readings.cite("internal_notice")
    try:
        due = _last_day(
            notice.from_day, asked, calendar, first_counts=readings["internal_notice"] == "first_day_counts"
        )
    except UnknownYear as unknown:
        return [_refused(Reason.HOLIDAYS_UNKNOWN, year=unknown.year, **facts)]
    facts["due_to"] = due.isoformat()
    if notice.to_day < due:
        return [_at(Reason.INTERNAL_NOTICE_TOO_SHORT, "/internal_notice/to_day", **facts)]
    if notice.to_day >= on:
        return [_at(Reason.INTERNAL_NOTICE_RUNNING, "/internal_notice/to_day", on=on.isoformat(), **facts)]
    return [passes(_RULE, Reason.INTERNAL_NOTICE_GIVEN, **facts)]


def filled_in(text: str) -> bool:
    """Whether a section of the form holds a text: it says something, and not only that the text is to come or stands
    elsewhere (Art. 3, 17)."""
    letters = letters_of(text)
    return says_something(text) and not any(nothing.fullmatch(letters) for nothing in (_NO_TEXT, _ONE_SIGN))


def characters(text: str) -> int:
    """The length of a text as a round limits it: characters without blanks and line breaks."""
    return len("".join(text.split()))


def _parts(facts: FormFacts, asks: Asks) -> Iterator[Finding]:
    missing = [item.value for item in asks.form_fields if item not in facts.given]
    if missing:
        yield _refused(Reason.ASKED_FOR_MISSING, of="form", missing=missing)


def _products(facts: FormFacts, asks: Asks) -> Iterator[Finding]:
    for product in facts.products:
        missing = [item.value for item in asks.product_details if item not in product.details]
        if missing:
            yield _at(Reason.PRODUCT_DETAIL_MISSING, product.at, product=product.name, missing=missing)


def _indicators(
    facts: FormFacts, asks: Asks, years: Sequence[int], due: Collection[int], *, operating: bool
) -> Iterator[Finding]:
    asked = {item.code: item for item in asks.indicators}
    stated = Counter((item.code, item.year) for item in facts.indicators)
    for indicator in asks.indicators:
        missing = [year for year in years if year in due and not stated[indicator.code, year]]
        if missing and indicator.concerns(operating=operating):
            yield _at(Reason.INDICATOR_MISSING, "/indicators", **_named(indicator), years=missing)
    told = set[tuple[str, int]]()
    for item in facts.indicators:
        known = asked.get(item.code)
        if known is None:
            yield _at(Reason.INDICATOR_NOT_ASKED, item.at, code=item.code)
            continue
        if item.year not in years:
            yield _at(Reason.INDICATOR_OF_ANOTHER_YEAR, item.at, **_named(known), year=item.year, years=list(years))
        if (item.code, item.year) in told:
            yield _at(Reason.INDICATOR_DUPLICATED, item.at, **_named(known), year=item.year)
        told.add((item.code, item.year))
        if item.value is not None and not _in_bounds(item.value, known):
            bounds: Facts = {name: _written(getattr(known, name)) for name in ("at_least", "at_most")}
            value = _written(item.value)
            yield _at(
                Reason.INDICATOR_OUT_OF_BOUNDS,
                item.at,
                **_named(known),
                year=item.year,
                value=value,
                counted_in=known.counted_in.value,
                **bounds,
            )


def _lengths(facts: FormFacts, rules: ReviewRules) -> Iterator[Finding]:
    names = {item.code: item for item in rules.required_sections}
    for asked in rules.asks.section_lengths:
        length = facts.lengths.get(asked.code)
        if length is None:
            # That it is missing altogether is told by the completeness.
            continue
        told: Facts = {
            "section_zh": names[asked.code].zh,
            "section_en": names[asked.code].en,
            "characters": length,
            "at_least": asked.at_least,
            "at_most": asked.at_most,
        }
        if asked.at_most is not None and length > asked.at_most:
            yield _at(Reason.SECTION_TOO_LONG, f"/sections/{asked.code}", **told)
        if asked.at_least is not None and length < asked.at_least:
            yield _at(Reason.SECTION_TOO_SHORT, f"/sections/{asked.code}", **told)


def _evidence(facts: FormFacts) -> Iterator[Finding]:
    numbers = set[str]()
    for entry in facts.evidence:
        if entry.number in numbers:
            yield _at(Reason.EVIDENCE_NUMBER_DUPLICATED, entry.at, number=entry.number)
        numbers.add(entry.number)
        if entry.attachment is not None and entry.attachment not in facts.files:
            yield _at(Reason.EVIDENCE_FILE_MISSING, entry.at, number=entry.number)


def _last_day(first: date, asked: InternalNoticePeriod, calendar: WorkingCalendar, *, first_counts: bool) -> date:
    """The last of the days, by the first one."""
    days = asked.days - 1 if first_counts else asked.days
    if asked.counted is NoticeCounting.CALENDAR_DAYS:
        return first + timedelta(days=days)
    # A first day that is none of work is not the first one that counts.
    start = calendar.working_day_on_or_after(first) if first_counts else first
    return calendar.add_working_days(start, days)


def _in_bounds(value: Decimal, indicator: Indicator) -> bool:
    if indicator.counted_in in WHOLE_UNITS and value != value.to_integral_value():
        return False
    low, high = indicator.at_least, indicator.at_most
    return (low is None or low <= value) and (high is None or value <= high)


def _named(indicator: Indicator) -> Facts:
    return {"code": indicator.code, "indicator_zh": indicator.zh, "indicator_en": indicator.en}


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _refused(reason: Reason, /, **facts: Fact) -> Finding:
    return fails(_RULE, reason, **facts)


def _at(reason: Reason, at: str | None, /, **facts: Fact) -> Finding:
    return placed(_refused(reason, **facts), at)
