"""On PostgreSQL the service works by an account that owns nothing: rows are read and written, and nothing else can be
done. The accounts are those that `compose.yaml` makes, by the same file."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app import cli
from app.commands import serving
from app.kernel.security.sealing import kid_of
from app.kernel.settings import Settings
from app.main import create_app
from app.store.first_schema.guards import KEPT, REMOVED_FROM
from app.store.grants import rights
from app.store.models import Base
from sandbox import postgres
from sandbox.clock import MovableClock
from sandbox.seed import seed
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity
from sandbox.world import World, ok
from tests.support.straight import StraightClient

ACCOUNTS = Path(__file__).parent.parent.parent / "database" / "accounts.sql"
ROLES = ("award_service", "award_owner")


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database by its three accounts."""

    service: str
    owner: str
    superuser: str


@pytest.fixture
def addresses(postgres_server: str | None) -> Iterator[Addresses]:
    """An empty database with its accounts, made as compose makes them."""
    programs = postgres.binaries()
    if postgres_server is None or programs is None:
        pytest.skip("PostgreSQL is not installed")
    name = f"accounts_{os.getpid()}"
    _drop(postgres_server, name)
    postgres.execute(postgres_server, f"CREATE DATABASE {name}")
    place = postgres.with_name(postgres_server, name)
    secrets = {"DATABASE_PASSWORD": "of-the-service", "DATABASE_OWNER_PASSWORD": "of-the-owner"}
    command = [str(programs / "psql"), "--no-psqlrc", f"--dbname={place}", f"--file={ACCOUNTS}"]
    subprocess.run(command, env={**os.environ, **secrets}, check=True, capture_output=True)
    superuser = make_url(place).set(drivername="postgresql+psycopg")
    service, owner = (superuser.set(username=role, password=f"of-the-{role.split('_')[1]}") for role in ROLES)
    yield Addresses(*(url.render_as_string(hide_password=False) for url in (service, owner, superuser)))
    _drop(postgres_server, name)


def _drop(server: str, name: str) -> None:
    postgres.execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    for role in ROLES:
        postgres.execute(server, f"DROP ROLE IF EXISTS {role}")


