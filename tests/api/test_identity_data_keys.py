"""The keys that seal what the database keeps: outside of it, readable by their owner alone, rotated without a loss."""

import errno
import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.kernel.security.checkpoint_keys import rotate_checkpoint_key
from app.kernel.security.keys import BrokenKeys, rotate_keys, write_keys
from app.kernel.security.sealing import Keyring, Unopened, load_data_keys, new_data_key, rotate_data_keys
from app.kernel.settings import Settings
from app.main import create_app
from sandbox.world import World, ok
from tests.support.problems import refused

TEXT = "赣州银行 样例".encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data-keys.json"


def kids(path: Path) -> list[str]:
    return [key["kid"] for key in json.loads(path.read_text())["keys"]]


def test_what_was_sealed_opens_for_its_purpose_alone(path: Path) -> None:
    ring = Keyring(path)
    sealed = ring.seal(TEXT, purpose="a")
    assert TEXT not in sealed and ring.seal(TEXT, purpose="a") != sealed
    assert ring.open(sealed, purpose="a") == TEXT
    assert Keyring(path).open(sealed, purpose="a") == TEXT
    with pytest.raises(Unopened):
        ring.open(sealed, purpose="b")


@pytest.mark.parametrize("place", [0, 16, 28, -1])
def test_a_bent_byte_opens_nothing(path: Path, place: int) -> None:
    ring = Keyring(path)
    sealed = bytearray(ring.seal(TEXT, purpose="a"))
    sealed[place] ^= 1
    for broken in (bytes(sealed), b"", bytes(sealed[:20]), TEXT):
        with pytest.raises(Unopened):
            ring.open(broken, purpose="a")


def test_a_mark_tells_contents_apart_and_is_none_of_another_key(path: Path, tmp_path: Path) -> None:
    ring, other = Keyring(path), Keyring(tmp_path / "other.json")
    mark = ring.mark(TEXT, purpose="a")
    assert ring.is_mark_of(mark, TEXT, purpose="a")
    assert not ring.is_mark_of(mark, TEXT + b".", purpose="a")
    assert not ring.is_mark_of(mark, TEXT, purpose="b")
    assert not other.is_mark_of(mark, TEXT, purpose="a")
    assert not ring.is_mark_of("", TEXT, purpose="a")


def test_a_rotated_ring_opens_what_was_sealed_before_and_while_it_runs(path: Path) -> None:
    running = Keyring(path)
    before = running.seal(TEXT, purpose="a")
    mark = running.mark(TEXT, purpose="a")
    fresh = rotate_data_keys(path)
    after = Keyring(path)
    assert kids(path)[0] == fresh and len(kids(path)) == 2
    sealed = after.seal(TEXT, purpose="a")
    assert sealed.startswith(fresh.encode())
    # The process that has not heard of the new key looks it up.
    assert running.open(sealed, purpose="a") == after.open(before, purpose="a") == TEXT
    assert after.is_mark_of(mark, TEXT, purpose="a")


@pytest.mark.parametrize("name", ["data-keys", "signing keys", "checkpoint keys"])
def test_keys_that_two_put_in_front_at_once_are_both_kept(path: Path, name: str) -> None:
    """Whatever the one has sealed or signed by then, nothing else opens or verifies."""
    rotate: Callable[[], str] = {
        "data-keys": lambda: rotate_data_keys(path),
        "signing keys": lambda: rotate_keys(path, now=datetime(2024, 3, 1, tzinfo=UTC), keep=100),
        "checkpoint keys": lambda: rotate_checkpoint_key(path),
    }[name]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: rotate(), range(24)))
    assert set(made) <= set(kids(path))


@pytest.mark.parametrize("replace", [True, False])
def test_keys_are_on_the_disk_or_nowhere(path: Path, replace: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut must not take a key that something was sealed with; half a file of keys is left by no full disk."""
    asked = list[str]()
    sync = os.fsync

    def noted(descriptor: int) -> None:
        asked.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write_keys(path, [new_data_key()], replace=replace)
    assert asked == ["file", "folder"]
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        rotate_data_keys(path)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_the_file_is_its_owners_and_the_same_for_all_who_start_at_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: load_data_keys(path), range(8)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.glob("data-keys*")] == ["data-keys.json"]


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"keys": []},
        {"keys": ["x"]},
        {"keys": [{"kty": "EC", "kid": "0" * 16, "k": "AA"}]},
        {"keys": [{"kty": "oct", "kid": "0" * 16, "k": "AA"}]},
        {"keys": [{"kty": "oct", "kid": "short", "k": "A" * 43}]},
        {"keys": [{"kty": "oct", "kid": "0" * 16, "k": "A"}]},
    ],
)
def test_a_file_that_holds_no_key_stops_the_start(settings: Settings, path: Path, content: object) -> None:
    path.write_text(json.dumps(content))
    with pytest.raises(BrokenKeys):
        create_app(settings.model_copy(update={"data_keys_file": path}))


def test_the_keys_lie_beside_the_signing_keys_unless_told(settings: Settings, path: Path) -> None:
    assert settings.data_keys == settings.keys_file.with_name("data-keys.json")
    assert settings.model_copy(update={"data_keys_file": path}).data_keys == path


def test_an_answer_whose_key_is_gone_is_not_given_and_nothing_is_done_twice(world: World, settings: Settings) -> None:
    assert isinstance(world.client.app, FastAPI)
    state = world.client.app.state
    key = {"Idempotency-Key": "round-of-2024"}
    body = {"year": 2024, "title": "样例第一届"}
    ok(world.office.post("/v1/rounds", body, headers=key), 201)
    before = settings.data_keys.read_bytes()
    settings.data_keys.unlink()
    try:
        state.keyring = Keyring(settings.data_keys)
        refused(world.office.post("/v1/rounds", body, headers=key), 409, "idempotency_key_reused")
    finally:
        settings.data_keys.write_bytes(before)
        state.keyring = Keyring(settings.data_keys)
    assert len(ok(world.office.get("/v1/rounds"))["items"]) == 1
