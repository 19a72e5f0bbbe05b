"""What looks wrong in a registration (Art. 13(1)): flags, which ask for a person and never refuse by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from app.measures.facts import LegalForm, OrganisationFacts, RecordedDecision
from app.measures.findings import Finding, needs_decision, passes
from app.measures.judgement import decided
from app.measures.plain import Facts
from app.measures.reasons import Reason

# The first two signs of a code by legal form: who registered it, and as what (GB 32100). A form that is not named here
# is barred anyway.
_ENTERPRISE = frozenset({"91"})
_RURAL_COLLECTIVES = frozenset({"N1", "N2", "N3", "N9"})
_SIGNS: Mapping[LegalForm, frozenset[str]] = {
    LegalForm.LIMITED_COMPANY: _ENTERPRISE,
    LegalForm.JOINT_STOCK_COMPANY: _ENTERPRISE,
    LegalForm.STATE_OWNED_ENTERPRISE: _ENTERPRISE,
    LegalForm.COLLECTIVE_ENTERPRISE: _ENTERPRISE | _RURAL_COLLECTIVES,
    LegalForm.FOREIGN_COMPANY_SUBSIDIARY: _ENTERPRISE,
    LegalForm.PUBLIC_INSTITUTION: frozenset({"12", "19"}),
    LegalForm.PRIVATE_NON_ENTERPRISE: frozenset({"52"}),
    LegalForm.PRIVATE_NON_ENTERPRISE_UNINCORPORATED: frozenset({"52"}),
    LegalForm.FARMERS_COOPERATIVE: frozenset({"93"}),
    LegalForm.BRANCH: _ENTERPRISE,
    LegalForm.SOLE_TRADER: frozenset({"92"}),
    LegalForm.PARTNERSHIP: _ENTERPRISE,
    LegalForm.SOLE_PROPRIETORSHIP: _ENTERPRISE,
}
# Identity numbers (GB 11643): province, day of birth, and a check of their own.
_IDENTITY = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}((?:19|20)\d{6})\d{3}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# The counties whose addresses can be read: prefecture, name, and how the name begins.
_COUNTIES: Mapping[str, tuple[str, str]] = {"360733": ("赣州市", "会昌县")}  # house: sentences
_ADDRESS = re.compile(
    r"(?:[^省市县区]{2,8}(?:省|自治区))?(?P<city>[^市县区镇乡街路村道号]{2,6}市)?"  # house: sentences
    r"(?P<county>[^市县区镇乡街路村道号]{1,6}县|[^市县区镇乡街路村道号]{2,6}[区市])?"  # house: sentences
)
_NO_COUNTIES = re.compile(r".*(?:[园社小新校街厂库景城]区|开发区|工业区)")  # house: sentences


def code_flags(organisation: OrganisationFacts) -> list[tuple[Reason, Facts]]:
    """What looks wrong in the code: its checksum, its first two signs beside the legal form, an identity number."""
    code = organisation.uscc
    flags: list[tuple[Reason, Facts]] = []
    if not organisation.uscc_checksum_ok:
        flags.append((Reason.CREDIT_CODE_DOUBTFUL, {}))
    signs = _SIGNS.get(organisation.legal_form)
    if code and signs is not None and code[:2] not in signs:
        flags.append((Reason.CREDIT_CODE_OF_OTHER_FORM, {"signs": code[:2], "expected": sorted(signs)}))
    if _is_identity_number(code):
        flags.append((Reason.IDENTITY_NUMBER_AS_CODE, {}))
    return flags


def other_county(organisation: OrganisationFacts) -> str | None:
    """The county or city that the address names, where it is another than that of the county code; None where it names
    none, or nobody could say."""
    known = _COUNTIES.get(organisation.county_code)
    found = _ADDRESS.match(re.sub(r"\s", "", organisation.address))
    if known is None or found is None:
        return None
    prefecture, county = known
    city, named = found["city"], found["county"]
    if named is not None and not _NO_COUNTIES.fullmatch(named):
        return None if named.startswith(county[:-1]) else named
    return city if city is not None and city != prefecture else None


def flagged(
    rule_id: str,
    flags: list[tuple[Reason, Facts]],
    decisions: Mapping[str, RecordedDecision] | None,
    base: Facts,
) -> list[Finding]:
    """A finding for each flag. It asks for a person until one has decided (the decision is told beside it), and is a
    pass while decisions are not due yet (`decisions` None)."""
    if not flags:
        return []
    if decisions is None:
        return [passes(rule_id, reason, flagged=True, **base, **more) for reason, more in flags]
    if rule_id not in decisions:
        return [needs_decision(rule_id, reason, flagged=True, **base, **more) for reason, more in flags]
    told = [passes(rule_id, reason, flagged=True, **base, **more) for reason, more in flags]
    return [*told, decided(rule_id, "registration", decisions)]


def _is_identity_number(code: str) -> bool:
    found = _IDENTITY.fullmatch(code)
    if found is None:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    total = sum(int(sign) * weight for sign, weight in zip(code[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == code[17]
