"""What a round asks for beyond the measures (Arts. 10, 11(1)): part of its review rules, frozen with them.

Real rounds differ in their forms, letters and minutes. None of it is law: a round that asks for nothing here takes
whatever of it people state, and requires none of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.shipped import read_as, shipped_json

if TYPE_CHECKING:
    from app.measures.review_rules import ReviewRules

_CATALOGUE = "indicators.json"
Problem = tuple[Reason, Facts]

# The bounds of what is sent stand at its field (`metadata`): where rules are read (`app/kernel/stored.py`) and where
# the contract is written they are found there by these names. Within them it is the rules that say what makes sense;
# beyond them no day could be counted and no page be printed.
CODE: Mapping[str, int] = {"max_length": 60}
NAME: Mapping[str, int] = {"max_length": 200}
DAYS: Mapping[str, int] = {"ge": 0, "le": 365}
SEVERAL: Mapping[str, int] = {"max_length": 100}
# Each word once, and some room for those that are refused because they stand there twice.
WORDS: Mapping[str, int] = {"max_length": 30}
_VALUE: Mapping[str, int] = {"ge": 1 - 10**15, "le": 10**15 - 1, "max_digits": 20, "decimal_places": 4}
_CHARACTERS: Mapping[str, int] = {"ge": 0, "le": 100_000}


class FormField(StrEnum):
    """Parts of the form that a round may require; each is named as in the form."""

    SIZE_CLASS = "size_class"
    STAFF = "staff"
    LEGAL_REPRESENTATIVE = "legal_representative"
    REGISTERED_CAPITAL = "registered_capital_fen"
    QUALITY_OFFICER = "quality_officer"
    CONTACT = "contact"
    MAIN_PRODUCTS = "main_products"
    MARKET_POSITION = "market_position"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    STANDARDS = "standards"
    TABLES = "tables"
    EVIDENCE = "evidence"


class TerritorialScope(StrEnum):
    """Among whom a rank in the industry is counted (Art. 4)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"
    WORLD = "world"


class StandardLevel(StrEnum):
    """Whose standard a product or service follows (Art. 13(2))."""

    INTERNATIONAL = "international"
    NATIONAL = "national"
    INDUSTRY = "industry"
    LOCAL = "local"
    GROUP = "group"
    ENTERPRISE = "enterprise"


class StandardRole(StrEnum):
    """The part taken in writing a standard."""

    LED = "led"
    PARTICIPATED = "participated"


class IntellectualPropertyKind(StrEnum):
    """A right of intellectual property, by its kind (Art. 14)."""

    INVENTION = "invention"
    UTILITY_MODEL = "utility_model"
    DESIGN = "design"
    TRADEMARK = "trademark"
    SOFTWARE = "software"
    OTHER = "other"


class ProductDetail(StrEnum):
    """What is to be said of each main product."""

    STANDARDS = "standards"
    CUSTOMERS = "customers"
    COMPETITORS = "competitors"


class RecommendationDetail(StrEnum):
    """What a recommendation is to bring (Art. 3). county_endorsement: a competent department's, after a township's."""

    LETTER_NUMBER = "letter_number"
    ORDER = "order"
    COUNTY_ENDORSEMENT = "county_endorsement"


class OpinionDetail(StrEnum):
    """What a department's opinion is to bring (Art. 17)."""

    LETTER_NUMBER = "letter_number"
    SIGNATORY = "signatory"
    STAMPED_OPINION = "stamped_opinion_id"


class ReviewDetail(StrEnum):
    """What the review is to bring (Arts. 18, 19). odd_panels: an odd number of reviewers on each panel."""

    CUSTOMER_SURVEY = "customer_survey"
    LAST_DAY = "due_on"
    ODD_PANELS = "odd_panels"


class CommitteeDetail(StrEnum):
    """What the committee's minutes are to bring (Art. 11(5)). odd_number: of members."""

    CHAIR = "chair"
    ODD_NUMBER = "odd_number"
    BALLOTS = "ballots"


class DecreeDetail(StrEnum):
    """What the decree's record is to bring (Art. 22)."""

    ISSUER = "issuer"
    ADDRESSEES = "addressees"
    ATTACHMENTS = "attachments"
    PUBLISHED_ON = "published_on"


class IndicatorUnit(StrEnum):
    """What an indicator is counted in. Amounts are fen; kgce: kilograms of coal equivalent."""

    FEN = "fen"
    FEN_PER_PERSON = "fen_per_person"
    PERCENT = "percent"
    COUNT = "count"
    POINTS = "points"
    KGCE_PER_10000_YUAN = "kgce_per_10000_yuan"


class AskedOf(StrEnum):
    """Whose indicator it is: every applicant's, or only of those that operate, or only of the non-profit ones."""

    EVERYBODY = "everybody"
    OPERATING = "operating"
    NON_PROFIT = "non_profit"


