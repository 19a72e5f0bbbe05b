"""What every answer says of itself, whom a request may be addressed to, and what is for operators alone."""

import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app import cli
from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

ROOT = Path(cli.__file__).parent.parent
SECURE = {"public_base_url": "https://award.example.gov"}


@contextmanager
def of(settings: Settings, clock: MovableClock, *, client: str = "127.0.0.1", **changes: Any) -> Iterator[TestClient]:
    """A service with other settings, called from an address."""
    app = create_app(settings.model_copy(update=changes), clock=clock)
    with TestClient(app, raise_server_exceptions=False, client=(client, 50_000)) as made:
        yield made


def test_every_answer_says_what_may_be_done_with_it(world: World) -> None:
    _, applicant = register_applicant(world)
    application_id = begin(world, open_round(world), applicant)["id"]
    material = ok(applicant.get(f"/v1/applications/{application_id}/attachments"))["items"][0]["id"]
    answers = [
        world.public.get("/livez"),
        world.public.get("/v1/rounds"),
        world.public.get("/v1/awards"),
        world.public.get("/v1/nothing"),
        world.office.get("/v1/accounts"),
        applicant.get(f"/v1/applications/{application_id}"),
        applicant.get(f"/v1/applications/{application_id}/attachments/{material}/content"),
        world.office.post("/v1/rounds", {}),
        world.public.get("/openapi.json"),
        world.public.get("/docs"),
        world.public.get("/docs/assets/reader.css"),
        world.client.request("GET", "/v1/rounds", headers=[("Host", "a.example"), ("Host", "b.example")]),
    ]
    for answer in answers:
        said = answer.headers
        assert said["x-content-type-options"] == "nosniff" and said["referrer-policy"] == "no-referrer", answer.url
        assert said["content-security-policy"].startswith("default-src 'none'"), answer.url
        directives = {part.strip() for part in said["content-security-policy"].split(";")}
        assert directives >= {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}, answer.url
        assert len(said.get_list("cache-control")) == len(said.get_list("content-security-policy")) == 1
        # What is the same for everybody may be kept, and asked about again.
        kept = any(name in str(answer.url) for name in ("/docs", "openapi", "/v1/awards", "/v1/rounds"))
        kept = kept and answer.status_code == 200
        assert ("no-store" in said["cache-control"]) is not kept, answer.url
        assert "strict-transport-security" not in said
        UUID(said["x-request-id"])


def test_the_page_of_the_contract_runs_its_own_scripts_alone(world: World) -> None:
    answer = world.public.get("/docs")
    policy, page = answer.headers["content-security-policy"], answer.content
    # Files of the service alone: nothing within the page runs, nor styles it.
    assert {"script-src 'self'", "style-src 'self'"} <= {part.strip() for part in policy.split(";")}
    assert "unsafe" not in policy
    assert re.findall(rb"<script[^>]*>", page) == [b'<script src="/docs/assets/reader.js" defer>']
    assert b"<style" not in page and b" style=" not in page
    assert not re.search(rb"\son\w+=|(src|href)=.https?:", page)


def test_under_a_secure_address_browsers_are_told_to_stay_there(settings: Settings, clock: MovableClock) -> None:
    with of(settings, clock, **SECURE) as client:
        answer = client.get("/livez")
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("given", ["portal-20240301-0001", "short", "a b c d e f g h", "x" * 65, "<script>alert"])
def test_an_id_of_the_callers_is_never_taken_for_ours(world: World, given: str) -> None:
    answer = world.office.post("/v1/rounds", {"year": 2024, "title": "样例"}, headers={"X-Request-ID": given})
    ours = answer.headers["x-request-id"]
    assert str(UUID(ours)) != given
    assert ok(world.auditor.get("/v1/audit-entries"))["items"][0]["request_id"] == ours


def test_an_id_of_the_callers_is_logged_beside_ours(settings: Settings, clock: MovableClock) -> None:
    with of(settings, clock, log_level="INFO") as client, structlog.testing.capture_logs() as logged:
        ours = [
            client.get("/livez", headers={"X-Request-ID": given}).headers["x-request-id"]
            for given in ("portal-20240301-0001", "<script>alert")
        ]
    lines = [item for item in logged if item["event"] == "request"]
    assert [line["request_id"] for line in lines] == ours
    assert [line.get("callers_id") for line in lines] == ["portal-20240301-0001", None]


def test_the_log_says_by_its_code_why_a_request_was_refused(settings: Settings, clock: MovableClock) -> None:
    """Of input that is refused and of a flood there is no entry of the audit log, and a status says little."""
    asked: list[tuple[str, dict[str, Any], str | None]] = [
        ("/livez", {}, None),
        ("/v1/accounts", {}, "unauthenticated"),
        ("/v1/nothing", {}, "not_found"),
        ("/v1/awards?limit=x", {}, "invalid_input"),
        ("/v1/awards", {"Host": "elsewhere.test"}, "unknown_host"),
    ]
    with of(settings, clock, log_level="INFO") as client, structlog.testing.capture_logs() as logged:
        told = [client.get(path, headers=headers) for path, headers, _ in asked]
    lines = [item for item in logged if item["event"] == "request"]
    codes = [None if answer.status_code == 200 else answer.json()["code"] for answer in told]
    assert [line.get("problem") for line in lines] == codes
    assert codes[:3] == [code for _, _, code in asked[:3]] and codes[3] is not None


