"""The eligibility check as a form (Arts. 4 to 6, 13): its findings are those of the API, whatever was left empty."""

from typing import Any

import pytest

from app.pages.checking import stated
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.pages import Page, opened, sent

TYPED = {
    "organisation__name": "样例制造有限公司",
    "organisation__legal_form": "limited_company",
    "organisation__operating": "yes",
    "organisation__established_on": "2015-05-20",
    "organisation__area": "文武坝镇",
    "organisation__sector": "1392",
    "content__figures__0__revenue_fen": "12,000",
    "content__figures__0__net_profit_fen": "800.5",
    "content__figures__1__revenue_fen": "13000",
    "content__figures__1__net_profit_fen": "-3",
    "content__figures__2__revenue_fen": "14000",
    "content__figures__2__net_profit_fen": "900",
    # The second row alone: what is sent is the first.
    "content__certificates__1__standard": "GB/T 19001-2016",
    "content__certificates__1__number": "00123Q30001R0M",
    "content__certificates__1__issuer": "样例认证中心",
    "content__certificates__1__valid_from": "2023-01-10",
    "content__certificates__1__valid_to": "2026-01-09",
    "content__safety__level": "3",
    "content__safety__certificate_number": "赣AQB360733000001",
    "content__safety__valid_to": "2026-06-30",
}
CONTENT = {
    "figures": [
        {"year": 2021, "revenue_fen": 12_000_000_000, "net_profit_fen": 800_500_000},
        {"year": 2022, "revenue_fen": 13_000_000_000, "net_profit_fen": -3_000_000},
        {"year": 2023, "revenue_fen": 14_000_000_000, "net_profit_fen": 900_000_000},
    ],
    "certificates": [
        {
            "standard": "GB/T 19001-2016",
            "number": "00123Q30001R0M",
            "issuer": "样例认证中心",
            "valid_from": "2023-01-10",
            "valid_to": "2026-01-09",
        }
    ],
    "safety": {"level": 3, "certificate_number": "赣AQB360733000001", "valid_to": "2026-06-30"},
}
ORGANISATION = {
    "name": "样例制造有限公司",
    "legal_form": "limited_company",
    "county_code": "360733",
    "operating": True,
    "established_on": "2015-05-20",
    "area": "文武坝镇",
    "sector": "1392",
}


def checked(world: World, status: int = 200, prefix: str = "", **changes: str) -> Page:
    path = f"{prefix}/check"
    return sent(world, path, status, opened(world, path), **(TYPED | changes))


def test_the_findings_are_those_of_the_api_with_their_remedies(world: World) -> None:
    open_round(world, 2024)
    body = {"organisation": ORGANISATION, "content": CONTENT}
    told = ok(world.public.post("/v1/eligibility-checks", body))
    assert not told["eligible"]
    for prefix, language in (("", "zh"), ("/en", "en")):
        page = checked(world, prefix=prefix)
        for finding in (*told["findings"], *told["call"], *told["decided_later"]):
            assert finding[f"message_{language}"] in page.text, finding
            if finding["outcome"] == "fail":
                assert finding[f"remedy_{language}"] in page.text, finding
    assert "还不能申报" in checked(world).text


def test_who_meets_everything_is_told_so(world: World) -> None:
    open_round(world, 2024)
    page = checked(world, content__figures__1__net_profit_fen="850")
    assert "结论：可以申报" in page.text and "不符合" not in page.text.partition("改一改再查")[0]
    # What was typed stands there still.
    assert page.fields["content/certificates/1/issuer"] == "样例认证中心"
    assert (
        page.fields["organisation/operating"] == "yes" and page.fields["organisation/legal_form"] == "limited_company"
    )
    assert page.headers["cache-control"] == "no-store"


def test_without_a_round_the_rules_of_the_next_one_are_told(world: World) -> None:
    assert "适用2024年第1届" in checked(world).text.replace(" ", "")


def test_a_fault_of_a_row_is_told_at_its_own_row(world: World) -> None:
    page = checked(world, 422, content__certificates__1__valid_to="2020-01-01", organisation__area="不存在的乡")
    assert "content-certificates-1" in page.source and "失效日期早于生效日期" in page.text
    page = checked(world, 422, organisation__area="不存在的乡")
    assert list(page.faults()) == ["organisation-area"]
    page = checked(world, 422, content__certificates__1__number="无")
    assert list(page.faults()) == ["content-certificates-1-number"]


@pytest.mark.parametrize("amount", ["abc", "1.1234567", "NaN", "1e999999", "Infinity"])
def test_an_amount_that_cannot_be_read_is_told_at_its_field(world: World, amount: str) -> None:
    page = checked(world, 422, content__figures__1__net_profit_fen=amount)
    assert list(page.faults()) == ["content-figures-1-net_profit_fen"]
    assert page.fields["content/figures/1/net_profit_fen"] == amount


def test_what_must_be_chosen_is_asked_for_where_it_is_chosen(world: World) -> None:
    page = sent(world, "/check", 422, opened(world, "/check"))
    assert 'id="f-organisation-operating"' in page.source and 'href="#f-organisation-operating"' in page.source
    assert "必填" in page.text


def test_many_checks_from_one_network_are_too_many(world: World) -> None:
    from tests.api.test_art21_public_posts import coming_from, limited

    limited(world, public_posts_per_minute=1)
    coming_from(world, "192.0.2.9")
    checked(world)
    page = checked(world, 429)
    assert "过于频繁" in page.text and page.fields["organisation/sector"] == "1392"


@pytest.mark.parametrize(
    ("typed", "said", "back"),
    [
        ({}, {"organisation": {}, "content": {}}, {}),
        ({"content/figures/0/year": "2023"}, {"organisation": {}, "content": {}}, {}),
        (
            {"content/licences/1/kind": "甲", "content/licences/1/number": " "},
            {"organisation": {}, "content": {"licences": [{"kind": "甲"}]}},
            {"content/licences/0": "content/licences/1"},
        ),
        (
            {"past_awards/0/round_ordinal": "1", "past_awards/0/revoked": "no", "submission_date": "2024-04-01"},
            {
                "organisation": {},
                "content": {},
                "past_awards": [{"round_ordinal": 1, "revoked": False}],
                "submission_date": "2024-04-01",
            },
            {"past_awards/0": "past_awards/0"},
        ),
        ({"past_awards/0/revoked": "no"}, {"organisation": {}, "content": {}}, {}),
        (
            {"organisation/name": " 甲 ", "content/safety/level": "x"},
            {"organisation": {"name": "甲"}, "content": {}},
            {},
        ),
    ],
)
def test_rows_that_are_empty_are_left_out(typed: dict[str, str], said: Any, back: Any) -> None:
    assert stated(typed) == (said, back, [])
