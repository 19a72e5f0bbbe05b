"""Settings are the administrators' (三员分立): what a start finds changed is one entry, without any secret."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.kernel.security.sealing import Keyring, rotate_data_keys
from app.kernel.settings import Settings
from app.kernel.settings_record import SYSTEM_SETTINGS, SettingsRecord, Start, Whose, whose
from sandbox.world import World, ok
from tests.support.workers import Workers, serving

_SECRETS = {"operator_token": "样例-operator-secret-1", "s3_secret_access_key": "sample-storage-secret-1"}
_ADDRESS = "postgresql+psycopg://award_owner:sample-password-1@db/award?sslmode=verify-full&sslpassword=sample-pass-2"
Begin = Callable[..., list[str]]


@pytest.fixture
def begin(world: World, settings: Settings) -> Begin:
    """A start of so many workers at once with these settings beside the test's; the names that each told as changed."""
    state = world.client.app.state  # type: ignore[attr-defined]

    def started(name: str, *, workers: int = 1, **changes: Any) -> list[str]:
        chosen = Settings(_env_file=None, **(settings.model_dump(exclude_unset=True) | changes))
        seals = Keyring.of(chosen)
        start = Start(name, "anna", "192.0.2.7", 7)

        async def all_of_them() -> list[list[str]]:
            each = [SettingsRecord(chosen, state.database, state.clock, seals, start) for _ in range(workers)]
            return await asyncio.gather(*(one.compare() for one in each))

        told: list[list[str]] = world.client.portal.call(all_of_them)  # type: ignore[union-attr]
        assert sum(bool(names) for names in told) <= 1, "one of them tells it"
        return next((names for names in told if names), [])

    return started


def entries(world: World) -> list[dict[str, Any]]:
    """Oldest first."""
    page = ok(world.auditor.get("/v1/audit-entries?act=change_settings&limit=100"))
    return list(reversed(page["items"]))


def test_the_first_start_tells_all_of_them_and_the_next_nothing(world: World, begin: Begin) -> None:
    named = begin("start-1", workers=2, login_attempts=7)
    assert {"login_attempts", "database_url", "second_factor_required"} <= set(named)
    # One that is unset now and always was has not changed.
    assert "outside_issuer" not in named
    (entry,) = entries(world)
    assert (entry["act"], entry["actor_role"], entry["outcome"]) == ("change_settings", "operator", "done")
    assert (entry["request_id"], entry["origin"]) == ("start-1", "192.0.2.7")
    assert entry["details"]["first"] is True and entry["details"]["operator"] == "anna"
    assert entry["details"]["changed"]["security"]["login_attempts"] == {"from": None, "to": 7}
    assert begin("start-2", workers=2, login_attempts=7) == []
    assert len(entries(world)) == 1


def test_what_changed_is_told_with_from_and_to_parted_by_administrator(world: World, begin: Begin) -> None:
    begin("start-1", login_attempts=7, ending_seconds=9)
    assert begin("start-2", workers=2, login_attempts=3, ending_seconds=8) == ["ending_seconds", "login_attempts"]
    _, second = entries(world)
    assert second["details"]["changed"] == {
        "security": {"login_attempts": {"from": 7, "to": 3}},
        "system": {"ending_seconds": {"from": 9, "to": 8}},
    }
    assert second["details"]["first"] is False
    assert second["details"]["start"]["name"] == second["request_id"] == "start-2"
    # Back again is a change as well, from what the last start had.
    begin("start-3", login_attempts=7, ending_seconds=8)
    assert entries(world)[-1]["details"]["changed"] == {"security": {"login_attempts": {"from": 3, "to": 7}}}
    # Unset is told, too.
    begin("start-4", login_attempts=7, ending_seconds=8, outside_acr="2")
    begin("start-5", login_attempts=7, ending_seconds=8)
    assert entries(world)[-1]["details"]["changed"] == {"security": {"outside_acr": {"from": "2", "to": None}}}


def test_of_a_secret_only_that_it_is_another_one(
    world: World, begin: Begin, settings: Settings, database_url: str
) -> None:
    told = dict(_SECRETS, migration_database_url=_ADDRESS)
    begin("start-1", **told)
    rotate_data_keys(settings.data_keys)
    # The key that marks is another one meanwhile: the secrets are the same.
    assert begin("start-2", **told) == []
    other = dict(told, operator_token="样例-operator-secret-2")
    assert begin("start-3", **other) == ["operator_token"]
    pair = entries(world)[-1]["details"]["changed"]["security"]["operator_token"]
    assert pair["from"].keys() == pair["to"].keys() == {"digest"} and pair["from"] != pair["to"]
    moved = _ADDRESS.replace("sample-password-1", "sample-password-3")
    assert begin("start-4", **dict(other, migration_database_url=moved)) == ["migration_database_url"]
    pair = entries(world)[-1]["details"]["changed"]["system"]["migration_database_url"]
    shown = "postgresql+psycopg://award_owner@db/award?sslmode=verify-full"
    assert pair["from"]["shown"] == pair["to"]["shown"] == shown and pair["from"]["digest"] != pair["to"]["digest"]
    everything = json.dumps(entries(world), ensure_ascii=False)
    assert not any(secret in everything for secret in ("operator-secret", "storage-secret", "sample-pass"))


def test_settings_are_parted_between_two_administrators() -> None:
    known = Settings.model_fields.keys()
    assert known > SYSTEM_SETTINGS
    asked = ("second_factor_required", "administrators", "trusted_proxies", "login_attempts", "operator_token")
    assert {whose(name) for name in asked} == {Whose.SECURITY}
    # What nobody has thought of yet.
    assert whose("a_setting_to_come") is Whose.SECURITY


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_start_of_the_service_puts_it_on_record(database_url: str, tmp_path: Path, workers: int) -> None:
    """The service's own command, with one process and with two that start at once."""

    def told(running: Workers, count: int) -> list[dict[str, Any]]:
        until, headers = time.monotonic() + 20, running.bearer("auditor")
        while True:
            items = running.request("GET", "/v1/audit-entries?act=change_settings", headers=headers).json()["items"]
            if len(items) >= count or time.monotonic() > until:
                return list(items)
            time.sleep(0.1)

    with serving(database_url, tmp_path, workers=workers, login_attempts=9) as running:
        (first,) = told(running, 1)
        assert first["details"]["first"] is True and first["details"]["start"]["process"] == running.process.pid
    with serving(database_url, tmp_path, workers=workers, login_attempts=9) as running:
        time.sleep(1)
        assert len(told(running, 1)) == 1
    with serving(database_url, tmp_path, workers=workers, login_attempts=4) as running:
        second, _ = told(running, 2)
        assert second["details"]["changed"] == {"security": {"login_attempts": {"from": 9, "to": 4}}}
        assert second["details"]["start"]["name"] != first["details"]["start"]["name"]
        time.sleep(1)
        assert len(told(running, 2)) == 2