class NoticeCounting(StrEnum):
    """How the days of the applicant's own internal notice are counted."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


# Counted one by one: a value of these has no fraction.
WHOLE_UNITS = frozenset({IndicatorUnit.FEN, IndicatorUnit.FEN_PER_PERSON, IndicatorUnit.COUNT})


@dataclass(frozen=True, slots=True)
class Indicator:
    """One yearly indicator. A value outside `at_least` and `at_most` (both included; None: no bound) is refused."""

    code: str = field(metadata=CODE)
    zh: str = field(metadata=NAME)
    en: str = field(metadata=NAME)
    counted_in: IndicatorUnit
    at_least: Decimal | None = field(default=None, metadata=_VALUE)
    at_most: Decimal | None = field(default=None, metadata=_VALUE)
    asked_of: AskedOf = AskedOf.EVERYBODY

    def concerns(self, *, operating: bool) -> bool:
        """Whether an organisation that operates, or one that does not, states it."""
        return self.asked_of is AskedOf.EVERYBODY or (self.asked_of is AskedOf.OPERATING) is operating


@dataclass(frozen=True, slots=True)
class SectionLength:
    """How long the text of a section is to be, in characters without blanks; None: no bound."""

    code: str = field(metadata=CODE)
    at_least: int | None = field(default=None, metadata=_CHARACTERS)
    at_most: int | None = field(default=None, metadata=_CHARACTERS)


@dataclass(frozen=True, slots=True)
class InternalNoticePeriod:
    """For how many days the applicant publishes its own application to its staff before it asks for a
    recommendation."""

    days: int = field(metadata=DAYS)
    counted: NoticeCounting = NoticeCounting.CALENDAR_DAYS


@dataclass(frozen=True, slots=True)
class Asks:
    """What one round asks for. Empty: nothing beyond the measures."""

    form_fields: tuple[FormField, ...] = field(default=(), metadata=WORDS)
    product_details: tuple[ProductDetail, ...] = field(default=(), metadata=WORDS)
    indicators: tuple[Indicator, ...] = field(default=(), metadata=SEVERAL)
    section_lengths: tuple[SectionLength, ...] = field(default=(), metadata=SEVERAL)
    internal_notice: InternalNoticePeriod | None = None
    recommendation: tuple[RecommendationDetail, ...] = field(default=(), metadata=WORDS)
    opinions: tuple[OpinionDetail, ...] = field(default=(), metadata=WORDS)
    review: tuple[ReviewDetail, ...] = field(default=(), metadata=WORDS)
    committee: tuple[CommitteeDetail, ...] = field(default=(), metadata=WORDS)
    decree: tuple[DecreeDetail, ...] = field(default=(), metadata=WORDS)


@cache
def shipped_indicators() -> tuple[Indicator, ...]:
    """Yearly indicators that real rounds ask for, for the office to choose from. A round's rules hold those that it
    asks for in full: what is shipped later changes no round."""
    return tuple(read_as(Indicator, item) for item in shipped_json(_CATALOGUE))


def asks_problems(rules: ReviewRules) -> Iterator[Problem]:
    """What is wrong with what a round asks for; the facts name the field of the review rules."""
    asks = rules.asks
    lists = {
        "indicators": [item.code for item in asks.indicators],
        "section_lengths": [item.code for item in asks.section_lengths],
        **{name: list(getattr(asks, name)) for name in _LISTS},
    }
    for name, codes in lists.items():
        repeated = sorted(code for code, count in Counter(codes).items() if count > 1)
        if repeated:
            yield Reason.FIELD_DUPLICATED, {"field": f"asks.{name}", "codes": repeated}
    with_bounds: list[Indicator | SectionLength] = [*asks.indicators, *asks.section_lengths]
    for bounded in with_bounds:
        if bounded.at_least is not None and bounded.at_most is not None and bounded.at_most < bounded.at_least:
            yield Reason.BOUNDS_REVERSED, {"field": "asks", "code": bounded.code}
    sections = {item.code for item in rules.required_sections}
    for length in asks.section_lengths:
        if length.code not in sections:
            yield Reason.SECTION_NOT_REQUIRED, {"field": "asks.section_lengths", "code": length.code}
    if asks.internal_notice is not None and asks.internal_notice.days < 1:
        days = asks.internal_notice.days
        yield Reason.NUMBER_NOT_POSITIVE, {"field": "asks.internal_notice.days", "value": days}
    yield from _even(rules)


_LISTS = ("form_fields", "product_details", "recommendation", "opinions", "review", "committee", "decree")


def _even(rules: ReviewRules) -> Iterator[Problem]:
    """Numbers that the round itself wants to be odd."""
    wanted = []
    if CommitteeDetail.ODD_NUMBER in rules.asks.committee:
        wanted.append("committee_size")
    if ReviewDetail.ODD_PANELS in rules.asks.review:
        wanted += ["panel_size_material", "panel_size_onsite"]
    for name in wanted:
        if getattr(rules, name) % 2 == 0:
            yield Reason.NUMBER_NOT_ODD, {"field": name, "value": getattr(rules, name)}
