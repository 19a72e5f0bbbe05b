"""The SQL of a request: recorded while the service answers it, then given to its engines again without the service.

A replay sends the same statements in the same transactions and reads every row. Only what the database keeps unique is
made anew each time: ids, receipts, places in the audit chain.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.store.base import new_id
from app.store.database import Database

_INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]+)\) VALUES \((.+)\)", re.DOTALL)
_NAMED = re.compile(r"%\((\w+)\)s")
# The option of what went over the connections that only read.
_READER = "reader"
_UNIQUE = frozenset({"id", "tracking_hash", "seq", "hash"})
# Rows that are written beside their entries in the chain: see `app/store/beside.py`.
_ROWS_AS_JSON = "jsonb_to_recordset"
_AUDIT_HEAD = re.compile(r"SELECT\b.*\bFROM audit_head\b", re.DOTALL)


@dataclass(slots=True)
class Transaction:
    """Statements with their parameters, under the execution options that the service had chosen."""

    options: dict[str, Any]
    statements: list[tuple[str, Any]] = field(default_factory=list)
    committed: bool = False


@dataclass(slots=True)
class Script:
    """All transactions of one request, and the values in them that can stand in the database only once."""

    transactions: list[Transaction] = field(default_factory=list)
    unique: set[Any] = field(default_factory=set)

    @property
    def length(self) -> int:
        return sum(len(transaction.statements) for transaction in self.transactions)

    def note_unique(self) -> None:
        for transaction in self.transactions:
            if _READER in transaction.options:
                continue
            for statement, parameters in transaction.statements:
                self.unique |= set(_unique_values(statement, parameters))


@contextlib.contextmanager
def recording(database: Database) -> Iterator[Script]:
    """What happens in the database meanwhile; one request at a time."""
    engines = {database.engine.sync_engine, database.reading_engine.sync_engine}
    script = Script()
    open_ones: dict[int, Transaction] = {}

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        kept = {name: value for name, value in options.items() if name in ("award_writer", "postgresql_readonly")}
        open_ones[id(connection)] = Transaction(kept)
        script.transactions.append(open_ones[id(connection)])

    def execute(
        connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        if not statement.startswith("BEGIN"):
            open_ones[id(connection)].statements.append((statement, parameters))

    def commit(connection: Connection) -> None:
        open_ones[id(connection)].committed = True

    listeners: list[tuple[str, Callable[..., None]]] = [
        ("begin", begin),
        ("before_cursor_execute", execute),
        ("commit", commit),
    ]
    read = database.reader.fetch

    async def fetch(sql: str, arguments: Sequence[object]) -> Sequence[Iterable[object]]:
        script.transactions.append(Transaction({_READER: True}, [(sql, arguments)]))
        return await read(sql, arguments)

    watched = [(engine, name, listener) for engine in engines for name, listener in listeners]
    for engine, name, listener in watched:
        event.listen(engine, name, listener)
    database.reader.fetch = fetch  # type: ignore[method-assign]
    try:
        yield script
    finally:
        database.reader.fetch = read  # type: ignore[method-assign]
        for engine, name, listener in watched:
            event.remove(engine, name, listener)
        script.note_unique()


class Replayer:
    """Sends scripts to the service's engines. SQLite's writers queue at one lock, as the service's do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_writer = asyncio.Lock() if database.is_sqlite else None
        self._views: dict[tuple[tuple[str, Any], ...], AsyncEngine] = {}

    async def replay(self, script: Script) -> int:
        """The whole request; answers how many rows it read."""
        fresh = {value: _fresh(value) for value in script.unique}
        rows = 0
        for transaction in script.transactions:
            if _READER in transaction.options:
                for statement, parameters in transaction.statements:
                    rows += len(await self._database.reader.fetch(statement, parameters))
                continue
            writes = self._one_writer if "award_writer" in transaction.options else None
            async with writes or contextlib.nullcontext(), self._view(transaction).connect() as connection:
                for statement, parameters in transaction.statements:
                    rows += await self._execute(connection, statement, parameters, fresh)
                if transaction.committed:
                    await connection.commit()
        return rows

    def _view(self, transaction: Transaction) -> AsyncEngine:
        key = tuple(sorted(transaction.options.items()))
        if key not in self._views:
            writes = "award_writer" in transaction.options
            engine = self._database.engine if writes else self._database.reading_engine
            self._views[key] = engine.execution_options(**transaction.options)
        return self._views[key]

    async def _execute(
        self, connection: AsyncConnection, statement: str, parameters: Any, fresh: dict[Any, Any]
    ) -> int:
        result = await connection.exec_driver_sql(statement, _replaced(parameters, fresh) if fresh else parameters)
        if not result.returns_rows:
            return 0
        if fresh and _AUDIT_HEAD.match(statement):
            # The next place in the chain is known only now that its end is locked.
            seq = result.mappings().one()["seq"] + 1
            fresh.update({value: seq for value in fresh if type(value) is int})
            return 1
        return len(result.all())


def acting(replayer: Replayer, scripts: list[Script]) -> Callable[[int], Awaitable[int]]:
    """One script after the other, round and round."""
    return lambda number: replayer.replay(scripts[number % len(scripts)])


def _unique_values(statement: str, parameters: Any) -> Iterator[Any]:
    if _ROWS_AS_JSON in statement:
        for rows in (json.loads(value) for value in parameters if isinstance(value, str)):
            yield from (value for row in rows for name, value in row.items() if name in _UNIQUE)
        return
    found = _INSERT.search(statement)
    if found is None:
        return
    columns = [column.strip().strip('"') for column in found.group(2).split(",")]
    if isinstance(parameters, dict):
        values = [parameters[name] for name in _NAMED.findall(found.group(3))]
    else:
        values = list(parameters)
    yield from (value for column, value in zip(columns, values, strict=True) if column in _UNIQUE)


def _fresh(value: Any) -> Any:
    if isinstance(value, UUID):
        return new_id()
    if isinstance(value, str):
        if len(value) == 36:
            return str(new_id())
        return new_id().hex if len(value) == 32 else secrets.token_hex(32)
    return value


def _replaced(parameters: Any, fresh: dict[Any, Any]) -> Any:
    if isinstance(parameters, dict):
        return {name: _one(value, fresh) for name, value in parameters.items()}
    return tuple(_one(value, fresh) for value in parameters)


def _one(value: Any, fresh: dict[Any, Any]) -> Any:
    if isinstance(value, str) and value.startswith("[{"):
        for old, new in fresh.items():
            value = value.replace(str(old), str(new))
        return value
    # `True` is no place in the chain.
    return fresh.get(value, value) if type(value) in (int, str, UUID) else value
