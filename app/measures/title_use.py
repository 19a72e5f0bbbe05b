"""The use of the title (Art. 23): for the image, with its year, in validity, never for products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.validity import AwardFacts, CertificateStatus, certificate_status


class TitleUseKind(StrEnum):
    """image: publicity of the organisation itself. product: publicity of products. package: on a product or package."""

    IMAGE = "image"
    PRODUCT = "product"
    PACKAGE = "package"


class MarkReportKind(StrEnum):
    """What somebody reports about the title or mark (Art. 23, 31)."""

    FORGERY = "forgery"
    MISUSE = "misuse"
    UNAUTHORISED_REVIEW = "unauthorised_review"


@dataclass(frozen=True, slots=True)
class TitleUse:
    """One use of the title or mark; `year_named` is the award year it states."""

    kind: TitleUseKind
    used_on: date
    year_named: int | None


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
