"""The stored form and the registered organisation as the facts that the measures look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from app.kernel.hashes import ContentHash, content_hash
from app.measures.facts import (
    AdverseRecord,
    Certificate,
    CertificateKind,
    CredentialKind,
    Honour,
    HonourKind,
    HonourLevel,
    LegalForm,
    Licence,
    OrganisationFacts,
    RecordCategory,
    RecordFinding,
    SafetyStandardisation,
    YearFigures,
)
from app.store.applications.form import (
    CertificateItem,
    DeclaredItem,
    FiguresItem,
    Form,
    HonourItem,
    LicenceItem,
    OrganisationRecord,
    SafetyItem,
)
from app.store.organisations import Organisation

_Item = TypeVar("_Item", FiguresItem, CertificateItem, LicenceItem, DeclaredItem, HonourItem)


@dataclass(frozen=True, slots=True)
class Declared:
    """What an applicant states about itself."""

    figures: tuple[YearFigures, ...]
    certificates: tuple[Certificate, ...]
    licences: tuple[Licence, ...]
    safety: SafetyStandardisation | None
    records: tuple[AdverseRecord, ...]
    honours: tuple[Honour, ...]


def organisation_record(row: Organisation) -> OrganisationRecord:
    """The organisation as it applies, JSON-ready."""
    return {
        "name": row.name,
        "uscc": row.uscc,
        "uscc_checksum_ok": row.uscc_checksum_ok,
        "legal_form": row.legal_form,
        "registered_address": row.registered_address,
        "county_code": row.county_code,
        "area": row.area,
        "sector": row.sector,
        "operating": row.operating,
        "established_on": row.established_on.isoformat(),
    }


def organisation_fields(pointers: Iterable[str]) -> frozenset[str]:
    """The fields of the organisation that these JSON pointers into an application name; its code never changes."""
    fields = OrganisationRecord.__required_keys__ - {"uscc", "uscc_checksum_ok"}
    named = [pointer.split("/")[1:] for pointer in pointers]
    if ["organisation"] in named:
        return fields
    return fields & {parts[1] for parts in named if parts[0] == "organisation" and len(parts) > 1}


def organisation_facts(record: OrganisationRecord) -> OrganisationFacts:
    """The organisation as the measures see it, from `organisation_record`."""
    return OrganisationFacts(
        name=record["name"],
        uscc=record["uscc"],
        uscc_checksum_ok=record["uscc_checksum_ok"],
        legal_form=LegalForm(record["legal_form"]),
        county_code=record["county_code"],
        area=record["area"],
        established_on=date.fromisoformat(record["established_on"]),
        operating=record["operating"],
        sector=record["sector"],
        address=record["registered_address"],
    )


def declared(content: Form) -> Declared:
    """The form's sections as facts; a section that is not filled in is empty."""
    safety = content.get("safety")
    return Declared(
        figures=tuple(_figures(item, at) for at, item in _placed("figures", content.get("figures"))),
        certificates=tuple(_certificate(item, at) for at, item in _placed("certificates", content.get("certificates"))),
        licences=tuple(_licence(item, at) for at, item in _placed("licences", content.get("licences"))),
        safety=None
        if safety is None
        else SafetyStandardisation(
            level=safety["level"],
            certificate_number=safety["certificate_number"],
            valid_to=_day(safety["valid_to"]),
        ),
        records=tuple(record for _, record in declared_records(content)),
        honours=tuple(_honour(item, at) for at, item in _placed("honours", content.get("honours"))),
    )


