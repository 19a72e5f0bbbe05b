"""A query that there is none of is refused by a read too, instead of being passed over."""

import re

import pytest
from fastapi import FastAPI

from app.web.contract import routes_of
from sandbox.callers import Caller
from sandbox.stages.applications import apply, submit_application
from sandbox.stages.parties import register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


@pytest.mark.one_database
def test_a_query_that_there_is_none_of_is_refused_by_every_read(world: World) -> None:
    app = world.client.app
    assert isinstance(app, FastAPI)
    asked = 0
    for route in routes_of(app):
        if "GET" in (route.methods or ()) and route.path.startswith("/v1/"):
            path = re.sub(r"\{\w+\}", world.id("nothing"), route.path)
            for caller in (world.public, world.office):
                problem = refused(caller.get(f"{path}?stat=called"), 422, "invalid")
                (fault,) = problem["errors"]
                assert (fault["pointer"], fault["code"]) == ("/query", "unknown_parameter"), path
                asked += 1
    assert asked > 150


@pytest.mark.one_database
def test_the_refusal_names_what_there_is(world: World) -> None:
    (fault,) = refused(world.public.get("/v1/awards?yaer=2024"), 422, "invalid")["errors"]
    assert fault["message"].endswith("cursor、limit、name、sort、status、year")
    told = world.public.get("/v1/awards?yaer=2024", headers={"Accept-Language": "en"})
    message = refused(told, 422)["errors"][0]["message"]
    assert message == "Unknown query parameter; there are: cursor, limit, name, sort, status, year"
    # A name is one in just these letters.
    refused(world.public.get("/v1/awards?Limit=5"), 422, "invalid")
    refused(world.client.get("/v1/awards?limit=5&from=singlemessage"), 422, "invalid")
    ok(world.public.get("/v1/awards?limit=5"))


@pytest.mark.one_database
def test_beside_the_contracts_own_addresses_nobody_minds(world: World) -> None:
    for path in ("/livez?now=1", "/docs?x=1", "/openapi.json?v=2"):
        assert world.public.get(path).status_code == 200


# What people search by.


def test_an_organisation_is_found_by_a_part_of_its_name(world: World) -> None:
    one, other = register(world, name="样例食品（会昌）有限公司"), register(world, name="样例100%竹业有限公司")
    for part, found in (
        ("食品", {one.organisation_id}),
        ("(会昌)", {one.organisation_id}),
        ("样例", {one.organisation_id, other.organisation_id}),
        ("100%竹", {other.organisation_id}),
        ("10%业", set()),
        ("_", set()),
    ):
        page = ok(world.office.get("/v1/organisations", params={"name": part}))
        assert {item["id"] for item in page["items"]} == found, part
    assert [item["id"] for item in ok(one.account.get("/v1/organisations?name=样例"))["items"]] == [one.organisation_id]
    first = ok(world.office.get("/v1/organisations?name=样例&limit=1"))
    refused(world.office.get(f"/v1/organisations?name=食品&cursor={first['next_cursor']}"), 422, "invalid_cursor")
    refused(world.office.get("/v1/organisations?name="), 422, "invalid")


# 24:00 in Shanghai is 16:00 of UTC.
AROUND_MIDNIGHT = [("2024-03-01", "23:59:59"), ("2024-03-02", "00:00:00"), ("2024-03-02", "23:59:59")]


def found_by_day(caller: Caller, path: str, ids: list[str]) -> None:
    """Three things, of which the second and the third are of one day."""
    for wanted, found in (
        ({}, ids),
        ({"since": "2024-03-02"}, ids[1:]),
        ({"until": "2024-03-02"}, ids),
        ({"until": "2024-03-01"}, ids[:1]),
        ({"since": "2024-03-02", "until": "2024-03-02"}, ids[1:]),
        ({"since": "2024-03-03"}, []),
        ({"since": "2024-03-02", "until": "2024-03-01"}, []),
    ):
        page = ok(caller.get(path, params={"sort": "oldest", **wanted}))
        assert [item["id"] for item in page["items"] if item["id"] in ids] == found, wanted
    first = ok(caller.get(path, params={"until": "2024-03-02", "limit": 1}))
    refused(caller.get(path, params={"until": "2024-03-03", "cursor": first["next_cursor"]}), 422, "invalid_cursor")
    refused(caller.get(path, params={"since": "2024-02-30"}), 422, "invalid")


def test_organisations_are_found_by_the_day_of_their_registration(world: World) -> None:
    ids = []
    for day, hour in AROUND_MIDNIGHT:
        world.clock.go(day, hour)
        ids.append(register(world, verified=False).organisation_id)
    found_by_day(world.office, "/v1/organisations", ids)


def test_applications_are_found_by_the_day_of_their_submission(world: World) -> None:
    round_id = open_round(world)
    drafts = [apply(world, round_id, submit=False) for _ in range(4)]
    for one, (day, hour) in zip(drafts, AROUND_MIDNIGHT, strict=False):
        world.clock.go(day, hour)
        submit_application(one.applicant, one.id)
    found_by_day(world.office, "/v1/applications", [one.id for one in drafts[:3]])
    # What is not submitted has no such day.
    page = ok(world.office.get("/v1/applications", params={"since": "2000-01-01"}))
    assert drafts[3].id not in {item["id"] for item in page["items"]}


def test_entries_are_found_by_their_day(world: World) -> None:
    def made(**wanted: str) -> set[str]:
        page = ok(world.auditor.get("/v1/audit-entries", params={"act": "create_round", **wanted}))
        return {item["subject_id"] for item in page["items"]}

    ids = []
    # 24:00 in Shanghai is 16:00 of UTC.
    for number, (day, hour) in enumerate(
        [("2024-03-01", "23:59:59"), ("2024-03-02", "00:00:00"), ("2024-03-03", "09:00:00")]
    ):
        world.clock.go(day, hour)
        ids.append(ok(world.office.post("/v1/rounds", {"year": 2024 + 2 * number, "title": "样例"}), 201)["id"])
    assert made() == set(ids)
    assert made(since="2024-03-02") == set(ids[1:])
    assert made(until="2024-03-02") == set(ids[:2])
    assert made(since="2024-03-02", until="2024-03-02") == {ids[1]}
    assert made(since="2024-03-04") == set()
    refused(world.auditor.get("/v1/audit-entries?since=tomorrow"), 422, "invalid")
