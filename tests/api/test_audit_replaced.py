"""Rows that an act may replace as a whole: whoever changes one past the service, or the entry that tells of it, is
found (Art. 11, 21)."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool

from app.store.audit import AuditEntry
from app.store.final_rows import REPLACED, final_row, final_rows
from app.store.replaced_rows import REPLACED_ROWS, ReplacedRow
from sandbox.stages.decision import Contender, Evaluated, deliberate, evaluated_round, verify_record
from sandbox.stages.law import holiday_year
from sandbox.world import World, ok
from tests.api.test_audit import put_guards_back
from tests.api.test_audit_record import Look, look, own_keys, rewrite, told
from tests.api.test_audit_rows import Hand, another

__all__ = ["look", "own_keys"]

_GONE = "the log tells of it, and its row is gone"
_UNTOLD = "the log does not tell of it"


def test_every_column_that_an_act_replaces_is_compared() -> None:
    """By construction: whatever is excused from the marks for its entry's sake is compared with the entry."""
    excused = {
        spec.table.name: {name for name, reason in spec.open.items() if reason == REPLACED} for spec in final_rows()
    }
    assert {name: columns for name, columns in excused.items() if columns} == {
        kind.table.name: set(kind.columns) for kind in REPLACED_ROWS
    }


@pytest.fixture
def met(world: World) -> Evaluated:
    """A committee that has met; one applicant's record was verified twice, a year of holidays imported twice."""
    made = evaluated_round(world, Contender(), Contender(score="700"))
    verify_record(world, made.ids[0], "fail")
    world.clock.forward(hours=1)
    deliberate(world, made.round_id)
    year = holiday_year(2031)
    ok(world.office.post("/v1/holiday-years", year), 201)
    ok(world.office.post("/v1/holiday-years", year | {"source": "样例：更正后的通知"}), 201)
    return made


def rows_of(hand: Hand, kind: ReplacedRow) -> list[dict[str, Any]]:
    return hand.rows(final_row(kind.table.name))


def place_of(kind: ReplacedRow, row: dict[str, Any]) -> str:
    return f"{kind.table.name} {row[kind.key]}"


def test_what_was_replaced_by_an_act_is_as_it_should_be(look: Look, met: Evaluated) -> None:
    assert (found := look())["intact"], found["faults"]


@pytest.mark.parametrize("kind", REPLACED_ROWS, ids=lambda kind: kind.table.name)
def test_each_column_that_was_changed_is_found(
    look: Look, met: Evaluated, database_url: str, kind: ReplacedRow
) -> None:
    hand, spec = Hand(database_url), final_row(kind.table.name)
    row = rows_of(hand, kind)[0]
    for name in sorted(kind.columns):
        new = another(spec, name, row[name]) if row[name] is not None else "样例：别人"
        if name == kind.by:
            new = next(key for key in accounts(database_url) if key != row[name])
        hand.write(spec, row, {name: new})
        (fault,) = told(look(), "decisions")
        assert fault.startswith(f"{place_of(kind, row)}: entry ") and fault.endswith(f"tells otherwise: {name}")
        hand.write(spec, row, {name: row[name]})
    put_guards_back(database_url)
    assert look()["intact"]


def accounts(database_url: str) -> list[UUID]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        return list(connection.execute(select(final_row("accounts").table.c.id)).scalars())


@pytest.mark.parametrize("kind", REPLACED_ROWS, ids=lambda kind: kind.table.name)
def test_a_row_that_is_gone_and_one_that_no_act_made_are_found(
    look: Look, met: Evaluated, database_url: str, kind: ReplacedRow
) -> None:
    hand, spec = Hand(database_url), final_row(kind.table.name)
    row = rows_of(hand, kind)[0]
    hand.remove(spec, row)
    assert told(look(), "decisions") == [f"{place_of(kind, row)}: {_GONE}"]
    hand.put_back(spec, row)
    if kind.table.name == "holiday_years":
        forged = row | {"year": 2032}
    else:
        # Of a round, an application, that no such act was about.
        forged = row | {"id": UUID(int=1), kind.key: UUID(int=2)}
    hand.put_back(spec, forged)
    assert told(look(), "decisions") == [f"{place_of(kind, forged)}: {_UNTOLD}"]


def test_an_older_finding_that_was_put_back_is_found(look: Look, met: Evaluated, database_url: str) -> None:
    """As an act had it once: the newest entry says what it is now."""
    hand = Hand(database_url)
    spec = final_row("social_verifications")
    row = next(row for row in hand.rows(spec) if str(row["application_id"]) == met.ids[0])
    assert row["outcome"] == "pass"
    hand.write(spec, row, {"outcome": "fail"})
    (fault,) = told(look(), "decisions")
    assert fault.startswith(f"social_verifications {met.ids[0]}: entry ") and fault.endswith("otherwise: outcome")


@pytest.mark.parametrize("kind", REPLACED_ROWS, ids=lambda kind: kind.table.name)
def test_an_entry_that_was_rewritten_with_the_whole_chain_after_it_contradicts_its_row(
    look: Look, met: Evaluated, database_url: str, kind: ReplacedRow
) -> None:
    """The other way round: no checkpoint was signed yet, and every hash was computed anew."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        query = select(AuditEntry.seq, AuditEntry.details).where(AuditEntry.act == kind.act)
        number, details = connection.execute(query.order_by(AuditEntry.seq.desc())).first() or (0, {})
    changed = {**details, kind.told[-1]: "样例：别的话"}
    quoted = json.dumps(changed, ensure_ascii=False).replace("'", "''").replace(":", "\\:")
    rewrite(database_url, number, f"details = '{quoted}'")
    put_guards_back(database_url)
    found = look()
    assert not told(found, "chain")
    (fault,) = told(found, "decisions")
    assert fault.endswith(f"entry {number} tells otherwise: {kind.told[-1]}")
