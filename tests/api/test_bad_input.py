"""Whatever is sent: a problem document with the right status, never a 500, nothing written."""

import pytest

from tests.support.problems import refused
from tests.support.world import World, ok

JSON = {"Content-Type": "application/json"}
_DEEP = b"[" * 5000 + b"]" * 5000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b"", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (_DEEP, 400, None),
        (b"\xff\xfe", 400, None),
        (b"\xe9", 400, "bad_request"),
        (b'{"year": 2024, "title": "a\\u0000b"}', 422, "invalid"),
        (b'{"year": 2024, "title": "\\ud800"}', 422, "invalid"),
        (b'{"year": NaN, "title": "a"}', 422, "invalid"),
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


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data", "application/jsonp"])
def test_a_body_of_another_type(world: World, media_type: str) -> None:
    answer = world.office.request("POST", "/v1/rounds", content=b"{}", headers={"Content-Type": media_type})
    refused(answer, 415, "unsupported_media_type")


def test_a_body_that_lies_about_its_length_or_states_none(world: World) -> None:
    def endless() -> object:
        for _ in range(40):
            yield b'{"title": "' + b"a" * 65536

    refused(world.office.request("POST", "/v1/rounds", content=endless(), headers=JSON), 413, "too_large")


@pytest.mark.parametrize(
    "path", ["/v1/rounds/not-a-uuid", "/v1/rounds/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5", "/v1/rounds/%00"]
)
def test_an_id_that_is_none(world: World, path: str) -> None:
    assert world.office.get(path).status_code in (404, 422)
    refused(world.office.get(path), world.office.get(path).status_code)


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
    path = "/v1/nothing"
    assert refused(world.office.get(path), 404)["detail"] == "未找到"
    english = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}
    assert refused(world.office.get(path, headers=english), 404)["detail"] == "Not found"
    assert refused(world.office.get(path, headers={"Accept-Language": "zh;q=0.9, en;q=0.1"}), 404)["detail"] == "未找到"
    assert refused(world.office.get(path, headers={"Accept-Language": "fr;;q=x,,"}), 404)["detail"] == "未找到"


def test_a_request_id_is_taken_when_it_is_harmless(world: World) -> None:
    given = {"X-Request-ID": "portal-20240301-0001"}
    assert world.office.get("/livez", headers=given).headers["x-request-id"] == "portal-20240301-0001"
    for harmful in ("short", "a b c d e f g h", "x" * 65, "<script>alert</script>"):
        assert world.office.get("/livez", headers={"X-Request-ID": harmful}).headers["x-request-id"] != harmful


def test_health_and_metrics(world: World) -> None:
    assert ok(world.public.get("/livez")) == {"status": "ok"}
    assert ok(world.public.get("/readyz")) == {"status": "ok"}
    world.office.get("/v1/rounds/not-a-uuid")
    text = world.public.get("/metrics").text
    assert 'route="/v1/rounds/{round_id}"' in text
    assert "not-a-uuid" not in text
