"""Art. 22: what the record of a decree says beside its number and date."""

from __future__ import annotations

from datetime import date

import pytest

from app.measures.asks import Asks, DecreeDetail
from app.measures.decree import decree_issued_by, decree_recorded
from app.measures.interpretations import Readings
from tests.measures.procedure_samples import READINGS, RULES, only, refused, rules

RULE = "art22.approval"
DATED = date(2024, 9, 28)


def test_a_record_without_more_does_where_the_round_asks_for_nothing() -> None:
    assert decree_recorded(dated=DATED, published_on=None, given=(), rules=RULES) == []


@pytest.mark.parametrize(("day", "outcome"), [(27, "fail"), (28, "pass"), (30, "pass")])
def test_a_decree_is_published_on_no_day_before_its_writing(day: int, outcome: str) -> None:
    found = only(decree_recorded(dated=DATED, published_on=date(2024, 9, day), given=(), rules=RULES), RULE, outcome)
    assert dict(found.facts) == {"dated": "2024-09-28", "published_on": f"2024-09-{day}"}
    assert found.reason == ("published_before_decree" if outcome == "fail" else "published_in_order")


def test_what_the_round_asks_is_there_and_in_order() -> None:
    asked = rules(asks=Asks(decree=(DecreeDetail.ISSUER, DecreeDetail.PUBLISHED_ON)))
    missing = only(decree_recorded(dated=DATED, published_on=None, given={"issuer"}, rules=asked), RULE, "fail")
    assert missing.facts["missing"] == ["published_on"]
    given = {"issuer", "published_on"}
    early = decree_recorded(dated=DATED, published_on=date(2024, 9, 1), given=given, rules=asked)
    assert refused(early, RULE) == ["published_before_decree"]
    both = decree_recorded(dated=DATED, published_on=date(2024, 9, 1), given=(), rules=asked)
    assert refused(both, RULE) == ["asked_for_missing", "published_before_decree"]
    done = decree_recorded(dated=DATED, published_on=DATED, given=given, rules=asked)
    assert [item.reason.value for item in done] == ["asked_for_given", "published_in_order"]


@pytest.mark.parametrize(
    ("issuer", "issued", "alone"),
    [
        ("会昌县人民政府", True, True),
        (" 会昌县 人民政府 ", True, True),
        ("江西省会昌县人民政府", True, True),
        ("會昌縣人民政府", True, True),
        ("会昌县人民政府办公室", True, False),
        ("会昌县市场监督管理局", False, False),
        ("会昌县人民政府质量强县办", False, False),
        ("于都县人民政府", False, False),
        ("会昌县", False, False),
    ],
)
def test_the_decree_is_the_county_governments(issuer: str, issued: bool, alone: bool) -> None:
    plain = {"會昌縣人民政府": "会昌县人民政府"}.get(issuer, issuer)
    government_only = Readings({**READINGS.values, "issuer_of_the_decree": "government_only"}, {})
    for readings, lawful in ((READINGS, issued), (government_only, alone)):
        found = only(
            decree_issued_by(issuer=issuer, plain=plain, county_code="360733", readings=readings),
            RULE,
            "pass" if lawful else "fail",
        )
        assert found.reason == ("issued_by_the_government" if lawful else "not_issued_by_the_government")
        assert dict(found.facts) == {"issuer": issuer, "reading": readings.cite("issuer_of_the_decree")}


def test_an_issuer_is_asked_about_where_one_is_stated() -> None:
    assert decree_issued_by(issuer=None, plain="", county_code="360733", readings=READINGS) == []
    elsewhere = decree_issued_by(
        issuer="会昌县人民政府", plain="会昌县人民政府", county_code="000000", readings=READINGS
    )
    assert only(elsewhere, RULE, "pass").reason == "issued_by_the_government"
