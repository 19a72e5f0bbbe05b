"""Whatever is sent: a problem document with the right status, never a 500, nothing written."""

import json
import re

import pytest
from fastapi import FastAPI

from app.web.contract import roles_of, routes_of
from sandbox.world import World, ok
from tests.support.problems import refused

JSON = {"Content-Type": "application/json"}
_DEEP = b"[" * 5000 + b"]" * 5000


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (_DEEP, 400, None),
        (b"\xff\xfe", 400, "malformed_json"),
        (b"\xe9", 400, "malformed_json"),
        ('{"year": 2024, "title": "a"}'.encode("utf-16"), 400, "malformed_json"),
        (b'{"year": 2024, "title": "a", "title": "b"}', 400, "malformed_json"),
        (b'{"year": 2024, "title": "a", "review_rules": {"onsite_max": 1, "onsite_max": 2}}', 400, "malformed_json"),
        (b'{"year": 2024, "title": "a", "review_rules": {"onsite_max": Infinity}}', 400, "malformed_json"),
        (b'{"year": 2024, "title": "a\\u0000b"}', 422, "invalid"),
        (b'{"year": 2024, "title": "\\ud800"}', 422, "invalid"),
        (b'{"year": NaN, "title": "a"}', 400, "malformed_json"),
        (b'{"year": -Infinity, "title": "a"}', 400, "malformed_json"),
        (b'{"year": 1e999, "title": "a"}', 422, "invalid"),
        (b'{"year": ' + b"9" * 5000 + b', "title": "a"}', 400, "bad_request"),
        (b'{"year": ' + b"9" * 30 + b', "title": "a"}', 422, "invalid"),
        (b'{"year": 2024, "title": "a", "winner": "me"}', 422, "invalid"),
        (b'{"year": 2024, "title": "   "}', 422, "invalid"),
        (b'{"year": "2024; DROP TABLE rounds", "title": "a"}', 422, "invalid"),
        (b'{"year": 2024, "title": "' + b"a" * 201 + b'"}', 422, "invalid"),
        (b'{"title": "' + b"a" * 1_100_000 + b'"}', 413, "too_large"),
    ],
)
def test_a_body_that_is_not_right(world: World, body: bytes, status: int, code: str | None) -> None:
    problem = refused(world.office.request("POST", "/v1/rounds", content=body, headers=JSON), status, code)
    assert "DROP TABLE" not in str(problem) and "winner: me" not in str(problem)
    assert ok(world.office.get("/v1/rounds"))["items"] == []


@pytest.mark.one_database
def test_what_is_no_json_is_told_so_where_no_body_is_taken_too(world: World) -> None:
    """An act without a body reads what is sent with it all the same, to see whether it names who objected."""
    app = world.client.app
    assert isinstance(app, FastAPI)
    told: dict[str, set[str]] = {}
    for route in routes_of(app):
        if "POST" not in (route.methods or ()) or route.body_field is not None or route.openapi_extra:
            continue
        path = re.sub(r"\{\w+\}", world.id("nothing"), route.path)
        roles = set(roles_of(route))
        callers = [one for one in (world.office, world.government, world.auditor) if one.role.value in roles]
        for caller in callers or [world.public]:
            for body in (b"{", b'{"a": 1, "a": 2}', b"\xff\xfe", _DEEP, b"9" * 5000, b"[NaN]"):
                answer = caller.request("POST", path, content=body, headers=JSON)
                problem = refused(answer, answer.status_code)
                assert problem["code"] in ("malformed_json", "unauthenticated", "not_found", "bad_request"), path
                told.setdefault(problem["code"], set()).add(route.name)
    assert len(told["malformed_json"]) >= 4


@pytest.mark.one_database
def test_names_that_the_caller_made_up_are_not_given_back(world: World) -> None:
    made_up = {"<script>alert(1)</script>": 1, "身份证": 2, "a" * 300_000: 3, "titel": 4}
    body = json.dumps({"year": 2024, "title": "a", **made_up}).encode()
    problem = refused(world.office.request("POST", "/v1/rounds", content=body, headers=JSON), 422, "invalid")
    assert sorted(item["pointer"] for item in problem["errors"]) == ["", "", "", "/titel"]


@pytest.mark.one_database
def test_faults_without_end_are_not_listed_without_end(world: World) -> None:
    body = {"year": 2024, "title": "a", **{f"f{number}": 1 for number in range(5000)}}
    assert len(refused(world.office.post("/v1/rounds", body), 422)["errors"]) == 100


def test_what_was_sent_is_in_no_answer(world: World) -> None:
    body = {"login": "GEHEIM GEHEIM", "role": "GEHEIM", "display_name": 1, "password": "GEHEIM", "unit_id": "GEHEIM"}
    for language in ("en", "zh"):
        answer = world.office.post("/v1/accounts", body, headers={"Accept-Language": language})
        assert "GEHEIM" not in answer.text and "`G`" not in answer.text
        assert len(refused(answer, 422, "invalid")["errors"]) == 5


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/v1/applications", "evaluated"),
        ("/v1/consultations", "asked"),
        ("/v1/recommendations", "requested"),
        ("/v1/objections", "upheld"),
        ("/v1/notices", None),
        ("/v1/cultivation-records", None),
    ],
)
def test_a_list_is_filtered_by_words_that_there_are(world: World, path: str, state: str | None) -> None:
    name = "kind" if state is None else "state"
    answer = world.office.get(path, params={name: "unheard-of"})
    (error,) = refused(answer, 422, "invalid")["errors"]
    assert (error["pointer"], error["code"]) == (f"/query/{name}", "not_allowed")
    if state is not None:
        assert ok(world.office.get(path, params={"state": state}))["items"] == []


