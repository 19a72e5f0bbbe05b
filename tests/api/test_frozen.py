"""What never changes is answered from memory, and nothing else is: compressed, with the hash of what is sent."""

import gzip
import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.routers.instruments import measures
from app.web.contract_layout import CONTRACT
from app.web.frozen import Frozen, FrozenRows
from sandbox.stages.decision import Contender, candidates, in_publicity, publication
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.queries import counted

VOCABULARIES = ("articles", "rules", "state-machines", "review-rules-default", "indicators")
TEXT = "样例" * 2000


def tag(sent: bytes) -> str:
    return f'"{hashlib.sha256(sent).hexdigest()}"'


def sent(client: TestClient, path: str, **headers: str) -> tuple[int, bytes, Any]:
    """Status, bytes as they come over the wire, headers."""
    with client.stream("GET", path, headers=headers) as answer:
        return answer.status_code, b"".join(answer.iter_raw()), answer.headers


def test_the_contract_is_the_committed_one_whichever_way_it_is_sent(client: TestClient) -> None:
    status, plain, headers = sent(client, "/openapi.json", **{"Accept-Encoding": "identity"})
    assert status == 200 and json.loads(plain) == json.loads(CONTRACT.read_bytes())
    assert "content-encoding" not in headers and headers["etag"] == tag(plain)
    status, packed, headers = sent(client, "/openapi.json", **{"Accept-Encoding": "gzip"})
    assert status == 200 and gzip.decompress(packed) == plain and len(packed) < len(plain) / 5
    assert headers["content-encoding"] == "gzip" and headers["etag"] == tag(packed) != tag(plain)
    assert headers["vary"] == "Accept-Encoding" and headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(
    "path", ["/openapi.json", "/docs/assets/swagger-ui.css", *(f"/v1/measures/{name}" for name in VOCABULARIES)]
)
def test_who_has_it_is_not_sent_it_again(client: TestClient, path: str) -> None:
    status, packed, headers = sent(client, path, **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["etag"] == tag(packed)
    for named in (headers["etag"], f'"other", W/{headers["etag"]}', "*"):
        status, nothing, again = sent(client, path, **{"Accept-Encoding": "gzip", "If-None-Match": named})
        assert (status, nothing) == (304, b"")
        assert {name: again.get(name) for name in ("etag", "vary", "cache-control")} == {
            name: headers[name] for name in ("etag", "vary", "cache-control")
        }
        assert "content-encoding" not in again and "content-type" not in again
    # The hash of one form is not that of the other.
    unpacked = sent(client, path, **{"Accept-Encoding": "identity", "If-None-Match": headers["etag"]})
    assert unpacked[0] == 200 and unpacked[1] == gzip.decompress(packed)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("gzip; q=1.0", "gzip"),
        ("*", "gzip"),
        ("", None),
        ("identity", None),
        ("br", None),
        ("gzip;q=0", None),
        ("gzip;q=0.000, *", None),
        ("*;q=0", None),
    ],
)
def test_it_is_compressed_for_those_who_take_that(client: TestClient, accepted: str, coding: str | None) -> None:
    _, content, headers = sent(client, "/v1/measures/rules", **{"Accept-Encoding": accepted})
    assert headers.get("content-encoding") == coding
    assert json.loads(gzip.decompress(content) if coding else content)["items"]


def test_the_vocabularies_take_no_statement_and_a_bad_token_is_refused_all_the_same(world: World) -> None:
    for name, make in zip(
        VOCABULARIES,
        (
            measures._articles,
            measures._rules,
            measures._state_machines,
            measures._default_review_rules,
            measures._indicators,
        ),
        strict=True,
    ):
        with counted(world) as statements:
            told = world.public.get(f"/v1/measures/{name}")
        assert statements == [] and ok(told) == ok(world.office.get(f"/v1/measures/{name}"))
        # What is kept is what is made: nothing is left of an earlier release.
        assert make().size == Frozen(told.content, "application/json").size
        path = f"/v1/measures/{name}"
        refused(world.client.get(path, headers={"Authorization": "Bearer no"}), 401, "invalid_token")


def test_a_notice_is_read_once_and_tells_the_same_whatever_is_published_after_it(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    before = candidates(world, made.round_id)[made.ids[0]]
    path = f"/v1/notices/{before['notice_id']}"
    with counted(world) as statements:
        first = world.public.get(path)
    assert ok(first)["kind"] == "candidates" and len(statements) > 0
    with counted(world) as statements:
        again = world.public.get(path)
        unchanged = world.public.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert statements == [] and again.content == first.content
    assert unchanged.status_code == 304 and unchanged.headers["etag"] == first.headers["etag"]
    assert ok(world.auditor.get(path)) == ok(first)
    refused(world.client.get(path, headers={"Authorization": "Bearer no"}), 401, "invalid_token")

    world.clock.go("2024-05-28")
    body = {"published_name": "样例更正后名称有限公司", "reason": "样例", "publication": publication("2024-05-28")}
    ok(world.office.post(f"/v1/candidates/{before['id']}/correction", body))
    after = candidates(world, made.round_id)[made.ids[0]]
    correction = ok(world.public.get(f"/v1/notices/{after['notice_id']}"))
    assert (after["notice_id"], correction["kind"]) != (before["notice_id"], "candidates")
    assert correction["body"]["names"][0]["name"] == after["published_name"]
    # From the database: what is kept is still what stands there.
    listed = {item["id"]: item for item in ok(world.public.get("/v1/notices"))["items"]}
    assert listed[before["notice_id"]] == ok(world.public.get(path)) == ok(first)
    assert listed[after["notice_id"]] == correction


def test_no_notice_is_kept_that_is_not_there(world: World) -> None:
    for _ in range(2):
        refused(world.public.get(f"/v1/notices/{uuid4()}"), 404)


def test_a_deactivated_account_reads_no_notice_from_memory(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/notices/{candidates(world, made.round_id)[made.ids[0]]['notice_id']}"
    unit = world.by("unit-wenwuba")
    ok(unit.get(path))
    ok(world.office.post(f"/v1/accounts/{unit.account_id}/deactivation", {"reason": "样例"}))
    refused(unit.get(path), 401)


def test_the_database_refuses_to_change_what_is_published(world: World, settings: Settings) -> None:
    in_publicity(world, Contender())
    engine = create_engine(settings.database_url)
    for statement in ("UPDATE notices SET title = '样例'", "DELETE FROM notices"):
        with pytest.raises(IntegrityError, match="notices is append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_what_is_asked_for_stays_and_what_nobody_asks_for_goes() -> None:
    contents = {uuid4(): Frozen((f"{number}" + TEXT).encode(), "text/plain") for number in range(3)}
    first, second, third = contents
    rows = FrozenRows(contents[first].size + contents[second].size)
    rows.keep(first, contents[first])
    rows.keep(second, contents[second])
    assert rows.find(first) is contents[first]
    # Twice is once.
    rows.keep(first, contents[first])
    rows.keep(third, contents[third])
    assert [rows.find(key) for key in contents] == [contents[first], None, contents[third]]
    # Larger than all there is room for: answered, and not kept.
    large = Frozen(bytes(range(256)) * 200 + TEXT.encode() * 9, "text/plain", cached="no-store")
    assert FrozenRows(100).keep(first, large) is large
