"""Rows that are final: whoever changes one past the service, in whatever column, is found with the row and the time
since when (Art. 10, 22, 29), though no entry of the log repeats what was changed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, Uuid, create_engine, delete, insert, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from app import cli
from app.kernel.checkpoints import Checkpoint, Contradicted
from app.kernel.row_marking import mark_final_rows
from app.kernel.security.sealing import Keyring
from app.kernel.settings import Settings
from app.store import row_marks
from app.store.base import Instant, Word
from app.store.final_rows import NOT_MARKED, FinalRow, final_row, final_rows
from app.store.first_schema.columns import schema
from app.store.first_schema.guards import REMOVED_FROM
from app.store.models import Base
from app.store.row_marks import GENESIS, RowMark, Unmarked, append, holds, linked, mark_of
from app.store.sealed import sealed
from sandbox.stages.rounds import open_round
from sandbox.world import World
from tests.api.test_audit import put_guards_back
from tests.api.test_audit_record import Look, grow, look, own_keys, paid, past_all_guards, sign, told

__all__ = ["look", "own_keys", "paid"]


def test_every_column_is_marked_or_named_with_its_reason() -> None:
    """By construction: a table or a column that nobody thought of is final from its beginning."""
    known = set(Base.metadata.tables)
    assert known >= NOT_MARKED.keys() and all(NOT_MARKED.values())
    marked = {spec.table.name: spec for spec in final_rows()}
    assert marked.keys() == known - NOT_MARKED.keys()
    for name, spec in marked.items():
        columns = {column.name for column in spec.table.columns}
        parts = [column for part in spec.parts for column in part.columns]
        assert len(parts) == len(set(parts)) and not set(parts) & spec.open.keys(), name
        # A column that came after the first schema belongs to a part of its own: old marks have not seen it.
        assert set(parts) | spec.open.keys() == columns, name
        assert set(spec.parts[0].columns) <= {column.name for column in schema.tables[name].columns}
        assert all(part.since is None or part.since in parts for part in spec.parts), name
        assert all(spec.open.values()) and len({part.name for part in spec.parts}) == len(spec.parts)
    # What the service removes cannot be missed.
    assert not REMOVED_FROM & marked.keys()


@pytest.fixture
def marked(world: World, own_keys: Settings, paid: object) -> Checkpoint:
    """A round that is over, with its money paid, under a checkpoint."""
    made = sign(world, own_keys)
    assert made is not None and made.rows > 100
    return made


def test_what_is_final_is_marked_once(world: World, own_keys: Settings, look: Look, marked: Checkpoint) -> None:
    found = look()
    assert (found["intact"], found["marks"]) == (True, marked.rows)
    grow(world, 2041)
    second = sign(world, own_keys)
    # The year, and what came with the act that made it.
    assert second is not None and 0 < second.rows - marked.rows < 5
    assert look()["intact"]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_no_row_is_passed_over_between_two_pages(
    world: World, own_keys: Settings, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Whatever the length of a page, and of a table whose key has two columns as well."""
    open_round(world)
    with monkeypatch.context() as patch:
        patch.setattr(row_marks, "BATCH", size)
        first = sign(world, own_keys)
    call = world.client.portal.call  # type: ignore[union-attr]
    state = world.client.app.state  # type: ignore[attr-defined]
    whole = call(mark_final_rows, state.database, state.clock)
    assert first is not None and (first.rows, first.rows_head) == whole
    assert whole.position > 20


class Hand:
    """The owner of the database, with triggers, keys and CHECKs out of his way."""

    def __init__(self, database_url: str) -> None:
        past_all_guards(database_url, "SELECT 1")
        self._engine = create_engine(database_url, poolclass=NullPool)
        self._asleep = "PRAGMA ignore_check_constraints = ON" if "sqlite" in database_url else _NO_TRIGGERS

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            connection.execute(text(self._asleep))
            yield connection

    def rows(self, spec: FinalRow) -> list[dict[str, Any]]:
        with self._engine.begin() as connection:
            return [dict(row) for row in connection.execute(select(spec.table)).mappings()]

    def write(self, spec: FinalRow, row: dict[str, Any], values: dict[str, Any]) -> None:
        same = [column == row[column.name] for column in spec.table.primary_key]
        with self.writing() as connection:
            connection.execute(update(spec.table).where(*same).values(values))

    def changed(self, spec: FinalRow, row: dict[str, Any], name: str) -> bool:
        """Whether the column could be given another value: a key may be in the way."""
        new = another(spec, name, row[name])
        with suppress(IntegrityError):
            self.write(spec, row, {name: new})
            return bool(new != row[name])
        return False

    def remove(self, spec: FinalRow, row: dict[str, Any]) -> None:
        with self.writing() as connection:
            connection.execute(delete(spec.table).where(*(c == row[c.name] for c in spec.table.primary_key)))

    def put_back(self, spec: FinalRow, row: dict[str, Any]) -> None:
        with self.writing() as connection:
            connection.execute(insert(spec.table).values(row))


