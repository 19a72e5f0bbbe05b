"""What an organisation has to hold on the day of the test: licences (Art. 13(2)), a management-system certificate
(Art. 13(3)), safety standardisation (Art. 13(4))."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.measures.facts import (
    Certificate,
    CertificateKind,
    CredentialKind,
    CredentialWithdrawal,
    Licence,
    OrganisationFacts,
    SafetyStandardisation,
)
from app.measures.findings import Finding, fails, passes, placed
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.sectors import SeatCategory, seat_category_of

# The condition that each kind of credential is for.
RULES_OF_CREDENTIALS = {
    CredentialKind.CERTIFICATE: "art13.3.certified",
    CredentialKind.LICENCE: "art13.2.compliance",
    CredentialKind.SAFETY: "art13.4.safety",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Certificates, licences and safety standardisation as they are held."""

    certificates: tuple[Certificate, ...]
    licences: tuple[Licence, ...]
    safety: SafetyStandardisation | None


def same_number(one: str, other: str) -> bool:
    """Whether two numbers of certificates or licences are one as people write them: width, small letters, blanks,
    hyphens and dashes make no other number (Art. 13(2) to 13(4)). What has no letter or digit is nobody's number."""
    return _plain_number(one) == _plain_number(other) != ""


@rule("art13.2.compliance", "art13.3.certified", "art13.4.safety")
def named_credential(*, kind: CredentialKind, number: str, held: Credentials) -> list[Finding]:
    """Whether a withdrawal names a certificate, licence or safety standardisation that the application lists: one of
    another number would take nothing from it (Art. 13(2) to 13(4)). Fact `numbers`: those that are listed."""
    listed = {
        CredentialKind.CERTIFICATE: [item.number for item in held.certificates],
        CredentialKind.LICENCE: [item.number for item in held.licences],
        CredentialKind.SAFETY: [] if held.safety is None else [held.safety.certificate_number],
    }[kind]
    facts: Facts = {"number": number, "numbers": [item for item in listed if item]}
    if any(same_number(number, item) for item in listed):
        return [passes(RULES_OF_CREDENTIALS[kind], Reason.CREDENTIAL_LISTED, **facts)]
    return [fails(RULES_OF_CREDENTIALS[kind], Reason.CREDENTIAL_NOT_LISTED, **facts)]


