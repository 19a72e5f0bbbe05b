"""The stored form and the registered organisation as the facts that the measures look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel.hashes import ContentHash, content_hash
from app.measures.facts import (
    AdverseRecord,
    Certificate,
    CertificateKind,
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
from app.store.organisations import Organisation

_ORGANISATION_FIELDS = (
    "name",
    "uscc",
    "uscc_checksum_ok",
    "legal_form",
    "registered_address",
    "county_code",
    "area",
    "sector",
    "operating",
)

# Where an entry stood in the submitted form, once a renewal has moved it; None: it is the renewal.
_AT = "at"


@dataclass(frozen=True, slots=True)
class Declared:
    """What an applicant states about itself."""

    figures: tuple[YearFigures, ...]
    certificates: tuple[Certificate, ...]
    licences: tuple[Licence, ...]
    safety: SafetyStandardisation | None
    records: tuple[AdverseRecord, ...]
    honours: tuple[Honour, ...]


def organisation_record(row: Organisation) -> dict[str, Any]:
    """The organisation as it applies, JSON-ready."""
    return {name: getattr(row, name) for name in _ORGANISATION_FIELDS} | {
        "established_on": row.established_on.isoformat()
    }


def organisation_fields(pointers: Iterable[str]) -> frozenset[str]:
    """The fields of the organisation that these JSON pointers into an application name; its code never changes."""
    fields = frozenset({*_ORGANISATION_FIELDS, "established_on"} - {"uscc", "uscc_checksum_ok"})
    named = [pointer.split("/")[1:] for pointer in pointers]
    if ["organisation"] in named:
        return fields
    return fields & {parts[1] for parts in named if parts[0] == "organisation" and len(parts) > 1}


def organisation_facts(record: Mapping[str, Any]) -> OrganisationFacts:
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
    )


def declared(content: Mapping[str, Any]) -> Declared:
    """The form's sections as facts; a section that is not filled in is empty."""
    safety = content.get("safety")
    return Declared(
        figures=tuple(_figures(item, at) for at, item in _placed(content, "figures")),
        certificates=tuple(_certificate(item) for item in _items(content, "certificates")),
        licences=tuple(_licence(item, at) for at, item in _placed(content, "licences")),
        safety=None
        if safety is None
        else SafetyStandardisation(
            level=safety["level"],
            certificate_number=safety["certificate_number"],
            valid_to=_day(safety["valid_to"]),
        ),
        records=tuple(record for _, record in declared_records(content)),
        honours=tuple(_honour(item, at) for at, item in _placed(content, "honours")),
    )


def with_renewals(content: Mapping[str, Any], renewed: Iterable[tuple[str, Mapping[str, Any]]]) -> Mapping[str, Any]:
    """The form with what was renewed since and accepted, the oldest first: a certificate beside the earlier ones, a
    licence in place of that of its kind, the safety standardisation in place of the one before."""
    filled = dict(content)
    for kind, item in renewed:
        if kind == "certificate":
            filled["certificates"] = [*_items(filled, "certificates"), item]
        elif kind == "licence":
            listed = [{**one, _AT: at} for at, one in _placed(filled, "licences")]
            replaced = [one for one in listed if one["kind"] == item["kind"]]
            # A licence that the industry needs is needed whatever the new one says of itself.
            needed = item["required"] or any(one["required"] for one in replaced)
            filled["licences"] = [one for one in listed if one not in replaced] + [
                {**item, "required": needed, _AT: None}
            ]
        else:
            filled["safety"] = item
    return filled


def declared_records(content: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], AdverseRecord]]:
    """The records that the form declares, each with its entry in the form.

    What an applicant admits against itself is taken as it stands; that it is not responsible is for a person to verify.
    """
    return [(item, _declared_record(item, at)) for at, item in _placed(content, "adverse_records")]


def _declared_record(item: Mapping[str, Any], at: str | None) -> AdverseRecord:
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


def truth_stated(content: Mapping[str, Any]) -> bool:
    """Whether the applicant has agreed to answer for the truth of its material (Art. 26)."""
    return bool((content.get("truthfulness") or {}).get("agreed"))


def sections_of(content: Mapping[str, Any]) -> frozenset[str]:
    """The codes of the texts that the form holds."""
    return frozenset(content.get("sections") or {})


def endorsable_hash(organisation: Mapping[str, Any], content: Mapping[str, Any]) -> ContentHash:
    """What an endorsement binds itself to: the organisation and the form as they are."""
    return content_hash({"organisation": dict(organisation), "content": dict(content)})


def _items(content: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return content.get(name) or ()


def _placed(content: Mapping[str, Any], name: str) -> list[tuple[str | None, Mapping[str, Any]]]:
    """The entries of a list, each with where in the submitted form it stands."""
    return [(item.get(_AT, f"/{name}/{number}"), item) for number, item in enumerate(_items(content, name))]


def _figures(item: Mapping[str, Any], at: str | None) -> YearFigures:
    names = ("revenue_fen", "net_profit_fen", "tax_fen", "rd_fen", "export_fen")
    return YearFigures(year=item["year"], **{name: item.get(name) for name in names}, at=at)


def _certificate(item: Mapping[str, Any]) -> Certificate:
    return Certificate(
        kind=CertificateKind(item["kind"]),
        standard=item["standard"],
        number=item["number"],
        issuer=item["issuer"],
        valid_from=_day(item["valid_from"]),
        valid_to=_day(item["valid_to"]),
    )


def _licence(item: Mapping[str, Any], at: str | None) -> Licence:
    return Licence(
        kind=item["kind"],
        number=item.get("number") or "",
        valid_to=_day_or_none(item.get("valid_to")),
        required=item["required"],
        at=at,
    )


def _honour(item: Mapping[str, Any], at: str | None) -> Honour:
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
