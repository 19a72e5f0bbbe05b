"""Check before you write: the gate of the submission for anybody, nothing stored (Arts. 4 to 6, 13, 16)."""

from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, eligible_content, register_applicant
from sandbox.stages.awarded import concluded
from sandbox.stages.parties import registration
from sandbox.stages.qualification import qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

# The first was of a product, the second of the system, and that one has expired.
_TWO_CERTIFICATES = [
    {
        "kind": kind,
        "standard": "GB/T 19001-2016",
        "number": f"样例-{kind}",
        "issuer": "样例认证中心",
        "valid_from": "2019-01-01",
        "valid_to": valid_to,
    }
    for kind, valid_to in (("product", "2030-01-01"), ("management_system", "2023-12-31"))
]


def statement(**changes: Any) -> dict[str, Any]:
    """Facts of an organisation that meets every condition, but for the changes of its parts."""
    organisation = {
        "legal_form": "limited_company",
        "county_code": "360733",
        "established_on": "2015-05-20",
        "operating": True,
        "sector": "1392",
        **changes.pop("organisation", {}),
    }
    content = eligible_content(2024) | {"truthfulness": None} | changes.pop("content", {})
    return {"organisation": organisation, "content": content, **changes}


def check(world: World, **changes: Any) -> Any:
    return ok(world.public.post("/v1/eligibility-checks", statement(**changes)))


def failed(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["rule"]: item for item in answer["findings"] if item["outcome"] != "pass"}


def test_anybody_checks_without_an_account_and_nothing_is_stored(world: World) -> None:
    round_id = open_round(world)
    before = ok(world.auditor.get("/v1/audit-entries"))["items"]
    answer = check(world)
    assert answer["eligible"] and failed(answer) == {}
    assert answer["round"] == {"round_id": round_id, "year": 2024, "ordinal": 1}
    assert answer["call"][0]["outcome"] == "pass"
    assert {item["rule"] for item in answer["decided_later"]} >= {"art13.4.leading", "art13.5.distinctive"}
    assert ok(world.auditor.get("/v1/audit-entries"))["items"] == before
    assert ok(world.office.get("/v1/applications"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"organisation": {"legal_form": "sole_trader"}}, "art13.1.legal_person", "/organisation/legal_form"),
        ({"organisation": {"legal_form": "party_or_state_organ"}}, "art04.recipient", "/organisation/legal_form"),
        ({"organisation": {"county_code": "360782"}}, "art13.1.local", "/organisation/county_code"),
        ({"organisation": {"sector": "99"}}, "art06.seats", "/organisation/sector"),
        ({"content": {"figures": []}}, "art05.lookback", "/content/figures"),
        (
            {
                "content": {
                    "licences": [
                        {"kind": "食品生产许可证", "number": "一", "valid_to": "2030-01-01", "required": True},
                        {"kind": "食品生产许可证", "number": "二", "valid_to": "2020-01-01", "required": True},
                    ]
                }
            },
            "art13.2.compliance",
            "/content/licences/1",
        ),
        ({"content": {"certificates": None}}, "art13.3.certified", "/content/certificates"),
        ({"content": {"certificates": _TWO_CERTIFICATES}}, "art13.3.certified", "/content/certificates/1"),
        ({"content": {"safety": None}}, "art13.4.safety", "/content/safety"),
    ],
)
def test_every_condition_comes_back_with_article_field_and_cure(
    world: World, changes: dict[str, Any], rule: str, pointer: str
) -> None:
    open_round(world)
    answer = check(world, **changes)
    assert not answer["eligible"]
    finding = failed(answer)[rule]
    assert finding["article"] and finding["message_zh"] and finding["message_en"]
    assert finding["pointers"] == [pointer]


@pytest.mark.parametrize(("day", "eligible"), [("2024-03-14", False), ("2024-03-15", True)])
def test_the_day_of_submission_decides_the_age(world: World, day: str, eligible: bool) -> None:
    open_round(world)
    changes = {"organisation": {"established_on": "2021-03-15"}, "submission_date": day}
    assert check(world, **changes)["eligible"] is eligible


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(None, "pass"), ("2024-02-29", "fail"), ("2024-03-01", "pass"), ("2024-04-30", "pass"), ("2024-05-01", "fail")],
)
def test_the_call_is_that_of_the_stated_day(world: World, day: str | None, outcome: str) -> None:
    """Art. 16: within the time for applications on that day, to the last second of the deadline."""
    open_round(world, deadline="2024-04-30")
    call = check(world, **({} if day is None else {"submission_date": day}))["call"]
    assert [(item["rule"], item["outcome"]) for item in call] == [("art16.call", outcome)]


