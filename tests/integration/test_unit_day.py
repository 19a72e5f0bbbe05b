"""The examples of `docs/integration/` do a unit's day against a running service, as a unit would run them."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.stages.integration import asked, changes, state
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "integration"
COMMANDS = {"curl": ["sh", str(EXAMPLES / "unit_day.sh")], "httpx": [sys.executable, str(EXAMPLES / "unit_day.py")]}


@contextlib.contextmanager
def served(settings: Settings, clock: MovableClock) -> Iterator[str]:
    """The service on a port of the loopback; answers its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(settings, clock=clock), log_config=None, ws="none", loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def api(settings: Settings, clock: MovableClock) -> Iterator[str]:
    with served(settings, clock) as url:
        yield url


@pytest.fixture
def machine(world: World) -> dict[str, Any]:
    body = {
        "login": "machine.wenwuba",
        "role": "recommending_unit",
        "display_name": "样例接口账号",
        "kind": "machine",
        "unit_id": world.id("unit:wenwuba"),
    }
    return ok(world.office.post("/v1/accounts", body), 201)  # type: ignore[no-any-return]


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest) -> list[str]:
    return COMMANDS[request.param]


def run(
    command: list[str], world: World, api: str, machine: dict[str, Any], folder: Path, **changed: str
) -> subprocess.CompletedProcess[str]:
    """One day, in an empty environment but for what the example asks for."""
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "API": api,
        "CLIENT_ID": machine["login"],
        "CLIENT_SECRET": machine["client_secret"],
        "SIGNATORY": '样例"负责人"',
        "NO_PROXY": "*",
        "SIGNED_ON": world.clock.today.isoformat(),
        **changed,
    }
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert machine["client_secret"] not in done.stdout + done.stderr
    return done


def test_a_units_day(command: list[str], world: World, api: str, machine: dict[str, Any], tmp_path: Path) -> None:
    round_id = open_round(world)
    queue = [asked(world, round_id) for _ in range(4)]
    elsewhere = asked(world, round_id, unit="junmenling", area="筠门岭镇")

    first = run(command, world, api, machine, tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert [state(world, item) for item in queue] == ["endorsed", "declined", "endorsed", "endorsed"]
    assert state(world, elsewhere) == "requested"
    shown = ok(world.office.get(f"/v1/recommendations/{queue[2].id}"))
    assert (shown["signatory"], shown["opinion"]) == ('样例"负责人"', "经核实，同意推荐。")

    # The day after: what it did itself is in the feed, and nothing waits.
    position = tmp_path / "unit_day.position"
    assert int(position.read_text()) == 4
    again = run(command, world, api, machine, tmp_path)
    assert again.returncode == 0 and "0 wait for an opinion" in again.stdout
    assert int(position.read_text()) == changes(world)["next_after"]

    later = asked(world, round_id)
    assert "1 wait for an opinion" in run(command, world, api, machine, tmp_path).stdout
    assert state(world, later) == "endorsed"


def test_a_day_that_breaks_off_is_begun_again_where_it_began(
    command: list[str], world: World, api: str, machine: dict[str, Any], tmp_path: Path
) -> None:
    round_id = open_round(world)
    queue = [asked(world, round_id) for _ in range(3)]
    # Signed in the future: refused already when it is tried.
    refused = run(command, world, api, machine, tmp_path, SIGNED_ON="2024-03-02")
    assert refused.returncode == 1 and "/signed_on" in refused.stderr
    assert [state(world, item) for item in queue] == ["requested"] * 3
    assert not (tmp_path / "unit_day.position").exists()
    assert run(command, world, api, machine, tmp_path).returncode == 0
    assert [state(world, item) for item in queue] == ["endorsed", "declined", "endorsed"]


def test_a_wrong_secret_is_told_as_such(
    command: list[str], world: World, api: str, machine: dict[str, Any], tmp_path: Path
) -> None:
    done = run(command, world, api, machine, tmp_path, CLIENT_SECRET="not the secret of this account")
    assert done.returncode == 1 and "/v1/tokens: 401" in done.stderr
    assert "signed in" not in done.stdout
    assert "not the secret" not in done.stdout + done.stderr
