"""What never changes is answered from memory, and nothing else is: compressed, with the hash of what is sent."""

import gzip
import hashlib
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.routers.instruments import measures
from app.web.contract_layout import CONTRACT
from app.web.frozen import Frozen
from app.web.reference import worded
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.queries import counted

VOCABULARIES = ("articles", "rules", "state-machines", "review-rules-default", "indicators")
TEXT = "样例" * 2000


def tag(plain: bytes, packed: str = "") -> str:
    return f'"{hashlib.sha256(plain).hexdigest()[:32]}{packed}"'


def sent(client: TestClient, path: str, **headers: str) -> tuple[int, bytes, Any]:
    """Status, bytes as they come over the wire, headers."""
    with client.stream("GET", path, headers=headers) as answer:
        return answer.status_code, b"".join(answer.iter_raw()), answer.headers


def test_the_contract_is_the_committed_one_whichever_way_it_is_sent(client: TestClient) -> None:
    status, plain, headers = sent(client, "/openapi.json", **{"Accept-Encoding": "identity"})
    assert status == 200 and json.loads(plain) == worded(json.loads(CONTRACT.read_bytes()))
    assert "content-encoding" not in headers and headers["etag"] == tag(plain)
    status, packed, headers = sent(client, "/openapi.json", **{"Accept-Encoding": "gzip"})
    assert status == 200 and gzip.decompress(packed) == plain and len(packed) < len(plain) / 5
    assert headers["content-encoding"] == "gzip" and headers["etag"] == tag(plain, "-gz") != tag(plain)
    assert headers["vary"] == "Accept-Encoding" and headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(
    "path", ["/openapi.json", "/docs/assets/reader.css", *(f"/v1/measures/{name}" for name in VOCABULARIES)]
)
def test_who_has_it_is_not_sent_it_again(client: TestClient, path: str) -> None:
    status, packed, headers = sent(client, path, **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["etag"] == tag(gzip.decompress(packed), "-gz")
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
        assert make() == Frozen(told.content, "application/json", varies="Accept, Accept-Encoding")
        path = f"/v1/measures/{name}"
        refused(world.client.get(path, headers={"Authorization": "Bearer no"}), 401, "invalid_token")