def with_renewals(content: Form, renewed: Iterable[tuple[CredentialKind, Mapping[str, object]]]) -> Form:
    """The form with what was renewed since and accepted, the oldest first: a certificate beside the earlier ones, a
    licence in place of that of its kind, the safety standardisation in place of the one before."""
    filled = content.copy()
    for kind, item in renewed:
        if kind is CredentialKind.CERTIFICATE:
            certificate = cast(CertificateItem, item)
            filled["certificates"] = [*(filled.get("certificates") or ()), {**certificate, "at": None}]
        elif kind is CredentialKind.LICENCE:
            licence = cast(LicenceItem, item)
            listed: list[LicenceItem] = [{**one, "at": at} for at, one in _placed("licences", filled.get("licences"))]
            replaced = [one for one in listed if one["kind"] == licence["kind"]]
            # A licence that the industry needs is needed whatever the new one says of itself.
            needed = licence["required"] or any(one["required"] for one in replaced)
            kept = [one for one in listed if one not in replaced]
            filled["licences"] = [*kept, {**licence, "required": needed, "at": None}]
        else:
            filled["safety"] = cast(SafetyItem, item)
    return filled


def declared_records(content: Form) -> list[tuple[DeclaredItem, AdverseRecord]]:
    """The records that the form declares, each with its entry in the form.

    What an applicant admits against itself is taken as it stands; that it is not responsible is for a person to verify.
    """
    return [
        (item, _declared_record(item, at)) for at, item in _placed("adverse_records", content.get("adverse_records"))
    ]


def _declared_record(item: DeclaredItem, at: str | None) -> AdverseRecord:
    admitted = item.get("attributable") is not False
    return AdverseRecord(
        category=RecordCategory(item["category"]),
        occurred_on=_day_or_none(item.get("occurred_on")),
        determined_on=_day_or_none(item.get("determined_on")),
        source=item["source"],
        evidence=item.get("basis") or "",
        attributable=item.get("attributable"),
        finding=RecordFinding.CONFIRMED if admitted else RecordFinding.OPEN,
        rectified=item.get("rectified", False),
        at=at,
    )


def truth_stated(content: Form) -> bool:
    """Whether the applicant has agreed to answer for the truth of its material (Art. 26)."""
    statement = content.get("truthfulness")
    return statement is not None and statement["agreed"]


def sections_of(content: Form) -> frozenset[str]:
    """The codes of the texts that the form holds."""
    return frozenset(content.get("sections") or {})


def endorsable_hash(organisation: OrganisationRecord, content: Form) -> ContentHash:
    """What an endorsement binds itself to: the organisation and the form as they are."""
    return content_hash({"organisation": dict(organisation), "content": dict(content)})


def _placed(name: str, items: Sequence[_Item] | None) -> list[tuple[str | None, _Item]]:
    """The entries of a list, each with where in the submitted form it stands; None: it is a renewal."""
    return [(item.get("at", f"/{name}/{number}"), item) for number, item in enumerate(items or ())]


def _figures(item: FiguresItem, at: str | None) -> YearFigures:
    return YearFigures(
        year=item["year"],
        revenue_fen=item.get("revenue_fen"),
        net_profit_fen=item.get("net_profit_fen"),
        tax_fen=item.get("tax_fen"),
        rd_fen=item.get("rd_fen"),
        export_fen=item.get("export_fen"),
        at=at,
    )


def _certificate(item: CertificateItem, at: str | None) -> Certificate:
    return Certificate(
        kind=CertificateKind(item["kind"]),
        standard=item["standard"],
        number=item["number"],
        issuer=item["issuer"],
        valid_from=_day(item["valid_from"]),
        valid_to=_day(item["valid_to"]),
        at=at,
    )


def _licence(item: LicenceItem, at: str | None) -> Licence:
    return Licence(
        kind=item["kind"],
        number=item.get("number") or "",
        valid_to=_day_or_none(item.get("valid_to")),
        required=item["required"],
        at=at,
    )


def _honour(item: HonourItem, at: str | None) -> Honour:
    return Honour(
        level=HonourLevel(item["level"]),
        kind=HonourKind(item["kind"]),
        awarded_on=_day(item["awarded_on"]),
        valid_to=_day_or_none(item.get("valid_to")),
        at=at,
    )


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _day_or_none(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
