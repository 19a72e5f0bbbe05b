"""What is sent has a strong tag of its own, is sent once, says who may keep it, and is compressed for those who take
that."""

import gzip
import json
import re
from functools import cache
from typing import Any

import pytest

from app.web.contract_layout import CONTRACT
from app.web.representations import WORTH_COMPRESSING
from sandbox.callers import Caller
from sandbox.stages.applications import begin
from sandbox.stages.parties import register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from scripts.contract_http import resolved
from tests.support.problems import refused
from tests.support.queries import counted


def raw(caller: Caller, path: str, coding: str = "identity", **headers: str) -> tuple[int, bytes, Any]:
    """Status, bytes as they come over the wire, headers."""
    told = {**caller.headers(), "Accept-Encoding": coding, **headers}
    with caller.client.stream("GET", path, headers=told) as answer:
        return answer.status_code, b"".join(answer.iter_raw()), answer.headers


@pytest.fixture
def round_id(world: World) -> str:
    return open_round(world)


def test_each_body_has_its_own_tag(world: World, round_id: str) -> None:
    path = f"/v1/rounds/{round_id}"
    tags: dict[str, set[bytes]] = {}
    for name, caller in (("public", world.public), ("office", world.office), ("auditor", world.auditor)):
        for coding in ("identity", "gzip"):
            _, body, headers = raw(caller, path, coding)
            assert headers["etag"].startswith('"') and headers.get("content-encoding", "identity") == coding
            tags.setdefault(headers["etag"], set()).add(body)
        assert name
    assert all(len(bodies) == 1 for bodies in tags.values())
    assert len(tags) == len(set.union(*tags.values()))


def test_who_has_it_is_not_sent_it_again(world: World, round_id: str) -> None:
    paths = [f"/v1/rounds/{round_id}", "/v1/rounds", "/v1/accounts", "/v1/me", "/v1/awards"]
    for path in paths:
        for coding in ("identity", "gzip"):
            _, body, headers = raw(world.office, path, coding)
            for named in (headers["etag"], f'"other", W/{headers["etag"]}', "*"):
                status, nothing, again = raw(world.office, path, coding, **{"If-None-Match": named})
                assert (status, nothing, again["etag"]) == (304, b"", headers["etag"]), path
                assert "content-type" not in again and "content-encoding" not in again and "link" not in again
                for name in ("cache-control", "vary"):
                    assert again[name] == headers[name], path
            status, same, _ = raw(world.office, path, coding, **{"If-None-Match": '"other"'})
            assert (status, same) == (200, body)


def test_a_change_is_another_tag_and_the_old_one_is_stale(world: World, round_id: str) -> None:
    applicant = register(world).applicant
    path = f"/v1/applications/{begin(world, round_id, applicant)['id']}"
    tags = [raw(applicant, path, coding)[2]["etag"] for coding in ("identity", "gzip")]
    versions = {tag.strip('"').partition("-")[0] for tag in tags}
    assert len(set(tags)) == 2 and versions == {str(ok(applicant.get(path))["version"])}
    body = {"content": {"staff": 1}}
    ok(applicant.patch(path, body, headers={"If-Match": tags[1]}))
    refused(applicant.patch(path, body, headers={"If-Match": tags[0]}), 412, "stale_version")
    assert raw(applicant, path, **{"If-None-Match": tags[0]})[0] == 200
    # The version alone, as an act answers it, is taken as before.
    now = ok(applicant.get(path))["version"]
    ok(applicant.patch(path, {"content": {"staff": 2}}, headers={"If-Match": f'"{now}"'}))
    for wrong in (f'"{now + 1}-abc"', f'"{now + 1}-{"g" * 32}"', f'"{now + 1}-{"0" * 32}-br"'):
        refused(applicant.patch(path, body, headers={"If-Match": wrong}), 422, "invalid_if_match")


def test_what_is_short_or_acts_or_is_refused_is_not_compressed(world: World, round_id: str) -> None:
    _, short, headers = raw(world.office, "/v1/me", "gzip")
    assert len(short) < WORTH_COMPRESSING and "content-encoding" not in headers
    _, packed, headers = raw(world.office, f"/v1/rounds/{round_id}", "gzip")
    assert headers["content-encoding"] == "gzip" and int(headers["content-length"]) == len(packed)
    plain = raw(world.office, f"/v1/rounds/{round_id}")[1]
    assert gzip.decompress(packed) == plain and len(packed) < len(plain) / 2
    body = {"kind": "machine", "role": "recommending_unit", "login": "sample.machine", "display_name": "样例"}
    made = world.office.post("/v1/accounts", body | {"unit_id": world.id("unit:health")})
    assert ok(made, 201)["client_secret"] and "content-encoding" not in made.headers
    for answer in (made, world.office.get("/v1/accounts?limit=0"), world.public.get("/v1/me")):
        assert "content-encoding" not in answer.headers


