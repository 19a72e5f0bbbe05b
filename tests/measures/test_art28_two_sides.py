"""Arts. 26, 28: the organisation is heard first; a decision annulled on review; what is given back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from app.measures.findings import Outcome
from app.measures.reasons import Reason
from app.measures.revocation_cases import (
    annulment_published,
    annulment_valid,
    given_back_recordable,
    organisation_heard,
    taken_over_goes_on,
)
from app.measures.revocations import RevocationKind
from tests.measures.procedure_samples import READINGS, only, reading, refused, shanghai
from tests.measures.procedure_samples import stated as stated_of


@pytest.mark.parametrize("kind", list(RevocationKind))
@pytest.mark.parametrize(
    ("stated", "at", "outcome", "reason"),
    [
        (True, "2025-06-01T09:00:00", "pass", "organisation_heard"),
        (False, "2025-06-06T23:59:59", "fail", "statement_awaited"),
        (False, "2025-06-07T00:00:00", "pass", "reply_deadline_passed"),
        (True, "2025-06-07T00:00:00", "pass", "organisation_heard"),
    ],
)
def test_nothing_is_submitted_before_the_statement_or_the_end_of_its_time(
    kind: RevocationKind, stated: bool, at: str, outcome: str, reason: str
) -> None:
    found = organisation_heard(
        kind=kind, stated=stated, reply_last_day=date(2025, 6, 6), at=datetime.fromisoformat(f"{at}+08:00")
    )
    finding = only(found, kind.rule_id, outcome)
    assert finding.reason.value == reason
    assert stated_of(finding) == {"stated": stated, "reply_last_day": "2025-06-06", "at": f"{at}+08:00"}


def test_what_is_awaited_is_told_with_its_last_day() -> None:
    found = organisation_heard(
        kind=RevocationKind.FRAUD, stated=False, reply_last_day=date(2025, 6, 6), at=shanghai(2025, 6, 1, 9)
    )
    assert "2025年6月6日" in found[0].message.zh
    assert found[0].remedy is not None


@pytest.mark.parametrize("kind", list(RevocationKind))
def test_an_annulment_is_on_or_after_the_decision_that_it_annuls(kind: RevocationKind) -> None:
    def valid(annulled_on: date, number: str = "赣市府行复〔2025〕6号") -> list[str]:
        found = annulment_valid(
            kind=kind,
            decided_on=date(2025, 6, 1),
            decision_number="会府字〔2025〕7号",
            annulled_on=annulled_on,
            number=number,
            reviewed_by="赣州市人民政府",
            plain="赣州市人民政府",
            county_code="360733",
            readings=READINGS,
        )
        assert {item.rule for item in found} == {kind.rule_id}
        return [item.reason.value for item in found]

    assert valid(date(2025, 6, 1)) == ["document_number_agrees"]
    assert valid(date(2025, 5, 31)) == ["document_number_agrees", "annulled_before_decision"]
    assert valid(date(2025, 6, 2), "赣市府行复〔2024〕6号") == ["document_number_year_differs"]
    # However it is written, the decision is not annulled by itself.
    assert valid(date(2025, 6, 1), "会府字（2025）７号")[1:] == ["annulled_by_itself"]
    assert valid(date(2025, 6, 1), "会府字〔2025〕7号")[1:] == ["annulled_by_itself"]
    assert valid(date(2025, 6, 1), "会府字〔2025〕8号") == ["document_number_agrees"]


@pytest.mark.parametrize("kind", list(RevocationKind))
@pytest.mark.parametrize(
    ("reviewed_by", "county_code", "own"),
    [
        ("赣州市人民政府", "360733", False),
        ("江西省人民政府行政复议局", "360733", False),
        ("会昌县人民法院", "360733", False),
        ("样例市会昌镇复议机关", "360733", False),
        ("邻县政府", "360733", False),
        ("会昌县人民政府", "360733", True),
        ("江西省赣州市会昌县 人民政府", "360733", True),
        ("会昌县政府", "360733", True),
        ("会昌县人民政府办公室", "360733", True),
        ("会昌县人民政府行政复议办公室", "360733", True),
        ("县人民政府", "360733", True),
        ("县政府", "360733", True),
        ("会昌县司法局", "360733", True),
        ("江西省会昌县市场监督管理局", "360733", True),
        ("县质量强县办", "360733", True),
        ("本县司法局", "360733", True),
        ("我县人民政府", "360733", True),
        ("文武坝镇人民政府", "360733", True),
        ("样例街道办事处", "360733", True),
        ("样例村委会", "360733", True),
        ("样例有限公司", "360733", True),
        ("样例律师事务所", "360733", True),
        ("县人民法院", "360733", False),
        ("赣州市县域经济办", "360733", False),
        ("文武坝镇", "360733", False),
        ("司法局", "360733", False),
        # How the government of a county without a known name is called, nobody can say.
        ("会昌县人民政府", "999999", False),
        ("县政府", "999999", False),
    ],
)
def test_the_county_government_does_not_review_its_own_decision(
    kind: RevocationKind, reviewed_by: str, county_code: str, own: bool
) -> None:
    found = annulment_valid(
        kind=kind,
        decided_on=date(2025, 6, 1),
        decision_number="会府字〔2025〕7号",
        annulled_on=date(2025, 6, 2),
        number="赣市府行复〔2025〕6号",
        reviewed_by=f"原写{reviewed_by}",
        plain=reviewed_by,
        county_code=county_code,
        readings=READINGS,
    )
    assert {item.rule for item in found} == {kind.rule_id}
    refusals = [item for item in found if item.outcome is Outcome.FAIL]
    assert [item.reason for item in refusals] == [Reason.REVIEWED_BY_THE_DECIDER] * own
    assert [item.facts for item in refusals] == [
        {"reviewed_by": f"原写{reviewed_by}", "reading": READINGS.cite("who_reviews")}
    ] * own


def test_something_is_given_back_when_it_is_owed() -> None:
    def on(day: date) -> list[str]:
        return refused(given_back_recordable(owed_since=date(2025, 9, 1), given_back_on=day), "art26.fraud")

    assert on(date(2025, 8, 31)) == ["given_back_too_early"]
    finding = only(
        given_back_recordable(owed_since=date(2025, 9, 1), given_back_on=date(2025, 9, 1)), "art26.fraud", "pass"
    )
    assert dict(finding.facts) == {"owed_since": "2025-09-01", "given_back_on": "2025-09-01"}


@pytest.mark.parametrize("kind", list(RevocationKind))
@pytest.mark.parametrize(
    ("days", "ended", "reasons", "facts"),
    [
        ({"样例日报": 1, "县政府网站": 1}, [], ["annulment_published"], {"media": ["样例日报", "县政府网站"]}),
        ({"样例 日报": 2}, ["县政府网站"], ["annulment_published"], {"media": ["样例 日报"]}),
        ({"《样例日报》": 2}, ["县政府网站"], ["annulment_published"], {"media": ["《样例日报》"]}),
        ({"样例日报": 1}, [], ["not_where_the_revocation_was"], {"missing": ["县政府网站"]}),
        (
            {"样例日报": 0, "县政府网站": 1},
            [],
            ["notice_before_decision"],
            {"decided_on": "2025-09-01", "published_on": "2025-08-31"},
        ),
        ({"别报": 0}, [], ["notice_before_decision", "not_where_the_revocation_was"], None),
    ],
)
def test_an_annulment_is_told_where_the_revocation_was(
    kind: RevocationKind, days: dict[str, int], ended: list[str], reasons: list[str], facts: dict[str, object] | None
) -> None:
    decided = date(2025, 8, 31)
    published = {name: decided + timedelta(days=later) for name, later in days.items()}
    found = annulment_published(
        kind=kind,
        annulled_on=date(2025, 9, 1),
        published=published,
        told_in=["样例日报", "县政府网站"],
        ended=ended,
    )
    assert [(item.rule, item.reason) for item in found] == [(kind.rule_id, reason) for reason in reasons]
    assert all((item.outcome == "pass") == (item.reason == "annulment_published") for item in found)
    assert facts is None or dict(found[0].facts) == facts


def test_an_annulment_of_what_was_told_nowhere_is_told_anywhere() -> None:
    (found,) = annulment_published(
        kind=RevocationKind.FRAUD, annulled_on=date(2025, 9, 1), published={}, told_in=[], ended=[]
    )
    assert found.reason == "annulment_published"


def test_media_are_one_by_what_their_names_are_compared_by() -> None:
    def told(key: Callable[[str], str]) -> str:
        (found,) = annulment_published(
            kind=RevocationKind.FRAUD,
            annulled_on=date(2025, 9, 1),
            published={"甲 日报": date(2025, 9, 1)},
            told_in=["乙日报", "丙报"],
            ended=["丁报"],
            key=key,
        )
        return found.reason.value

    assert told(lambda name: name[-1]) == "annulment_published"
    assert told(lambda name: name) == "not_where_the_revocation_was"


def test_a_case_that_was_taken_over_goes_on_by_the_reading_where_nothing_else_stands() -> None:
    assert taken_over_goes_on(standing=True, readings=READINGS) == []
    finding = only(taken_over_goes_on(standing=False, readings=READINGS), "art26_28.together", "pass")
    assert (finding.reason, dict(finding.facts)) == ("case_goes_on", {"reading": READINGS.cite("case_taken_over")})
    closed = reading("case_taken_over", "stays_closed")
    assert taken_over_goes_on(standing=False, readings=closed) == []
