"""A database of a given size: every table that the measured requests touch has that many rows, foreign keys kept.

One organisation, account, submitted application, endorsement, candidacy, award with its seat, ordered prize, feed
event, objection and audit entry for each row; a hundred concluded rounds, and one round whose publicity runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event, insert, update

from app.kernel.security.sealing import Keyring
from app.store.applications import Application
from app.store.approval import Approval, Decree
from app.store.audit import AuditHead
from app.store.base import Base
from app.store.feeds import FeedHead
from app.store.identity import Account
from app.store.notices import Notice
from app.store.organisations import Organisation
from app.store.publicity import Candidate
from app.store.recommendations import Recommendation
from app.store.rounds import Round
from app.store.sealed import WithSealed, sealed_in
from app.store.sweeps import SweepTurn
from benchmarks.rows import TABLES, Line, Values, approval_row, chained, decree_row, notice_row, round_row
from sandbox.migrating import migrate
from sandbox.seed import known, seed

# The measured service stands at this instant: the publicity runs, tokens are valid, answers are alike in every run.
NOW = datetime(2024, 7, 3, 2, tzinfo=UTC)
_ROUNDS = 100
_CHUNK = 2_000
_SAMPLES = 200
_TURNS = ("all", "checkpoint", "retention")
_IDLE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Population:
    """What the requests are made of: applications with their applicants' accounts, the candidates in the public notice
    period."""

    rows: int
    applications: list[tuple[UUID, UUID]]
    candidates: list[UUID]
    platform: UUID


def populate(url: str, rows: int, data_keys: Path) -> Population:
    """Migrate an empty database and fill it. `data_keys`: the file of the keys that seal some of it."""
    seals = Keyring(data_keys)
    migrate(url)
    seed(url)
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    with engine.begin() as connection:
        rounds = [round_row(number) for number in range(1, _ROUNDS + 1)]
        notices = [notice_row(row) for row in rounds]
        _add(connection, Round, rounds)
        _add(connection, Approval, [approval_row(row) for row in rounds])
        _add(connection, Decree, [decree_row(row) for row in rounds])
        _add(connection, Notice, notices)
        applications: list[tuple[UUID, UUID]] = []
        for first in range(0, rows, _CHUNK):
            lines = [
                Line(number, rounds[number % _ROUNDS], notices[number % _ROUNDS], number // _ROUNDS + 1)
                for number in range(first, min(first + _CHUNK, rows))
            ]
            for model, made in TABLES:
                _add(connection, model, [made(line) for line in lines], seals)
            applications += [(line.application, line.account) for line in lines]
        connection.execute(update(FeedHead).where(FeedHead.feed == "disbursements").values(position=rows))
        connection.execute(update(AuditHead).values(seq=rows, hash=chained(rows)))
        candidates = _open_publicity(connection, seals)
        # What a service does each hour it has just done: a first checkpoint of millions of rows is nobody's usual hour.
        _add(connection, SweepTurn, [{"kind": kind, "due_at": datetime.now(UTC) + _IDLE} for kind in _TURNS])
    _settle(engine)
    engine.dispose()
    step = max(1, rows // _SAMPLES)
    return Population(rows, applications[::step][:_SAMPLES], candidates, known("account:payment_platform"))


def _open_publicity(connection: Connection, seals: Keyring) -> list[UUID]:
    """The round of today, as the law has it: two manufacturers and one other."""
    row = round_row(_ROUNDS + 1, "publicity")
    notice = notice_row(row)
    lines = [Line(900_000 + seat, row, notice, seat) for seat in (1, 2, 3)]
    _add(connection, Round, [row])
    _add(connection, Notice, [notice])
    for model, made in TABLES:
        if model in (Organisation, Account, Application, Recommendation, Candidate):
            _add(connection, model, [made(line) for line in lines], seals)
    return [line.candidate for line in lines]


def _add(connection: Connection, model: type[Base], values: list[Values], seals: Keyring | None = None) -> None:
    if seals is not None and issubclass(model, WithSealed):
        values = [sealed_in(seals, model, row) for row in values]
    connection.execute(insert(model), values)


def _hurry(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "foreign_keys=ON", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")


def _settle(engine: Engine) -> None:
    """Leave nothing of the filling to be done during the measurement. PostgreSQL's statistics, which its own vacuum
    would gather, are gathered at once; SQLite has none unless somebody asks, and the service does not."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