@pytest.mark.parametrize("day", ["2024-04-30", "2024-05-01"])
def test_on_a_day_the_check_finds_of_the_call_what_the_submission_finds(world: World, day: str) -> None:
    round_id = open_round(world, deadline="2024-04-30")
    applied = apply(world, round_id, submit=False)
    (stated,) = check(world, submission_date=day)["call"]
    world.clock.go(day)
    (then,) = check(world)["call"]
    assert (stated["outcome"], stated["reason"]) == (then["outcome"], then["reason"])
    answer = applied.applicant.post(f"/v1/applications/{applied.id}/submission")
    if stated["outcome"] == "pass":
        ok(answer)
    else:
        refused(answer, 422, "rule_refused", "art16.call")


@pytest.mark.parametrize(("day", "taken"), [("2024-03-20", True), ("2024-03-21", False)])
def test_what_has_not_happened_yet_is_refused_as_the_form_refuses_it(world: World, day: str, taken: bool) -> None:
    round_id = open_round(world)
    world.clock.go("2024-03-20")
    record = {"category": "quality_complaint", "fact": "样例", "source": "样例", "occurred_on": day}
    content = {"adverse_records": [record]}
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    path = f"/v1/applications/{draft['id']}"
    form = applicant.patch(path, {"content": content}, version=draft["version"])
    answer = world.public.post("/v1/eligibility-checks", statement(content=content))
    later = world.public.post("/v1/eligibility-checks", statement(content=content, submission_date="2024-03-21"))
    assert ok(later)["eligible"] is False
    if taken:
        ok(form)
        assert ok(answer)["eligible"] is False
        return
    told = [refused(given, 422, "invalid")["errors"] for given in (form, answer)]
    assert [[(item["pointer"], item["code"]) for item in errors] for errors in told] == [
        [("/content/adverse_records/0/occurred_on", "date_in_future")]
    ] * 2


@pytest.mark.parametrize(("day", "taken"), [("2024-02-29", False), ("2024-03-01", True)])
def test_what_is_signed_before_the_call_is_refused_as_the_form_refuses_it(world: World, day: str, taken: bool) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    content = {"truthfulness": {"agreed": True, "signatory": "样例法定代表人", "signed_on": day}}
    form = applicant.patch(f"/v1/applications/{draft['id']}", {"content": content}, version=draft["version"])
    answer = world.public.post("/v1/eligibility-checks", statement(content=content))
    if taken:
        ok(form)
        assert ok(answer)["eligible"] is True
        return
    told = [refused(given, 422, "invalid")["errors"] for given in (form, answer)]
    assert [[(item["pointer"], item["code"]) for item in errors] for errors in told] == [
        [("/content/truthfulness/signed_on", "too_early")]
    ] * 2


def test_an_interval_and_an_exclusion_are_told_with_their_ends(world: World) -> None:
    concluded(world, {}, year=2022, ordinal=1, decreed_on="2022-06-03", decree_number="会府字〔2022〕1号")
    open_round(world)
    answer = check(
        world,
        past_awards=[{"round_ordinal": 1, "awarded_on": "2022-06-03"}],
        exclusions=[{"from_day": "2023-01-10", "last_day": "2028-01-10"}],
    )
    told = failed(answer)
    assert told["art06.interval"]["facts"]["earliest_ordinal"] == 4
    assert told["exclusions"]["facts"]["last_day"] == "2028-01-10"


def test_before_a_call_the_next_round_is_assumed_and_after_the_lapse_that_is_said(world: World) -> None:
    answer = check(world)
    assert answer["round"] == {"round_id": None, "year": 2024, "ordinal": 1}
    assert (answer["call"][0]["rule"], answer["call"][0]["outcome"]) == ("art33.in_force", "pass")
    world.clock.go("2026-03-01")
    later = check(world, content=eligible_content(2026))
    assert failed(later) == {} and not later["eligible"]
    assert (later["call"][0]["rule"], later["call"][0]["outcome"]) == ("art33.in_force", "fail")


@pytest.mark.parametrize(("day", "eligible"), [("2024-03-29", True), ("2024-03-30", False)])
def test_art16_nobody_is_eligible_on_a_day_that_takes_no_applications(world: World, day: str, eligible: bool) -> None:
    open_round(world, deadline="2024-03-29")
    answer = check(world, submission_date=day)
    assert failed(answer) == {} and answer["eligible"] is eligible
    assert (answer["call"][0]["outcome"] == "pass") is eligible


