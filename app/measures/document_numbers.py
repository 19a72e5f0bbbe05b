"""The number of an official document or letter beside its date (Arts. 3, 17, 22, 26, 28, 33)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import in_digits, one_bracket, readable, same_document

_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,20}〔([0-9]{4})〕[1-9][0-9]*号")  # house: sentences
# A year that is told beyond doubt even where the form is wrong: in any kind of bracket, or followed by 年.
_STATED_YEAR = re.compile(
    r"\(\s*((?:\d\s*){4})(?:年度?\s*)?\)|(?<!\d)(\d{4})\s*年"  # house: sentences
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
