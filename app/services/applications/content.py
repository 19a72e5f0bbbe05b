"""The stored form and the registered organisation as the facts that the measures look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from pydantic import TypeAdapter

from app.kernel.chinese import simplified
from app.kernel.hashes import ContentHash, content_hash
from app.measures.facts import (
    AdverseRecord,
    Certificate,
    CredentialKind,
    Honour,
    Licence,
    OrganisationFacts,
    RecordFinding,
    SafetyStandardisation,
    YearFigures,
)
from app.measures.form import filled_in
from app.measures.recommendations import ShownForm
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

_Fact = TypeVar("_Fact")
_ORGANISATION = TypeAdapter(OrganisationFacts)
_FIGURES = TypeAdapter(YearFigures)
_CERTIFICATE = TypeAdapter(Certificate)
_LICENCE = TypeAdapter(Licence)
_SAFETY = TypeAdapter(SafetyStandardisation)
_RECORD = TypeAdapter(AdverseRecord)
_HONOUR = TypeAdapter(Honour)
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
    # Places are told from their names in one writing.
    area = record["area"]
    return _stated(
        _ORGANISATION,
        record,
        address=simplified(record["registered_address"]),
        area=None if area is None else simplified(area),
    )


def declared(content: Form) -> Declared:
    """The form's sections as facts; a section that is not filled in is empty."""
    safety = content.get("safety")
    return Declared(
        figures=tuple(_stated(_FIGURES, item, at=at) for at, item in _placed("figures", content.get("figures"))),
        certificates=tuple(
            _stated(_CERTIFICATE, item, at=at) for at, item in _placed("certificates", content.get("certificates"))
        ),
        licences=tuple(
            _stated(_LICENCE, item, number=item.get("number") or "", valid_to=item.get("valid_to"), at=at)
            for at, item in _placed("licences", content.get("licences"))
        ),
        safety=None if safety is None else _stated(_SAFETY, cast(Mapping[str, object], safety)),
        records=tuple(record for _, record in declared_records(content)),
        honours=tuple(
            _stated(_HONOUR, item, valid_to=item.get("valid_to"), at=at)
            for at, item in _placed("honours", content.get("honours"))
        ),
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
    return _stated(
        _RECORD,
        item,
        occurred_on=item.get("occurred_on"),
        determined_on=item.get("determined_on"),
        evidence=item.get("basis") or "",
        attributable=item.get("attributable"),
        finding=RecordFinding.CONFIRMED if admitted else RecordFinding.OPEN,
        at=at,
    )


def truth_stated(content: Form) -> bool:
    """Whether the applicant has agreed to answer for the truth of its material (Art. 26)."""
    statement = content.get("truthfulness")
    return statement is not None and statement["agreed"]


def sections_of(content: Form) -> frozenset[str]:
    """The codes of the texts that the form holds and that are filled in."""
    return frozenset(code for code, text in (content.get("sections") or {}).items() if filled_in(text))


def shown_form(content: Form, materials: Iterable[str]) -> ShownForm:
    """What a unit that is asked would be shown. `materials`: the codes of those that are there."""
    return ShownForm(
        sections=sections_of(content),
        materials=frozenset(materials),
        figures=len(content.get("figures") or ()),
        certificates=len(content.get("certificates") or ()),
    )


def endorsable_hash(organisation: OrganisationRecord, content: Form) -> ContentHash:
    """What an endorsement binds itself to: the organisation and the form as they are."""
    return content_hash({"organisation": dict(organisation), "content": dict(content)})


def _placed(name: str, items: Sequence[_Item] | None) -> list[tuple[str | None, _Item]]:
    """The entries of a list, each with where in the submitted form it stands; None: it is a renewal."""
    return [(item.get("at", f"/{name}/{number}"), item) for number, item in enumerate(items or ())]


def _stated(kind: TypeAdapter[_Fact], item: Mapping[str, object], **more: object) -> _Fact:
    """What a section states, as the fact that the measures look at. `more`: what the form calls otherwise, or leaves
    out."""
    return kind.validate_python({**item, **more})
