"""The form of an application as it is stored, section by section, and what a submission freezes of it. The schemas let
nothing else in; days are ISO text, amounts are fen."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class FiguresItem(TypedDict):
    """One calendar year's figures. `at`: where in the submitted form an entry stood, once a renewal has moved it."""

    year: int
    revenue_fen: NotRequired[int | None]
    net_profit_fen: NotRequired[int | None]
    tax_fen: NotRequired[int | None]
    rd_fen: NotRequired[int | None]
    export_fen: NotRequired[int | None]
    at: NotRequired[str | None]


class CertificateItem(TypedDict):
    """One certificate; both days are days of validity."""

    kind: str
    standard: str
    number: str
    issuer: str
    valid_from: str
    valid_to: str
    at: NotRequired[str | None]


class LicenceItem(TypedDict):
    """One licence; without a number it is needed and not held."""

    kind: str
    number: NotRequired[str | None]
    issued_on: NotRequired[str | None]
    valid_to: NotRequired[str | None]
    required: bool
    at: NotRequired[str | None]


class SafetyItem(TypedDict):
    """The safety standardisation."""

    level: int
    certificate_number: str
    issued_on: NotRequired[str | None]
    valid_to: str


class DeclaredItem(TypedDict):
    """One adverse record that the applicant declares."""

    category: str
    fact: str
    occurred_on: NotRequired[str | None]
    determined_on: NotRequired[str | None]
    source: str
    basis: NotRequired[str | None]
    attributable: NotRequired[bool | None]
    rectified: NotRequired[bool]
    at: NotRequired[str | None]


class HonourItem(TypedDict):
    """One quality award or other honour."""

    name: str
    level: str
    kind: str
    awarded_on: str
    valid_to: NotRequired[str | None]
    at: NotRequired[str | None]


class Person(TypedDict):
    """Somebody who answers for the organisation."""

    name: str
    office: NotRequired[str | None]
    phone: NotRequired[str | None]


class ProductItem(TypedDict):
    """A main product or service."""

    name: str
    standards: NotRequired[list[dict[str, object]]]
    customers: NotRequired[list[str]]
    competitors: NotRequired[list[str]]


class IndicatorItem(TypedDict):
    """One indicator of one year: its value as decimal text, or why there is none."""

    code: str
    year: int
    value: NotRequired[str | None]
    blank_reason: NotRequired[str | None]
    rank: NotRequired[dict[str, object] | None]


class EvidenceItem(TypedDict):
    """An entry of the evidence catalogue."""

    number: str
    title: str
    pages: NotRequired[str | None]
    attachment_id: NotRequired[str | None]


class NoticeItem(TypedDict):
    """The notice to the organisation's own staff."""

    from_day: str
    to_day: str
    place: str
    result: str


class Contact(TypedDict):
    """Whom to ask."""

    name: str
    phone: str
    email: NotRequired[str | None]
    fax: NotRequired[str | None]
    postcode: NotRequired[str | None]


class Statement(TypedDict):
    """The statement that everything is true."""

    agreed: bool
    signatory: str
    signed_on: str


class Form(TypedDict, total=False):
    """The sections that are filled in. Null occurs in a change alone, where it removes the section."""

    size_class: str | None
    staff: int | None
    main_products: list[ProductItem] | None
    legal_representative: Person | None
    registered_capital_fen: int | None
    quality_officer: Person | None
    parent_organisation: str | None
    branches: list[str] | None
    indicators: list[IndicatorItem] | None
    figures: list[FiguresItem] | None
    certificates: list[CertificateItem] | None
    licences: list[LicenceItem] | None
    safety: SafetyItem | None
    adverse_records: list[DeclaredItem] | None
    honours: list[HonourItem] | None
    market_position: dict[str, object] | None
    intellectual_property: list[dict[str, object]] | None
    standards: list[dict[str, object]] | None
    tags: list[str] | None
    sections: dict[str, str] | None
    tables: list[dict[str, object]] | None
    evidence: list[EvidenceItem] | None
    internal_notice: NoticeItem | None
    contact: Contact | None
    truthfulness: Statement | None


class OrganisationRecord(TypedDict):
    """The organisation as it applies."""

    name: str
    uscc: str
    uscc_checksum_ok: bool
    legal_form: str
    registered_address: str
    county_code: str
    area: str | None
    sector: str
    operating: bool
    established_on: str


class MaterialRecord(TypedDict):
    """One file, by its hash."""

    id: str
    material: str
    part: int
    revision: int
    filename: str
    sha256: str
    size: int
    trade_secret: bool


class EndorsementRecord(TypedDict):
    """The recommendation that the submission rests on."""

    id: str
    unit_id: str
    content_hash: str


class Snapshot(TypedDict):
    """What was frozen at the submission."""

    organisation: OrganisationRecord
    content: Form
    materials: list[MaterialRecord]
    recommendation: EndorsementRecord | None
