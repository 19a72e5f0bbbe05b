"""The operator's commands: everything the API leaves to him, on record as his."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import create_engine, inspect, text

from app import __version__, cli
from app.commands import contract
from app.kernel.clock import SystemClock, shanghai_day
from app.kernel.files import FileStore, new_key
from app.kernel.settings import Settings
from app.web import server
from sandbox import postgres
from sandbox.callers import Caller
from sandbox.stages.applications import PDF, upload
from sandbox.stages.parties import PASSWORD, accept, register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_audit import put_guards_back, tamper
from tests.api.test_identity_second_factors import Device
from tests.support.problems import refused

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings of the test as an operator has them: in the environment."""
    for name in ("database_url", "keys_file", "files_url", "second_factor_required"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    # Away from the folder of the project, where an operator may keep an `.env`.
    monkeypatch.chdir(tmp_path)
    return settings


@pytest.fixture
def run(environment: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: its exit code and what it said."""

    def command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def told(output: str, name: str) -> str:
    """A value of the printed lines."""
    return re.search(rf"^{name}\s+(\S+)$", output, re.M).group(1)  # type: ignore[union-attr]


def today() -> str:
    """The machine's tomorrow: the commands read its clock, and what they give lasts for days."""
    return (shanghai_day(SystemClock().now()) + timedelta(days=1)).isoformat()


def sign_in(world: World, login: str, secret: str, *, machine: bool = False) -> Any:
    form = (
        {"grant_type": "client_credentials", "client_id": login, "client_secret": secret}
        if machine
        else {"grant_type": "password", "username": login, "password": secret}
    )
    return world.client.post("/v1/tokens", data=form)


@pytest.mark.parametrize("role", ["government", "office", "auditor"])
def test_the_operator_makes_the_accounts_that_the_office_may_not(world: World, run: Run, role: str) -> None:
    code, said = run("accounts", "create", "--role", role, "--login", f"sample.{role}", "--name", "样例")
    assert code == 0
    world.clock.go(today())
    accept(world, {"invitation": told(said, "invitation")})
    token = ok(sign_in(world, f"sample.{role}", PASSWORD))["access_token"]
    me = ok(world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}))
    assert (me["role"], me["display_name"], me["kind"]) == (role, "样例", "person")
    entry = ok(world.auditor.get("/v1/audit-entries?act=create_account"))["items"][0]
    assert (entry["actor_role"], entry["actor_id"]) == ("operator", None)
    assert entry["details"]["role"] == role and entry["details"]["operator"]
    assert told(said, "invitation") not in str(entry)


def test_the_payment_platform_is_a_machine(world: World, run: Run) -> None:
    code, said = run("accounts", "create", "--role", "payment_platform", "--login", "sample.platform")
    assert code == 0
    world.clock.go("2030-01-01")
    refused(sign_in(world, "sample.platform", told(said, "secret")), 400)
    ok(sign_in(world, "sample.platform", told(said, "secret"), machine=True))


def test_accounts_with_a_party_name_it(world: World, run: Run) -> None:
    party = register(world)
    code = ok(world.office.get(f"/v1/organisations/{party.organisation_id}"))["uscc"]
    for role, name in (("recommending_unit", "文武坝镇"), ("department", "税务局"), ("applicant", code)):
        assert run("accounts", "create", "--role", role, "--login", f"sample.{role}", "--party", name)[0] == 0
        for wrong in (("--party", "样例无此单位"), ()):
            refusal, said = run("accounts", "create", "--role", role, "--login", f"sample.{role}2", *wrong)
            assert refusal == 2 and "--party" in said
    made = {item["login"]: item for item in ok(world.office.get("/v1/accounts?limit=100"))["items"]}
    assert made["sample.recommending_unit"]["unit_id"] == world.id("unit:wenwuba")
    assert made["sample.department"]["department_id"] == world.id("department:tax")
    assert made["sample.applicant"]["organisation_id"] == party.organisation_id
    assert made["sample.applicant"]["membership"] == "submit"
    assert "sample.department2" not in made
    assert run("accounts", "create", "--role", "office", "--login", "sample.office", "--party", "税务局")[0] == 2


