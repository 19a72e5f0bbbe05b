"""Backup and restore on both databases: a round through to its money is backed up while it serves, goes on, is lost and
comes back; what was put back is proven, and the service serves it (Art. 8, 9, 10, 22, 29)."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import cli
from app.commands.backup import PURPOSE, backups
from app.kernel.checkpoints import Checkpointer
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.settings import Settings
from app.main import create_app
from app.store import copies
from sandbox import postgres
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD
from sandbox.stages.applications import PDF
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.law import holiday_year
from sandbox.stages.money import order, pay
from sandbox.world import World, ok

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]
_NAMES = ("database_url", "keys_file", "data_keys_file", "checkpoint_keys_file", "files_url", "checkpoints_folder")


@pytest.fixture
def own(settings: Settings, tmp_path: Path, keys_file: Path) -> Settings:
    """The settings of the service that is backed up, with all keys of its own."""
    return settings.model_copy(
        update={
            "data_keys_file": keys_file.with_name("data-keys.json"),
            "checkpoint_keys_file": tmp_path / "checkpoint-keys.json",
        }
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Run a command as the operator of the service with these settings."""
    mask = os.umask(0o022)
    os.umask(mask)

    def command(of: Settings, *arguments: str) -> tuple[int, str]:
        for name in _NAMES:
            monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(of, name)))
        monkeypatch.chdir(tmp_path)
        capsys.readouterr()
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    yield command
    os.umask(mask)


