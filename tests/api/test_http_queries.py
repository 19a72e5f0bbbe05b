"""A query that there is none of is refused by a read too, instead of being passed over."""

import re

import pytest
from fastapi import FastAPI

from app.web.contract import routes_of
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
    assert fault["message"].endswith("cursor, limit, status, year")
    told = world.public.get("/v1/awards?yaer=2024", headers={"Accept-Language": "en"})
    assert (
        refused(told, 422)["errors"][0]["message"] == "Unknown query parameter; there are: cursor, limit, status, year"
    )
    # A name is one in just these letters.
    refused(world.public.get("/v1/awards?Limit=5"), 422, "invalid")
    refused(world.client.get("/v1/awards?limit=5&from=singlemessage"), 422, "invalid")
    ok(world.public.get("/v1/awards?limit=5"))


@pytest.mark.one_database
def test_beside_the_contracts_own_addresses_nobody_minds(world: World) -> None:
    for path in ("/livez?now=1", "/docs?x=1", "/openapi.json?v=2"):
        assert world.public.get(path).status_code == 200