@pytest.mark.parametrize("buffered", ["", "1"])
def test_art02_a_reader_that_has_gone_loses_no_account(world: World, environment: Settings, buffered: str) -> None:
    root = Path(cli.__file__).parent.parent
    options = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": buffered}
    made = [sys.executable, "-m", "app.cli", "accounts", "create", "--role", "office", "--login", "office.gone"]
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "wb") as out:
        done = subprocess.run(made, env=options, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 141
    (line,) = done.stderr.splitlines()
    assert "accounts invite --login office.gone --reason" in line
    assert any(item["login"] == "office.gone" for item in ok(world.auditor.get("/v1/accounts?role=office"))["items"])


def test_a_login_that_is_taken_is_refused(world: World, run: Run) -> None:
    code, said = run("accounts", "create", "--role", "auditor", "--login", "office")
    assert code == 2 and "The login is taken" in said


@pytest.mark.parametrize(
    "arguments", [("--role", "public"), ("--role", "operator"), ("--login", "a b"), ("--login", "样例")]
)
def test_arguments_that_cannot_be_are_told_before_anything_is_done(run: Run, arguments: tuple[str, str]) -> None:
    rest = ("--login", "sample.new") if arguments[0] == "--role" else ("--role", "office")
    with pytest.raises(SystemExit) as ended:
        run("accounts", "create", *arguments, *rest)
    assert ended.value.code == 2


def test_the_operator_stops_any_account_at_once_and_lets_it_back_in(world: World, run: Run) -> None:
    # The commands read the machine's clock, which is ahead of the test's.
    world.clock.go("2099-01-01")
    ok(world.government.get("/v1/me"))
    assert run("accounts", "deactivate", "--login", "government", "--reason", "样例离任")[0] == 0
    refused(world.government.get("/v1/me"), 401, "invalid_token")
    assert run("accounts", "activate", "--login", "government", "--reason", "样例复职")[0] == 0
    ok(world.government.get("/v1/me"))
    assert run("accounts", "deactivate", "--login", "nobody", "--reason", "样例")[0] == 2
    acts = [item["act"] for item in ok(world.auditor.get("/v1/audit-entries"))["items"]]
    assert acts == ["activate_account", "deactivate_account"]


def test_a_new_secret_voids_the_old_one(world: World, run: Run) -> None:
    code, said = run("accounts", "new-secret", "--login", "payment_platform", "--reason", "样例")
    assert code == 0
    world.clock.go("2099-01-01")
    refused(sign_in(world, "payment_platform", "correct horse battery", machine=True), 401, "invalid_client")
    ok(sign_in(world, "payment_platform", told(said, "secret"), machine=True))


def test_a_person_is_invited_anew_and_a_machine_is_not(world: World, run: Run) -> None:
    code, said = run("accounts", "invite", "--login", "government", "--reason", "样例：密码遗忘")
    assert code == 0
    world.clock.go(today())
    refused(sign_in(world, "government", "correct horse battery"), 400, "invalid_grant")
    accept(world, {"invitation": told(said, "invitation")})
    ok(sign_in(world, "government", PASSWORD))
    assert run("accounts", "invite", "--login", "payment_platform", "--reason", "样例")[0] == 2
    assert run("accounts", "new-secret", "--login", "government", "--reason", "样例")[0] == 2
    ok(sign_in(world, "government", PASSWORD))


def test_the_operator_takes_a_lost_second_factor_away(world: World, run: Run) -> None:
    world.clock.go(today())
    Device(world, "government")
    refused(sign_in(world, "government", "correct horse battery"), 401, "second_factor_required")
    assert run("accounts", "remove-second-factor", "--login", "government", "--reason", "样例：手机遗失")[0] == 0
    ok(sign_in(world, "government", "correct horse battery"))
    code, said = run("accounts", "remove-second-factor", "--login", "government", "--reason", "样例")
    assert code == 2 and "no second factor" in said
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=remove_second_factor"))["items"]
    assert entry["actor_role"] == "operator" and entry["details"]["reason"] == "样例：手机遗失"


def test_the_operator_links_those_who_decide_with_the_outside_provider(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ("accounts", "link", "--login", "government", "--subject", "zhang-san", "--reason", "样例：身份核对")
    assert run(*link)[0] == 2
    provider = {"ISSUER": "https://id.example.org", "AUDIENCE": "award", "JWKS_URL": "https://id.example.org/jwks"}
    for name, value in provider.items():
        monkeypatch.setenv(f"AWARD_OUTSIDE_{name}", value)
    assert run(*link)[0] == 0
    code, said = run("accounts", "link", "--login", "auditor", *link[4:])
    assert code == 2 and "linked already" in said
    assert run("accounts", "link", "--login", "payment_platform", *link[4:])[0] == 2
    unlink = ("accounts", "unlink", "--login", "government", "--reason", "样例：离任")
    assert [run(*unlink)[0] for _ in range(2)] == [0, 2]
    acts = [item["act"] for item in ok(world.auditor.get("/v1/audit-entries"))["items"]]
    assert acts == ["unlink_outside_identity", "link_outside_identity"]


def test_the_chain_is_verified_and_its_faults_are_listed(world: World, run: Run, database_url: str) -> None:
    open_round(world)
    code, said = run("verify-audit")
    assert code == 0 and "intact; 2 entries, head " in said
    tamper(database_url, "UPDATE audit_entries SET act = 'nothing' WHERE seq = 1")
    put_guards_back(database_url)
    code, said = run("verify-audit")
    assert code == 1 and "entry 1: altered" in said and "BROKEN, 1 fault(s)" in said


def test_answers_kept_for_repetitions_are_forgotten_after_their_days(world: World, run: Run) -> None:
    key = {"Idempotency-Key": "round-of-2024"}
    body = {"year": 2024, "title": "样例届"}
    made = ok(world.office.post("/v1/rounds", body, headers=key), 201)
    assert run("purge-idempotency", "--days", "3650")[1].startswith("0 ")
    assert ok(world.office.post("/v1/rounds", body, headers=key), 201) == made
    assert run("purge-idempotency")[1].startswith("1 ")
    assert ok(world.office.post("/v1/rounds", body, headers=key), 201)["id"] != made["id"]


def test_files_without_a_record_are_found_and_removed_and_no_others(world: World, run: Run, settings: Settings) -> None:
    folder = Path(settings.files_url.removeprefix("file:"))
    draft = begin_draft(world)
    upload(draft[1], draft[0], "self_assessment")
    orphan, young = (anyio.run(stored, settings) for _ in range(2))
    for path in folder.rglob("*"):
        if path.is_file() and path.name != young.rsplit("/", 1)[1]:
            os.utime(path, (0, 0))
    code, said = run("sweep-files")
    assert code == 0 and said.splitlines()[-1] == "1 file(s) without a record"
    assert orphan in said and young not in said
    assert (folder / orphan).exists()
    assert run("sweep-files", "--remove")[1].splitlines()[-1] == "1 file(s) without a record removed"
    assert not (folder / orphan).exists() and (folder / young).exists()
    assert run("sweep-files")[1] == "0 file(s) without a record\n"
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def begin_draft(world: World) -> tuple[str, Caller]:
    applicant = register(world).account
    draft = ok(applicant.post("/v1/applications", {"round_id": open_round(world)}), 201)
    return draft["id"], applicant


async def stored(settings: Settings) -> str:
    """A file that the service stored and of which the row never came."""

    async def chunks() -> Any:
        yield PDF

    key = new_key()
    await FileStore.from_settings(settings).put_stream(key, chunks(), 10_000)
    return key


def test_a_new_key_is_put_in_front(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "own" / "keys.json"
    monkeypatch.setenv("AWARD_KEYS_FILE", str(target))

    def kids() -> list[str]:
        return [key["kid"] for key in json.loads(target.read_text())["keys"]]

    first = run("rotate-key", "--after", "0")[1].split()[0]
    second = run("rotate-key", "--after", "0")[1].split()[0]
    assert kids() == [second, first]
    said = run("rotate-key")[1]
    announced = said.split()[0]
    # The one that signs until the announced one does stays beyond `--keep`.
    assert "signs in 600 seconds" in said and kids() == [announced, second]
    later = run("rotate-key")[1].split()[0]
    assert kids() == [later, announced, second]
    third = run("rotate-key", "--keep", "1")[1].split()[0]
    assert kids() == [third]
    with pytest.raises(SystemExit):
        run("rotate-key", "--keep", "0")
    with pytest.raises(SystemExit):
        run("rotate-key", "--after", "-1")


def test_a_new_data_key_is_put_in_front_and_the_others_stay(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWARD_DATA_KEYS_FILE", str(tmp_path / "data-keys.json"))
    made = [run("rotate-data-key")[1].split()[0] for _ in range(2)]
    kids = [key["kid"] for key in json.loads((tmp_path / "data-keys.json").read_text())["keys"]]
    assert kids[:2] == made[::-1] and len(kids) == 3


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of an operator who has no database."""
    monkeypatch.setenv("AWARD_DATABASE_URL", f"sqlite:///{tmp_path / 'none' / 'award.db'}")
    monkeypatch.setenv("AWARD_KEYS_FILE", str(tmp_path / "keys.json"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_contract_is_written_the_same_each_time(nowhere: Path) -> None:
    target = nowhere / "openapi" / "openapi.json"
    assert contract.write_contract(target) is True
    first = target.read_bytes()
    assert contract.write_contract(target) is False
    assert target.read_bytes() == first and first.endswith(b"}\n") and "申报".encode() in first


def test_a_released_contract_is_kept_once(nowhere: Path) -> None:
    target = contract.release_contract(nowhere)
    assert target.name == f"{__version__}.json"
    released = json.loads(target.read_text(encoding="utf-8"))
    assert released["info"]["version"] == __version__ and "/v1/rounds" in released["paths"]
    with pytest.raises(FileExistsError):
        contract.release_contract(nowhere)


def test_a_fresh_sqlite_file_is_migrated_where_there_was_not_even_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "100%" / "a b" / "award.db"
    monkeypatch.setenv("AWARD_DATABASE_URL", f"sqlite:///{target}")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["migrate"]) == cli.main(["migrate"]) == 0
    versions = Path(cli.__file__).parent.parent / "alembic" / "versions"
    newest = max(path.stem for path in versions.glob("0*.py"))
    connection = sqlite3.connect(target)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]
    assert connection.execute("SELECT seq FROM audit_head").fetchall() == [(0,)]
    connection.close()


@pytest.mark.parametrize(("revision", "said"), [("0006", "before 0.3"), ("later", "nothing was changed")])
def test_a_database_of_an_unknown_revision_is_refused_in_one_line(
    environment: Settings, capsys: pytest.CaptureFixture[str], revision: str, said: str
) -> None:
    engine = create_engine(environment.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        tables = inspect(connection).get_table_names()
    assert cli.main(["migrate"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert revision in line and said in line
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [revision]
        assert inspect(connection).get_table_names() == tables
    engine.dispose()


@pytest.mark.parametrize("command", ["serve", "start", "accounts deactivate --login government --reason x"])
@pytest.mark.parametrize(("revision", "said"), [("0006", "before 0.3"), ("ffff", "most likely of a newer one")])
def test_nothing_begins_on_a_database_of_an_unknown_revision(
    environment: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    revision: str,
    said: str,
) -> None:
    monkeypatch.setattr(server, "serve", lambda *_, **__: pytest.fail("it is served"))
    engine = create_engine(environment.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()
    assert cli.main(command.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert revision in line and said in line


def test_two_that_migrate_an_empty_postgresql_at_once_both_succeed(postgres_server: str | None, tmp_path: Path) -> None:
    if postgres_server is None:
        pytest.skip("PostgreSQL is not installed")
    name = f"award_migrated_{os.getpid()}"
    postgres.execute(postgres_server, f"CREATE DATABASE {name}")
    url = postgres.with_name(postgres_server, name).replace("postgresql://", "postgresql+psycopg://")
    environment = {**os.environ, "AWARD_DATABASE_URL": url}
    command = [sys.executable, "-m", "app.cli", "migrate"]
    root = Path(cli.__file__).parent.parent
    running = [subprocess.Popen(command, env=environment, cwd=root, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    engine = create_engine(url)
    assert {"audit_entries", "rounds", "disbursements"} <= set(inspect(engine).get_table_names())
    engine.dispose()
    postgres.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def test_the_first_start_migrates_serves_and_ends_when_asked(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {
        **os.environ,
        "AWARD_DATABASE_URL": f"sqlite:///{tmp_path}/award.db",
        "SAMPLE": "0",
        "AWARD_KEYS_FILE": f"{tmp_path}/keys.json",
        "AWARD_FILES_URL": f"file:{tmp_path}/files",
    }
    root = Path(cli.__file__).parent.parent
    command = [sys.executable, "-m", "app.cli", "start", "--port", port]
    process = subprocess.Popen(command, env=environment, cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert _answers(f"http://127.0.0.1:{port}/readyz") == b'{"status":"ok"}'
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/docs" in said
    assert process.returncode in (0, -signal.SIGTERM)


def _answers(url: str) -> bytes:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                content: bytes = answer.read()
                return content
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
