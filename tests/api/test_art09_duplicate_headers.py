"""Art. 9: of two headers that contradict one another none is followed; nothing is done."""

import pytest

from sandbox.world import World, ok
from tests.support.problems import refused

BODY = b'{"year": 2024, "title": "sample"}'
JSON = ("Content-Type", "application/json")


def post(world: World, *headers: tuple[str, str], without: str = "") -> object:
    """The preparing of a round with its usual headers and these."""
    usual = [(name, value) for name, value in (*world.office.headers().items(), JSON) if name != without]
    return world.client.request("POST", "/v1/rounds", content=BODY, headers=[*usual, *headers])


@pytest.mark.one_database
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
