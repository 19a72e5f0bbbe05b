"""The proxy that compose brings along, tried by a real process before a real service: TLS, times, sizes, and that the
address of a caller is the one it calls from."""

import contextlib
import json
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.web.headers import NOTHING_RUNS
from tests.support.databases import SqliteTemplate
from tests.support.nginx import HOST, Proxy, proxy, read_to_the_end
from tests.support.workers import Workers, serving

pytestmark = pytest.mark.slow
HSTS = "max-age=31536000; includeSubDomains"


@pytest.fixture(scope="module")
def service(templates: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    template = templates["sqlite"]
    assert isinstance(template, SqliteTemplate)
    limits = {"public_posts_per_minute": 2, "reads_per_minute": 40}
    with (
        template.copy() as url,
        serving(
            url,
            tmp_path_factory.mktemp("service"),
            workers=2,
            public_base_url=f"https://{HOST}",
            log_level="ERROR",
            allowed_hosts=f"{HOST},127.0.0.1",
            **limits,
        ) as workers,
    ):
        yield workers


@pytest.fixture(scope="module")
def through(service: Workers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    upstream = service.address.removeprefix("http://")
    with proxy(
        upstream,
        tmp_path_factory.mktemp("proxy"),
        client_header_timeout="1s",
        client_body_timeout="1s",
        proxy_read_timeout="5s",
    ) as made:
        yield made


def get(path: str, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def answer(told: bytes) -> tuple[int, dict[str, list[str]], bytes]:
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.lower(), []).append(value.strip())
    if headers.get("transfer-encoding") == ["chunked"]:
        body = b"".join(piece for number, piece in enumerate(body.split(b"\r\n")) if number % 2)
    return int(first.split(" ")[1]), headers, body


def refused(told: bytes, status: int, code: ProblemCode, *, encrypted: bool = True) -> dict[str, list[str]]:
    """The headers of a problem that the proxy itself answers: in the words of the service."""
    found, headers, body = answer(told)
    assert (found, headers["content-type"]) == (status, ["application/problem+json"]), told
    problem = json.loads(body)
    known = PROBLEMS[code]
    assert (problem["code"], problem["status"], problem["title"]) == (code, status, known.title.zh)
    assert (problem["type"], problem["detail"]) == (f"/problems/{code}", known.whole.zh)
    assert problem["request_id"] and (problem["errors"], problem["violations"]) == ([], [])
    assert (headers["cache-control"], headers["x-content-type-options"]) == (["no-store"], ["nosniff"])
    # Over a line that anybody may have written to it would be nobody's word.
    assert headers.get("strict-transport-security") == ([HSTS] if encrypted else None)
    assert headers["content-security-policy"] == [NOTHING_RUNS]
    return headers


def test_an_answer_comes_through_as_the_service_gives_it(through: Proxy) -> None:
    status, headers, body = answer(through.ask(get("/v1/awards"), source="127.0.0.20"))
    assert (status, json.loads(body)["items"]) == (200, [])
    assert headers["strict-transport-security"] == [HSTS]
    assert len(headers["x-request-id"]) == len(headers["content-security-policy"]) == 1
    assert headers["x-content-type-options"] == ["nosniff"]
    status, headers, body = answer(through.ask(get("/v1/nothing"), source="127.0.0.20"))
    assert (status, json.loads(body)["code"], headers["content-type"]) == (
        404,
        "not_found",
        ["application/problem+json"],
    )


def in_the_clear(through: Proxy, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", through.clear), 10) as connection:
        connection.sendall(f"{request} HTTP/1.1\r\nHost: elsewhere.test\r\nConnection: close\r\n\r\n".encode())
        return read_to_the_end(connection)


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_in_the_clear_whoever_opens_a_page_is_shown_the_way_to_tls(through: Proxy, page: str) -> None:
    status, headers, _ = answer(in_the_clear(through, f"GET {page}"))
    assert (status, headers["location"]) == (308, [f"https://{HOST}{page}"])
    assert headers["x-content-type-options"] == ["nosniff"] and headers["content-security-policy"] == [NOTHING_RUNS]


@pytest.mark.parametrize(
    "request_line", ["POST /v1/tokens", "GET /v1/awards", "GET /openapi.json", "GET /docs/assets/x"]
)
def test_in_the_clear_no_program_is_led_on(through: Proxy, request_line: str) -> None:
    """It has sent its token, or its password, over an open line: it is told that nothing is there (ASVS 4.1.2)."""
    headers = refused(in_the_clear(through, request_line), 404, ProblemCode.NOT_FOUND, encrypted=False)
    assert "location" not in headers


def test_ciphers_without_forward_secrecy_are_refused(through: Proxy) -> None:
    def handshake(ciphers: str) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(ciphers)
        with (
            socket.create_connection(("127.0.0.1", through.encrypted), 10) as plain,
            context.wrap_socket(plain, server_hostname=HOST) as wrapped,
        ):
            return wrapped.cipher()[0]  # type: ignore[index]

    assert "ECDHE" in handshake("ECDHE+AESGCM")
    for weak in ("AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA384"):
        with pytest.raises(ssl.SSLError):
            handshake(weak)


@pytest.mark.parametrize("name", ["elsewhere.test", None])
def test_another_name_gets_no_certificate(through: Proxy, name: str | None) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        through.connect(name=name)


def test_old_tls_is_refused(through: Proxy) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", through.encrypted), 10) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname=HOST)


def test_the_callers_address_is_the_one_it_calls_from_whatever_it_says(through: Proxy) -> None:
    """Counted by the service: two of a network in a minute."""

    def register(source: str, *headers: str) -> int:
        body = json.dumps(_report()).encode()
        return answer(through.ask(get("/v1/mark-reports", *headers, method="POST", body=body), source=source))[0]

    forged = [f"X-Forwarded-For: 203.0.113.{number}" for number in range(9)]
    assert [register("127.0.0.7", header) for header in forged[:3]] == [201, 201, 429]
    assert register("127.0.0.7", "Forwarded: for=203.0.113.60", "X-Real-IP: 203.0.113.60") == 429
    assert register("127.0.0.7", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-For: 203.0.113.8, 127.0.0.1") == 429
    assert [register("127.0.0.8") for _ in range(3)] == [201, 201, 429]


def _report() -> dict[str, object]:
    return {"kind": "forgery", "subject": "样例", "description": "样例事实"}


def test_all_workers_count_the_reads_of_one_address(through: Proxy) -> None:
    # They are counted by the minute of the machine's clock, and this is to lie in one.
    left = 60 - time.monotonic() % 60
    if left < 20:
        time.sleep(left)
    told = [answer(through.ask(get("/v1/awards"), source="127.0.0.9"))[0] for _ in range(44)]
    assert told == [200] * 40 + [429] * 4
    assert answer(through.ask(get("/v1/awards"), source="127.0.0.10"))[0] == 200


def test_a_slow_head_and_a_slow_body_end(through: Proxy) -> None:
    for sent in (
        b"GET /v1/awards HTT",
        get("/v1/awards")[:-2],
        get("/v1/mark-reports", "Content-Type: application/json", "Content-Length: 900", method="POST") + b"{",
    ):
        with through.connect(source="127.0.0.11") as connection:
            connection.sendall(sent)
            began = time.monotonic()
            read_to_the_end(connection)
            assert time.monotonic() - began < 8
    # Nobody else has waited.
    assert answer(through.ask(get("/v1/awards"), source="127.0.0.11"))[0] == 200


def test_too_large_a_body_is_refused_before_it_comes(through: Proxy) -> None:
    sent = get("/v1/stamped-opinions?filename=a.pdf", f"Content-Length: {30 << 20}", method="POST")
    refused(through.ask(sent), 413, ProblemCode.TOO_LARGE)
    # Where its length is not said, it is counted.
    with through.connect() as connection:
        connection.sendall(get("/v1/stamped-opinions?filename=a.pdf", "Transfer-Encoding: chunked", method="POST"))
        piece = b"%x\r\n%s\r\n" % (1 << 20, bytes(1 << 20))
        with contextlib.suppress(OSError):
            for _ in range(24):
                connection.sendall(piece)
        told = read_to_the_end(connection)
    assert not told or answer(told)[0] == 413


def test_too_large_a_head_is_refused(through: Proxy) -> None:
    refused(through.ask(get("/v1/awards", f"X-Long: {'x' * 9000}")), 431, ProblemCode.HEADERS_TOO_LARGE)
    refused(through.ask(get(f"/v1/awards?{'x' * 9000}")), 414, ProblemCode.TARGET_TOO_LONG)


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Transfer-Encoding: gzip, chunked",),
        ("Host: elsewhere.test",),
    ],
)
def test_a_request_that_says_two_things_is_refused(through: Proxy, lines: tuple[str, ...]) -> None:
    status, _, _ = answer(through.ask(get("/v1/mark-reports", *lines, method="POST") + b"0\r\n\r\n"))
    assert status in (400, 501)


def test_what_is_no_request_is_refused(through: Proxy) -> None:
    refused(through.ask(b"\x16\x03\x01 nothing\r\n\r\n"), 400, ProblemCode.BAD_REQUEST)


def test_what_is_the_operators_is_not_there(through: Proxy) -> None:
    refused(through.ask(get("/metrics")), 404, ProblemCode.NOT_FOUND)


def test_without_the_service_callers_are_told_to_come_again(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with proxy(f"127.0.0.1:{nobody.getsockname()[1]}", tmp_path) as made:
            assert refused(made.ask(get("/v1/awards")), 503, ProblemCode.UNAVAILABLE)["retry-after"] == ["10"]


def test_no_address_and_no_path_is_logged(through: Proxy, tmp_path_factory: pytest.TempPathFactory) -> None:
    through.ask(get("/v1/objection-status/secret-of-an-objector"), source="127.0.0.12")
    logged = "".join(path.read_text() for path in tmp_path_factory.getbasetemp().glob("proxy*/access"))
    assert " GET 422 " in logged and "secret" not in logged and "127.0.0.12" not in logged