@pytest.mark.parametrize(
    ("area", "county", "taken"),
    [("文武坝镇", "360733", True), ("没有镇", "360733", False), ("没有镇", "360731", True), (None, "360733", True)],
)
def test_art12_the_area_is_checked_as_a_registration_checks_it(
    world: World, area: str | None, county: str, taken: bool
) -> None:
    open_round(world)
    stated = {"area": area, "county_code": county}
    answer = world.public.post("/v1/eligibility-checks", statement(organisation=stated))
    registered = world.public.post("/v1/registrations", registration(**stated))
    if taken:
        assert ok(answer)["eligible"] is (county == "360733")
        ok(registered, 201)
        return
    told = [refused(given, 422, "invalid")["errors"] for given in (registered, answer)]
    assert told[0] == told[1]
    assert [(item["pointer"], item["code"]) for item in told[0]] == [("/organisation/area", "not_allowed")]


@pytest.mark.parametrize(("day", "reason"), [("2024-03-19", "submission_day_past"), ("2024-03-20", "within_time")])
def test_art16_nobody_submits_on_a_day_that_has_passed(world: World, day: str, reason: str) -> None:
    open_round(world)
    world.clock.go("2024-03-20")
    (found,) = check(world, submission_date=day)["call"]
    assert (found["rule"], found["reason"]) == ("art16.call", reason)
    world.clock.go("2024-03-21")
    assert check(world, submission_date="2024-03-20")["call"][0]["outcome"] == "fail"


def test_art06_a_round_that_lives_is_answered_until_it_ends(world: World) -> None:
    round_id = open_round(world, deadline="2024-03-29")
    apply(world, round_id)
    live = {"round_id": round_id, "year": 2024, "ordinal": 1}
    world.clock.go("2024-03-30")
    (past,) = check(world)["call"]
    assert past["reason"] == "deadline_passed"
    qualify(world, round_id)
    for day in (None, "2025-03-01", "2026-03-01"):
        answer = check(world, **({} if day is None else {"submission_date": day}))
        (closed,) = answer["call"]
        assert (closed["rule"], closed["reason"]) == ("art16.call", "not_taking_applications")
        assert closed["remedy_zh"] and answer["round"] == live


@pytest.mark.parametrize(("year", "reason"), [(2025, "cycle_not_over"), (2026, "cycle_kept")])
def test_art06_the_next_round_is_assumed_within_the_cycle(world: World, year: int, reason: str) -> None:
    concluded(world, {}, year=2024, ordinal=1, decreed_on="2024-06-03", decree_number="会府字〔2024〕1号")
    day = f"{year}-03-01"
    world.clock.go(day)
    answer = check(world, content=eligible_content(year))
    assert answer["round"] == {"round_id": None, "year": year, "ordinal": 2}
    told = {item["rule"]: item["reason"] for item in answer["call"]}
    assert told["art06.cycle"] == reason
    # What the office hears when it would call that round.
    body = {"year": year, "title": f"样例{year}年届"}
    draft = ok(world.office.post("/v1/rounds", body), 201)
    (call,) = [item for item in draft["available_actions"] if item["act"] == "publish_call"]
    refused_under = {item["rule"] for item in call["blocked_by"]}
    assert ("art06.cycle" in refused_under) is (reason == "cycle_not_over")


def test_the_check_and_the_submission_find_the_same(world: World) -> None:
    round_id = open_round(world)
    content = {"figures": [{"year": 2023, "net_profit_fen": 0}], "certificates": []}
    applied = apply(world, round_id, submit=False, content_overrides=content, established_on="2023-01-01")
    refusal = refused(applied.applicant.post(f"/v1/applications/{applied.id}/submission"), 422)
    answer = check(world, content=content, organisation={"established_on": "2023-01-01"})
    assert [(item["rule"], item["message_zh"]) for item in refusal["violations"]] == [
        (item["rule"], item["message_zh"]) for item in answer["findings"] if item["outcome"] != "pass"
    ]


def test_a_code_that_fails_its_checksum_is_flagged_and_not_refused(world: World) -> None:
    open_round(world)
    answer = check(world, organisation={"uscc": "91360733MA0000000X"})
    assert answer["eligible"]
    assert any(item["facts"].get("flagged") for item in answer["findings"] if item["rule"] == "art13.1.legal_person")


def test_nonsense_is_refused_with_its_field(world: World) -> None:
    body = statement(organisation={"county_code": "abc"}) | {"unknown": 1}
    answer = refused(world.public.post("/v1/eligibility-checks", body), 422, "invalid")
    assert {"/organisation/county_code", "/unknown"} <= {item["pointer"] for item in answer["errors"]}
