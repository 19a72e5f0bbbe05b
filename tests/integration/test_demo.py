"""The demonstration and the sample data do what the README promises."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from demo.sample import Held, held, play
from tests.support.clock import MovableClock
from tests.support.databases import SqliteTemplate
from tests.support.world import World, ok

ROOT = Path(__file__).parent.parent.parent

# What the demonstration must show, in the words in which it does.
SHOWN = [
    "13(1) (art13.1.local)",
    "13(4) (art13.4.profit)",
    "13(6)(d)",
    "6 (art06.interval)",
    "3 (art03.recommendation)",
    "none (复评)",
    "0.00 yuan",
    ": upheld",
    ": dismissed",
    "one manufacturing seat stays vacant",
    "paid   2",
    "decided under Art. 26",
    "decided under Art. 28",
    "样例新材料股份有限公司、样例人民医院",
    "prize: 40,000.00 yuan back",
    "prize: 100,000.00 yuan back / 已追回, recovered",
    "art22.approval",
    "the chain is intact",
]


def test_the_demonstration_shows_a_whole_round() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    assert [line for line in SHOWN if line not in run.stdout] == []


@pytest.mark.parametrize("today", ["2026-12-30", "2028-02-29", "2030-02-10"])
def test_the_sample_has_a_concluded_round_and_an_open_publicity(
    templates: dict[str, SqliteTemplate], tmp_path: Path, today: str
) -> None:
    clock = MovableClock.at("2023-07-03")
    with templates["sqlite"].copy() as url:
        settings = Settings(
            _env_file=None,
            database_url=url,
            files_url=f"file:{tmp_path}",
            keys_file=tmp_path / "keys.json",
            log_level="ERROR",
        )
        with TestClient(create_app(settings, clock=clock)) as client:
            world = World(client, clock)
            play(world, date.fromisoformat(today))
            clock.go(today)
            states = [item["state"] for item in ok(world.public.get("/v1/rounds"))["items"]]
            assert states == ["publicity", "concluded"]
            current = ok(world.public.get("/v1/rounds"))["items"][0]["id"]
            listed = ok(world.public.get(f"/v1/rounds/{current}/candidate-list"))["candidates"]
            assert listed and all(item["last_day"] >= today for item in listed)
            assert [item["status"] for item in ok(world.public.get("/v1/awards"))["items"]] == ["valid", "valid"]
            assert ok(world.auditor.get("/v1/disbursements"))["items"][0]["state"] == "paid"


def test_the_sample_is_told_from_nothing_from_a_broken_one_and_from_other_data(
    templates: dict[str, SqliteTemplate],
) -> None:
    with templates["sqlite"].copy() as url:
        sync = url.replace("sqlite+aiosqlite", "sqlite")
        # Its accounts are there, and no round is marked as a sample.
        assert held(sync) is Held.BROKEN
        engine = create_engine(sync)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM reviewers"))
            connection.execute(text("DELETE FROM accounts WHERE login <> 'auditor'"))
        assert held(sync) is Held.OTHER
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM accounts"))
        engine.dispose()
        assert held(sync) is Held.NOTHING