def test_a_mistyped_dry_run_does_not_act(world: World) -> None:
    for query in ("dryrun=true", "dry-run=true", "dry_run=true&x=1", "DRY_RUN=true"):
        answer = world.office.post(f"/v1/rounds?{query}", {"year": 2024, "title": "样例"})
        assert refused(answer, 422, "invalid")["errors"][0]["code"] == "unknown_parameter"
    assert ok(world.office.get("/v1/rounds"))["items"] == []


def test_signing_in_takes_a_form(world: World) -> None:
    refused(world.public.post("/v1/tokens", {"grant_type": "password"}), 415, "unsupported_media_type")
    nameless = {"Content-Type": "multipart/form-data"}
    refused(world.public.request("POST", "/v1/tokens", content=b"--x", headers=nameless), 400, "bad_request")


def test_another_path_is_another_path(world: World) -> None:
    for path in ("/v1/rounds/", "//v1/rounds", "/v1//rounds", "/V1/rounds"):
        answer = world.public.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
        refused(answer, 404, "not_found")
        assert "location" not in answer.headers


def test_head_and_options_are_told_what_there_is(world: World) -> None:
    for method, path in (("HEAD", "/v1/tokens"), ("PUT", "/v1/rounds"), ("OPTIONS", "/v1/rounds")):
        answer = world.public.request(method, path)
        assert answer.status_code == (204 if method == "OPTIONS" else 405)
        there = {"POST"} if path == "/v1/tokens" else {"GET", "HEAD", "POST"}
        assert set(answer.headers["allow"].replace(" ", "").split(",")) == {*there, "OPTIONS"}


def test_a_made_up_method_is_no_label(world: World) -> None:
    for method in ("BREW", "PROPFIND", "Q" * 100):
        refused(world.public.request(method, "/v1/rounds"), 405)
    text = world.public.get("/metrics").text
    assert 'method="other"' in text and "BREW" not in text and "QQQ" not in text


@pytest.mark.one_database
@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data", "application/jsonp"])
def test_a_body_of_another_type(world: World, media_type: str) -> None:
    answer = world.office.request("POST", "/v1/rounds", content=b"{}", headers={"Content-Type": media_type})
    refused(answer, 415, "unsupported_media_type")


def test_a_body_that_lies_about_its_length_or_states_none(world: World) -> None:
    def endless() -> object:
        for _ in range(40):
            yield b'{"title": "' + b"a" * 65536

    refused(world.office.request("POST", "/v1/rounds", content=endless(), headers=JSON), 413, "too_large")


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path", ["/v1/rounds/not-a-uuid", "/v1/rounds/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5", "/v1/rounds/%00"]
)
def test_an_id_that_is_none(world: World, path: str) -> None:
    assert world.office.get(path).status_code in (404, 422)
    refused(world.office.get(path), world.office.get(path).status_code)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=abc", "cursor=%00", f"cursor={'a' * 500}"]
)
def test_a_page_that_cannot_be(world: World, query: str) -> None:
    refused(world.office.get(f"/v1/rounds?{query}"), 422)


def test_a_cursor_of_another_filter_is_refused(world: World) -> None:
    for year in (2024, 2026):
        ok(world.office.post("/v1/rounds", {"year": year, "title": f"样例{year}"}), 201)
    page = ok(world.office.get("/v1/rounds?limit=1"))
    assert page["items"][0]["year"] == 2026
    following = ok(world.office.get(f"/v1/rounds?limit=1&cursor={page['next_cursor']}"))
    assert following["items"][0]["year"] == 2024 and following["next_cursor"] is None
    # The public's list has no drafts: it is another list.
    refused(world.public.get(f"/v1/rounds?cursor={page['next_cursor']}"), 422, "invalid_cursor")


def test_what_is_not_there_and_what_is_not_done_here(world: World) -> None:
    refused(world.office.get("/v1/nothing"), 404, "not_found")
    refused(world.office.request("PUT", "/v1/rounds"), 405, "method_not_allowed")
    refused(world.office.request("TRACE", "/v1/rounds"), 405)


def test_the_language_of_a_problem_is_the_callers(world: World) -> None:
    path, chinese = "/v1/nothing", "未找到；请核对地址和编号"
    assert refused(world.office.get(path), 404)["detail"] == chinese
    english = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}
    assert refused(world.office.get(path, headers=english), 404)["detail"] == "Not found. Check the path and the id"
    assert refused(world.office.get(path, headers={"Accept-Language": "zh;q=0.9, en;q=0.1"}), 404)["detail"] == chinese
    assert refused(world.office.get(path, headers={"Accept-Language": "fr;;q=x,,"}), 404)["detail"] == chinese


def test_health_and_metrics(world: World) -> None:
    assert ok(world.public.get("/livez")) == {"status": "ok"}
    assert ok(world.public.get("/readyz")) == {"status": "ok"}
    world.office.get("/v1/rounds/not-a-uuid")
    text = world.public.get("/metrics").text
    assert 'route="/v1/rounds/{round_id}"' in text
    assert "not-a-uuid" not in text