@pytest.fixture
def served(addresses: Addresses, usual_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings of compose, and the database migrated by its own account."""
    settings = usual_settings.model_copy(
        update={
            "database_url": addresses.service,
            "migration_database_url": addresses.owner,
            "files_url": f"file:{tmp_path / 'files'}",
            "checkpoints_folder": tmp_path / "checkpoints",
        }
    )
    for name in ("database_url", "migration_database_url", "files_url", "keys_file", "checkpoints_folder"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["migrate"]) == 0
    return settings


def refused(url: str, statement: str) -> None:
    engine = create_engine(url)
    with (
        pytest.raises(DBAPIError, match=r"permission denied|must be owner|must be superuser|must have"),
        engine.begin() as attack,
    ):
        attack.execute(text(statement))
    engine.dispose()


def test_a_round_is_held_by_an_account_that_owns_nothing(
    served: Settings,
    addresses: Addresses,
    clock: MovableClock,
    loop: BlockingPortal,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed(addresses.superuser)
    app = create_app(served, clock=clock)
    with StraightClient(app, client=("127.0.0.1", 50_000), loop=loop) as client:
        world = World(client, clock)
        made = in_publicity(world, Contender())
        path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objections"
        ok(world.public.post(path, OBJECTION), 201)
        assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True
        # What removes rows may.
        assert client.portal is not None and client.portal.call(app.state.sweeper.sweep) is not None
    # What takes the owner is done by the owner: everything is sealed anew, on a table too whose rows stay as they are.
    capsys.readouterr()
    assert cli.main(["rotate-data-key"]) == 0
    kid = capsys.readouterr().out.split()[0]
    engine = create_engine(addresses.service)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT sealed_facts FROM objection_originals")).scalars().all()
        # Locked it may be, and anonymised when its time is over; changed before that by nobody.
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text("UPDATE objection_originals SET sealed_facts = NULL"))
    engine.dispose()
    assert rows and {kid_of(bytes(row)) for row in rows} == {kid}
    assert cli.main(["verify-audit"]) == 0


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "ALTER TABLE accounts ADD COLUMN back_door text",
        "ALTER TABLE audit_entries OWNER TO award_service",
        "DROP TRIGGER audit_entries_append_only ON audit_entries",
        "DROP TABLE audit_entries",
        "DROP FUNCTION refuse_change() CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql",
        "CREATE TABLE another (id bigint)",
        "CREATE SCHEMA another",
        "TRUNCATE audit_entries",
        "TRUNCATE accounts CASCADE",
        "UPDATE audit_entries SET act = 'nothing'",
        "DELETE FROM audit_entries",
        "DELETE FROM awards",
        "UPDATE anonymisations SET data_class = 'account'",
        "DELETE FROM objection_originals",
        "UPDATE alembic_version SET version_num = '0000'",
        "SET session_replication_role = replica",
        "SET ROLE award_owner",
        "ALTER ROLE award_service SUPERUSER",
        "GRANT award_owner TO award_service",
        "COPY accounts TO PROGRAM 'cat'",
    ],
)
def test_the_services_account_can_do_nothing_else(served: Settings, addresses: Addresses, attack: str) -> None:
    refused(addresses.service, attack)


def test_each_table_has_the_rights_that_the_service_needs_and_no_more(served: Settings, addresses: Addresses) -> None:
    place = make_url(addresses.superuser).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(place)) as asked:
        found: dict[str, set[str]] = {}
        rows = asked.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'award_service'"
        )
        for table, right in rows:
            found.setdefault(table, set()).add(right)
        owned = asked.execute(
            "SELECT count(*) FROM pg_class JOIN pg_roles ON relowner = pg_roles.oid WHERE rolname = %s",
            ["award_service"],
        ).fetchone()
    assert owned == (0,)
    assert found == {table: set(may) for table, may in rights().items()}
    assert found.keys() == {*Base.metadata.tables, "alembic_version"}
    assert found.keys() > REMOVED_FROM and not REMOVED_FROM & set(KEPT)
    for table in set(KEPT) - {"notices", "objection_originals", "disclosures"}:
        assert found[table] == {"SELECT", "INSERT"}


def test_a_start_says_where_the_account_could_alter_the_tables(served: Settings, addresses: Addresses) -> None:
    assert asyncio.run(serving._too_many_rights(served)) is None
    for address in (addresses.owner, addresses.superuser):
        told = asyncio.run(serving._too_many_rights(served.model_copy(update={"database_url": address})))
        assert told is not None and "AWARD_MIGRATION_DATABASE_URL" in told


def test_an_account_that_is_not_there_is_told_in_one_line(
    served: Settings, addresses: Addresses, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWARD_DATABASE_URL", addresses.service.replace("award_service", "nobody_there"))
    capsys.readouterr()
    assert cli.main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and "nobody_there" in said


def test_what_operators_and_timers_run_is_done_by_the_services_account(
    served: Settings, addresses: Addresses, clock: MovableClock, loop: BlockingPortal, tmp_path: Path
) -> None:
    """The daily backup among it, which comes back by the owner's account where nothing lies."""
    seed(addresses.superuser)
    with StraightClient(create_app(served, clock=clock), client=("127.0.0.1", 50_000), loop=loop) as client:
        in_publicity(World(client, clock), Contender())
    backups = str(tmp_path / "backups")
    for command in (
        ["checkpoint"],
        ["backup", backups],
        ["verify-audit"],
        ["export-audit", str(tmp_path / "log")],
        ["purge-idempotency"],
        ["sweep-files"],
        ["anonymise", "--due", "--dry-run"],
        ["deliver-webhooks", "--once"],
        ["accounts", "create", "--login", "sample.office", "--role", "office", "--name", "样例"],
        ["accounts", "deactivate", "--login", "sample.office", "--reason", "样例"],
    ):
        assert cli.main(command) == 0, command


def test_a_backup_of_the_services_account_comes_back_by_the_owners(
    served: Settings,
    addresses: Addresses,
    clock: MovableClock,
    loop: BlockingPortal,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    seed(addresses.superuser)
    with StraightClient(create_app(served, clock=clock), client=("127.0.0.1", 50_000), loop=loop) as client:
        in_publicity(World(client, clock), Contender())
    assert cli.main(["checkpoint"]) == 0 and cli.main(["backup", str(tmp_path / "backups")]) == 0
    name = f"{make_url(addresses.superuser).database}_again"
    server = addresses.superuser.replace("+psycopg", "")
    postgres.execute(server, f"CREATE DATABASE {name}")
    try:
        # As docs/operations.md has it: the rights in the new database, of accounts that are there.
        granted = [line for line in ACCOUNTS.read_text().splitlines() if "SCHEMA public" in line]
        for statement in granted:
            postgres.execute(postgres.with_name(server, name), statement)
        again = {
            "database_url": postgres.with_name(addresses.service, name),
            "migration_database_url": postgres.with_name(addresses.owner, name),
            "files_url": f"file:{tmp_path / 'again' / 'files'}",
            "checkpoints_folder": str(tmp_path / "again" / "checkpoints"),
        }
        for setting, value in again.items():
            monkeypatch.setenv(f"AWARD_{setting.upper()}", value)
        assert cli.main(["restore", str(tmp_path / "backups")]) == 0
        assert cli.main(["verify-audit"]) == 0
        refused(again["database_url"], "ALTER TABLE awards DISABLE TRIGGER ALL")
    finally:
        postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")
