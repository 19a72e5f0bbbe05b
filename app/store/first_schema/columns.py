"""The words that the tables are written in: kinds of columns, and rules of a row that the database keeps."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

# Every constraint has a name: a refusal says which one it was, and a later migration can speak of it.
schema = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BYTES = sa.LargeBinary()
DAY = sa.Date()
FLAG = sa.Boolean()
ID = sa.Uuid()
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SCORE = sa.Numeric(9, 4)
TEXT = sa.String()
WHOLE = sa.BigInteger()


# Any: columns of every kind of value, and whatever else SQLAlchemy's columns take.
_Kind = TypeEngine[Any]
_Column = sa.Column[Any]  # Any: as above.


def required(name: str, kind: _Kind, **more: Any) -> _Column:  # Any: options of SQLAlchemy's columns.
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False, **more)


def optional(name: str, kind: _Kind, **more: Any) -> _Column:  # Any: options of SQLAlchemy's columns.
    """A column that may be empty."""
    return sa.Column(name, kind, nullable=True, **more)


# Any: options of SQLAlchemy's columns.
def refers(
    # Any: options of SQLAlchemy's columns.
    name: str,
    to: str,
    *,
    optional: bool = False,
    # Any: as above.
    **more: Any,
) -> _Column:  # Any: options of SQLAlchemy's columns.
    """A column that holds the id of a row of another table; with an index where rows are looked up by it."""
    return sa.Column(name, ID, sa.ForeignKey(f"{to}.id"), nullable=optional, **more)


def identified() -> tuple[_Column, _Column]:
    """A time-ordered id, and the instant of the row's making."""
    return sa.Column("id", ID, primary_key=True), required("created_at", INSTANT)


def stored_file() -> tuple[_Column, ...]:
    """What is known of a file: its name, kind and size, the hash of its bytes, the key under which they lie."""
    size = required("size", WHOLE)
    texts = (required(name, TEXT) for name in ("filename", "media_type", "sha256", "storage_key"))
    return (*texts, size)


def among(column: str, *words: str) -> str:
    """The condition that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


def one_of(column: str, *words: str) -> sa.CheckConstraint:
    """The column holds one of these words, or nothing where it is optional."""
    return check(f"{column}_known", among(column, *words))


def check(name: str, condition: str) -> sa.CheckConstraint:
    """The condition holds, or is unknown, in every row."""
    return sa.CheckConstraint(condition, name=name)


def only_one(name: str, *columns: str, where: str) -> sa.Index:
    """Of the rows that fulfil the condition, one for each value of the columns."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)
