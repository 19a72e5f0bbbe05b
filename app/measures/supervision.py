"""Visits to winners (Art. 27) and what they share (Art. 25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.validity import AwardFacts, CertificateStatus, certificate_status


class SharingKind(StrEnum):
    """What a winner reports on the sharing of its experience (Art. 25): held, or declined to keep a trade secret."""

    HELD = "held"
    DECLINED_TRADE_SECRET = "declined_trade_secret"


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
