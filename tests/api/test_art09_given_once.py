"""Art. 9: of two headers that contradict one another none is followed; a query or a field of a form that has one value
is given once. Nothing is done."""

from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.seed import PASSWORD
from sandbox.world import World, ok
from tests.support.problems import refused

BODY = b'{"year": 2024, "title": "sample"}'
JSON = ("Content-Type", "application/json")


def post(world: World, *headers: tuple[str, str], without: str = "") -> object:
    """The preparing of a round with its usual headers and these."""
    usual = [(name, value) for name, value in (*world.office.headers().items(), JSON) if name != without]
    return world.client.request("POST", "/v1/rounds", content=BODY, headers=[*usual, *headers])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Idempotency-Key", "sample-key-1"), ("Idempotency-Key", "sample-key-2")),
        (("Idempotency-Key", "sample-key-1"), ("idempotency-key", "sample-key-1")),
        (("If-Match", '"1"'), ("If-Match", '"2"')),
        (("Content-Type", "application/json"), ("Content-Type", "text/plain")),
        (("Content-Length", "1"), ("Content-Length", "2")),
        (("Host", "one.example"), ("Host", "two.example")),
        (("Authorization", "Bearer a"), ("Authorization", "Bearer b")),
        (("X-Request-Id", "sample-request-1"), ("X-Request-Id", "sample-request-2")),
        (("Origin", "https://one.example"), ("Origin", "https://two.example")),
        (("Range", "bytes=0-1"), ("Range", "bytes=2-3")),
        (("Content-Disposition", "inline"), ("Content-Disposition", "attachment")),
        (("traceparent", f"00-{'1' * 32}-{'1' * 16}-01"), ("traceparent", f"00-{'2' * 32}-{'2' * 16}-01")),
    ],
)
def test_two_that_contradict_one_another_are_refused(
    world: World, first: tuple[str, str], second: tuple[str, str]
) -> None:
    problem = refused(post(world, first, second, without=first[0]), 400, "duplicate_header")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
        (f"/header/{first[0].lower()}", "duplicate")
    ]
    assert ok(world.office.get("/v1/rounds"))["items"] == []


def test_a_token_beside_another_is_refused_where_one_reads(world: World) -> None:
    headers = [*world.office.headers().items(), *world.auditor.headers().items()]
    refused(world.client.request("GET", "/v1/rounds", headers=headers), 400, "duplicate_header")


def test_one_key_is_one_request_and_the_same_said_twice_is_clear(world: World) -> None:
    twice = [("If-Match", '"1"'), ("If-Match", '"1"'), JSON, ("Accept-Language", "en"), ("Accept-Language", "zh")]
    made = ok(post(world, ("Idempotency-Key", "sample-key-1"), *twice), 201)
    assert ok(post(world, ("Idempotency-Key", "sample-key-1"), JSON), 201) == made
    assert len(ok(world.office.get("/v1/rounds"))["items"]) == 1


@pytest.mark.parametrize("values", [("true", "false"), ("false", "true"), ("true", "true")])
def test_art09_a_query_of_one_value_is_given_once(world: World, values: tuple[str, str]) -> None:
    path = "/v1/rounds?" + "&".join(f"dry_run={value}" for value in values)
    problem = refused(world.office.post(path, {"year": 2024, "title": "样例"}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/query/dry_run", "duplicate")]
    assert ok(world.office.get("/v1/rounds"))["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/rounds?limit=1&limit=2",
        "/v1/audit-entries?act=a&act=b",
        "/v1/awards?limit=1&limit=2",
        "/v1/notices?limit=1&limit=1",
    ],
)
def test_art09_a_filter_is_given_once_where_one_reads(world: World, path: str) -> None:
    problem = refused(world.auditor.get(path), 422, "invalid")
    assert [item["code"] for item in problem["errors"]] == ["duplicate"]


@pytest.mark.parametrize("name", ["username", "password", "grant_type"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_art09_a_field_of_a_form_is_given_once(world: World, name: str, kind: str) -> None:
    form = [("grant_type", "password"), ("username", "office"), ("password", PASSWORD)]
    ok(sign_in(world, form, kind))
    twice = [*form, (name, dict(form)[name] if name == "grant_type" else "government")]
    problem = refused(sign_in(world, twice, kind), 400, "bad_request")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [(f"/{name}", "duplicate")]


def sign_in(world: World, form: list[tuple[str, str]], kind: str) -> Any:
    """The form as it is written under this media type."""
    if kind == "multipart/form-data":
        return world.client.post("/v1/tokens", files=[(name, (None, value)) for name, value in form])
    return world.client.post("/v1/tokens", content=urlencode(form), headers={"Content-Type": kind})
