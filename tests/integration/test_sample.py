"""The sample data of `make run`: what it holds, that it says what it is, and where it is never loaded."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from demo.sample import APPLICANT_PASSWORD, Held, embedded, held, load
from sandbox.clock import MovableClock
from sandbox.stages.parties import registration
from sandbox.world import World, ok
from tests.support.databases import SqliteTemplate
from tests.support.problems import refused

ROOT = Path(__file__).parent.parent.parent


def place(folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'award.db'}",
        files_url=f"file:{folder / 'files'}",
        keys_file=folder / "keys.json",
        log_level="ERROR",
        second_factor_required=False,
    )


@pytest.fixture(scope="module", params=["2026-12-30", "2027-01-01", "2028-02-29", "2030-02-10"])
def sample_of_a_day(
    request: pytest.FixtureRequest, templates: dict[str, SqliteTemplate], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A day, and the folder with the sample that was loaded on it."""
    day: str = request.param
    folder = tmp_path_factory.mktemp(f"sample-{day}")
    with templates["sqlite"].copy() as url:
        shutil.copy(url.removeprefix("sqlite:///"), folder / "award.db")
    load(place(folder), date.fromisoformat(day))
    return day, folder


@pytest.fixture
def loaded(sample_of_a_day: tuple[str, Path], tmp_path: Path) -> Iterator[tuple[World, str]]:
    """A service on a database with the sample of a day, and the database's address."""
    day, folder = sample_of_a_day
    copied = shutil.copytree(folder, tmp_path / "copied")
    settings, clock = place(copied), MovableClock.at(day)
    with TestClient(create_app(settings, clock=clock)) as client:
        yield World(client, clock), settings.database_url


def headers(world: World, login: str, password: str) -> dict[str, str]:
    """As somebody who has signed in by the front door."""
    form = {"grant_type": "password", "username": login, "password": password}
    return {"Authorization": f"Bearer {ok(world.client.post('/v1/tokens', data=form))['access_token']}"}


def test_the_applicant_applies_in_the_open_round_and_nobody_in_the_concluded_one(loaded: tuple[World, str]) -> None:
    world, url = loaded
    client, own = world.client, headers(world, "applicant", APPLICANT_PASSWORD)
    assert held(url) is Held.SAMPLE
    listed = ok(client.get("/v1/rounds", headers=own))["items"]
    assert [item["state"] for item in listed] == ["called", "concluded"]
    current, past = (ok(client.get(f"/v1/rounds/{item['id']}", headers=own)) for item in listed)
    assert date.fromisoformat(current["deadline"]) >= world.clock.today + timedelta(days=30)
    refused(client.post("/v1/applications", json={"round_id": past["id"]}, headers=own), 422, rule="art16.call")
    made = ok(client.post("/v1/applications", json={"round_id": current["id"]}, headers=own), 201)
    assert (made["state"], made["round_id"]) == ("draft", current["id"])
    assert made["available_actions"]
    # Its earlier application won nothing, and the call is open: neither stands in its way (Art. 6, 16).
    blocking = {finding["rule"] for item in made["available_actions"] for finding in item["blocked_by"]}
    assert not blocking & {"art06.interval", "art16.call"}


def test_the_concluded_round_has_awards_a_payment_and_an_order(loaded: tuple[World, str]) -> None:
    world, _ = loaded
    assert [item["status"] for item in ok(world.public.get("/v1/awards"))["items"]] == ["valid", "valid"]
    states = {item["state"] for item in ok(world.auditor.get("/v1/disbursements"))["items"]}
    assert states == {"paid", "payable"}


def test_everything_of_the_sample_is_marked_and_what_comes_later_is_not(loaded: tuple[World, str]) -> None:
    world, url = loaded
    later = ok(world.public.post("/v1/registrations", registration()), 201)["organisation"]
    assert later["is_sample"] is False
    assert marks(url, "rounds") == [1, 1]
    assert marks(url, "organisations") == [0, 1, 1, 1]


def marks(url: str, name: str) -> list[int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = sorted(connection.execute(text(f"SELECT is_sample FROM {name}")).scalars())
    engine.dispose()
    return found


def run_sample(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, in a folder of its own, so that the embedded default lies there."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWARD_")}
    told: dict[str, Any] = {**inherited, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "demo.sample", *words],
        cwd=folder,
        env=told,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_it_is_loaded_into_no_other_database_unless_told_so(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    address = f"sqlite:///{other}"
    run = run_sample(tmp_path, AWARD_DATABASE_URL=address)
    assert run.returncode == 1 and not other.exists()
    assert "未载入样例" in run.stderr and "no sample is loaded" in run.stderr and "--into-this-database" in run.stderr
    run = run_sample(tmp_path, "--into-this-database", AWARD_DATABASE_URL=address)
    assert run.returncode == 0, run.stderr
    assert marks(address, "rounds") == [1, 1] and 0 not in marks(address, "organisations")


def test_it_is_loaded_into_the_embedded_database_without_a_word(tmp_path: Path) -> None:
    run = run_sample(tmp_path)
    assert run.returncode == 0, run.stderr
    assert marks(f"sqlite:///{tmp_path}/var/award.db", "rounds") == [1, 1]
    again = run_sample(tmp_path)
    assert again.returncode == 0 and "Sample data are there already" in again.stdout


def test_a_database_of_a_release_before_is_named_as_such(tmp_path: Path) -> None:
    target = tmp_path / "var" / "award.db"
    target.parent.mkdir()
    with sqlite3.connect(target) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0006')")
    connection.close()
    run = run_sample(tmp_path)
    assert run.returncode == 1
    chinese, english = run.stderr.splitlines()
    assert "0.3 之前" in chinese and "before 0.3 (revision 0006)" in english


@pytest.mark.parametrize(
    ("address", "is_default"),
    [
        ("sqlite:///var/award.db", True),
        ("sqlite:///./var/award.db", True),
        ("sqlite:///var/other.db", False),
        ("sqlite:////srv/award/var/award.db", False),
        ("sqlite://", False),
        ("postgresql+psycopg://award@db/award", False),
        ("postgresql+psycopg://award@db/var/award.db", False),
    ],
)
def test_the_embedded_database_is_known_by_its_file(address: str, is_default: bool) -> None:
    assert embedded(address) is is_default


def test_the_sample_is_told_from_nothing_from_a_broken_one_and_from_other_data(
    templates: dict[str, SqliteTemplate],
) -> None:
    with templates["sqlite"].copy() as sync:
        # Its accounts are there, and no round takes applications.
        assert held(sync) is Held.BROKEN
        engine = create_engine(sync)
        with engine.begin() as connection:
            for table in ("reviewers", "accounts"):
                connection.execute(text(f"DROP TRIGGER {table}_rows_stay"))
            connection.execute(text("DELETE FROM reviewers"))
            connection.execute(text("DELETE FROM accounts WHERE login <> 'auditor'"))
        assert held(sync) is Held.OTHER
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM accounts"))
        engine.dispose()
        assert held(sync) is Held.NOTHING