_NO_TRIGGERS = "SET session_replication_role = replica"


def another(spec: FinalRow, name: str, value: Any) -> Any:
    """Another value of the column than this one."""
    column = spec.table.columns[name]
    if isinstance(column.type, Word):
        return next((word for word in column.type.words if word != value), value)
    if isinstance(column.type, JSON):
        return {"changed": True}
    if isinstance(value, bytes):
        # Sealed for this row, but changed.
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 1)
    return value + 1 if isinstance(value, int | Decimal) else f"{value} changed"


def test_whatever_is_changed_of_a_final_row_is_found(
    world: World, look: Look, marked: Checkpoint, database_url: str
) -> None:
    """Each part of each table that the round has filled, one after the other, and put back."""
    hand = Hand(database_url)
    tried: set[tuple[str, str]] = set()
    for spec in final_rows():
        rows = hand.rows(spec)
        keys = {column.name for column in spec.table.primary_key}
        for part in spec.parts:
            row = next((row for row in rows if part.is_final(row)), None)
            if row is None or not (names := [name for name in part.columns if name not in keys and row[name]]):
                continue
            # One column, another each time, so that it is not the whole that shows it.
            start = len(tried) % len(names)
            name = next((name for name in names[start:] + names[:start] if hand.changed(spec, row, name)), None)
            if name is None:
                continue
            faults = told(look(), "rows")
            hand.write(spec, row, {name: row[name]})
            tried.add((spec.table.name, part.name))
            assert len(faults) == 1, (spec.table.name, name, faults)
            assert faults[0].startswith(f"{spec.table.name} ") and faults[0].endswith(f"changed since: {part.name}")
            assert marked.at.isoformat()[:10] in faults[0]
    put_guards_back(database_url)
    assert look()["intact"]
    assert {name for name, _ in tried} >= {"decrees", "awards", "notices", "evaluations", "disbursements", "candidates"}
    assert tried >= {("applications", "form"), ("awards", "conferred_on"), ("rounds", "called_at")}


def test_each_column_of_a_part_is_in_its_mark(tmp_path: Path) -> None:
    """Whatever the round has not filled."""
    seals, tried = Keyring(tmp_path / "data-keys.json"), 0
    for spec in final_rows():
        row = {column.name: _sample(spec, column.name, seals) for column in spec.table.columns}
        for part in spec.parts:
            mark = mark_of(seals, spec, part, row)
            assert mark is not None and holds(seals, spec, part, row, mark)
            for name in part.columns:
                for other in (another(spec, name, row[name]), None):
                    if other != row[name]:
                        assert not holds(seals, spec, part, row | {name: other}, mark), (spec.table.name, name)
                        tried += 1
            # Nor is it that of another part of the row, or of another row.
            others = [item for item in spec.parts if item is not part]
            assert not any(holds(seals, spec, item, row, mark) for item in others)
    assert tried > 800


def _sample(spec: FinalRow, name: str, seals: Keyring) -> Any:
    kind = spec.table.columns[name].type
    if isinstance(kind, Word):
        return next(iter(kind.words))
    if isinstance(kind, JSON):
        return ["one", {"two": 2}]
    if isinstance(kind, Uuid):
        return UUID(int=7)
    if name.startswith("sealed_"):
        text_of = name.removeprefix("sealed_")
        return sealed(seals, "sample", table=spec.table.name, column=text_of, row=UUID(int=7))
    if isinstance(kind, Instant):
        return datetime(2024, 5, 1, 8, tzinfo=UTC)
    samples: dict[type, Any] = {bool: True, int: 5, Decimal: Decimal("7.50"), date: date(2024, 5, 1), str: "text"}
    return samples[kind.python_type]


