"""The law is data with dates: instruments (Art. 33), interpretations (Art. 32), holiday years (Art. 21)."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.measures.articles import articles
from app.measures.catalogue import CATALOGUE
from app.measures.state_machines import STATE_MACHINES
from sandbox.stages.law import TRIAL, holiday_year, instrument, interpret, register_instrument, successor
from sandbox.world import World, ok
from tests.support.problems import refused

ROUND = {"year": 2025, "title": "样例届"}
_OF_AN_ITEM = ("category", "category_zh", "category_en", "zh", "en", "points", "kind")


def call(world: World, year: int, deadline: str) -> Any:
    made = ok(world.office.post("/v1/rounds", {"year": year, "title": f"{year}年样例届"}), 201)
    body = {"title": "样例通知", "channels": ["县政府网站"], "deadline": deadline}
    return world.office.post(f"/v1/rounds/{made['id']}/call", body)


def test_the_trial_measures_are_in_force_and_everybody_reads_their_numbers(world: World) -> None:
    shown = ok(world.public.get("/v1/instruments"))
    assert shown["in_force"]["number"] == TRIAL
    assert shown["in_force"]["parameters"]["prize_fen"] == 10_000_000
    assert shown["parameter_articles"]["prize_fen"] == "8"
    assert [(item["number"], item["kind"], item["id"]) for item in shown["items"]] == [(TRIAL, "original", None)]


def test_the_trial_lapses_with_its_last_day(world: World) -> None:
    world.clock.go("2025-06-30", "23:59:59.999999")
    assert ok(world.public.get("/v1/instruments"))["in_force"]["number"] == TRIAL
    world.clock.forward(microseconds=1)
    assert ok(world.public.get("/v1/instruments"))["in_force"] is None
    refused(call(world, 2025, "2025-09-01"), 422, "rule_refused", rule="art33.in_force")


def test_an_extension_carries_the_numbers_on_and_lets_a_round_be_called(world: World) -> None:
    made = register_instrument(world, instrument())
    assert made["parameters"] is None
    assert {finding["outcome"] for finding in made["findings"]} == {"pass"}
    world.clock.go("2025-07-01")
    shown = ok(world.public.get("/v1/instruments"))
    assert shown["in_force"]["number"] == made["number"]
    assert shown["in_force"]["parameters"]["seats_manufacturing"] == 2
    called = ok(call(world, 2025, "2025-09-01"))
    assert called["instrument_number"] == made["number"]


def test_a_successor_brings_its_own_numbers(world: World) -> None:
    body = successor(world, parameters={"seats_manufacturing": 3}, in_force_from="2025-07-01")
    register_instrument(world, body)
    assert ok(world.public.get("/v1/instruments"))["in_force"]["parameters"]["seats_manufacturing"] == 2
    world.clock.go("2025-07-01")
    assert ok(world.public.get("/v1/instruments"))["in_force"]["parameters"]["seats_manufacturing"] == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"extends": "会府办发〔2022〕1号"},
        {"number": TRIAL, "document_date": "2023-05-01"},
        {"in_force_to": "2025-06-30"},
        {"number": "会府办发〔2023〕3号"},
        {"in_force_from": "2023-06-30", "in_force_to": None},
    ],
)
def test_what_would_contradict_is_not_registered(world: World, changes: dict[str, Any]) -> None:
    refused(world.office.post("/v1/instruments", instrument(**changes)), 422, "rule_refused", rule="art33.in_force")
    assert len(ok(world.public.get("/v1/instruments"))["items"]) == 1


def test_a_successor_without_numbers_or_beside_the_trials_first_day_is_refused(world: World) -> None:
    without = {**successor(world), "parameters": None}
    refused(world.office.post("/v1/instruments", without), 422, rule="art33.in_force")
    refused(
        world.office.post("/v1/instruments", successor(world, in_force_from="2023-07-01")), 422, rule="art33.in_force"
    )
    refused(world.office.post("/v1/instruments", successor(world, extends=TRIAL)), 422, rule="art33.in_force")


@pytest.mark.parametrize(
    "changes",
    [
        {"extends": None},
        {"kind": "original"},
        {"document_date": "2024-03-02", "number": "会府办发〔2024〕3号"},
        {"parameters": {"prize_fen": 1}},
        {"state": "in_force"},
    ],
)
def test_a_body_that_says_too_little_or_too_much_is_refused(world: World, changes: dict[str, Any]) -> None:
    refused(world.office.post("/v1/instruments", instrument(**changes)), 422, "invalid")


def test_a_malformed_number_is_warned_of_not_refused(world: World) -> None:
    made = register_instrument(world, instrument(number="会府办2024第3号"))
    assert [finding["facts"].get("malformed") for finding in made["findings"]] == [None, True]


def test_two_successors_at_once_leave_one(world: World) -> None:
    bodies = [
        successor(world, number=f"会府办发〔2024〕{number}号", in_force_from="2025-07-01") for number in (11, 12, 13)
    ]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda body: world.office.post("/v1/instruments", body), bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422]


def test_only_the_office_registers(world: World) -> None:
    for path, body in (
        ("/v1/instruments", instrument()),
        ("/v1/holiday-years", holiday_year(2027)),
        ("/v1/interpretations", {}),
    ):
        for caller in (world.government, world.auditor, world.by("unit-wenwuba")):
            refused(caller.post(path, body), 403)
        refused(world.public.post(path, body), 401)


def test_a_reading_is_switched_from_its_day_and_a_called_round_keeps_its_own(world: World) -> None:
    before = ok(call(world, 2024, "2024-04-30"))
    made = interpret(world, "publicity_counting", "working_days", effective_on="2024-03-02")
    assert made["findings"][0]["facts"]["switches"] is True

    def question() -> dict[str, Any]:
        items = ok(world.public.get("/v1/interpretations"))["items"]
        return next(item for item in items if item["key"] == "publicity_counting")

    assert (question()["reading"], question()["document"]) == ("calendar_days_rolled", None)
    world.clock.go("2024-03-02", "00:00:00")
    assert (question()["reading"], question()["document"]) == ("working_days", "样例〔2024〕1号")
    assert [entry["value"] for entry in question()["entries"]] == ["working_days"]
    frozen = ok(world.public.get(f"/v1/rounds/{before['id']}"))["readings"]
    assert frozen["values"]["publicity_counting"] == "calendar_days_rolled"


def test_a_reading_is_one_of_the_options_and_one_a_day(world: World) -> None:
    interpret(world, "publicity_counting", "working_days")
    body = {
        "key": "publicity_counting",
        "value": "calendar_days_rolled",
        "reading_zh": "样例",
        "reading_en": "Sample",
        "document": "样例",
        "effective_on": "2024-03-01",
    }
    refused(world.office.post("/v1/interpretations", body), 422, "rule_refused", rule="art32.interpretations")
    other = {**body, "value": "guessed", "effective_on": "2024-03-02"}
    refused(world.office.post("/v1/interpretations", other), 422, "rule_refused", rule="art32.interpretations")
    refused(world.office.post("/v1/interpretations", {**body, "document": " "}), 422, "invalid")


def test_a_question_of_the_offices_own_explains_and_switches_nothing(world: World) -> None:
    made = interpret(world, "colour_of_the_plaque", "gold")
    assert made["findings"][0]["facts"]["switches"] is False
    shown = ok(world.public.get("/v1/interpretations"))["items"][-1]
    assert (shown["key"], shown["reading"], shown["options"]) == ("colour_of_the_plaque", None, [])
    assert shown["entries"][0]["reading_zh"] == "样例解释"


def test_holiday_years_are_imported_and_never_guessed(world: World) -> None:
    years = {item["year"]: item for item in ok(world.public.get("/v1/holiday-years"))["items"]}
    assert 2024 in years and years[2024]["imported"] is False and "2024-02-04" in years[2024]["workdays"]
    assert 2031 not in years
    made = ok(world.office.post("/v1/holiday-years", holiday_year(2031, workdays=["2031-10-11"])), 201)
    assert made == {
        "year": 2031,
        "holidays": holiday_year(2031)["holidays"],
        "workdays": ["2031-10-11"],
        "source": "样例通知",
        "imported": True,
    }
    assert ok(world.public.get("/v1/holiday-years"))["items"][-1] == made


def test_an_amended_notice_replaces_the_year_and_the_log_keeps_both(world: World) -> None:
    ok(world.office.post("/v1/holiday-years", holiday_year(2031, source="样例甲")), 201)
    ok(world.office.post("/v1/holiday-years", holiday_year(2031, source="样例乙")), 201)
    assert ok(world.public.get("/v1/holiday-years"))["items"][-1]["source"] == "样例乙"
    entry = ok(world.auditor.get("/v1/audit-entries?act=import_holiday_year"))["items"][0]
    assert entry["details"]["replaced"]["source"] == "样例甲"


@pytest.mark.parametrize(
    "changes",
    [
        {"holidays": [day for day in holiday_year(2031)["holidays"] if day != "2031-10-01"]},
        {"holidays": [day for day in holiday_year(2031)["holidays"] if day != "2031-06-10"]},
        {"holidays": [*holiday_year(2031)["holidays"], "2032-01-01"]},
        {"workdays": ["2031-10-01"]},
        {"workdays": ["2031-10-10"]},
    ],
)
def test_a_holiday_year_that_cannot_be_counted_in_is_refused(world: World, changes: dict[str, Any]) -> None:
    refused(world.office.post("/v1/holiday-years", holiday_year(2031, **changes)), 422, rule="art21.publicity")


def test_articles_rules_lives_and_the_default_rules_are_public(world: World) -> None:
    shown = ok(world.public.get("/v1/measures/articles"))["items"]
    assert [item["number"] for item in shown] == list(range(1, 34)) == [item.number for item in articles()]
    assert all(item["rules"] or item["declaratory_zh"] for item in shown)
    assert {item["id"] for item in ok(world.public.get("/v1/measures/rules"))["items"]} == set(CATALOGUE)
    machines = {item["name"]: item for item in ok(world.public.get("/v1/measures/state-machines"))["items"]}
    assert set(machines) == set(STATE_MACHINES)
    publish = next(item for item in machines["round"]["transitions"] if item["act"] == "publish_call")
    assert publish["roles"] == ["office"] and "art33.in_force" in publish["rules"]
    default = ok(world.public.get("/v1/measures/review-rules-default"))
    assert "不是管理办法" in default["note_zh"]
    made = ok(world.office.post("/v1/rounds", {**ROUND, "review_rules": default["review_rules"]}), 201)
    assert made["review_rules_hash"] == default["review_rules_hash"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        (
            {"quorum": "1/0", "total_points": "many"},
            {"/review_rules/quorum": "not_a_number", "/review_rules/total_points": "not_an_integer"},
        ),
        ({"items": [{"code": "1"}]}, {f"/review_rules/items/0/{name}": "required" for name in _OF_AN_ITEM}),
        ({"items": ["1"]}, {"/review_rules/items/0": "not_an_object"}),
        ({"preference_point": []}, {"/review_rules/preference_point": "unknown_field"}),
        ({"weight_material": "NaN"}, {"/review_rules/weight_material": "not_a_number"}),
        ({"weight_onsite": "much"}, {"/review_rules/weight_onsite": "not_a_number"}),
        ({"votes_required": "yes"}, {"/review_rules/votes_required": "not_a_boolean"}),
        ({"departments": None}, {"/review_rules/departments": "not_a_list"}),
        (
            {"required_materials": [{"code": 1, "zh": "\u200b", "en": "Proof"}]},
            {"/review_rules/required_materials/0/code": "not_text"},
        ),
        (
            {"required_materials": [{"code": "proof", "zh": "\u200b", "en": "Proof"}]},
            {"/review_rules/required_materials/0/zh": "blank"},
        ),
    ],
)
def test_review_rules_that_cannot_be_read_are_refused_at_every_fault(
    world: World, changes: dict[str, Any], wrong: dict[str, str]
) -> None:
    rules = ok(world.public.get("/v1/measures/review-rules-default"))["review_rules"]
    body = refused(world.office.post("/v1/rounds", {**ROUND, "review_rules": {**rules, **changes}}), 422, "invalid")
    assert {item["pointer"]: item["code"] for item in body["errors"]} == wrong
    assert all(item["message"] != body["detail"] for item in body["errors"]), "each says what is wrong with it"
    without = {name: value for name, value in rules.items() if name != "quorum"}
    body = refused(world.office.post("/v1/rounds", {**ROUND, "review_rules": without}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in body["errors"]] == [("/review_rules/quorum", "required")]


def _put(rules: dict[str, Any], place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Rules with this value at this place, within what they hold there."""
    changed: dict[str, Any] = json.loads(json.dumps(rules))
    changed["asks"]["indicators"] = [{"code": "rate", "zh": "样例率", "en": "Rate", "counted_in": "percent"}]
    changed["asks"]["section_lengths"] = [{"code": changed["required_sections"][0]["code"]}]
    changed["asks"]["internal_notice"] = {"days": 5}
    part: Any = changed
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("place", "within", "beyond", "code"),
    [
        # Counted on from a day: of these the service could reckon no day, once the call was published.
        (("consultation_days",), 365, 366, "out_of_range"),
        (("consultation_days",), 0, -1, "out_of_range"),
        (("correction_days",), 365, 10**12, "out_of_range"),
        (("asks", "internal_notice", "days"), 365, 366, "out_of_range"),
        (("recusal_years",), 50, 51, "out_of_range"),
        (("committee_size",), 1000, 1001, "out_of_range"),
        (("panel_size_onsite",), 100, 2**63, "out_of_range"),
        (("shortlist_other",), 1000, 1001, "out_of_range"),
        (("max_file_bytes",), 2**30, 2**30 + 1, "out_of_range"),
        (("total_points",), 100_000, 100_001, "out_of_range"),
        (("items", 0, "points"), 0, -1, "out_of_range"),
        (("pass_line_overall",), "100000", "100000.1", "out_of_range"),
        (("pass_line_overall",), "99.1234", "99.12345", "too_many_digits"),
        (("weight_material",), 1, "1.1", "out_of_range"),
        (("weight_onsite",), "0", -0.1, "out_of_range"),
        (("quorum",), "1/2", "4/3", "out_of_range"),
        (("majority",), 1, 1.5, "out_of_range"),
        (("asks", "indicators", 0, "at_most"), str(10**15 - 1), str(10**15), "out_of_range"),
        (("asks", "indicators", 0, "at_least"), None, -(10**15), "out_of_range"),
        (("asks", "section_lengths", 0, "at_most"), 100_000, 100_001, "out_of_range"),
        (("required_materials", 0, "zh"), "样" * 200, "样" * 201, "too_long"),
        (("departments", 0, "code"), "a" * 60, "a" * 61, "too_long"),
        (("file_types",), ["pdf"] * 30, ["pdf"] * 31, "too_many_items"),
    ],
)
def test_art10_rules_are_of_a_size_that_a_round_can_be_held_by(
    world: World, place: tuple[str | int, ...], within: Any, beyond: Any, code: str
) -> None:
    """What makes sense within these bounds the rules say, with their article, at the call."""
    rules = ok(world.public.get("/v1/measures/review-rules-default"))["review_rules"]
    ok(world.office.post("/v1/rounds?dry_run=true", {**ROUND, "review_rules": _put(rules, place, within)}), 201)
    body = refused(
        world.office.post("/v1/rounds", {**ROUND, "review_rules": _put(rules, place, beyond)}), 422, "invalid"
    )
    pointer = "/".join(map(str, ("/review_rules", *place)))
    assert [(item["pointer"], item["code"]) for item in body["errors"]] == [(pointer, code)]


