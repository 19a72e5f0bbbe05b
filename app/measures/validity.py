"""After the award: validity and title (Art. 23), sharing (Art. 25), visits (Art. 27), verification (Art. 31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.measures.dates import last_day_of_years
from app.measures.findings import Finding, Text, fails, passes
from app.measures.parameters import Parameters
from app.measures.registry import rule


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """A conferred award: the decree's date, the year that it names, the date of its revocation, if any."""

    organisation: str
    decree_date: date
    award_year: int
    revoked_on: date | None = None


class CertificateStatus(StrEnum):
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


def not_past(last_day: Any, on: date) -> Any:
    """Whether the day lies within what `last_day` ends, itself included. The one comparison, also of the register's
    filter: of a column it answers the condition in SQL."""
    return last_day >= on


def last_valid_day(*, award: AwardFacts, parameters: Parameters) -> date:
    """The last day of validity, included (Art. 23). `parameters` are those of the decree's date."""
    return last_day_of_years(award.decree_date, parameters.validity_years)


@rule("art31.verification")
def certificate_status(*, award: AwardFacts, on: date, parameters: Parameters) -> CertificateAnswer:
    """Valid from the decree's date through the last day, then expired; revoked from the revocation's date, also where
    it came after the expiry. A revoked one is shown as revoked, never as missing (Art. 31)."""
    last_day = last_valid_day(award=award, parameters=parameters)
    # A later revocation is not told before its date: the answer is that of the day asked about.
    revoked_on = award.revoked_on if award.revoked_on is not None and award.revoked_on <= on else None
    if revoked_on is not None:
        status, zh, en = CertificateStatus.REVOKED, f"已于{revoked_on}撤销", f"Revoked on {revoked_on}"
    elif not not_past(last_day, on):
        status, zh, en = CertificateStatus.EXPIRED, f"有效期已于{last_day}届满", f"Expired after {last_day}"
    elif on < award.decree_date:
        status, zh, en = CertificateStatus.NOT_YET_VALID, "尚未生效", f"Not valid before {award.decree_date}"
    else:
        status, zh, en = CertificateStatus.VALID, f"有效期至{last_day}", f"Valid through {last_day}"
    return CertificateAnswer(
        status,
        award.decree_date,
        last_day,
        revoked_on,
        [
            passes(
                "art31.verification",
                zh,
                en,
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
    facts: dict[str, Any] = {
        "organisation": award.organisation,
        "on": on.isoformat(),
        "valid_from": award.decree_date.isoformat(),
        "last_day": answer.last_day.isoformat(),
        "status": answer.status.value,
    }
    message = answer.findings[0].message
    if answer.status is CertificateStatus.VALID:
        return [passes("art23.validity", message.zh, message.en, **facts)]
    return [fails("art23.validity", message.zh, message.en, **facts)]


@rule("art23.title_use")
def title_use_allowed(*, use: TitleUse, award: AwardFacts, parameters: Parameters) -> list[Finding]:
    """Image publicity in validity with the award year; never product publicity, never on product or package (Art. 23).

    A finding that refuses is recorded with a correction order; by itself it revokes nothing.
    """
    facts: dict[str, Any] = {
        "organisation": award.organisation,
        "kind": use.kind.value,
        "used_on": use.used_on.isoformat(),
        "year_named": use.year_named,
        "award_year": award.award_year,
    }
    remedy = Text("责令改正", "Order the correction")
    findings: list[Finding] = []
    if use.kind is not TitleUseKind.IMAGE:
        findings.append(
            fails(
                "art23.title_use",
                "不得用于产品宣传或标注于产品、包装",
                "Never for products, on a product or on a package",
                remedy=remedy,
                **facts,
            )
        )
    elif use.year_named != award.award_year:
        findings.append(
            fails(
                "art23.title_use",
                f"应注明获奖年度{award.award_year}",
                f"The award year {award.award_year} must be stated",
                remedy=remedy,
                **facts,
            )
        )
    validity = certificate_status(award=award, on=use.used_on, parameters=parameters)
    if validity.status is not CertificateStatus.VALID:
        findings.append(
            fails(
                "art23.title_use",
                "不在有效期内，不得使用称号",
                "Outside validity the title may not be used",
                remedy=remedy,
                status=validity.status.value,
                last_day=validity.last_day.isoformat(),
                **facts,
            )
        )
    return findings or [passes("art23.title_use", "可以使用称号", "The title may be used so", **facts)]


@rule("art23.title_use")
def misuse_recorded(*, description: str, correction_order: str, due_on: date | None) -> list[Finding]:
    """A record of misuse (H): what was done, the correction ordered and its day."""
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
        return [
            fails(
                "art23.title_use",
                "违规使用记录不完整",
                "The record of misuse is incomplete",
                missing=missing,
                remedy=Text("补充责令改正的内容和期限", "State the correction ordered and its day"),
            )
        ]
    return [passes("art23.title_use", "违规使用已记录并责令改正", "Recorded, with a correction order")]


@rule("art27.visits")
def visit_complete(*, visit: VisitFacts, award: AwardFacts, parameters: Parameters) -> list[Finding]:
    """A visit goes to a current winner and has plan, date, visitors, findings and follow-up (Art. 27)."""
    facts: dict[str, Any] = {"organisation": award.organisation, "visited_on": visit.visited_on.isoformat()}
    findings: list[Finding] = []
    validity = certificate_status(award=award, on=visit.visited_on, parameters=parameters)
    if validity.status is not CertificateStatus.VALID:
        findings.append(
            fails(
                "art27.visits",
                "该组织当日不是有效期内的获奖组织",
                "Not a current winner on that day",
                status=validity.status.value,
                **facts,
            )
        )
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
        findings.append(
            fails("art27.visits", "巡访记录不完整", "The visit's record is incomplete", missing=missing, **facts)
        )
    return findings or [passes("art27.visits", "巡访记录完整", "The visit's record is complete", **facts)]


@rule("art25.sharing")
def sharing_publishable(*, items: Sequence[SharingItem]) -> list[Finding]:
    """What is marked a trade secret is never published (Art. 25)."""
    leaked = [item.title for item in items if item.trade_secret and item.published]
    if leaked:
        return [
            fails(
                "art25.sharing",
                "商业秘密不得公开",
                "A trade secret is never published",
                items=leaked,
                remedy=Text("移除该内容", "Take it out"),
            )
        ]
    return [
        passes(
            "art25.sharing",
            "可以公开",
            "It can be published",
            published=[item.title for item in items if item.published],
            withheld=[item.title for item in items if item.trade_secret],
        )
    ]


@rule("art25.sharing")
def declining_legitimate(*, on_trade_secret: bool, reason: str) -> list[Finding]:
    """A winner may decline to share what is a trade secret; on any other ground the duty to share stands (Art. 25)."""
    if on_trade_secret:
        return [
            passes(
                "art25.sharing",
                "因商业秘密不予分享，正当",
                "Declining a trade secret is legitimate",
                reason=reason,
            )
        ]
    return [
        fails(
            "art25.sharing",
            "非因商业秘密，应当履行推广义务",
            "Without a trade secret the duty to share stands",
            reason=reason,
            remedy=Text("另行安排分享", "Arrange another sharing"),
        )
    ]