def test_every_answer_says_who_may_keep_it_and_what_it_follows_from(world: World, round_id: str) -> None:
    anybodys = ["/v1/rounds", f"/v1/rounds/{round_id}", "/v1/notices", "/v1/exclusions", "/v1/recommending-units"]
    for path in anybodys:
        told, own = world.public.get(path), world.office.get(path)
        assert told.headers["cache-control"] == "public, no-cache", path
        assert own.headers["cache-control"] == "no-store", path
        for answer in (told, own):
            assert "Authorization" in answer.headers["vary"] and "Accept-Encoding" in answer.headers["vary"], path
    for path in ("/livez", "/v1/proof-challenge", "/v1/mark-report-status/x", "/v1/objection-status/x", "/v1/me"):
        answer = world.public.get(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert answer.headers["vary"], path
    assert world.public.post("/v1/registrations", {}).headers["vary"]
    # Nor does what is refused before a route is reached go without: too large, said twice, packed.
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    early = [
        world.client.post("/v1/tokens", content=b"x" * 2_000_000),
        world.client.get("/v1/rounds", headers=[("Accept", "*/*"), ("If-Match", '"1"'), ("If-Match", '"2"')]),
        world.client.post("/v1/rounds", content=b"x", headers=packed),
    ]
    assert [answer.status_code for answer in early] == [413, 400, 415]
    for answer in early:
        assert "Accept-Language" in answer.headers["vary"] and answer.headers["cache-control"] == "no-store"
    assert world.client.get("/v1/rounds", headers={"Accept-Encoding": "gzip;q=0"}).headers["vary"]


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/v1/rounds", "/v1/tokens", "/v1/registrations", "/v1/nothing"])
def test_a_compressed_body_is_not_taken(world: World, path: str) -> None:
    body, headers = gzip.compress(b"{}"), {"Content-Type": "application/json"}
    for coding in ("gzip", "br", "GZIP"):
        answer = world.office.post(path, content=body, headers={**headers, "Content-Encoding": coding})
        refused(answer, 415, "unsupported_media_type")
        assert answer.headers["accept-encoding"] == "identity"
    said = world.office.post(path, content=b"{}", headers={**headers, "Content-Encoding": "identity"})
    assert "请求体不得压缩" not in said.text


def test_the_tag_costs_no_statement(world: World, round_id: str) -> None:
    path = f"/v1/rounds/{round_id}"
    with counted(world) as before:
        answer = world.office.get(path)
    with counted(world) as again:
        assert world.office.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert len(again) == len(before)


@cache
def contract() -> tuple[dict[str, Any], set[str]]:
    """The contract, and every header that it names of an answer."""
    document = json.loads(CONTRACT.read_bytes())
    answers = [
        part
        for methods in document["paths"].values()
        for operation in methods.values()
        for part in operation["responses"].values()
    ]
    return document, {name.lower() for part in answers for name in resolved(part, document).get("headers", {})}


def said(method: str, path: str, answer: Any) -> list[str]:
    """What is wrong with the headers of an answer, by the contract: one that it says is there is missing, or one that
    it names elsewhere is there and not said."""
    document, named = contract()
    told = resolved(document["paths"][path][method]["responses"][str(answer.status_code)], document).get("headers", {})
    always = {name.lower() for name, part in told.items() if resolved(part, document).get("required")}
    sent = {name.lower() for name in answer.headers}
    wrong = (always - sent) | ((sent & named) - {name.lower() for name in told})
    return [f"{method} {path} {answer.status_code}: {name}" for name in sorted(wrong)]


def test_an_answer_has_the_headers_that_the_contract_says(world: World, round_id: str) -> None:
    document, _ = contract()
    faults, asked = [], 0
    for path, methods in document["paths"].items():
        if "get" not in methods or path == "/metrics":
            continue
        filled = re.sub(r"\{\w+\}", lambda found: {"{round_id}": round_id}.get(found[0], world.id("nothing")), path)
        for caller in (world.public, world.office):
            read = caller.get(filled)
            answers = [read, caller.get(f"{filled}?none=1")] if path.startswith("/v1/") else [read]
            if "etag" in read.headers:
                answers.append(caller.get(filled, headers={"If-None-Match": read.headers["etag"]}))
            if "text/csv" in resolved(methods["get"]["responses"]["200"], document)["content"]:
                answers.append(caller.get(filled, headers={"Accept": "text/csv"}))
            asked += len(answers)
            faults += [fault for answer in answers for fault in said("get", path, answer)]
    for path, methods in document["paths"].items():
        if "post" in methods:
            filled = re.sub(r"\{\w+\}", world.id("nothing"), path)
            for caller in (world.public, world.office):
                faults += said("post", path, caller.post(filled, {}))
    made = world.office.post("/v1/rounds", {"year": 2026, "title": "样例届"})
    faults += said("post", "/v1/rounds", made) + said("get", "/v1/rounds/{round_id}", world.office.get(path_of(made)))
    assert faults == [] and asked > 500


def path_of(made: Any) -> str:
    """Where what was made is read."""
    found: str = made.headers["location"]
    return found
