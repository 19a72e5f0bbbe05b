"""What looks wrong in a registration (Art. 13(1)): flags, which ask for a person and never refuse by themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.facts import LegalForm, OrganisationFacts, RecordedDecision
from app.measures.findings import Finding, needs_decision, passes
from app.measures.judgement import decided
from app.measures.plain import Fact, Facts
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


@dataclass(frozen=True, slots=True)
class _County:
    """A county whose addresses can be read: its province and prefecture as people begin an address with them, its own
    name, and what else of that level the prefecture has."""

    province: str
    prefecture: str
    name: str
    others: tuple[str, ...]


_COUNTIES: Mapping[str, _County] = {
    "360733": _County(
        province="江西",  # house: sentences
        prefecture="赣州",  # house: sentences
        name="会昌县",  # house: sentences
        others=(
            *("章贡区", "南康区", "赣县区", "瑞金市", "龙南市", "信丰县"),  # house: sentences
            *("大余县", "上犹县", "崇义县", "安远县", "定南县", "全南县"),  # house: sentences
            *("宁都县", "于都县", "兴国县", "寻乌县", "石城县"),  # house: sentences
            # Zones that the prefecture runs itself: they stand where a county would.
            *("经济技术开发区", "经开区", "蓉江新区"),  # house: sentences
        ),
    )
}


def county_name(code: str) -> str:
    """The name of the county that has this code; empty for one that the service does not know."""
    return _COUNTIES[code].name if code in _COUNTIES else ""


_ADDRESS = re.compile(
    r"(?:[^省市县区]{2,8}(?:省|自治区))?(?P<city>[^市县区镇乡街路村道号]{2,6}市)?"  # house: sentences
    r"(?P<county>[^市县区镇乡街路村道号]{1,6}县|[^市县区镇乡街路村道号]{2,6}[区市])?"  # house: sentences
)
# Provinces as people begin an address with them; one that a street is named after begins none.
_ELSEWHERE = re.compile(
    r"(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建"  # house: sentences
    r"|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"  # house: sentences
    r"|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|台湾)(?!.?.?[路街道巷村组])"  # house: sentences
)
_COUNTRY = re.compile("^(?:中华人民共和国|中国)")  # house: sentences
_NO_COUNTIES = re.compile(r".*(?:[园社小新校街厂库景城]区|开发区|工业区)")  # house: sentences


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that looks wrong. `about`: what exactly, in one line; a decision names the lines that it saw."""

    reason: Reason
    about: str
    facts: Facts


def code_flags(organisation: OrganisationFacts) -> list[Flag]:
    """What looks wrong in the code: its checksum, its first two signs beside the legal form, an identity number."""
    code = organisation.uscc
    flags: list[Flag] = []
    if not organisation.uscc_checksum_ok:
        flags.append(_flag(Reason.CREDIT_CODE_DOUBTFUL, code))
    signs = _SIGNS.get(organisation.legal_form)
    if code and signs is not None and code[:2] not in signs:
        form = organisation.legal_form.value
        flags.append(_flag(Reason.CREDIT_CODE_OF_OTHER_FORM, code, form, signs=code[:2], expected=sorted(signs)))
    if _is_identity_number(code):
        flags.append(_flag(Reason.IDENTITY_NUMBER_AS_CODE, code))
    return flags


def address_flags(organisation: OrganisationFacts, county_code: str) -> list[Flag]:
    """The registered address and the county code (six digits) contradict each other over `county_code`, the award's
    own county: the one names it, the other does not."""
    address, code = organisation.address, organisation.county_code
    named = county_named(address, county_code)
    if named is None or (code == county_code) is (named == county_name(county_code)):
        return []
    return [_flag(Reason.ADDRESS_IN_OTHER_COUNTY, address, code, named=named, address=address)]


def _flag(reason: Reason, *seen: str, **facts: Fact) -> Flag:
    return Flag(reason, f"{reason.value}: {', '.join(seen)}", facts)


def county_named(address: str, county_code: str) -> str | None:
    """The county, city or province in which a registered address lies by its own words: that of `county_code` (six
    digits) by its full name, another as the address has it; None where it names none, or nobody could say."""
    known = _COUNTIES.get(county_code)
    if known is None:
        return None
    # Blanks, signs that show nothing and what people put between the parts are no part of a place.
    text = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", address)))
    text = _COUNTRY.sub("", text)
    after = _after_prefecture(text, known)
    if after is not None:
        # Behind the prefecture a county is often written without its last sign.
        for name in (known.name, *known.others):
            if after.startswith(name[:-1]):
                return name
    elsewhere = _ELSEWHERE.match(text)
    province = None if elsewhere is None or elsewhere[0] == known.province else elsewhere[0]
    return _named_by_signs(text, known) or province


def _after_prefecture(address: str, known: _County) -> str | None:
    """What follows province and prefecture, each with or without its last sign; None where neither begins it."""
    begins = re.match(f"(?:{known.province}省?)?(?:{known.prefecture}市?)?", address)  # house: sentences
    return address[begins.end() :] if begins is not None and begins.end() else None


def _named_by_signs(address: str, known: _County) -> str | None:
    """By the signs that end a name: of a city, of a county or district."""
    found = _ADDRESS.match(address)
    city, named = (None, None) if found is None else (found["city"], found["county"])
    if named is not None and not _NO_COUNTIES.fullmatch(named):
        return known.name if named.startswith(known.name[:-1]) else named
    return city if city is not None and not city.startswith(known.prefecture) else None


def flagged(
    rule_id: str,
    flags: Sequence[Flag],
    decisions: Mapping[str, RecordedDecision] | None,
    base: Facts,
    *,
    before: str = "confirm_qualified_list",
) -> list[Finding]:
    """A finding for each flag. It asks for a person until one has decided on it: a decision covers the flags that it
    saw (`about`), and one that came up since is open again. A pass while decisions are not due yet (`decisions`
    None). `before`: the act that an open one holds back."""
    if not flags:
        return []
    if decisions is None:
        return [passes(rule_id, flag.reason, **_told(flag, base)) for flag in flags]
    decision = decisions.get(rule_id)
    seen = () if decision is None else decision.about
    asked: Facts = {"decides": "office", "before": before}
    new = [
        needs_decision(rule_id, flag.reason, **asked, **_told(flag, base)) for flag in flags if flag.about not in seen
    ]
    old = [passes(rule_id, flag.reason, **_told(flag, base)) for flag in flags if flag.about in seen]
    return [*new, *old, *([decided(rule_id, "registration", decisions)] if old else [])]


def _told(flag: Flag, base: Facts) -> Facts:
    return {"flagged": True, "about": flag.about, **base, **flag.facts}


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
