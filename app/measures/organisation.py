"""Who may apply: the recipient (Art. 4), and place, personality and age of the organisation (Art. 13(1))."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.measures.dates import add_years
from app.measures.facts import BARRED_RECIPIENTS, OrganisationFacts
from app.measures.findings import Finding, Text, fails, passes
from app.measures.interpretations import Readings
from app.measures.parameters import Parameters
from app.measures.registry import rule


@rule("art04.recipient")
def recipient(*, organisation: OrganisationFacts) -> list[Finding]:
    """Individuals, party and state organs and social associations are refused, all others accepted (Art. 4)."""
    form = organisation.legal_form
    if form in BARRED_RECIPIENTS:
        return [
            fails(
                "art04.recipient",
                "个人、党政机关和社会团体不属于授奖对象",
                "Individuals, party or state organs and social associations are no recipients",
                remedy=Text("由企业或事业单位申报", "Let an enterprise or a public institution apply"),
                legal_form=form.value,
            )
        ]
    return [passes("art04.recipient", "属于授奖对象", "It can receive the award", legal_form=form.value)]


@rule("art13.1.local")
def local(*, organisation: OrganisationFacts, parameters: Parameters) -> list[Finding]:
    """Registered in the county by its registered address. The credit code names the registering authority, not the
    place: it is not looked at."""
    facts: dict[str, Any] = {"county_code": organisation.county_code, "required": parameters.county_code}
    if organisation.county_code != parameters.county_code:
        return [
            fails(
                "art13.1.local",
                "注册地址不在会昌县",
                "The registered address is not in Huichang County",
                remedy=Text("由在会昌县注册的法人申报", "Let the legal person that is registered in the county apply"),
                **facts,
            )
        ]
    return [passes("art13.1.local", "注册地址在会昌县", "The registered address is in Huichang County", **facts)]


@rule("art13.1.legal_person")
def legal_person(*, organisation: OrganisationFacts, readings: Readings) -> list[Finding]:
    """Legal personality by legal form. A credit code that fails its checksum is flagged beside it (fact `flagged`)."""
    facts: dict[str, Any] = {"legal_form": organisation.legal_form.value, "uscc": organisation.uscc}
    findings: list[Finding] = []
    if organisation.has_legal_personality:
        findings.append(passes("art13.1.legal_person", "具有法人资格", "It has legal personality", **facts))
    else:
        findings.append(
            fails(
                "art13.1.legal_person",
                "该组织形式不具有法人资格",
                "This legal form has no legal personality",
                remedy=Text("由所属法人申报", "Let the legal person that it belongs to apply"),
                **facts,
            )
        )
    if not organisation.uscc_checksum_ok:
        findings.append(
            passes(
                "art13.1.legal_person",
                "统一社会信用代码校验不通过，须人工核验",
                "The credit code fails its checksum and is to be verified by a person",
                flagged=True,
                reading=readings.cite("historic_codes"),
                **facts,
            )
        )
    return findings


@rule("art13.1.age")
def age(*, organisation: OrganisationFacts, submission_date: date, parameters: Parameters) -> list[Finding]:
    """Established for the full calendar years on the day of submission; exactly that many count (Art. 13(1))."""
    years = parameters.operating_age_years
    from_day = add_years(organisation.established_on, years)
    facts: dict[str, Any] = {
        "established_on": organisation.established_on.isoformat(),
        "submission_date": submission_date.isoformat(),
        "eligible_from": from_day.isoformat(),
        "years": years,
    }
    if submission_date < from_day:
        return [
            fails(
                "art13.1.age",
                f"成立未满{years}年，自{from_day}起符合",
                f"Not established for {years} years before {from_day}",
                remedy=Text(f"{from_day}起申报", f"Apply from {from_day} on"),
                **facts,
            )
        ]
    return [passes("art13.1.age", f"成立已满{years}年", f"Established for {years} years", **facts)]