def test_a_kind_of_item_that_there_is_not_is_told_which_there_are(world: World) -> None:
    rules = ok(world.public.get("/v1/measures/review-rules-default"))["review_rules"]
    rules["items"][0]["kind"] = "praise"
    body = refused(world.office.post("/v1/rounds", {**ROUND, "review_rules": rules}), 422, "invalid")
    (fault,) = body["errors"]
    assert (fault["pointer"], fault["code"]) == ("/review_rules/items/0/kind", "not_allowed")
    assert "process" in fault["message"] and "result" in fault["message"] and "praise" not in fault["message"]


def test_a_share_that_is_sent_as_a_number_is_the_one_that_was_written(world: World) -> None:
    rules = ok(world.public.get("/v1/measures/review-rules-default"))["review_rules"]
    sent = {**rules, "quorum": 0.6, "weight_material": 0.3, "weight_onsite": 0.7}
    kept = ok(world.office.post("/v1/rounds", {**ROUND, "review_rules": sent}), 201)["review_rules"]
    assert (kept["quorum"], kept["weight_material"], kept["weight_onsite"]) == ("3/5", "0.3", "0.7")


@pytest.mark.parametrize(("year", "called"), [(2023, False), (2024, True), (2025, False)])
def test_a_round_is_called_in_its_own_year(world: World, year: int, called: bool) -> None:
    """Art. 6 counts the cycle in years of rounds: one of another year could be called two years too early, and would
    look back on other years (Art. 5)."""
    answer = call(world, year, "2024-04-30")
    if called:
        assert ok(answer)["ordinal"] == 1
    else:
        body = refused(answer, 422, "rule_refused", "art06.cycle")
        assert body["violations"][0]["remedy_zh"]


def test_art33_an_instrument_is_registered_once_however_its_number_is_written(world: World) -> None:
    register_instrument(world, instrument(number="会府办发〔2024〕3号"))
    for written in ("会府办发[2024] ３ 号", "会府办发﹝二〇二四﹞三号"):
        body = instrument(number=written, in_force_from="2027-07-01", in_force_to="2028-06-30")
        told = refused(world.office.post("/v1/instruments", body), 422, "rule_refused", "art33.in_force")
        assert "instrument_number_unusable" in {item["reason"] for item in told["violations"]}


def test_art33_an_extension_finds_what_it_extends_however_that_is_written(world: World) -> None:
    made = register_instrument(world, instrument(extends="会府办发[２０２３] 十号"))
    assert made["extends"] == "会府办发[２０２３] 十号"
    world.clock.go("2025-07-01")
    assert ok(world.public.get("/v1/instruments"))["in_force"]["number"] == made["number"]
