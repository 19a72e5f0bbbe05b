"""What an answer names beside its body: where a thing is, where the next page is, how many more there may be, what the
kind of a problem is, when an operation ends, and the trace that it belongs to."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from inspect import getsource
from typing import Any
from uuid import uuid4

import pytest
import structlog
from starlette.testclient import TestClient

from app.kernel.error_codes import ProblemCode
from app.kernel.settings import Settings
from app.kernel.throttle import Throttle
from app.main import create_app
from app.web import versions
from app.web.contract import routes_of
from app.web.observability import COUNTED_POSTS
from app.web.tracing import continued
from app.web.versions import Ending
from sandbox.clock import MovableClock
from sandbox.stages.awarded import concluded
from sandbox.stages.parties import registration
from sandbox.world import World, ok
from tests.support.origins import coming_from
from tests.support.plain import plain_answers
from tests.support.problems import refused


def links(answer: Any) -> dict[str, str]:
    """`Link` of an answer, by relation."""
    found = re.findall(r'<([^>]*)>; rel="([a-z-]+)"', answer.headers.get("link", ""))
    return {relation: address for address, relation in found}


# Location.


def test_what_was_made_is_where_the_answer_says(world: World) -> None:
    body = {"year": 2024, "title": "样例：2024年度"}
    key = {"Idempotency-Key": "sample-key-of-a-round"}
    dry = world.office.post("/v1/rounds?dry_run=true", body)
    assert dry.status_code == 201 and "location" not in dry.headers
    made = world.office.post("/v1/rounds", body, headers=key)
    assert made.headers["location"] == f"/v1/rounds/{ok(made, 201)['id']}"
    assert ok(world.office.get(made.headers["location"]))["id"] == made.json()["id"]
    again = world.office.post("/v1/rounds", body, headers=key)
    assert again.headers["idempotency-replayed"] == "true" and again.headers["location"] == made.headers["location"]
    assert "location" not in world.office.post("/v1/rounds", {}).headers


def test_an_organisation_is_where_its_registration_says(world: World) -> None:
    made = world.public.post("/v1/registrations", registration())
    organisation_id = ok(made, 201)["organisation"]["id"]
    assert made.headers["location"] == f"/v1/organisations/{organisation_id}"
    said = made.json()["organisation"]
    seen = {"document": "样例营业执照", "name": said["name"], "code": said["uscc"]}
    verified = world.office.post(f"{made.headers['location']}/verification", seen)
    assert (verified.status_code, verified.headers["location"]) == (201, made.headers["location"])
    assert ok(world.office.get(made.headers["location"]))["id"] == organisation_id


# Pages.


def test_the_links_lead_through_a_list(world: World) -> None:
    concluded(world, {}, {}, {})
    for caller, path in ((world.public, "/v1/awards?limit=1&status=valid"), (world.office, "/v1/accounts?limit=3")):
        seen, address, first = [], path, None
        while address:
            answer = caller.get(address)
            page, told = ok(answer), links(answer)
            seen += [item["id"] for item in page["items"]]
            first = first or told["first"]
            assert told["first"] == first == path
            assert ("next" in told) == (page["next_cursor"] is not None)
            address = told.get("next", "")
        assert len(seen) == len(set(seen)) > 1
    assert "link" not in world.public.get(f"/v1/awards/{seen[0]}").headers
    assert "link" not in world.client.get("/v1/me").headers


def test_every_kind_of_answer_has_the_same_links(world: World) -> None:
    concluded(world, {}, {})
    path = "/v1/awards?limit=1"
    with plain_answers() as given:
        told = [world.client.get(path, headers={"Accept-Encoding": coding}) for coding in ("gzip", "identity") * 3]
    assert len(given) == 6
    whole = world.office.get(path)
    assert {answer.headers["link"] for answer in (*told, whole, world.client.head(path))} == {whole.headers["link"]}


# Limits.


def test_who_is_counted_is_told_what_is_left(world: World) -> None:
    stranger = coming_from(world, "203.0.113.9")
    answers = [stranger.client.get("/v1/rounds") for _ in range(3)]
    left = []
    for answer in answers:
        assert re.fullmatch(r'"reads";q=\d+;w=60', answer.headers["ratelimit-policy"])
        said = re.fullmatch(r'"reads";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
        assert said is not None and 1 <= int(said[2]) <= 60
        left.append(int(said[1]))
    assert left == sorted(left, reverse=True) or max(left) - left[0] > 0
    # Whoever is on the machine itself is not counted.
    assert "ratelimit" not in world.client.get("/v1/rounds").headers


# How an operation counts what the public posts: each of them in its own words.
COUNTS = re.compile(r"\.public_post\(|throttle\.objection\(")


def test_what_the_public_posts_has_a_limit_and_nobody_learns_who_else_posts(world: World) -> None:
    """Of a network in which somebody has just objected, the next one to post must not read that off."""
    app: Any = world.client.app
    told = {route.name: route.path for route in routes_of(app) if COUNTS.search(getsource(route.endpoint))}
    assert set(told) == COUNTED_POSTS
    app.state.throttle = Throttle(app.state.settings.model_copy(update={"public_posts_per_minute": 2}))
    candidate = concluded(world).round_id
    bodies = {
        "take_objection": {"facts": "样例：情况不实"},
        "report_mark": {"kind": "forgery", "subject": "样例商行", "description": "样例：仿制标志"},
        "register_organisation": registration(),
    }
    for address, (name, body) in enumerate(bodies.items(), 1):
        stranger = coming_from(world, f"203.0.113.{address}")
        path = re.sub(r"\{\w+\}", candidate, told[name])
        answers = [stranger.client.post(path, json=body) for _ in range(3)]
        assert [answer.status_code == 429 for answer in answers] == [False, False, True], name
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"posts";q=2;w=60'}
        assert ["ratelimit" in answer.headers for answer in answers] == [False, False, True]
        left = re.fullmatch(r'"posts";r=0;t=(\d+)', answers[2].headers["ratelimit"])
        assert left is not None and 1 <= int(left[1]) <= 60
    for name, path in told.items():
        assert "ratelimit-policy" in world.client.post(re.sub(r"\{\w+\}", "x" * 43, path), content=b"").headers, name
    # An act of whoever is signed in is not counted.
    assert "ratelimit-policy" not in world.office.post("/v1/rounds", {}).headers


# Problems.


@pytest.mark.one_database
def test_the_type_of_a_problem_is_an_address_that_answers(world: World) -> None:
    problem = refused(world.public.get("/v1/me"), 401)
    told = ok(world.public.get(problem["type"]))
    assert (told["code"], told["title_zh"], told["status"]) == ("unauthenticated", problem["title"], 401)
    for code in ProblemCode:
        answer = world.public.get(f"/problems/{code}")
        assert {"title_zh", "title_en", "remedy_zh", "remedy_en"} <= set(ok(answer))
        assert answer.headers["cache-control"] == "public, max-age=86400"
    refused(world.public.get("/problems/nothing"), 404)


# What is to end.


@pytest.mark.one_database
def test_an_operation_that_is_to_end_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ending = Ending(date(2030, 1, 1), date(2030, 7, 1), "/v2/instruments")
    monkeypatch.setitem(versions.ENDINGS, "list_instruments", ending)
    answer = world.public.get("/v1/instruments")
    assert answer.headers["deprecation"] == f"@{int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())}"
    assert parsedate_to_datetime(answer.headers["sunset"]) == datetime(2030, 7, 1, tzinfo=UTC)
    assert links(answer)["successor-version"] == "/v2/instruments"
    assert "deprecation" not in world.public.get("/v1/rounds").headers


# Traces.


def logged(headers: dict[str, str], settings: Settings, clock: MovableClock) -> tuple[str, dict[str, Any]]:
    """The request's id, and what the log says of the request."""
    with TestClient(create_app(settings, clock=clock)) as client, structlog.testing.capture_logs() as lines:
        answer = client.get("/livez", headers=headers)
    (line,) = [dict(line) for line in lines if line["event"] == "request"]
    return answer.headers["x-request-id"], line