@pytest.mark.parametrize(
    ("changes", "hosts", "others"),
    [
        (
            {"public_base_url": "https://award.example.gov"},
            ["award.example.gov", "AWARD.example.gov:443"],
            ["testserver"],
        ),
        (
            {"allowed_hosts": "a.example, [::1]".replace("[::1]", "::1")},
            ["a.example:8000", "[::1]:8000"],
            ["b.example"],
        ),
        ({"public_base_url": "http://127.0.0.1:8000"}, ["anything.example", "127.0.0.1:8000"], []),
    ],
)
def test_a_request_to_another_host_is_refused(
    settings: Settings, clock: MovableClock, changes: dict[str, str], hosts: list[str], others: list[str]
) -> None:
    with of(settings, clock, **changes) as client:
        for host in hosts:
            assert client.get("/v1/jwks.json", headers={"Host": host}).status_code in (200, 404), host
        two_in_one = (
            *("", "evil.example@a.example", f"{hosts[0].partition(':')[0]}:80@evil.example", f"[{hosts[0]}"),
            *(f"{hosts[0]}/evil.example", f"{hosts[0]} evil.example", f"{hosts[0]}:x", "[::1]evil.example"),
        )
        for host in [*others, *two_in_one] if others else []:
            refused(client.get("/v1/rounds", headers={"Host": host}), 421, "unknown_host")
            # Probes come by address.
            ok(client.get("/livez", headers={"Host": host}))


def test_metrics_are_for_this_machine_or_for_the_operators_token(settings: Settings, clock: MovableClock) -> None:
    with of(settings, clock) as client:
        assert client.get("/metrics").status_code == 200
    with of(settings, clock, client="192.0.2.7") as client:
        refused(client.get("/metrics"), 404, "not_found")
    token = Settings(_env_file=None, operator_token="a-token-of-ours").operator_token
    for place in ("127.0.0.1", "192.0.2.7"):
        with of(settings, clock, client=place, operator_token=token) as client:
            for header in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Bearer "}):
                refused(client.get("/metrics", headers=header), 404, "not_found")
            assert client.get("/metrics", headers={"Authorization": "Bearer a-token-of-ours"}).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_the_contract_can_be_closed(settings: Settings, clock: MovableClock, path: str) -> None:
    token = Settings(_env_file=None, operator_token="a-token-of-ours").operator_token
    with of(settings, clock, client="192.0.2.7") as client:
        assert client.get(path).status_code == 200
    with of(settings, clock, client="192.0.2.7", contract_open=False, operator_token=token) as client:
        refused(client.get(path), 404, "not_found")
        assert client.get(path, headers={"Authorization": "Bearer a-token-of-ours"}).status_code == 200


def operator(arguments: list[str], tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {
        "AWARD_DATABASE_URL": f"sqlite:///{tmp_path}/own/award.db",
        "AWARD_KEYS_FILE": f"{tmp_path}/own/keys.json",
        "AWARD_FILES_URL": f"file:{tmp_path}/own/files",
    }
    command = [
        sys.executable,
        "-c",
        f"import os; os.umask(0o022); from app.cli import main; raise SystemExit(main({arguments!r}))",
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **own, **environment}, capture_output=True, text=True, timeout=90
    )


@pytest.mark.slow
def test_what_the_service_makes_is_its_owners_alone(tmp_path: Path) -> None:
    assert operator(["migrate"], tmp_path).returncode == 0
    made = list((tmp_path / "own").rglob("*"))
    assert made and all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in made), made


@pytest.mark.slow
def test_the_sample_is_served_on_this_machine_alone(tmp_path: Path) -> None:
    assert operator(["migrate"], tmp_path).returncode == 0
    url = f"sqlite:///{tmp_path}/own/award.db"
    engine = create_engine(url)
    with engine.begin() as connection:
        names = [row[1] for row in connection.execute(text("PRAGMA table_info(rounds)")) if row[3] or row[1] == "id"]
        given = {"id": "'" + "0" * 32 + "'", "is_sample": "1", "state": "'draft'", "year": "2024"}
        values = ", ".join(given.get(name, "'2024-01-01 00:00:00'" if name.endswith("_at") else "1") for name in names)
        connection.execute(text(f"INSERT INTO rounds ({', '.join(names)}) VALUES ({values})"))
    engine.dispose()
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        serve = ["serve", "--host", "0.0.0.0", "--port", str(taken.getsockname()[1])]
        done = operator(serve, tmp_path)
        assert done.returncode == 2 and "the sample, whose passwords are published" in done.stderr
        # Where the settings say that this is a demonstration it goes on, and finds the port taken.
        done = operator(serve, tmp_path, AWARD_MARKS_SAMPLES="true")
        assert done.returncode != 2 and "published" not in done.stderr
