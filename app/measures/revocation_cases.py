"""A case of revocation has two sides (Arts. 26, 28): the organisation is heard before the office submits, and
what stood stands again where a review annuls the decision."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from app.measures.dates import end_of_day
from app.measures.document_numbers import document_number
from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.recovery import RecoveredUnder
from app.measures.registration import county_name
from app.measures.registry import rule
from app.measures.revocations import RevocationKind
from app.measures.text import plain_medium, plain_name, same_document


@rule("art26.fraud", "art28.grounds")
def organisation_heard(*, kind: RevocationKind, stated: bool, reply_last_day: date, at: datetime) -> list[Finding]:
    """Whether the office may submit: the organisation has made its statement, or the day for it is over (Art. 26, 28).
    The measures are silent on it; nobody loses an award unheard."""
    facts: Facts = {"stated": stated, "reply_last_day": reply_last_day.isoformat(), "at": at.isoformat()}
    if stated:
        return [passes(kind.rule_id, Reason.ORGANISATION_HEARD, **facts)]
    if at < end_of_day(reply_last_day):
        return [fails(kind.rule_id, Reason.STATEMENT_AWAITED, **facts)]
    return [passes(kind.rule_id, Reason.REPLY_DEADLINE_PASSED, **facts)]


@rule("art26_28.together")
def taken_over_goes_on(*, standing: bool, readings: Readings) -> list[Finding]:
    """Whether a case under Art. 28 that one of fraud took over goes on when that one is over without a revocation: by
    the reading, and where no other case or decision is `standing` on the award. Nothing is found where it does not."""
    if standing or readings["case_taken_over"] != "revives":
        return []
    return [passes("art26_28.together", Reason.CASE_GOES_ON, reading=readings.cite("case_taken_over"))]


@rule("art26.fraud", "art28.grounds")
def annulment_valid(
    *,
    kind: RevocationKind,
    decided_on: date,
    decision_number: str,
    annulled_on: date,
    number: str,
    reviewed_by: str,
    plain: str,
    county_code: str,
    readings: Readings,
) -> list[Finding]:
    """The decision on review by which a revocation is annulled: a number of its year that is not that of the decision
    which it annuls, a day not before that decision, and another body's than the county government, which has decided,
    or an organ below it (Art. 26, 28). `plain`: who has reviewed it, in simplified characters."""
    facts: Facts = {"decided_on": decided_on.isoformat(), "annulled_on": annulled_on.isoformat()}
    findings = document_number(number=number, day=annulled_on, readings=readings, rule_id=kind.rule_id)
    if annulled_on < decided_on:
        findings.append(fails(kind.rule_id, Reason.ANNULLED_BEFORE_DECISION, **facts))
    if same_document(number, decision_number):
        findings.append(fails(kind.rule_id, Reason.ANNULLED_BY_ITSELF, number=number))
    if _not_above_the_government(plain, county_code):
        own: Facts = {"reviewed_by": reviewed_by, "reading": readings.cite("who_reviews")}
        findings.append(fails(kind.rule_id, Reason.REVIEWED_BY_THE_DECIDER, **own))
    return findings


_COURT = re.compile("法院")  # house: sentences
# Governments and committees of townships and villages, wherever they are.
_TOWNSHIP = re.compile("[乡镇](?:人民)?政府|街道办|村委会|居委会|村民委员会|居民委员会")  # house: sentences
# Nor does whoever does business, the winner itself or its lawyers.
_BUSINESS = re.compile("公司|集团|合作社|经营部|商行|事务所|[工商]会|协会")  # house: sentences


def _not_above_the_government(name: str, county_code: str) -> bool:
    """Whether it is the county government, an office or department of it, an organ below, or none at all, by its usual
    names; a court of the county is none of these."""
    county, plain = county_name(county_code), plain_name(name)
    if not county or _COURT.search(plain):
        return False
    own = rf"{county}|^[本我]?县"  # house: sentences
    return any(re.search(form, plain) is not None for form in (own, _TOWNSHIP, _BUSINESS))


@rule("art26.fraud", "art28.grounds")
def annulment_published(
    *,
    kind: RevocationKind,
    annulled_on: date,
    published: Mapping[str, date],
    told_in: Collection[str],
    ended: Collection[str],
    key: Callable[[str], str] = plain_medium,
) -> list[Finding]:
    """Whether the notice of an annulment reaches whoever has read of the revocation (Arts. 26, 28): it appeared on no
    day before that of the decision on review, and in every medium that told of the revocation (`told_in`) and has not
    `ended` since. `published`: the day of each medium, by its name; `key`: what names of media are
    compared by."""
    early = sorted(day.isoformat() for day in published.values() if day < annulled_on)
    given = {key(name) for name in (*published, *ended)}
    missing = [name for name in told_in if key(name) not in given]
    findings = []
    if early:
        facts: Facts = {"decided_on": annulled_on.isoformat(), "published_on": early[0]}
        findings.append(fails(kind.rule_id, Reason.NOTICE_BEFORE_DECISION, **facts))
    if missing:
        findings.append(fails(kind.rule_id, Reason.NOT_WHERE_THE_REVOCATION_WAS, missing=missing))
    return findings or [passes(kind.rule_id, Reason.ANNULMENT_PUBLISHED, media=list(published))]


@rule("art26.fraud", "art22.approval")
def given_back_recordable(
    *, owed_since: date, given_back_on: date, under: RecoveredUnder = RecoveredUnder.FRAUD
) -> list[Finding]:
    """Whether something can have been given back on that day: on or after the day of the decision from which it is owed
    (Arts. 22, 26)."""
    facts: Facts = {"owed_since": owed_since.isoformat(), "given_back_on": given_back_on.isoformat()}
    if given_back_on < owed_since:
        return [fails(under.value, Reason.GIVEN_BACK_TOO_EARLY, **facts)]
    return [passes(under.value, Reason.GIVEN_BACK_RECORDABLE, **facts)]
