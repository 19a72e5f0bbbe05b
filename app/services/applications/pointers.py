"""Where in the application a finding is to be remedied: JSON pointers into what `GET /v1/applications/{id}` shows."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError
from app.measures.findings import Finding
from app.measures.plain import words
from app.measures.reasons import Reason

_FIELDS = {
    "art03.recommendation": "/recommendations",
    "art04.recipient": "/organisation/legal_form",
    "art05.lookback": "/content/figures",
    "art06.seats": "/organisation/sector",
    "art12.jurisdiction": "/organisation/area",
    "art13.1.local": "/organisation/county_code",
    "art13.1.legal_person": "/organisation/legal_form",
    "art13.1.age": "/organisation/established_on",
    "art13.2.compliance": "/content/licences",
    "art13.3.certified": "/content/certificates",
    "art13.4.non_profit": "/organisation/operating",
    "art13.4.safety": "/content/safety",
    "art13.4.profit": "/content/figures",
    "art13.6.record": "/content/adverse_records",
    "art13.6.higher_award": "/content/honours",
}

_INCOMPLETE = {
    "material": "/attachments",
    "sections": "/content/sections",
    "statement": "/content",
    "form": "/content",
}
# Refusals of Art. 17 that are cured by one part of the form.
_PARTS = {
    Reason.INTERNAL_NOTICE_MISSING: "/content/internal_notice",
    Reason.HOLIDAYS_UNKNOWN: "/content/internal_notice",
}


def pointers(finding: Finding) -> list[str]:
    """The fields that the finding is about; none where no field cures it (interval, exclusion, deadline)."""
    if finding.rule == "art17.qualification":
        if "beyond" in finding.facts:
            return words(finding.facts["beyond"])
        if finding.at is not None:
            return [f"/content{finding.at}"]
        if finding.reason in _PARTS:
            return [_PARTS[finding.reason]]
        where = _INCOMPLETE.get(str(finding.facts.get("of")), "")
        return [f"{where}/{code}" for code in words(finding.facts.get("missing"))]
    if finding.reason is Reason.SECTIONS_MISSING:
        return [f"{_INCOMPLETE['sections']}/{code}" for code in words(finding.facts.get("missing"))]
    if finding.reason is Reason.MATERIALS_TO_VERIFY_MISSING:
        return [f"{_INCOMPLETE['material']}/{code}" for code in words(finding.facts.get("missing"))]
    if finding.reason is Reason.PARTS_TO_VERIFY_MISSING:
        return [f"/content/{part}" for part in words(finding.facts.get("parts"))]
    if finding.at is not None:
        return [f"/content{finding.at}"]
    field = _FIELDS.get(finding.rule)
    return [] if field is None else [field]


def field_errors(findings: Sequence[Finding]) -> list[FieldError]:
    """The findings as faults of fields, each with its rule's id."""
    return [
        FieldError(pointer, FieldCode.RULE_REFUSED, finding.message, finding.rule)
        for finding in findings
        for pointer in pointers(finding)
    ]