@pytest.fixture
def elsewhere(own: Settings, database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An empty place for a restored service: its keys are there, as whoever keeps them has put them back."""
    place = {
        "files_url": f"file:{tmp_path / 'restored' / 'files'}",
        "checkpoints_folder": tmp_path / "restored" / "checkpoints",
    }
    if "sqlite" in database_url:
        yield own.model_copy(update={**place, "database_url": f"sqlite:///{tmp_path / 'restored' / 'award.db'}"})
        return
    server = request.getfixturevalue("postgres_server")
    name = f"award_restored_{os.getpid()}"
    postgres.execute(server, f"CREATE DATABASE {name}")
    url = postgres.with_name(server, name).replace("postgresql://", "postgresql+psycopg://")
    yield own.model_copy(update={**place, "database_url": url})
    postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def sign(world: World, settings: Settings) -> Any:
    state = world.client.app.state  # type: ignore[attr-defined]
    return world.client.portal.call(Checkpointer(settings, state.database, state.clock).now)  # type: ignore[union-attr]


def round_to_its_order(world: World) -> dict[str, Any]:
    made = conclude_round(world, 2024, Contender(score="900"), Contender(score="800"))
    line = made.decree["awards"][0]
    applied = next(item for item in made.applied if item.organisation_id == line["organisation_id"])
    winner = Winner(line["id"], line["organisation_id"], "", line["awarded_name"], applied.applicant)
    return order(world, winner)


def signed_in(client: TestClient) -> str:
    """A refresh token of somebody who has just signed in."""
    form = {"grant_type": "password", "username": "unit-wenwuba", "password": PASSWORD}
    return str(ok(client.post("/v1/tokens", data=form))["refresh_token"])


def renewed(client: TestClient, token: str) -> Any:
    return client.post("/v1/tokens", data={"grant_type": "refresh_token", "refresh_token": token})


def seen(client: TestClient) -> list[Any]:
    """What the public sees of awards and rounds."""
    return [client.get(path).json() for path in ("/v1/awards", "/v1/rounds", "/v1/audit-checkpoints", "/v1/notices")]


def test_a_restore_drill(
    world: World, own: Settings, elsewhere: Settings, run: Run, clock: MovableClock, tmp_path: Path
) -> None:
    ordered = round_to_its_order(world)
    sign(world, own)
    before = seen(world.client)
    invited = ok(
        world.office.post(f"/v1/accounts/{world.id('account:unit-health')}/invitations", {"reason": "样例"}), 201
    )
    invitation, stolen = invited["invitation"], signed_in(world.client)
    folder = tmp_path / "backups"
    code, said = run(own, "backup", str(folder))
    assert code == 0 and "file(s), 1 checkpoint(s)" in said
    assert said.count("keep apart from it") == 3
    # More acts, of which the backup knows nothing; a checkpoint of theirs is in somebody's hands.
    pay(world, ordered)
    # A token that was stolen is found out, and an invitation is used, after the backup as well.
    assert renewed(world.client, stolen).status_code == 200 and renewed(world.client, stolen).status_code == 400
    accepted = {"invitation": invitation, "password": "样例：后来所设的密码 41"}
    ok(world.client.post("/v1/invitations/acceptance", json=accepted))
    later = sign(world, own)
    kept = tmp_path / "kept.json"
    kept.write_text(world.public.get("/v1/audit-checkpoints?limit=1").text)
    (backup,) = backups(folder)
    entries = json.loads((backup / "manifest.json").read_text())["entries"]

    code, said = run(elsewhere, "restore", str(folder), "--checkpoint", str(kept))
    assert f"LOST: {later.size - entries} entries after entry {entries}" in said
    assert code == 1 and "audit chain: intact" in said
    assert "1 session(s) ended and 1 invitation(s) void" in said
    # It is a service again, from the bytes on: it serves, and its money goes on.
    with TestClient(create_app(elsewhere, clock=clock), client=("127.0.0.1", 50_000)) as client:
        assert seen(client) == before
        again = World(client, clock)
        restored = ok(again.auditor.get("/v1/audit-entries?limit=1"))["items"][0]
        assert (restored["act"], restored["actor_role"]) == ("restore_backup", "operator")
        assert restored["details"]["lost_entries"] == later.size - entries
        assert (restored["details"]["ended_sessions"], restored["details"]["void_invitations"]) == (1, 1)
        assert renewed(client, stolen).status_code == 400
        assert client.post("/v1/invitations/acceptance", json=accepted).status_code == 401
        assert signed_in(client)
        assert pay(again, ok(again.office.get(f"/v1/disbursements/{ordered['id']}")))["state"] == "paid"
        assert ok(again.auditor.get("/v1/audit-chain"))["intact"] is True
    code, said = run(elsewhere, "verify-audit")
    assert code == 0, said
    assert run(elsewhere, "verify-audit", "--checkpoint", str(kept))[0] == 1, "the lost acts stay known"


def test_what_lies_there_is_never_written_over(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path
) -> None:
    round_to_its_order(world)
    folder = tmp_path / "backups"
    assert run(own, "backup", str(folder))[0] == 0
    sign(world, own)
    code, said = run(own, "restore", str(folder))
    assert code == 2 and "AWARD_DATABASE_URL, AWARD_FILES_URL, AWARD_CHECKPOINTS_FOLDER" in said
    assert run(own, "verify-audit")[0] == 0
    assert run(elsewhere, "restore", str(folder))[0] == 0
    assert run(elsewhere, "restore", str(folder))[0] == 2


def test_files_are_copied_once_and_old_backups_go(world: World, own: Settings, run: Run, tmp_path: Path) -> None:
    round_to_its_order(world)
    folder = tmp_path / "backups"
    assert run(own, "backup", str(folder), "--keep", "2")[0] == 0
    stored = {path: path.stat().st_mtime_ns for path in (folder / "files").rglob("*") if path.is_file()}
    assert stored
    for year in (2031, 2032):
        ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)
        assert run(own, "backup", str(folder), "--keep", "2")[0] == 0
    assert {path: path.stat().st_mtime_ns for path in (folder / "files").rglob("*") if path.is_file()} == stored
    assert len(backups(folder)) == 2
    assert not list(folder.glob(".draft-*"))
    readable = [path for path in folder.rglob("*") if path.stat().st_mode & 0o077]
    assert not readable, "its owner's alone"


def test_no_key_is_in_a_backup(world: World, own: Settings, run: Run, tmp_path: Path) -> None:
    round_to_its_order(world)
    run(own, "backup", str(tmp_path / "backups"))
    secrets = []
    for path in (own.keys_file, own.data_keys, own.checkpoint_keys):
        secrets += [key.get("d") or key.get("k") for key in json.loads(path.read_text())["keys"]]
    assert len(secrets) >= 3
    for path in (tmp_path / "backups").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(secret.encode() in content for secret in secrets), path


@pytest.mark.parametrize("what", ["database", "list", "file", "manifest", "signature", "half"])
def test_a_backup_that_is_not_what_was_signed_is_refused(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path, what: str
) -> None:
    round_to_its_order(world)
    folder = tmp_path / "backups"
    run(own, "backup", str(folder))
    (backup,) = backups(folder)
    names = {"database": "database.*", "list": "files.jsonl", "manifest": "manifest.json", "signature": "manifest.jws"}
    if what == "half":
        (backup / "manifest.jws").unlink()
    else:
        (target, *_) = [
            path
            for path in sorted((folder / "files").rglob("*") if what == "file" else backup.glob(names[what]))
            if path.is_file()
        ]
        content = bytearray(target.read_bytes())
        content[len(content) // 2] ^= 1
        target.write_bytes(content)
    code, said = run(elsewhere, "restore", str(backup))
    assert code == 2, said
    assert len(said.splitlines()) == 1
    assert copies.is_empty(elsewhere.database_url)


def test_without_the_keys_nothing_is_believed_and_their_public_halves_suffice(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path
) -> None:
    round_to_its_order(world)
    folder, public = tmp_path / "backups", tmp_path / "jwks.json"
    sign(world, own)
    run(own, "backup", str(folder))
    public.write_text((backups(folder)[0] / "checkpoint-keys.public.json").read_text())
    bare = elsewhere.model_copy(update={"checkpoint_keys_file": tmp_path / "none" / "checkpoint-keys.json"})
    code, said = run(bare, "restore", str(folder))
    assert code == 2 and "there are no keys here" in said
    code, said = run(bare, "restore", str(folder), "--keys", str(public))
    assert code == 1 and "audit chain: intact" in said
    assert "key not here: " in said and "checkpoint-keys.json; what it sealed or signed stays closed" in said


def test_a_damaged_file_is_told_when_it_is_backed_up(world: World, own: Settings, run: Run, tmp_path: Path) -> None:
    round_to_its_order(world)
    stored = [path for path in Path(own.files_url.removeprefix("file:")).rglob("*") if path.is_file()]
    stored[0].write_bytes(b"%PDF-1.4 other")
    stored[1].unlink()
    code, said = run(own, "backup", str(tmp_path / "backups"))
    assert code == 1 and said.count("DAMAGED") == 2


def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(
    world: World, own: Settings, run: Run, tmp_path: Path
) -> None:
    """Killed as it is about to name what it has made."""
    round_to_its_order(world)
    folder = tmp_path / "backups"
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "Path.rename = lambda path, target: os.kill(os.getpid(), signal.SIGKILL) if target.name[:1] == '2' else"
        " os.rename(path, target)\n"
        "from app import cli\n"
        "sys.exit(cli.main(['backup', sys.argv[1]]))\n"
    )
    environment = {f"AWARD_{name.upper()}": str(getattr(own, name)) for name in _NAMES}
    root = Path(cli.__file__).parent.parent
    killed = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env={**os.environ, **environment},
        cwd=root,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    assert list(folder.glob(".draft-*")) and not backups(folder)
    code, said = run(own, "restore", str(folder))
    assert code == 2 and "no whole backup" in said
    assert run(own, "backup", str(folder))[0] == 0
    assert not list(folder.glob(".draft-*")) and len(backups(folder)) == 1


def test_what_is_acknowledged_before_the_backup_is_in_it_while_others_write(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path
) -> None:
    made: list[int] = []

    def write() -> None:
        for year in range(2031, 2071):
            ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)
            made.append(year)

    folder = tmp_path / "backups"
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while len(made) < 3:
            time.sleep(0.01)
        before = len(made)
        assert run(own, "backup", str(folder))[0] == 0
        writing.result()
    entries = json.loads((backups(folder)[0] / "manifest.json").read_text())["entries"]
    assert before <= entries <= len(made)
    assert run(elsewhere, "restore", str(folder))[0] == 0


@pytest.mark.parametrize("what", ["another release", "another kind of database"])
def test_a_backup_that_does_not_fit_is_refused(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path, what: str
) -> None:
    folder = tmp_path / "backups"
    run(own, "backup", str(folder))
    target = backups(folder)[0] / "manifest.json"
    told = json.loads(target.read_text())
    told |= {"revision": "9999_later"} if what == "another release" else {"kind": "mysql"}
    target.write_bytes(json.dumps(told).encode())
    signed = CheckpointKeys(own.checkpoint_keys).sign(
        hashlib.sha256(target.read_bytes()).hexdigest().encode(), purpose=PURPOSE
    )
    target.with_name("manifest.jws").write_text(signed)
    code, said = run(elsewhere, "restore", str(folder))
    assert code == 2 and "The backup is of" in said and len(said.splitlines()) == 1


def test_a_place_that_takes_no_backup_is_told_in_one_line(
    own: Settings, world: World, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    code, said = run(own, "backup", str(tmp_path / "file" / "backups"))
    assert code == 2 and "It could not be done" in said and len(said.splitlines()) == 1


def test_without_the_servers_programs_it_is_said_plainly(
    world: World, own: Settings, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if "sqlite" in own.database_url:
        pytest.skip("it needs none")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    code, said = run(own, "backup", str(tmp_path / "backups"))
    assert code == 2 and "pg_dump is not on this machine: install PostgreSQL's client programs" in said
    assert not list((tmp_path / "backups").glob(".draft-*"))


def test_a_file_that_rotted_is_named_before_anything_is_put_back(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path
) -> None:
    """All that is damaged, at once; the place stays empty, so that a mended backup, or an older one, can be taken."""
    for number in range(3):
        content = PDF + f"\n% {number}".encode()
        ok(world.by("unit-wenwuba").post("/v1/stamped-opinions", params={"filename": "a.pdf"}, content=content), 201)
    folder = tmp_path / "backups"
    assert run(own, "backup", str(folder))[0] == 0
    stored = sorted(path for path in (folder / "files").rglob("*") if path.is_file())
    assert len(stored) == 3
    whole = {path: path.read_bytes() for path in (stored[0], stored[-1])}
    stored[0].write_bytes(bytes(len(whole[stored[0]])))
    stored[-1].unlink()
    code, said = run(elsewhere, "restore", str(folder))
    assert code == 2 and len(said.splitlines()) == 1, said
    assert stored[0].name in said and stored[-1].name in said
    for path, content in whole.items():
        path.write_bytes(content)
    code, said = run(elsewhere, "restore", str(folder))
    assert code == 0, said


def test_a_backup_mends_what_rotted_in_an_older_one(world: World, own: Settings, run: Run, tmp_path: Path) -> None:
    """A file is copied once: whether it still is what it was is asked each time."""
    round_to_its_order(world)
    folder = tmp_path / "backups"
    run(own, "backup", str(folder))
    stored = sorted(path for path in (folder / "files").rglob("*") if path.is_file())
    content = stored[0].read_bytes()
    stored[0].write_bytes(bytes(len(content)))
    code, said = run(own, "backup", str(folder))
    assert code == 0, said
    assert stored[0].read_bytes() == content


def test_a_disk_that_fills_up_is_told_in_one_line_and_leaves_nothing(
    world: World, own: Settings, run: Run, tmp_path: Path
) -> None:
    round_to_its_order(world)
    folder = tmp_path / "backups"
    script = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from app import cli\n"
        "from app.commands import backup\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "sys.exit(cli.main(['backup', sys.argv[1]]))\n"
    )
    environment = {f"AWARD_{name.upper()}": str(getattr(own, name)) for name in _NAMES}
    root = Path(cli.__file__).parent.parent
    full = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env={**os.environ, **environment},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 2, full.stderr
    assert len(full.stderr.splitlines()) == 1, full.stderr
    assert not list(folder.glob(".draft-*")) and not backups(folder)
    assert run(own, "backup", str(folder))[0] == 0


def test_what_somebody_put_beside_the_checkpoints_is_not_put_back(
    world: World, own: Settings, elsewhere: Settings, run: Run, tmp_path: Path
) -> None:
    """Their folder is in no signature: what is no checkpoint of the backup's database stays where it is."""
    round_to_its_order(world)
    sign(world, own)
    folder = tmp_path / "backups"
    run(own, "backup", str(folder))
    (tmp_path / "secret").write_text("a file of the machine")
    place = backups(folder)[0] / "checkpoints"
    (place / "000000000001.jws").symlink_to(tmp_path / "secret")
    (place / "other").write_text("other")
    code, said = run(elsewhere, "restore", str(folder))
    assert code == 0, said
    assert [path.name for path in Path(elsewhere.checkpoints).iterdir()] == [
        path.name for path in own.checkpoints.iterdir()
    ]