def test_a_final_row_that_is_gone_is_found(look: Look, marked: Checkpoint, database_url: str) -> None:
    hand = Hand(database_url)
    for name in ("notices", "condition_decisions", "organisation_verifications"):
        spec = final_row(name)
        row = hand.rows(spec)[0]
        hand.remove(spec, row)
        said = told(look(), "rows")
        assert said and all("and is gone" in item and str(row["id"]) in item for item in said)
        hand.put_back(spec, row)
    put_guards_back(database_url)
    assert look()["intact"]


def test_whoever_marks_the_changed_row_anew_contradicts_the_checkpoint(
    world: World, look: Look, own_keys: Settings, marked: Checkpoint, database_url: str
) -> None:
    """The operator, who has the keys as well: the marks are chained, and their end was signed."""
    hand, spec = Hand(database_url), final_row("decrees")
    row = hand.rows(spec)[0]
    hand.write(spec, row, {"number": "会府字〔2024〕99号"})
    seals, marks = Keyring.of(own_keys), _marks(database_url)
    last = GENESIS
    for mark in marks:
        if mark["of_table"] == "decrees":
            part = spec.part(mark["part"])
            assert part is not None
            mark["mark"] = mark_of(seals, spec, part, hand.rows(spec)[0])
        last = mark["hash"] = linked(last, RowMark(**{**mark, "hash": ""}))
    with hand.writing() as connection:
        connection.execute(delete(_TABLE))
        connection.execute(insert(_TABLE), marks)
    put_guards_back(database_url)
    found = look()
    assert told(found, "rows") == []
    assert any("the marks of final rows are not those of" in item for item in told(found, "checkpoints"))
    grow(world, 2041)
    with pytest.raises(Contradicted):
        sign(world, own_keys)


_TABLE = Base.metadata.tables["row_marks"]


def _marks(database_url: str) -> list[dict[str, Any]]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(_TABLE).order_by(_TABLE.c.position)).mappings()]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM row_marks WHERE position = 3", "row_marks 3: missing up to 3"),
        ("UPDATE row_marks SET part = 'other' WHERE position = 3", "row_marks 3: altered"),
        ("UPDATE row_marks SET of_table = 'audit_head' WHERE position = 3", "nothing of this table is marked"),
        ("UPDATE row_marks SET of_row = '[\"x\"]' WHERE position = 3", "row_marks 3: altered"),
        ("DELETE FROM row_marks WHERE position > 3", "the marks of final rows are not those of"),
        ("DELETE FROM row_marks", "the marks of final rows are not those of"),
    ],
)
def test_marks_that_were_changed_or_cut_off_are_found(
    world: World, own_keys: Settings, look: Look, database_url: str, statement: str, what: str
) -> None:
    open_round(world)
    made = sign(world, own_keys)
    assert made is not None and made.rows > 3
    past_all_guards(database_url, statement)
    assert any(what in f"{item['where']}: {item['what']}" for item in look()["faults"])


def test_without_the_key_that_marked_nothing_is_said_of_the_rows(
    world: World, own_keys: Settings, look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of what is sealed: how many are closed, by key; put back, all of them are looked at."""
    open_round(world)
    marked = sign(world, own_keys)
    assert marked is not None
    place = own_keys.data_keys
    kept = place.read_bytes()
    place.unlink()
    # No command goes on as if nothing were missing.
    assert cli.main(["verify-audit"]) == 2
    Keyring.of(own_keys)
    capsys.readouterr()
    assert cli.main(["verify-audit", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["faults"] and sum(found["closed"].values()) >= marked.rows
    place.write_bytes(kept)
    assert look()["closed"] == {}


def test_marks_that_no_checkpoint_has_signed_yet_are_signed_by_the_next(
    world: World, own_keys: Settings, look: Look
) -> None:
    """A kill between the two, and two processes at once: of the second nothing is marked twice."""
    open_round(world)
    state = world.client.app.state  # type: ignore[attr-defined]
    call = world.client.portal.call  # type: ignore[union-attr]
    first = call(mark_final_rows, state.database, state.clock)
    assert first.position > 3 and look()["intact"]
    assert call(mark_final_rows, state.database, state.clock) == first
    made = sign(world, own_keys)
    assert made is not None and (made.rows, made.rows_head) == first
    again = Unmarked("rounds", "[]", "made", "of another")

    async def both() -> None:
        async with state.database.writing() as one:
            await append(one, [again], at=state.clock.now())
            await append(one, [again], at=state.clock.now())

    with pytest.raises(IntegrityError):
        call(both)
    assert look()["marks"] == made.rows
