"""After the award: validity and title (Art. 23), sharing (Art. 25), visits (Art. 27), verification (Art. 31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from app.measures.dates import last_day_of_years
from app.measures.findings import Finding, fails, passes
from app.measures.parameters import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """A conferred award: the decree's date, the year that it names, the date of its revocation, if any."""

    organisation: str
    decree_date: date
    award_year: int
    revoked_on: date | None = None


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
    findings: list[Finding]


class TitleUseKind(StrEnum):
    """image: publicity of the organisation itself. product: publicity of products. package: on a product or package."""

    IMAGE = "image"
    PRODUCT = "product"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class TitleUse:
    """One use of the title or mark; `year_named` is the award year it states."""

    kind: TitleUseKind
    used_on: date
    year_named: int | None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit to a winner (Art. 27)."""

    plan: str
    visited_on: date
    visitors: tuple[str, ...]
    findings: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class SharingItem:
    """One piece of what a winner shares; `trade_secret` is the winner's mark."""

    title: str
    trade_secret: bool
    published: bool


Holds = TypeVar("Holds", covariant=True)


class Day(Protocol[Holds]):
    """A day, or a column of days: what is compared with a day."""

    def __ge__(self, other: date, /) -> Holds: ...


def not_past(last_day: Day[Holds], on: date) -> Holds:
    """Whether the day lies within what `last_day` ends, itself included. The one comparison, also of the register's
    filter: of a column it answers the condition in SQL."""
    return last_day >= on


def last_valid_day(*, award: AwardFacts, parameters: Parameters) -> date:
    """The last day of validity, included (Art. 23). `parameters` are those of the decree's date."""
    return last_day_of_years(award.decree_date, parameters.validity_years)


_STATUS_REASONS = {
    CertificateStatus.REVOKED: Reason.AWARD_REVOKED,
    CertificateStatus.EXPIRED: Reason.VALIDITY_OVER,
    CertificateStatus.NOT_YET_VALID: Reason.VALIDITY_NOT_BEGUN,
    CertificateStatus.VALID: Reason.IN_VALIDITY,
}


@rule("art31.verification")
def certificate_status(*, award: AwardFacts, on: date, parameters: Parameters) -> CertificateAnswer:
    """Valid from the decree's date through the last day, then expired; revoked from the revocation's date, also where
    it came after the expiry. A revoked one is shown as revoked, never as missing (Art. 31)."""
    last_day = last_valid_day(award=award, parameters=parameters)
    # A later revocation is not told before its date: the answer is that of the day asked about.
    revoked_on = award.revoked_on if award.revoked_on is not None and award.revoked_on <= on else None
    if revoked_on is not None:
        status = CertificateStatus.REVOKED
    elif not not_past(last_day, on):
        status = CertificateStatus.EXPIRED
    elif on < award.decree_date:
        status = CertificateStatus.NOT_YET_VALID
    else:
        status = CertificateStatus.VALID
    return CertificateAnswer(
        status,
        award.decree_date,
        last_day,
        revoked_on,
        [
            passes(
                "art31.verification",
                _STATUS_REASONS[status],
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
    reason = _STATUS_REASONS[answer.status]
    if answer.status is CertificateStatus.VALID:
        return [passes("art23.validity", reason, **facts)]
    return [fails("art23.validity", reason, **facts)]


@rule("art23.title_use")
def title_use_allowed(*, use: TitleUse, award: AwardFacts, parameters: Parameters) -> list[Finding]:
    """Image publicity in validity with the award year; never product publicity, never on product or package (Art. 23).

    A finding that refuses is recorded with a correction order; by itself it revokes nothing.
    """
    facts: Facts = {
        "organisation": award.organisation,
        "kind": use.kind.value,
        "used_on": use.used_on.isoformat(),
        "year_named": use.year_named,
        "award_year": award.award_year,
    }
    findings: list[Finding] = []
    if use.kind is not TitleUseKind.IMAGE:
        findings.append(fails("art23.title_use", Reason.NEVER_FOR_PRODUCTS, **facts))
    elif use.year_named != award.award_year:
        findings.append(fails("art23.title_use", Reason.AWARD_YEAR_NOT_STATED, **facts))
    validity = certificate_status(award=award, on=use.used_on, parameters=parameters)
    if validity.status is not CertificateStatus.VALID:
        findings.append(
            fails(
                "art23.title_use",
                Reason.OUTSIDE_VALIDITY,
                status=validity.status.value,
                last_day=validity.last_day.isoformat(),
                **facts,
            )
        )
    return findings or [passes("art23.title_use", Reason.USE_ALLOWED, **facts)]


@rule("art23.title_use")
def misuse_recorded(*, description: str, correction_order: str, due_on: date | None) -> list[Finding]:
    """A record of misuse (H): what was done, the correction ordered and its day (Art. 23)."""
    missing = [
        name
        for name, value in (
            ("description", description.strip()),
            ("correction_order", correction_order.strip()),
            ("due_on", due_on),
        )
        if not value
    ]
    if missing:
        return [fails("art23.title_use", Reason.RECORD_INCOMPLETE, missing=missing)]
    return [passes("art23.title_use", Reason.RECORD_COMPLETE)]


@rule("art27.visits")
def visit_complete(*, visit: VisitFacts, award: AwardFacts, parameters: Parameters) -> list[Finding]:
    """A visit goes to a current winner and has plan, date, visitors, findings and follow-up (Art. 27)."""
    facts: Facts = {"organisation": award.organisation, "visited_on": visit.visited_on.isoformat()}
    findings: list[Finding] = []
    validity = certificate_status(award=award, on=visit.visited_on, parameters=parameters)
    if validity.status is not CertificateStatus.VALID:
        findings.append(fails("art27.visits", Reason.OUTSIDE_VALIDITY, status=validity.status.value, **facts))
    missing = [
        name
        for name, value in (
            ("plan", visit.plan),
            ("visitors", "".join(visit.visitors)),
            ("findings", visit.findings),
            ("follow_up", visit.follow_up),
        )
        if not value.strip()
    ]
    if missing:
        findings.append(fails("art27.visits", Reason.VISIT_INCOMPLETE, missing=missing, **facts))
    return findings or [passes("art27.visits", Reason.RECORD_COMPLETE, **facts)]


@rule("art25.sharing")
def sharing_publishable(*, items: Sequence[SharingItem]) -> list[Finding]:
    """What is marked a trade secret is never published (Art. 25)."""
    leaked = [item.title for item in items if item.trade_secret and item.published]
    if leaked:
        return [fails("art25.sharing", Reason.TRADE_SECRET_PUBLISHED, items=leaked)]
    return [
        passes(
            "art25.sharing",
            Reason.PUBLISHABLE,
            published=[item.title for item in items if item.published],
            withheld=[item.title for item in items if item.trade_secret],
        )
    ]


@rule("art25.sharing")
def declining_legitimate(*, on_trade_secret: bool, reason: str) -> list[Finding]:
    """A winner may decline to share what is a trade secret; on any other ground the duty to share stands (Art. 25)."""
    if on_trade_secret:
        return [passes("art25.sharing", Reason.TRADE_SECRET, reason=reason)]
    return [fails("art25.sharing", Reason.NOT_TRADE_SECRET, reason=reason)]
