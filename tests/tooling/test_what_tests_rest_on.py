"""What the tests of the service rest on: who is taken for the writer of a database, that a stage of one test is there
for the next, and that their client answers as the library's own does."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.web.contract_layout import CONTRACT
from tests.conftest import Templates
from tests.support import writes
from tests.support.answers import contract
from tests.support.snapshots import surroundings
from tests.support.straight import StraightClient

_Ask = Callable[[TestClient], object]


def test_what_a_template_writes_no_test_writes(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    before, counted = writes.by_tests(), writes.counted()
    assert Templates(tmp_path, request)["sqlite"].kind == "sqlite"
    assert writes.counted() > counted
    assert writes.by_tests() == before


def test_what_a_test_writes_is_its_own(tmp_path: Path) -> None:
    before, engine = writes.by_tests(), create_engine(f"sqlite:///{tmp_path / 'own.db'}")
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
        assert writes.by_tests() == before
        connection.execute(text("CREATE TABLE written (one INTEGER)"))
    engine.dispose()
    assert writes.by_tests() == before + 1


def test_a_world_begins_as_that_of_any_other_test(settings: Settings, usual_settings: Settings) -> None:
    # Whatever is told apart by its test alone lets every stage be built anew.
    assert surroundings(settings) == surroundings(usual_settings)


def _in_pieces() -> Iterator[bytes]:
    yield b'{"year": 2024, '
    yield b'"title": 1}'


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/livez"),
        lambda client: client.get("/v1/measures/rules"),
        lambda client: client.get("/v1/%E8%8A%82/%2e%2e?a=%E8%8A%82&a=2"),
        lambda client: client.head("/v1/rounds"),
        lambda client: client.post("/v1/rounds", json={"year": 2024}),
        lambda client: client.post("/v1/tokens", content=_in_pieces(), headers={"Content-Type": "application/json"}),
        lambda client: client.post("/v1/tokens", data={"grant_type": "password"}, files={"one": b"two"}),
        lambda client: client.get("/", follow_redirects=False),
    ],
    ids=["health", "compressed", "an encoded path", "no body", "a body", "in pieces", "a form with a file", "a page"],
)
def test_the_tests_own_client_hears_what_the_librarys_hears(client: StraightClient, ask: _Ask) -> None:
    librarys = TestClient(client.app, raise_server_exceptions=False, client=("127.0.0.1", 50_000))
    librarys.portal = client.portal
    assert _told(ask(client)) == _told(ask(librarys))


def test_what_the_service_fails_on_is_answered(client: StraightClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(client.app.state, "tokens")  # type: ignore[attr-defined]
    answer = client.get("/v1/rounds", headers={"Authorization": "Bearer one.two.three"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")


# Any: an answer of httpx or of its successor.
def _told(answer: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers, without what each answer has of its own."""
    own = answer.headers["x-request-id"].encode()
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in ("x-request-id", "date")]
    return answer.status_code, answer.content.replace(own, b""), headers


def test_every_answer_is_held_to_its_operation() -> None:
    for path, methods in json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"].items():
        for method, operation in methods.items():
            asked = re.sub(r"\{\w+\}", "0", path)
            assert contract().operation(method.upper(), asked) == operation, path


def test_an_answer_past_the_contract_is_told() -> None:
    told = b'{"type":"/problems/not_found","title":"x","status":404,"code":"not_found","more":1}'
    fault = contract().fault("GET", "/v1/rounds/0", 404, "application/problem+json", told)
    assert fault is not None and "past the contract" in fault
    assert contract().fault("GET", "/v1/rounds/0", 404, "text/plain", told) is None
    assert contract().fault("GET", "/nowhere", 404, "application/problem+json", told) is None
    # An answer that the contract does not know is one past it, whatever it says.
    unnamed = contract().fault("GET", "/v1/rounds/0", 409, "text/plain", b"")
    assert unnamed is not None and "409, which the contract does not name" in unnamed
