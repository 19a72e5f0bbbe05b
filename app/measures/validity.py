"""The validity of an award (Art. 23), and what a verification of its certificate answers (Art. 31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from app.measures.dates import last_day_of_years
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import plain_name


class RevokedUnder(StrEnum):
    """Why an award that a decree has conferred stands no more. fraud (Art. 26), grounds (Art. 28): it was revoked.
    taken_back (Art. 22): something stood against it on the day of the decree, which should not have named it."""

    TAKEN_BACK = "taken_back"
    FRAUD = "fraud"
    GROUNDS = "grounds"


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """A conferred award: the decree's date, the year that it names, the date of its revocation and what that was, if
    any."""

    organisation: str
    decree_date: date
    award_year: int
    revoked_on: date | None = None
    revoked_under: RevokedUnder | None = None


# As the service numbers certificates and plaques, without what stands between the parts.
_NUMBER = re.compile(r"(HCDH)([0-9]{4})(P?[0-9]{2,})")


def certificate_number(written: str) -> str:
    """The number of a certificate as it is printed, from how people type it (Art. 31): full width, small letters, other
    dashes, blanks, no dashes at all."""
    plain = plain_name(written).upper()
    ours = _NUMBER.fullmatch(plain.replace("-", ""))
    return plain if ours is None else "-".join(ours.groups())


class CertificateStatus(StrEnum):
    """What a certificate is worth on the day that is asked about (Arts. 23, 31)."""

    NOT_YET_VALID = "not_yet_valid"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class CertificateAnswer:
    """What a verification shows: the status on the day and the dates."""

    status: CertificateStatus
    valid_from: date
    last_day: date
    revoked_on: date | None
    revoked_under: RevokedUnder | None
    findings: list[Finding]


Holds = TypeVar("Holds", covariant=True)


class Day(Protocol[Holds]):
    """A day, or a column of days: what is compared with a day."""

    def __ge__(self, other: date, /) -> Holds: ...

    def __le__(self, other: date, /) -> Holds: ...


def begun(first_day: Day[Holds], on: date) -> Holds:
    """Whether what begins on `first_day` has begun on the day, that day itself included. As `not_past`, also the
    condition in SQL."""
    return first_day <= on


def not_past(last_day: Day[Holds], on: date) -> Holds:
    """Whether the day lies within what `last_day` ends, itself included. The one comparison, also of the register's
    filter: of a column it answers the condition in SQL."""
    return last_day >= on


def last_valid_day(*, award: AwardFacts, parameters: Parameters) -> date:
    """The last day of validity, included (Art. 23). `parameters` are those of the decree's date."""
    return last_day_of_years(award.decree_date, parameters.validity_years)


def status_on(*, first_day: date, last_day: date, revoked_on: date | None, on: date) -> CertificateStatus:
    """What a certificate is worth on a day, by its days alone: the one answer of the verification and the register. A
    later revocation is not told before its date."""
    if revoked_on is not None and begun(revoked_on, on):
        return CertificateStatus.REVOKED
    if not not_past(last_day, on):
        return CertificateStatus.EXPIRED
    return CertificateStatus.VALID if begun(first_day, on) else CertificateStatus.NOT_YET_VALID


_STATUS_REASONS = {
    CertificateStatus.REVOKED: Reason.AWARD_REVOKED,
    CertificateStatus.EXPIRED: Reason.VALIDITY_OVER,
    CertificateStatus.NOT_YET_VALID: Reason.VALIDITY_NOT_BEGUN,
    CertificateStatus.VALID: Reason.IN_VALIDITY,
}


def _reason_of(status: CertificateStatus, under: RevokedUnder | None) -> Reason:
    # Nobody reads of a revocation where there was none: an award that was taken back is told as that.
    if status is CertificateStatus.REVOKED and under is RevokedUnder.TAKEN_BACK:
        return Reason.CONFERRAL_TAKEN_BACK
    return _STATUS_REASONS[status]


@rule("art31.verification")
def certificate_status(*, award: AwardFacts, on: date, parameters: Parameters) -> CertificateAnswer:
    """Valid from the decree's date through the last day, then expired; revoked from the revocation's date, also where
    it came after the expiry. A revoked one is shown as revoked, never as missing (Art. 31), and one that was taken back
    as taken back (Art. 22)."""
    last_day = last_valid_day(award=award, parameters=parameters)
    status = status_on(first_day=award.decree_date, last_day=last_day, revoked_on=award.revoked_on, on=on)
    revoked = status is CertificateStatus.REVOKED
    revoked_on = award.revoked_on if revoked else None
    revoked_under = award.revoked_under if revoked else None
    return CertificateAnswer(
        status,
        award.decree_date,
        last_day,
        revoked_on,
        revoked_under,
        [
            passes(
                "art31.verification",
                _reason_of(status, revoked_under),
                status=status.value,
                on=on.isoformat(),
                valid_from=award.decree_date.isoformat(),
                last_day=last_day.isoformat(),
                revoked_on=None if revoked_on is None else revoked_on.isoformat(),
            )
        ],
    )


@rule("art23.validity")
def valid_on(*, award: AwardFacts, on: date, parameters: Parameters) -> list[Finding]:
    """Whether the award is valid on the day (Art. 23): from the decree's date, the last day included, not revoked."""
    answer = certificate_status(award=award, on=on, parameters=parameters)
    facts: Facts = {
        "organisation": award.organisation,
        "on": on.isoformat(),
        "valid_from": award.decree_date.isoformat(),
        "last_day": answer.last_day.isoformat(),
        "status": answer.status.value,
        "revoked_on": None if answer.revoked_on is None else answer.revoked_on.isoformat(),
    }
    reason = _reason_of(answer.status, answer.revoked_under)
    if answer.status is CertificateStatus.VALID:
        return [passes("art23.validity", reason, **facts)]
    return [fails("art23.validity", reason, **facts)]
