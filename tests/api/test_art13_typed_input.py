"""Arts. 9, 13: what JSON says is taken as it is said: numbers are not days, `true` is not one fen, text is no number;
through every door by which input comes."""

from collections.abc import Callable
from typing import Any

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.stages.applications import apply, begin, register_applicant
from sandbox.stages.qualification import adverse, asked, close_applications, consult, reply
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_consultations_sheet import export, filled, send
from tests.support.problems import refused


@pytest.fixture
def round_id(world: World) -> str:
    """A round in which the departments are asked about one application."""
    made = open_round(world)
    apply(world, made)
    close_applications(world, made)
    consult(world, made)
    return made


def test_a_number_is_no_day(world: World, round_id: str) -> None:
    consultation_id = asked(world, "market", round_id)[0]["id"]
    record = adverse("failed_inspection", "2023-06-01")
    for day in (0, 1, 1_685_577_600, True, "0", "1685577600", "20230601", "2023-06-01T00:00:00"):
        answer = reply(world, "market", consultation_id, "adverse", records=[{**record, "occurred_on": day}])
        problem = refused(answer, 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
            ("/records/0/occurred_on", "not_a_date")
        ]
    ok(reply(world, "market", consultation_id, "adverse", records=[record]))
    assert asked(world, "market", round_id)[0]["records"][0]["occurred_on"] == "2023-06-01"


@pytest.mark.one_database
@pytest.mark.parametrize("day", [0, 45078, 45078.5, True, "45078"])
def test_a_number_in_a_cell_for_a_day_is_refused_by_cell(world: World, round_id: str, day: Any) -> None:
    row = {"answer": "有不良记录", "category": "监督抽查不合格", "fact": "抽查不合格", "occurred_on": day}
    problem = refused(send(world, round_id, filled(export(world, round_id), row)), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
        ("/rows/2/records/0/occurred_on", "not_a_date")
    ]


@pytest.fixture
def draft(world: World) -> Callable[[dict[str, Any]], Any]:
    """What a draft answers to these sections of its form."""
    _, applicant = register_applicant(world)
    application_id = begin(world, open_round(world), applicant)["id"]
    path = f"/v1/applications/{application_id}"

    def fill_in(content: dict[str, Any]) -> Any:
        version = ok(applicant.get(path))["version"]
        return applicant.patch(path, {"content": content}, version=version)

    return fill_in


def test_only_a_whole_number_is_an_amount(draft: Callable[[dict[str, Any]], Any]) -> None:
    for amount in (True, False, "1", 1.0, "１"):
        problem = refused(draft({"figures": [{"year": 2023, "net_profit_fen": amount}]}), 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
            ("/content/figures/0/net_profit_fen", "not_an_integer")
        ]
    ok(draft({"figures": [{"year": 2023, "net_profit_fen": 1}]}))


def test_only_true_and_false_are_yes_and_no(draft: Callable[[dict[str, Any]], Any]) -> None:
    licence = {"kind": "排污许可证", "number": "P-1"}
    for word in ("true", "是", 1, 0):
        problem = refused(draft({"licences": [{**licence, "required": word}]}), 422, "invalid")
        assert [item["code"] for item in problem["errors"]] == ["not_a_boolean"]
    ok(draft({"licences": [{**licence, "required": True}]}))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total_points", True),
        ("total_points", "1000"),
        ("total_points", 1000.0),
        ("panel_size_material", True),
        ("votes_required", 1),
        ("votes_required", "true"),
        ("weight_material", True),
        ("weight_material", "NaN"),
        ("pass_line_overall", "Infinity"),
        ("quorum", True),
        ("items", 1),
        ("departments", [1]),
    ],
)
def test_review_rules_are_read_as_strictly(world: World, field: str, value: Any) -> None:
    rules = {**default_review_rules().to_mapping(), field: value}
    problem = refused(world.office.post("/v1/rounds", {"year": 2024, "title": "样例届", "review_rules": rules}), 422)
    assert all(item["pointer"].startswith("/review_rules/") for item in problem["errors"])
    assert ok(world.office.get("/v1/rounds"))["items"] == []


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("items", {"points": True}),
        ("items", {"points": "50"}),
        ("items", {"zh": 7}),
        ("departments", {"categories": "fatal_accident"}),
        ("departments", {"zh": None}),
        ("required_materials", {"code": 1}),
        ("preference_points", {"points": True}),
        ("preference_points", {"tag": "leading_firm"}),
    ],
)
def test_entries_of_the_review_rules_are_too(world: World, name: str, part: dict[str, Any]) -> None:
    rules: dict[str, Any] = default_review_rules().to_mapping()
    rules["preference_points"] = [{"tag": "encouraged", "points": "5"}]
    body = {"year": 2024, "title": "样例届", "review_rules": rules}
    ok(world.office.post("/v1/rounds", {**body, "title": "样例届一"}, params={"dry_run": "true"}), 201)
    rules[name][0] |= part
    problem = refused(world.office.post("/v1/rounds", body), 422, "invalid")
    assert [item["pointer"].startswith(f"/review_rules/{name}/0/") for item in problem["errors"]] == [True]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        *(("/v1/review-assignments", f"late={word}", "not_a_boolean") for word in ("yes", "on", "1", "True", "")),
        ("/v1/organisations", "flagged=on", "not_a_boolean"),
        ("/v1/rounds", "limit=1.0", "not_an_integer"),
        ("/v1/rounds", "limit=１", "not_an_integer"),
        ("/v1/rounds", "limit=%2B1", "not_an_integer"),
        ("/v1/rounds", "limit=1_0", "not_an_integer"),
        ("/v1/rounds", "limit= 1", "not_an_integer"),
    ],
)
def test_a_query_is_written_as_json_writes_it(world: World, path: str, query: str, code: str) -> None:
    problem = refused(world.office.get(f"{path}?{query}"), 422, "invalid")
    name = query.partition("=")[0]
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [(f"/query/{name}", code)]


def test_a_query_that_is_written_so_is_taken(world: World) -> None:
    for query in ("late=true", "late=false", "limit=1", "limit=1&late=true"):
        ok(world.office.get(f"/v1/review-assignments?{query}"))


def test_a_dry_run_that_is_misspelt_does_nothing(world: World) -> None:
    body = {"year": 2024, "title": "样例届"}
    for word in ("yes", "1", "on"):
        problem = refused(world.office.post(f"/v1/rounds?dry_run={word}", body), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/query/dry_run"
    assert ok(world.office.get("/v1/rounds"))["items"] == []
