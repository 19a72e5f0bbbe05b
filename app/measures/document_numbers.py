"""The number of an official document or letter beside its date (Arts. 3, 17, 22, 26, 28, 33)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import in_digits, one_bracket, plain_number, readable, same_document

_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,20}〔([0-9]{4})〕[1-9][0-9]*号")  # house: sentences
# A year that is told beyond doubt even where the form is wrong: in any kind of bracket, or followed by 年.
_STATED_YEAR = re.compile(
    r"\(\s*((?:\d\s*){4})(?:年度?\s*)?\)|(?<!\d)(\d{4})\s*年"  # house: sentences
)
# The how manieth meeting it is, of a term of office where that is told.
_ORDINAL = re.compile(r"第?(\d+)次")  # house: sentences
_TERM = re.compile(r"第?(\d+)届")  # house: sentences


class Document(StrEnum):
    """What an act of the service puts on record under the number of an official document (Arts. 9, 22, 26, 28, 33)."""

    INSTRUMENT = "instrument"
    MINUTES = "minutes"
    DECREE = "decree"
    DECISION = "decision"
    REVIEW = "review"
    APPROPRIATION = "appropriation"


# One document decides several matters: of awards and of cases at one meeting, of several cases on review.
_TOGETHER = (
    frozenset({Document.DECISION, Document.MINUTES}),
    frozenset({Document.REVIEW}),
    frozenset({Document.APPROPRIATION}),
)


@rule("art22.approval", "art33.in_force")
def document_number(*, number: str, day: date, readings: Readings, rule_id: str = "art22.approval") -> list[Finding]:
    """A document number against the document's date: none, or another year, is refused; a malformed one is warned of
    (fact `malformed`) unless the register reads otherwise (Art. 22, 33). `rule_id`: the rule under which the document
    is recorded."""
    facts: Facts = {
        "number": number,
        "day": day.isoformat(),
        "reading": readings.cite("document_numbers"),
    }
    if not number.strip():
        return [fails(rule_id, Reason.DOCUMENT_NUMBER_MISSING, **facts)]
    well_formed = _NUMBER.fullmatch(number)
    findings: list[Finding] = []
    year = stated_year(number)
    if year is not None and year != day.year:
        findings.append(fails(rule_id, Reason.DOCUMENT_NUMBER_YEAR_DIFFERS, year=year, **facts))
    if well_formed is None and readings["document_numbers"] == "refuse_malformed":
        findings.append(fails(rule_id, Reason.DOCUMENT_NUMBER_MALFORMED, malformed=True, **facts))
    if findings:
        return findings
    if well_formed is None:
        return [passes(rule_id, Reason.DOCUMENT_NUMBER_TO_CHECK, malformed=True, **facts)]
    return [passes(rule_id, Reason.DOCUMENT_NUMBER_AGREES, malformed=False, **facts)]


@rule("art03.recommendation", "art17.qualification")
def letter_fits(
    *, number: str | None, earliest: date, latest: date, not_before: date, rule_id: str = "art03.recommendation"
) -> list[Finding]:
    """The letter beside an opinion (Arts. 3, 17): signed between `earliest` and `latest`, one day where it is stated,
    not before `not_before`, the day of the call that it answers. Its number, where one is stated, is of a year in which
    it was signed."""
    facts: Facts = {"number": number, "day": latest.isoformat(), "not_before": not_before.isoformat()}
    findings: list[Finding] = []
    if latest < not_before:
        findings.append(fails(rule_id, Reason.SIGNED_BEFORE_THE_CALL, **facts))
    year = None if number is None else stated_year(number)
    if year is not None and not earliest.year <= year <= latest.year:
        findings.append(fails(rule_id, Reason.DOCUMENT_NUMBER_YEAR_DIFFERS, year=year, **facts))
    return findings or [passes(rule_id, Reason.LETTER_FITS, **facts)]


@rule("art22.approval")
def meeting_of_its_own(*, number: str, recorded: Mapping[str, date], readings: Readings) -> list[Finding]:
    """Whether an approval is that of a meeting whose approval is not on record in the round (Art. 22): what a meeting
    has decided is recorded once, and what waited is decided by another. `recorded`: the day of each meeting on record
    (Shanghai), by its number. Nothing is found where it is."""
    for known, held_on in recorded.items():
        if same_document(known, number):
            facts: Facts = {"meeting_number": known, "meeting_date": held_on.isoformat()}
            cited = readings.cite("one_approval_a_meeting")
            return [fails("art22.approval", Reason.MEETING_RECORDED_ALREADY, reading=cited, **facts)]
    return []


@rule("art22.approval")
def meetings_in_order(
    *, number: str, held_on: date, recorded: Sequence[tuple[str, date]], readings: Readings
) -> list[Finding]:
    """Whether the ordinal of an executive meeting goes with its day among those on record, of whatever round (Art. 22):
    a later one is of no earlier day, and one of the same ordinal of the same. It is told, since a new term of office
    counts anew, and refuses nothing: of the meeting whose ordinal is nearest. `recorded`: number and day (Shanghai).
    Compared are those that count alike, by term and by year; nothing is found where all agree, or none counts."""
    own = _counted(number)
    if own is None:
        return []
    found = [
        (abs(other.ordinal - own.ordinal), mark, day)
        for mark, day in recorded
        for other in (_counted(mark),)
        if other is not None and (other.term, other.year) == (own.term, own.year)
        if _against(other.ordinal - own.ordinal, (day - held_on).days)
    ]
    if not found:
        return []
    _, mark, day = min(found)
    facts: Facts = {"meeting_number": number, "meeting_date": held_on.isoformat()}
    facts |= {"other_number": mark, "other_date": day.isoformat()}
    cited = readings.cite("order_of_meetings")
    return [passes("art22.approval", Reason.MEETING_OUT_OF_ORDER, reading=cited, **facts)]


def one_document(one: tuple[Document, date | None], other: tuple[Document, date | None]) -> bool:
    """Whether two acts that state one number can rest on one document: both of the kinds that one document can decide
    together, and of one day (Shanghai; None: it states none)."""
    (kind, day), (beside, then) = one, other
    together = any({kind, beside} <= kinds for kinds in _TOGETHER)
    return together and (day is None or then is None or day == then)


class _Counted(NamedTuple):
    ordinal: int
    term: int | None
    year: int | None


def _counted(number: str) -> _Counted | None:
    """The how manieth meeting a number tells, and of which term and year where it says so; None: it does not count."""
    plain = plain_number(number)
    found, term = _ORDINAL.search(plain), _TERM.search(plain)
    if found is None:
        return None
    return _Counted(int(found[1]), None if term is None else int(term[1]), stated_year(number))


def _against(later: int, days: int) -> bool:
    """Whether a meeting that is so many after another one is on the wrong side of it, by so many days."""
    return days != 0 if later == 0 else later * days < 0


@rule("art03.recommendation", "art09.disbursement", "art17.qualification", "art26.fraud", "art28.grounds")
def number_to_check(*, number: str | None, rule_id: str) -> list[Finding]:
    """What whoever sends a document's number is told of its form, whatever else is asked of it (Arts. 3, 9, 17, 26,
    28): to check one that is malformed. None: no number is stated. It refuses nothing."""
    if number is None or _NUMBER.fullmatch(number) is not None:
        return []
    return [passes(rule_id, Reason.DOCUMENT_NUMBER_TO_CHECK, malformed=True, number=number)]


def well_formed(number: str) -> bool:
    """Whether it is written as the number of an official document: whose, of which year, which (Art. 22)."""
    return _NUMBER.fullmatch(number) is not None


def stated_year(number: str) -> int | None:
    """The year that a number states beyond doubt, in whatever kind of bracket or numerals; None: it states none."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", number) if char == " " or readable(char))
    found = _STATED_YEAR.search(in_digits(one_bracket(plain)))
    return None if found is None else int("".join((found[1] or found[2]).split()))
