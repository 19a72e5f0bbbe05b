"""What a database says of its own schema, in its own words: every column, key, CHECK, index and default."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, MetaData, create_engine, text

# A table, what is said of it, e.g. `column` or `index`, and the database's text.
Facts = set[tuple[str, str, str]]

_POSTGRESQL = """
SELECT table_name, 'column', concat_ws(' ', column_name, data_type, numeric_precision || ',' || numeric_scale,
    CASE is_nullable WHEN 'NO' THEN 'NOT NULL' END, 'DEFAULT ' || column_default)
FROM information_schema.columns WHERE table_schema = :schema
UNION ALL
SELECT relname, 'constraint', conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE connamespace = CAST(:schema AS regnamespace)
UNION ALL
SELECT tablename, 'index', replace(indexdef, ' ON ' || schemaname || '.', ' ON ')
FROM pg_indexes WHERE schemaname = :schema
"""
_ASIDE = "of_the_models"


def found(connection: Connection) -> Facts:
    """The schema of the database; that of the migrations' own table is left out."""
    facts = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection, "public")
    return {fact for fact in facts if fact[0] != "alembic_version"}


def made_of(metadata: MetaData, connection: Connection) -> Facts:
    """The schema as a database of the same kind has it when it is made of this metadata alone."""
    if connection.dialect.name == "sqlite":
        engine = create_engine("sqlite://")
        with engine.connect() as other:
            metadata.create_all(other)
            facts = _sqlite(other)
        engine.dispose()
        return facts
    with connection.begin_nested() as aside:
        connection.execute(text(f"CREATE SCHEMA {_ASIDE}"))
        connection.execute(text(f"SET LOCAL search_path TO {_ASIDE}"))
        metadata.create_all(connection, checkfirst=False)
        facts = _postgresql(connection, _ASIDE)
        aside.rollback()
    return facts


def _postgresql(connection: Connection, schema: str) -> Facts:
    return {
        (str(row[0]), str(row[1]), str(row[2])) for row in connection.execute(text(_POSTGRESQL), {"schema": schema})
    }


def _sqlite(connection: Connection) -> Facts:
    facts: Facts = set()
    kept = "SELECT type, tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    for kind, table, statement in connection.execute(text(kept)):
        if kind == "index":
            facts.add((table, kind, statement))
        else:
            facts |= {(table, "column or constraint", part) for part in parts(statement)}
    return facts


def parts(statement: str) -> Iterator[str]:
    """The columns and constraints of a `CREATE TABLE`, without what parts them; white space is that of one line."""
    body = statement[statement.index("(") + 1 : statement.rindex(")")]
    depth, begun = 0, ""
    # Words in quotes are one piece: a comma or a bracket in them is none of the statement's.
    for piece in re.findall(r"'[^']*'|[^']", body):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and depth == 0:
            yield " ".join(begun.split())
            begun = ""
        else:
            begun += piece
    yield " ".join(begun.split())