def _plain_number(number: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", number).casefold() if char.isalnum())


@rule("art13.2.compliance", "art13.3.certified", "art13.4.safety")
def without_withdrawn(
    *,
    certificates: Sequence[Certificate],
    licences: Sequence[Licence],
    safety: SafetyStandardisation | None,
    withdrawals: Sequence[CredentialWithdrawal],
) -> Credentials:
    """What is held once the withdrawals are known: a credential that was withdrawn bears its withdrawal, the first of
    several, beside the end that is printed on it (Art. 13(2) to 13(4)). Another one, of another number, is as before,
    and so is one that was issued after the withdrawal, under the number that it had before: of a certificate its first
    day of validity says so, of the others the day of issue, where it is stated.
    """

    def withdrawn(kind: CredentialKind, number: str, issued_on: date | None) -> CredentialWithdrawal | None:
        own = [
            item
            for item in withdrawals
            if item.kind is kind
            and same_number(item.number, number)
            and (issued_on is None or item.withdrawn_on >= issued_on)
        ]
        return min(own, key=lambda item: item.withdrawn_on, default=None)

    def of_certificate(item: Certificate) -> CredentialWithdrawal | None:
        return withdrawn(CredentialKind.CERTIFICATE, item.number, item.valid_from)

    return Credentials(
        tuple(replace(item, withdrawal=of_certificate(item)) for item in certificates),
        tuple(
            replace(item, withdrawal=withdrawn(CredentialKind.LICENCE, item.number, item.issued_on))
            for item in licences
        ),
        None
        if safety is None
        else replace(safety, withdrawal=withdrawn(CredentialKind.SAFETY, safety.certificate_number, safety.issued_on)),
    )


def _withdrawn(item: Certificate | Licence | SafetyStandardisation, test_date: date) -> Facts | None:
    """What a finding tells of a withdrawal that took the credential away by the day; None where its printed end had
    done so before, or nothing has."""
    found = item.withdrawal
    if found is None or found.withdrawn_on > test_date:
        return None
    if item.valid_to is not None and item.valid_to < found.withdrawn_on:
        return None
    return {
        # As the form has it, whatever was typed with the record.
        "withdrawn_number": item.certificate_number if isinstance(item, SafetyStandardisation) else item.number,
        "withdrawn_on": found.withdrawn_on.isoformat(),
        "record": found.record,
        "source": found.source,
    }


@rule("art13.2.compliance")
def licences_held(*, licences: Sequence[Licence], test_date: date) -> list[Finding]:
    """Every licence that the industry needs is listed with its number, its last day not past, and was not withdrawn
    (Art. 13(2))."""
    findings: list[Finding] = []
    required = [item for item in licences if item.required]
    for licence in required:
        facts: Facts = {
            "kind": licence.kind,
            "number": licence.number,
            "valid_to": None if licence.valid_to is None else licence.valid_to.isoformat(),
            "test_date": test_date.isoformat(),
        }
        if not _plain_number(licence.number):
            findings.append(placed(fails("art13.2.compliance", Reason.LICENCE_MISSING, **facts), licence.at))
        elif (taken := _withdrawn(licence, test_date)) is not None:
            gone = fails("art13.2.compliance", Reason.CREDENTIAL_WITHDRAWN, **facts, **taken)
            findings.append(placed(gone, licence.at))
        elif licence.valid_to is not None and licence.valid_to < test_date:
            findings.append(placed(fails("art13.2.compliance", Reason.LICENCE_EXPIRED, **facts), licence.at))
    return findings or [
        passes(
            "art13.2.compliance",
            Reason.LICENCES_VALID,
            licences=[item.kind for item in required],
            test_date=test_date.isoformat(),
        )
    ]


@rule("art13.3.certified")
def certified(*, certificates: Sequence[Certificate], test_date: date) -> list[Finding]:
    """At least one management-system certificate, of any related standard, valid on the day and not withdrawn
    (Art. 13(3))."""
    held = [
        item for item in certificates if item.kind is CertificateKind.MANAGEMENT_SYSTEM and _plain_number(item.number)
    ]
    in_time = [item for item in held if item.valid_from <= test_date <= item.valid_to]  # house: validity
    valid = [item for item in in_time if _withdrawn(item, test_date) is None]
    if valid:
        return [
            passes(
                "art13.3.certified",
                Reason.CERTIFICATE_VALID,
                test_date=test_date.isoformat(),
                certificates=[_told(item) for item in valid],
            )
        ]
    # Of several it is the one to renew: that which ends last; one that would be valid, had it not been withdrawn.
    nearest = max(in_time or held, key=lambda item: item.valid_to, default=None)
    taken = None if nearest is None else _withdrawn(nearest, test_date)
    refused = fails(
        "art13.3.certified",
        Reason.CERTIFICATE_NOT_VALID if taken is None else Reason.CREDENTIAL_WITHDRAWN,
        test_date=test_date.isoformat(),
        certificates=[_told(item) for item in held],
        **(taken or {}),
    )
    return [refused if nearest is None else placed(refused, nearest.at)]


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
    facts: Facts = {"test_date": test_date.isoformat(), "reading": readings.cite("safety_for_services")}
    if not organisation.operating:
        return [passes("art13.4.safety", Reason.OPERATING_ORGANISATIONS_ONLY, applies=False, **facts)]
    # An unknown sector has not been shown to lie outside manufacturing.
    if (
        seat_category_of(organisation.sector) is SeatCategory.OTHER
        and readings["safety_for_services"] == "not_required"
    ):
        return [passes("art13.4.safety", Reason.MANUFACTURING_ONLY, applies=False, sector=organisation.sector, **facts)]
    if safety is None:
        return [
            fails("art13.4.safety", Reason.SAFETY_CERTIFICATE_MISSING, level_max=parameters.safety_level_max, **facts)
        ]
    return _standardised(safety, test_date, parameters, facts)


def _standardised(safety: SafetyStandardisation, test_date: date, parameters: Parameters, base: Facts) -> list[Finding]:
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
        findings.append(fails("art13.4.safety", Reason.SAFETY_LEVEL_INSUFFICIENT, **facts))
    if not _plain_number(safety.certificate_number):
        findings.append(fails("art13.4.safety", Reason.CERTIFICATE_NUMBER_MISSING, **facts))
    taken = _withdrawn(safety, test_date)
    if taken is not None:
        findings.append(fails("art13.4.safety", Reason.CREDENTIAL_WITHDRAWN, **facts, **taken))
    elif safety.valid_to < test_date:
        findings.append(fails("art13.4.safety", Reason.SAFETY_CERTIFICATE_EXPIRED, **facts))
    return findings or [passes("art13.4.safety", Reason.SAFETY_CERTIFICATE_VALID, applies=True, **facts)]


def _told(item: Certificate) -> dict[str, str]:
    return {
        "standard": item.standard,
        "number": item.number,
        "valid_from": item.valid_from.isoformat(),
        "valid_to": item.valid_to.isoformat(),
    }
