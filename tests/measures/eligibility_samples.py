"""An applicant that meets every condition, changed by `replace` where a test needs another; how findings look."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from app.measures.facts import (
    AdverseRecord,
    Certificate,
    CertificateKind,
    EligibilityFacts,
    Endorsement,
    LegalForm,
    Licence,
    OrganisationFacts,
    PastAward,
    RecordCategory,
    RecordFinding,
    SafetyStandardisation,
    UnitKind,
    YearFigures,
)
from app.measures.findings import Finding
from app.measures.state_machines import RecommendationState
from tests.measures.procedure_samples import decided

TEST_DATE = date(2024, 6, 10)
ROUND_YEAR = 2024
DECIDED_BY_A_PERSON = ("art13.2.compliance", "art13.4.leading", "art13.5.distinctive", "art04.merit")

ORGANISATION = OrganisationFacts(
    name="会昌县某某食品有限公司",
    uscc="91360733MA35ABCD1X",
    uscc_checksum_ok=True,
    legal_form=LegalForm.LIMITED_COMPANY,
    county_code="360733",
    area="文武坝镇",
    established_on=date(2015, 3, 2),
    operating=True,
    sector="1495",
)
CERTIFICATE = Certificate(
    CertificateKind.MANAGEMENT_SYSTEM,
    "GB/T 19001",
    "Q-1",
    "某认证公司",
    date(2022, 1, 1),
    date(2025, 12, 31),
)
LICENCE = Licence("食品生产许可证", "SC-1", date(2025, 12, 31), True)
SAFETY = SafetyStandardisation(3, "AQB-1", date(2025, 12, 31))
FIGURES = tuple(YearFigures(year, revenue_fen=100, net_profit_fen=1) for year in (2021, 2022, 2023))
FACTS = EligibilityFacts(
    organisation=ORGANISATION,
    figures=FIGURES,
    certificates=(CERTIFICATE,),
    licences=(LICENCE,),
    safety=SAFETY,
    decisions=MappingProxyType({rule_id: decided(rule_id) for rule_id in DECIDED_BY_A_PERSON}),
)


def organisation(**changes: Any) -> OrganisationFacts:
    return replace(ORGANISATION, **changes)


def record(category: str, **changes: Any) -> AdverseRecord:
    """A confirmed record whose event lies well within the three years before the test date."""
    made = AdverseRecord(
        RecordCategory(category),
        date(2023, 5, 1),
        None,
        "市场监督管理局",
        "文书1号",
        None,
        RecordFinding.CONFIRMED,
    )
    return replace(made, **changes)


def award(round_ordinal: int, *, revoked: bool = False) -> PastAward:
    return PastAward(round_ordinal, date(2010 + 2 * round_ordinal, 12, 1), first=round_ordinal == 1, revoked=revoked)


def endorsement(**changes: Any) -> Endorsement:
    made = Endorsement(
        unit_id="unit-1",
        unit_kind=UnitKind.TOWNSHIP,
        unit_uscc="11360733000000001A",
        unit_area="文武坝镇",
        organisation_uscc=ORGANISATION.uscc,
        outcome=RecommendationState.ENDORSED,
    )
    return replace(made, **changes)


def said(findings: Sequence[Finding], *expected: tuple[str, str]) -> list[Finding]:
    """Exactly these (rule, outcome), in order; each cites its article, speaks both languages, is JSON-ready."""
    assert [(item.rule, item.outcome.value) for item in findings] == list(expected)
    for item in findings:
        assert item.article
        for text in (item.message, item.remedy):
            if text is not None:
                assert re.search("[\u4e00-\u9fff]", text.zh)
                assert re.match("[A-Z0-9][^A-Z]*[a-z]", text.en)
                assert not re.search("XX|None", text.zh + text.en)
        json.dumps(dict(item.facts))
    return list(findings)


def one(findings: Sequence[Finding], rule_id: str, outcome: str, told: str = "", /, **facts: Any) -> Finding:
    """The single finding, with at least these facts; `told` is its reason, or a part of the English message."""
    (found,) = said(findings, (rule_id, outcome))
    assert told == found.reason or told in found.message.en
    assert {name: found.facts.get(name, "absent") for name in facts} == facts
    return found
