"""What an organisation has to hold on the day of the test: licences (Art. 13(2)), a management-system certificate
(Art. 13(3)), safety standardisation (Art. 13(4))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.measures.facts import Certificate, CertificateKind, Licence, OrganisationFacts, SafetyStandardisation
from app.measures.findings import Finding, Text, fails, passes
from app.measures.interpretations import Readings
from app.measures.parameters import Parameters
from app.measures.registry import rule
from app.measures.sectors import Bucket, bucket_of


@rule("art13.2.compliance")
def licences_held(*, licences: Sequence[Licence], test_date: date) -> list[Finding]:
    """Every licence that the trade needs is listed with its number, its last day not past (Art. 13(2))."""
    findings: list[Finding] = []
    required = [item for item in licences if item.required]
    for licence in required:
        facts: dict[str, Any] = {
            "kind": licence.kind,
            "number": licence.number,
            "valid_to": None if licence.valid_to is None else licence.valid_to.isoformat(),
            "test_date": test_date.isoformat(),
        }
        if not licence.number.strip():
            findings.append(
                fails(
                    "art13.2.compliance",
                    f"缺少{licence.kind}",
                    f"A licence is missing: {licence.kind}",
                    remedy=Text("填写许可证编号和有效期", "State its number and validity"),
                    **facts,
                )
            )
        elif licence.valid_to is not None and licence.valid_to < test_date:
            findings.append(
                fails(
                    "art13.2.compliance",
                    f"{licence.kind}已于{licence.valid_to}到期",
                    f"A licence expired on {licence.valid_to}: {licence.kind}",
                    remedy=Text("提交有效的许可证", "Provide a valid licence"),
                    **facts,
                )
            )
    return findings or [
        passes(
            "art13.2.compliance",
            "所需资质齐全有效",
            "Every licence that the trade needs is held and valid",
            licences=[item.kind for item in required],
            test_date=test_date.isoformat(),
        )
    ]


@rule("art13.3.certified")
def certified(*, certificates: Sequence[Certificate], test_date: date) -> list[Finding]:
    """At least one management-system certificate, of any related standard, valid on the day (Art. 13(3))."""
    held = [item for item in certificates if item.kind is CertificateKind.MANAGEMENT_SYSTEM and item.number.strip()]
    valid = [item for item in held if item.valid_from <= test_date <= item.valid_to]
    if valid:
        return [
            passes(
                "art13.3.certified",
                "管理体系认证有效",
                "A management-system certificate is valid",
                test_date=test_date.isoformat(),
                certificates=[_told(item) for item in valid],
            )
        ]
    return [
        fails(
            "art13.3.certified",
            "没有当日有效的管理体系认证证书",
            "No management-system certificate is valid on the day",
            remedy=Text("提交有效的管理体系认证证书", "Provide a valid management-system certificate"),
            test_date=test_date.isoformat(),
            certificates=[_told(item) for item in held],
        )
    ]


@rule("art13.4.safety")
def safety_standardised(
    *,
    organisation: OrganisationFacts,
    safety: SafetyStandardisation | None,
    test_date: date,
    parameters: Parameters,
    readings: Readings,
) -> list[Finding]:
    """Producing or operating organisations: level 1 to the instrument's lowest level, certificate valid, its last day
    included (Art. 13(4)). Whether services need it is a question of the register."""
    facts: dict[str, Any] = {"test_date": test_date.isoformat(), "reading": readings.cite("safety_for_services")}
    if not organisation.operating:
        return [
            passes(
                "art13.4.safety",
                "非生产经营性组织不适用",
                "It does not apply to a non-operating organisation",
                applies=False,
                **facts,
            )
        ]
    # An unknown sector has not been shown to lie outside manufacturing.
    if bucket_of(organisation.sector) is Bucket.OTHER and readings["safety_for_services"] == "not_required":
        return [
            passes(
                "art13.4.safety",
                "制造业以外的组织不作要求",
                "Not required outside manufacturing",
                applies=False,
                sector=organisation.sector,
                **facts,
            )
        ]
    if safety is None:
        return [
            fails(
                "art13.4.safety",
                "未提交安全生产标准化证书",
                "There is no safety standardisation certificate",
                remedy=Text("提交安全生产标准化证书", "Provide the certificate"),
                level_max=parameters.safety_level_max,
                **facts,
            )
        ]
    return _standardised(safety, test_date, parameters, facts)


def _standardised(
    safety: SafetyStandardisation, test_date: date, parameters: Parameters, base: dict[str, Any]
) -> list[Finding]:
    worst = parameters.safety_level_max
    facts = {
        **base,
        "level": safety.level,
        "level_max": worst,
        "number": safety.certificate_number,
        "valid_to": safety.valid_to.isoformat(),
    }
    findings: list[Finding] = []
    if not 1 <= safety.level <= worst:
        findings.append(
            fails(
                "art13.4.safety",
                f"安全生产标准化为{safety.level}级，应为1至{worst}级",
                f"Safety standardisation is at level {safety.level}, not 1 to {worst}",
                **facts,
            )
        )
    if not safety.certificate_number.strip():
        findings.append(
            fails(
                "art13.4.safety",
                "缺少安全生产标准化证书编号",
                "The certificate's number is missing",
                remedy=Text("填写证书编号", "State the number"),
                **facts,
            )
        )
    if safety.valid_to < test_date:
        findings.append(
            fails(
                "art13.4.safety",
                f"安全生产标准化证书已于{safety.valid_to}到期",
                f"The safety standardisation certificate expired on {safety.valid_to}",
                remedy=Text("提交有效的证书", "Provide a valid certificate"),
                **facts,
            )
        )
    return findings or [
        passes(
            "art13.4.safety",
            f"安全生产标准化{safety.level}级，有效",
            f"Safety standardisation level {safety.level}, valid",
            applies=True,
            **facts,
        )
    ]


def _told(item: Certificate) -> dict[str, str]:
    return {
        "standard": item.standard,
        "number": item.number,
        "valid_from": item.valid_from.isoformat(),
        "valid_to": item.valid_to.isoformat(),
    }
