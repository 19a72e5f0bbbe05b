"""The index of the routes answers as the framework's own loop does, for every operation of the service."""

import re
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from app.main import STREAMED, create_app
from app.web.routing import IndexedRouter, RouteIndex
from app.web.streaming import Uploading
from sandbox.world import World
from tests.support.problems import refused


def _routes() -> list[APIRoute]:
    return [route for route in create_app().routes if isinstance(route, APIRoute)]


def _scope(method: str, path: str) -> Scope:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


def _by_the_loop(routes: list[APIRoute], method: str, path: str) -> APIRoute | None:
    return next((route for route in routes if route.matches(_scope(method, path))[0] is Match.FULL), None)


def _by_the_index(index: RouteIndex, method: str, path: str) -> APIRoute | None:
    found = index.candidates(method, path)
    return next((route for route in found if route.matches(_scope(method, path))[0] is Match.FULL), None)


def test_every_route_that_takes_a_file_limits_itself_and_no_other_does() -> None:
    """One that is forgotten refuses every file past the limit of bodies. A page counts what it reads, and
    hands each file on to the operation."""
    taking = {route.path_format for route in _routes() if _takes_a_file(route)} | _PAGES
    posting = {route.path_format for route in _routes() if "POST" in (route.methods or ())}
    assert taking and {path for path in posting if path.endswith(STREAMED)} == taking


_PAGES = {"/follow/evidence", "/en/follow/evidence"}


def _takes_a_file(route: APIRoute) -> bool:
    return any(isinstance(item.call, Uploading) for item in route.dependant.dependencies)


def test_every_route_is_found_as_by_the_frameworks_loop() -> None:
    routes = _routes()
    index = RouteIndex(routes)
    for route in routes:
        for given in (str(uuid4()), "1", "open", "a b"):
            path = re.sub(r"\{[a-z_]+\}", given, route.path_format)
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                assert _by_the_index(index, method, path) is _by_the_loop(routes, method, path), (method, path)


@pytest.mark.parametrize(
    "path", ["", "/", "//", "/v1", "/v1/", "/v1/awards/", "/v1//awards", "/{}", "/v1/{}", "/v1/awards/{}"]
)
def test_paths_at_the_edge_are_found_as_by_the_frameworks_loop(path: str) -> None:
    routes = _routes()
    assert _by_the_index(RouteIndex(routes), "GET", path) is _by_the_loop(routes, "GET", path)


def test_few_routes_are_asked() -> None:
    index = RouteIndex(_routes())
    assert len(list(index.candidates("GET", "/v1/awards"))) == 1
    assert len(list(index.candidates("GET", f"/v1/applications/{uuid4()}"))) == 1


def test_the_application_has_the_index_and_no_included_router() -> None:
    app = create_app()
    assert isinstance(app.router, IndexedRouter)
    assert all(isinstance(route, APIRoute) for route in app.routes)


def test_no_route_and_another_method_are_told_as_before(world: World) -> None:
    refused(world.client.get("/v1/nothing"), 404, "not_found")
    refused(world.client.get("/v1/awards/"), 404, "not_found")
    wrong = world.client.put("/v1/awards")
    refused(wrong, 405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS"
