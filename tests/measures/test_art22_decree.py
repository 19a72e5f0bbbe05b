"""Art. 22: what the record of a decree says beside its number and date."""

from __future__ import annotations

from datetime import date

import pytest

from app.measures.asks import Asks, DecreeDetail
from app.measures.decree import decree_recorded
from tests.measures.procedure_samples import RULES, only, refused, rules

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
