"""HEAD wherever GET, OPTIONS everywhere, and pages of other origins where the settings name them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from app.web.contract import routes_of
from sandbox.stages.awarded import concluded
from sandbox.world import World, ok
from tests.support.problems import refused

PORTAL = "https://portal.test"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,idempotency-key"}
_OF_THE_MOMENT = ("x-request-id", "date")


def headers(response: object) -> dict[str, str]:
    told: dict[str, str] = dict(response.headers)  # type: ignore[attr-defined]
    return {name: value for name, value in told.items() if name not in _OF_THE_MOMENT}


def test_head_is_get_without_its_body(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    for path in ("/v1/awards", f"/v1/awards/{winner.award_id}", "/v1/rounds", "/livez", "/openapi.json", "/docs"):
        read, head = world.client.get(path), world.client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert headers(head) == headers(read)
        assert int(head.headers["content-length"]) == len(read.content) or "content-encoding" in head.headers
    path = f"/v1/awards/{world.id('nothing')}"
    missing, read = world.client.head(path), world.client.get(path)
    assert (missing.status_code, missing.content, read.status_code) == (404, b"", 404)
    assert world.client.head("/v1/accounts").status_code == 401
    assert world.office.request("HEAD", "/v1/accounts").status_code == 200


def test_where_nothing_is_read_there_is_no_head(world: World) -> None:
    answer = world.client.head("/v1/tokens")
    assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")
    refused(world.client.request("DELETE", "/v1/rounds"), 405, "method_not_allowed")
    assert world.client.request("DELETE", "/v1/rounds").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert world.client.head("/v1/nothing").status_code == 404


def test_a_head_is_counted_under_its_route(world: World) -> None:
    world.client.head(f"/v1/awards/{world.id('nothing')}")
    told = world.client.app.state.metrics.text().decode()  # type: ignore[attr-defined]
    assert 'method="HEAD",route="/v1/awards/{award_id}",status="404"' in told


@pytest.mark.one_database
def test_options_tells_the_methods(world: World) -> None:
    answer = world.client.options("/v1/rounds")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, OPTIONS, POST", b"")
    refused(world.client.options("/v1/nothing"), 404, "not_found")
    app = world.client.app
    assert isinstance(app, FastAPI)
    for route in routes_of(app):
        path = route.path.replace("{", "").replace("}", "")
        assert set(route.methods or ()) <= set(world.client.options(path).headers["allow"].split(", ")), path


@contextmanager
def opened_to(folder: Path, origins: str) -> Iterator[TestClient]:
    settings = Settings(
        keys_file=folder / "keys.json",
        files_url=f"file:{folder}/files",
        database_url=f"sqlite:///{folder}/award.db",
        allowed_origins=origins,
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def test_a_page_of_a_portal_may_call(tmp_path: Path) -> None:
    with opened_to(tmp_path, f"https://other.test,{PORTAL}") as client:
        asked = client.options("/v1/rounds", headers={"Origin": PORTAL, **PREFLIGHT})
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == PORTAL
        assert "POST" in asked.headers["access-control-allow-methods"]
        assert asked.headers["access-control-allow-headers"] == PREFLIGHT["Access-Control-Request-Headers"]
        assert "access-control-allow-credentials" not in asked.headers
        answers = [
            client.get("/livez", headers={"Origin": PORTAL}),
            # What is refused, by whatever part of the service, can be read as well.
            client.get("/v1/me", headers={"Origin": PORTAL}),
            client.get("/v1/nothing", headers={"Origin": PORTAL}),
            client.post("/v1/tokens", content=b"x" * 2_000_000, headers={"Origin": PORTAL}),
        ]
        assert [answer.status_code for answer in answers] == [200, 401, 404, 413]
        for answer in answers:
            assert answer.headers["access-control-allow-origin"] == PORTAL
            readable = answer.headers["access-control-expose-headers"]
            assert {"ETag", "Location", "Link", "X-Request-ID", "Retry-After"} <= set(readable.split(", "))
            assert "Origin" in answer.headers["vary"]


def test_others_are_answered_as_if_there_were_no_such_thing(tmp_path: Path) -> None:
    with opened_to(tmp_path, PORTAL) as client:
        for origin in ("https://evil.test", "null", f"{PORTAL}.evil.test", "http://portal.test"):
            asked = client.options("/v1/rounds", headers={"Origin": origin, **PREFLIGHT})
            read = client.get("/livez", headers={"Origin": origin})
            assert (asked.status_code, read.status_code) == (204, 200)
            for answer in (asked, read):
                assert not [name for name in answer.headers if name.startswith("access-control-")]
                assert "Origin" in answer.headers["vary"]
        assert "Origin" in client.get("/livez").headers["vary"]


def test_unless_they_are_named_there_are_none(world: World) -> None:
    answer = world.client.get("/livez", headers={"Origin": PORTAL})
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert "Origin" not in answer.headers.get("vary", "")
    assert world.client.options("/v1/rounds", headers={"Origin": PORTAL, **PREFLIGHT}).status_code == 204
    ok(answer)


def test_any_origin_may_be_let_in_and_is_not_told_apart(tmp_path: Path) -> None:
    with opened_to(tmp_path, "*") as client:
        assert client.get("/livez", headers={"Origin": PORTAL}).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("wrong", ["portal.test", "https://portal.test/", "https://a.test;https://b.test", "ftp://a.b"])
def test_what_is_no_origin_is_not_taken(wrong: str) -> None:
    with pytest.raises(ValueError, match="allowed_origins"):
        Settings(allowed_origins=wrong)
