"""Visits to winners (Art. 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.validity import AwardFacts, CertificateStatus, certificate_status


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit to a winner (Art. 27)."""

    plan: str
    visited_on: date
    visitors: tuple[str, ...]
    findings: str
    follow_up: str


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
