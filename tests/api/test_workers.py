"""Several processes are one service: the same keys, limits, audit chain, idempotency keys and metrics."""

import contextlib
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.kernel.clock import SystemClock
from app.kernel.security.keys import LOOK_AGAIN_SECONDS, load_keys, rotate_keys
from sandbox.world import ok
from tests.support.databases import PostgresTemplate, SqliteTemplate
from tests.support.problems import refused
from tests.support.workers import Workers, serving

pytestmark = pytest.mark.slow

ATTEMPTS = 5


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, templates: dict[str, SqliteTemplate | PostgresTemplate]) -> Iterator[str]:
    with templates[request.param].copy() as url:
        yield url


@pytest.fixture(scope="module")
def data_keys(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those of the database: whatever is marked or sealed in it meanwhile opens for the next who serves it."""
    return tmp_path_factory.mktemp("data-keys") / "data-keys.json"


@pytest.fixture(scope="module")
def workers(database: str, data_keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    folder: Path = tmp_path_factory.mktemp("workers")
    with serving(database, folder, login_attempts=ATTEMPTS, data_keys_file=data_keys) as running:
        yield running


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def entries(workers: Workers) -> dict[str, Any]:
    return ok(workers.request("GET", "/v1/audit-chain", headers=workers.bearer("auditor")))  # type: ignore[no-any-return]


def test_a_token_of_one_process_is_known_to_the_others(workers: Workers) -> None:
    headers = workers.bearer("office")
    seen = at_once(16, lambda _: workers.request("GET", "/v1/me", headers=headers))
    assert {ok(answer)["login"] for answer in seen} == {"office"}
    keys = [ok(answer) for answer in at_once(16, lambda _: workers.request("GET", "/.well-known/jwks.json"))]
    assert all(item == keys[0] for item in keys)


def test_a_guesser_gains_nothing_by_asking_several_processes(workers: Workers) -> None:
    form = {"grant_type": "password", "username": "government", "password": "wrong password!"}
    answers = at_once(24, lambda _: workers.request("POST", "/v1/tokens", data=form))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [400] * ATTEMPTS + [429] * (24 - ATTEMPTS)
    refused(next(answer for answer in answers if answer.status_code == 429), 429, "too_many_requests")


def refused_sign_ins(workers: Workers) -> int:
    """How many are on record."""
    path = "/v1/audit-entries?act=sign_in&limit=100"
    items = ok(workers.request("GET", path, headers=workers.bearer("auditor")))["items"]
    return sum(item["details"]["count"] for item in items if item["outcome"] == "refused")


def test_what_processes_refuse_is_on_record_soon_and_at_the_latest_when_they_end(
    database: str, tmp_path: Path, data_keys: Path
) -> None:
    form = {"grant_type": "password", "username": "applicant-without", "password": "wrong password!"}
    with serving(database, tmp_path, data_keys_file=data_keys) as running:
        before = refused_sign_ins(running)
        refused(running.request("POST", "/v1/tokens", data=form), 400, "invalid_grant")
        deadline = time.monotonic() + 30
        while refused_sign_ins(running) == before:
            assert time.monotonic() < deadline, "it is not on record"
            time.sleep(0.2)
        answers = at_once(3, lambda _: running.request("POST", "/v1/tokens", data=form))
        assert {answer.status_code for answer in answers} == {400}
        assert running.stop() == 0
    with serving(database, tmp_path, data_keys_file=data_keys) as again:
        assert refused_sign_ins(again) == before + 4
        assert entries(again)["intact"] is True


def test_writes_of_all_processes_make_one_chain(workers: Workers) -> None:
    headers = workers.bearer("office")

    def write(number: int) -> Any:
        body = {"name": f"样例乡{number}", "kind": "township", "area": f"样例{number}"}
        return workers.request("POST", "/v1/recommending-units", json=body, headers=headers)

    def read(_: int) -> Any:
        return workers.request("GET", "/v1/recommending-units?limit=100", headers=headers)

    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(write, number) for number in range(40)]
        reading = [pool.submit(read, number) for number in range(40)]
        made = {ok(item.result(), 201)["id"] for item in writing}
        for item in reading:
            ok(item.result())
    chain = entries(workers)
    assert chain["intact"] is True, chain
    auditor = workers.bearer("auditor")
    noted = ok(workers.request("GET", "/v1/audit-entries?act=create_recommending_unit&limit=100", headers=auditor))[
        "items"
    ]
    assert {item["subject_id"] for item in noted} == made and len(noted) == 40


def test_one_key_acts_once_whichever_process_is_asked(workers: Workers) -> None:
    headers = {**workers.bearer("office"), "Idempotency-Key": "round-of-2026"}
    body = {"year": 2026, "title": "样例届"}
    answers = at_once(12, lambda _: workers.request("POST", "/v1/rounds", json=body, headers=headers))
    assert len({ok(answer, 201)["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 11
    other = {**body, "title": "样例另届"}
    refused(workers.request("POST", "/v1/rounds", json=other, headers=headers), 409, "idempotency_key_reused")


def test_each_process_tells_the_requests_of_all(workers: Workers) -> None:
    def told() -> float:
        text = workers.request("GET", "/metrics").text
        found = re.search(
            r'^award_http_requests_total\{method="GET",route="/v1/rounds",status="200"\} (\S+)$', text, re.M
        )
        return float(found.group(1)) if found else 0.0

    before = told()
    at_once(20, lambda _: ok(workers.request("GET", "/v1/rounds")))
    assert at_once(12, lambda _: told()) == [before + 20] * 12


def test_a_key_is_changed_while_they_run(workers: Workers) -> None:
    now = SystemClock().now
    old = workers.bearer("office")
    first = load_keys(workers.keys_file)[0]["kid"]
    announced = rotate_keys(workers.keys_file, now=now(), after=3600)
    time.sleep(LOOK_AGAIN_SECONDS + 0.2)
    for answer in at_once(12, lambda _: workers.request("GET", "/.well-known/jwks.json")):
        assert [key["kid"] for key in ok(answer)["keys"]] == [announced, first]
    signing = rotate_keys(workers.keys_file, now=now(), keep=3)
    time.sleep(LOOK_AGAIN_SECONDS + 0.2)
    new = workers.bearer("office")
    for answer in at_once(12, lambda n: workers.request("GET", "/v1/me", headers=(old, new)[n % 2])):
        ok(answer)
    rotate_keys(workers.keys_file, now=now(), keep=1)
    # The first look of each process falls on the request, at the latest a second after the change.
    time.sleep(LOOK_AGAIN_SECONDS + 0.2)
    for answer in at_once(12, lambda n: workers.request("GET", "/v1/me", headers=(old, new)[n % 2])):
        refused(answer, 401, "invalid_token")
    assert signing not in {key["kid"] for key in ok(workers.request("GET", "/.well-known/jwks.json"))["keys"]}


def test_what_is_no_http_is_answered_with_a_problem(workers: Workers) -> None:
    for line, status, code in (
        (b"FOO /v1/rounds HTTP/1.1", 400, "bad_request"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1", 414, "target_too_long"),
        (b"GET /\xff\xfe HTTP/1.1", 400, "bad_request"),
        (b"\x16\x03", 400, "bad_request"),
    ):
        answer = raw(workers, line + b"\r\nHost: x\r\n\r\n")
        refused(answer, status, code)
        assert "a" * 12 not in answer.text


def raw(workers: Workers, sent: bytes) -> httpx.Response:
    """What comes back for bytes that no client would send."""
    host, port = workers.address.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        while piece := connection.recv(65536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    return httpx.Response(int(status.split()[1]), headers=headers, content=body)  # type: ignore[arg-type]


def test_a_worker_that_dies_is_replaced_by_another_copy(database: str, tmp_path: Path, data_keys: Path) -> None:
    with serving(database, tmp_path, data_keys_file=data_keys) as running:
        first = running.answered()
        headers = running.bearer("office")
        dying, staying = sorted(first)
        # A copy of its parent, and no interpreter that was started anew.
        assert {_told(pid, "cmdline") for pid in first} == {_told(str(running.process.pid), "cmdline")}
        os.kill(int(dying), signal.SIGKILL)
        running.await_answers(3)
        (another,) = running.answered() - first
        assert _told(another, "cmdline") == _told(staying, "cmdline")
        made = [
            ok(item, 201)["id"]
            for item in at_once(
                12,
                lambda n: running.request(
                    "POST", "/v1/rounds", json={"year": 2026, "title": f"样例{n}"}, headers=headers
                ),
            )
        ]
        assert len(set(made)) == 12
        assert running.stop() == 0
        for pid in (staying, another):
            assert not Path(f"/proc/{pid}").exists()


def test_a_worker_that_dies_while_it_is_asked_is_not_waited_for(database: str, tmp_path: Path, data_keys: Path) -> None:
    with serving(database, tmp_path, data_keys_file=data_keys) as running:
        first = running.answered()
        dying = int(max(first))
        os.kill(dying, signal.SIGSTOP)
        # Asked twice a second whether it runs, it has been asked by now and cannot answer.
        time.sleep(1.5)
        os.kill(dying, signal.SIGKILL)
        running.await_answers(3)
        assert len(running.answered() - first) == 1
        os.kill(int(max(running.answered() - {str(dying)})), signal.SIGSTOP)
        time.sleep(1.5)
        os.kill(int(max(running.answered() - {str(dying)})), signal.SIGKILL)
        # The supervisor hears at once what is asked of it.
        assert running.stop() == 0


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_start_that_is_called_off_leaves_nobody_behind(
    database: str, tmp_path: Path, asked: signal.Signals, data_keys: Path
) -> None:
    with serving(database, tmp_path, data_keys_file=data_keys) as running:
        ended = running.answered()
        # Just as a worker is made: what is asked then is heard by the old process, not by its copy.
        os.kill(int(max(ended)), signal.SIGKILL)
        for _ in range(20):
            running.process.send_signal(signal.SIGHUP)
        running.process.send_signal(asked)
        assert running.process.wait(60) == 0
        assert not [pid for pid in ended if Path(f"/proc/{pid}").exists()]


def _told(pid: str, what: str) -> bytes:
    return Path(f"/proc/{pid}/{what}").read_bytes()


def test_asked_to_end_under_load_they_answer_what_they_have_done_and_no_more(
    database: str, tmp_path: Path, data_keys: Path
) -> None:
    with serving(database, tmp_path, data_keys_file=data_keys) as running:
        headers = running.bearer("office")

        told: list[str] = []

        def keep_writing(_: int) -> None:
            # Until nobody answers any more.
            with contextlib.suppress(httpx.TransportError):
                for number in range(10_000):
                    body = {"year": 2026, "title": f"样例{number}"}
                    made = running.request("POST", "/v1/rounds", json=body, headers=headers)
                    told.append(ok(made, 201)["id"])

        with ThreadPoolExecutor(8) as pool:
            writing = [pool.submit(keep_writing, number) for number in range(8)]
            while len(told) < 20 and not any(item.done() for item in writing):
                time.sleep(0.01)
            assert running.stop() == 0
        for item in writing:
            item.result()
    assert len(told) >= 20
    with serving(database, tmp_path, data_keys_file=data_keys) as again:
        reader = again.bearer("auditor")
        for made in told:
            ok(again.request("GET", f"/v1/rounds/{made}", headers=reader))
        assert entries(again)["intact"] is True
