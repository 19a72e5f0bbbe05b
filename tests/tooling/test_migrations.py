"""The migrations, one after the other, make the database that the models speak of."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    MetaData,
    Table,
    UniqueConstraint,
    create_engine,
    text,
)

from app.store import migrations, models
from app.store.base import Base
from app.store.first_schema.columns import schema
from app.store.first_schema.guards import GUARDS, KEPT, REMOVED_FROM, statements
from sandbox.migrating import demolish, migrate
from tests.support.schemas import Facts, found, made_of, parts


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection to a database that the migrations made."""
    engine = create_engine(database_url)
    with engine.connect() as made:
        yield made
    engine.dispose()


def test_the_migrated_database_is_that_of_the_models(connection: Connection) -> None:
    assert models.__all__
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []
    assert _both_ways(found(connection), made_of(Base.metadata, connection)) == (set(), set())


def _both_ways(one: Facts, other: Facts) -> tuple[Facts, Facts]:
    return one - other, other - one


def _constraint(metadata: MetaData, table: str, name: str) -> CheckConstraint:
    (constraint,) = (item for item in metadata.tables[table].constraints if item.name == name)
    assert isinstance(constraint, CheckConstraint)
    return constraint


def _other_words(metadata: MetaData) -> None:
    known = _constraint(metadata, "visits", "ck_visits_state_known")
    known.sqltext = text(str(known.sqltext).replace("'made'", "'done'"))


def _other_bound(metadata: MetaData) -> None:
    _constraint(metadata, "disbursements", "ck_disbursements_amount_positive").sqltext = text("amount_fen >= 0")


def _no_check(metadata: MetaData) -> None:
    table = metadata.tables["awards"]
    table.constraints.remove(_constraint(metadata, "awards", "ck_awards_seat_unless_repeat"))


def _new_check(metadata: MetaData) -> None:
    metadata.tables["awards"].append_constraint(CheckConstraint("award_year > 2000", name="in_this_century"))


def _no_key(metadata: MetaData) -> None:
    table = metadata.tables["disbursements"]
    (key,) = (item for item in table.constraints if item.name == "uq_disbursements_award_id")
    assert isinstance(key, UniqueConstraint)
    table.constraints.remove(key)


def _index(table: Table, name: str) -> Index:
    (index,) = (item for item in table.indexes if item.name == name)
    return index


def _no_index(metadata: MetaData) -> None:
    table = metadata.tables["awards"]
    table.indexes.remove(_index(table, "ix_awards_organisation_id"))


def _other_condition(metadata: MetaData) -> None:
    options = _index(metadata.tables["rounds"], "uq_rounds_one_live").dialect_options
    for dialect in ("sqlite", "postgresql"):
        options[dialect]["where"] = text("state IN ('called')")


def _no_default(metadata: MetaData) -> None:
    metadata.tables["recoveries"].c.recovered_fen.server_default = None


def _may_be_empty(metadata: MetaData) -> None:
    metadata.tables["awards"].c.awarded_name.nullable = True


def _one_column_more(metadata: MetaData) -> None:
    metadata.tables["awards"].append_column(Column("remark", metadata.tables["awards"].c.state.type))


@pytest.mark.parametrize(
    ("change", "table", "says"),
    [
        (_other_words, "visits", "ck_visits_state_known"),
        (_other_bound, "disbursements", "ck_disbursements_amount_positive"),
        (_no_check, "awards", "ck_awards_seat_unless_repeat"),
        (_new_check, "awards", "ck_awards_in_this_century"),
        (_no_key, "disbursements", "uq_disbursements_award_id"),
        (_no_index, "awards", "ix_awards_organisation_id"),
        (_other_condition, "rounds", "uq_rounds_one_live"),
        (_no_default, "recoveries", "recovered_fen"),
        (_may_be_empty, "awards", "awarded_name"),
        (_one_column_more, "awards", "remark"),
    ],
)
def test_no_difference_between_models_and_database_stays_unseen(
    connection: Connection, change: Callable[[MetaData], None], table: str, says: str
) -> None:
    changed = MetaData(naming_convention=Base.metadata.naming_convention)
    for item in Base.metadata.sorted_tables:
        item.to_metadata(changed)
    change(changed)
    differences = set().union(*_both_ways(found(connection), made_of(changed, connection)))
    # A key of PostgreSQL is told twice, as a constraint and as its index.
    assert differences and {(item[0], says in item[2]) for item in differences} == {(table, True)}


def test_a_table_is_read_as_what_it_is_made_of() -> None:
    statement = "CREATE TABLE x (\n\ta VARCHAR DEFAULT 'b, (c', \n\tscore NUMERIC(9, 4), CHECK (a IN ('d', 'e''s)'))\n)"
    assert list(parts(statement)) == ["a VARCHAR DEFAULT 'b, (c'", "score NUMERIC(9, 4)", "CHECK (a IN ('d', 'e''s)'))"]


def test_the_database_has_the_guards_and_no_other(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    kept = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    written = {
        match.group(1)
        for statement in statements(connection.dialect.name)
        if (match := re.match(r"CREATE TRIGGER (\w+)", statement))
    }
    assert set(connection.execute(text(kept)).scalars()) == written
    # SQLite has one for each event, and no TRUNCATE.
    events = sum(len(set(guard.events) - {"TRUNCATE"}) for guard in GUARDS)
    keys = {name for name in written if re.search(r"_kept_\d+(_moved)?$|_rowid_stays$|_rows_stay$", name)}
    assert len(written - keys) == (events if sqlite else len(GUARDS))
    # And one for each key of a table of which no row goes: its own number and one more at least.
    never = set(schema.tables) - REMOVED_FROM - {"number_series", "sweep_turns"}
    wanted = {f"{table}_{what}" for table in never for what in ("kept_0", "kept_1", "kept_1_moved", "rowid_stays")}
    wanted = wanted | {f"{table}_rows_stay" for table in never - set(KEPT)} if sqlite else set()
    assert keys >= wanted and bool(keys) == sqlite


def test_the_migrations_can_be_undone_and_made_again(database_url: str) -> None:
    url = database_url
    engine = create_engine(url)
    with engine.connect() as connection:
        before = found(connection)
    demolish(url)
    with engine.connect() as connection:
        assert found(connection) == set()
    migrate(url)
    with engine.connect() as connection:
        assert found(connection) == before
    engine.dispose()


def test_there_is_one_line_of_revisions_numbered_in_order() -> None:
    line = list(reversed(list(ScriptDirectory(str(migrations._SCRIPTS)).walk_revisions())))
    names = [item.revision for item in line]
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(line) + 1)]
    assert [Path(item.path).stem for item in line] == names
    assert [item.down_revision for item in line] == [None, *names[:-1]]


def test_a_database_is_worked_on_at_the_newest_revision_or_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_line", lambda: ("0002_more", "0001_the_award"))
    assert migrations.hindrance("0002_more") is migrations.hindrance("0003_later") is None
    for revision in (None, "0001_the_award"):
        why = migrations.hindrance(revision)
        assert why is not None and "run `migrate` first" in why.en
    for revision in ("0001", "0006"):
        why = migrations.hindrance(revision)
        assert why is not None and "not upgraded" in why.en and revision in why.zh