@pytest.mark.one_database
def test_a_trace_is_continued_and_logged(world: World, settings: Settings) -> None:
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    chatty = settings.model_copy(update={"log_level": "INFO"})
    _, line = logged({"traceparent": f"00-{trace}-{parent}-01"}, chatty, world.clock)
    assert (line["trace_id"], line["parent_id"]) == (trace, parent)
    assert re.fullmatch("[0-9a-f]{16}", line["span_id"]) and line["span_id"] != parent
    request_id, line = logged({}, chatty, world.clock)
    assert line["trace_id"] == request_id.replace("-", "") and "parent_id" not in line


@pytest.mark.parametrize(
    ("sent", "continues"),
    [
        (f"00-{'a' * 32}-{'b' * 16}-01", True),
        # Of a later version what is known of it.
        (f"cc-{'a' * 32}-{'b' * 16}-01-more", True),
        (f"00-{'a' * 32}-{'b' * 16}-01-more", False),
        (f"ff-{'a' * 32}-{'b' * 16}-01", False),
        (f"00-{'0' * 32}-{'b' * 16}-01", False),
        (f"00-{'a' * 32}-{'0' * 16}-01", False),
        (f"00-{'A' * 32}-{'b' * 16}-01", False),
        (f"00-{'a' * 32}-{'b' * 16}", False),
        ("", False),
    ],
)
def test_what_is_no_trace_begins_one(sent: str, continues: bool) -> None:
    request_id = uuid4()
    found = continued([(b"traceparent", sent.encode())], request_id)
    assert (found["trace_id"] == "a" * 32) == ("parent_id" in found) == continues
    assert continues or found["trace_id"] == request_id.hex
