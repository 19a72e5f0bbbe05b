"""Who looks into an objection, and what everybody else reads of it (Art. 21, 29): its investigator alone sees it as it
came, all others his summary."""

from __future__ import annotations

import re
import unicodedata

from app.measures.findings import Finding, fails, passes
from app.measures.objectors import is_name, letters_of
from app.measures.reasons import Reason
from app.measures.registry import rule

_RULE = "art21.objections"
# Digits in Chinese, as numbers are read out.
_READ_OUT = str.maketrans("〇零一幺二三四五六七八九", "001123456789")  # house: sentences
# A number by which somebody is reached: seven digits at least, whatever stands between them but a sign that parts two
# numbers.
_NUMBER = re.compile(r"\d(?:[^\w、,;:。/|]|_)*(?:\d(?:[^\w、,;:。/|]|_)*){5,}\d")  # house: sentences
_SUBSCRIBER_DIGITS = 7
# Numbers that are somebody's, wherever they stand: a mobile telephone, one with an area code, an identity card (its
# last sign may be a letter, which is no digit).
_OWN_NUMBER = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{9,11}|\d{17,18}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@rule(_RULE)
def investigator_fit(
    *, of_the_office: bool, recused: bool, replaces: bool = False, reason: str | None = None
) -> list[Finding]:
    """Whether an account can be the investigator of an objection (Art. 21, 29): `of_the_office`, an active account of
    a person there; not `recused` from an objection to the same organisation. Whoever `replaces` another needs the
    `reason` on record."""
    findings: list[Finding] = []
    if not of_the_office:
        findings.append(fails(_RULE, Reason.INVESTIGATOR_NOT_OF_THE_OFFICE))
    if recused:
        findings.append(fails(_RULE, Reason.INVESTIGATOR_RECUSED))
    if replaces and not (reason or "").strip():
        findings.append(fails(_RULE, Reason.REPLACEMENT_WITHOUT_REASON))
    return findings or [passes(_RULE, Reason.INVESTIGATOR_FIT, replaces=replaces)]


@rule(_RULE)
def has_investigator(*, assigned: bool) -> list[Finding]:
    """Whether somebody looks into the objection: nobody else may read it, so none is verified before (Art. 21)."""
    if not assigned:
        return [fails(_RULE, Reason.INVESTIGATOR_MISSING, next_act="assign_investigator")]
    return [passes(_RULE, Reason.INVESTIGATOR_ASSIGNED)]


@rule(_RULE)
def by_its_investigator(*, investigator: bool) -> list[Finding]:
    """Whether it is the objection's investigator who acts: he alone has read it as it came (Art. 21)."""
    if not investigator:
        return [fails(_RULE, Reason.NOT_ITS_INVESTIGATOR)]
    return [passes(_RULE, Reason.ITS_INVESTIGATOR)]


@rule(_RULE)
def has_summary(*, summarised: bool) -> list[Finding]:
    """Whether the investigator's summary is there: those who decide that an objection stands or not know it from
    nothing else (Art. 21)."""
    if not summarised:
        return [fails(_RULE, Reason.SUMMARY_MISSING, next_act="summarise_objection")]
    return [passes(_RULE, Reason.SUMMARY_GIVEN)]


@rule(_RULE)
def names_no_objector(*, said: str, name: str | None, contact: str | None, original: str = "") -> list[Finding]:
    """Whether what the investigator says for others to read leaves out who objected (Art. 21): his name, the numbers
    and addresses of his contact, and those that stand in the original text, however they are written."""
    shown = {
        "name": is_name(name or "") and letters_of(name or "") in letters_of(said),
        "contact": bool(_ways_to_reach(contact or "", original) & _ways_in(said)),
    }
    told = [part for part, there in shown.items() if there]
    if told:
        return [fails(_RULE, Reason.OBJECTOR_NAMED, told=told)]
    return [passes(_RULE, Reason.OBJECTOR_NOT_NAMED)]


def _ways_to_reach(contact: str, original: str) -> frozenset[str]:
    """Every number and mail address of the contact, and those of a person in the text as it came."""
    of_contact, of_text = _plain(contact), _plain(original)
    personal = [number for number in _numbers(of_text) if _OWN_NUMBER.fullmatch(number)]
    mails = [*_MAIL.findall(of_contact), *_MAIL.findall(of_text)]
    return frozenset([*map(_subscriber, [*_numbers(of_contact), *personal]), *mails])


def _ways_in(said: str) -> frozenset[str]:
    plain = _plain(said)
    numbers = _numbers(plain)
    # A number may stand among other digits: every place where it could begin is looked at.
    parts = {
        number[at : at + _SUBSCRIBER_DIGITS] for number in numbers for at in range(len(number) - _SUBSCRIBER_DIGITS + 1)
    }
    return frozenset([*parts, *_MAIL.findall(plain)])


def _numbers(plain: str) -> list[str]:
    """The digits of each number, without whatever stands between them."""
    return [re.sub(r"\W|_", "", found) for found in _NUMBER.findall(plain)]


def _subscriber(number: str) -> str:
    """The last digits of a number: it is the same one with an area code and without."""
    return number[-_SUBSCRIBER_DIGITS:]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_READ_OUT)
