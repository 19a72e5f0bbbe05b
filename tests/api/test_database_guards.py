"""What the database keeps by itself, whatever a line of code or a hand at it would write (Art. 6, 8, 9, 26)."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from typing import Any, cast

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError

from app.store.first_schema.guards import KEPT, REMOVED_FROM
from app.store.models import Base
from sandbox.stages.awarded import concluded
from sandbox.stages.money import acknowledge, order, pay
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, decide, submit


class _Late:
    """A connection that is opened when it is first used: a stage is put back only where nobody holds the database."""

    def __init__(self, url: str, open_until: ExitStack) -> None:
        self._url, self._open_until = url, open_until

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    @cached_property
    def _connection(self) -> Connection:
        engine = create_engine(self._url)
        self._open_until.callback(engine.dispose)
        made = self._open_until.enter_context(engine.connect())
        if made.dialect.name == "sqlite":
            made.exec_driver_sql("PRAGMA foreign_keys=ON")
        return made


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with ExitStack() as open_until:
        yield cast(Connection, _Late(database_url, open_until))


def refused(connection: Connection, statement: str, name: str) -> None:
    """The database refuses the statement by this constraint."""
    with pytest.raises(IntegrityError, match=name), connection.begin_nested():
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("seat_number = 3", r"(?i)foreign key|fk_awards_seat"),
        ("seat_category = 'other', seat_number = 2", r"(?i)foreign key|fk_awards_seat"),
        ("seat_category = NULL", "seat_unless_repeat"),
        ("repeat_award = true", "repeat_is_not_first|seat_unless_repeat"),
        ("repeat_award = true, first_award = false, prize_fen = 0, plaque_number = NULL", "seat_unless_repeat"),
        ("repeat_award = true, seat_category = NULL, seat_number = NULL", "repeat_is_not_first"),
        (
            "repeat_award = true, first_award = false, seat_category = NULL, seat_number = NULL, plaque_number = NULL",
            "prize_for_first_only",
        ),
        (
            "repeat_award = true, first_award = false, prize_fen = 0, seat_category = NULL, seat_number = NULL",
            "plaque_for_first_only",
        ),
        ("prize_fen = 9999999", "prize_is_exact"),
        ("prize_fen = 10000001", "prize_is_exact"),
        ("state = 'lost'", "state_known"),
        ("state = 'revoked'", "revoked_is_dated"),
        ("state = 'revoked', revoked_under = 'fraud'", "revoked_is_dated"),
        # What revoked it, and that it was taken back, is told as well (Art. 22, 26, 28).
        ("state = 'revoked', revoked_on = '2025-01-01'", "revoked_is_dated"),
        ("valid_until = NULL", "conferred_is_dated"),
    ],
)
def test_no_award_is_what_the_measures_do_not_know(
    world: World, connection: Connection, change: str, name: str
) -> None:
    concluded(world, {})
    refused(connection, f"UPDATE awards SET {change}", name)
    connection.execute(text("UPDATE awards SET state = 'revoked', revoked_on = '2025-01-01', revoked_under = 'fraud'"))


def test_a_seat_is_taken_once(world: World, connection: Connection) -> None:
    concluded(world, {}, {})
    refused(
        connection,
        "UPDATE awards SET seat_number = 1",
        r"awards.seat_number|uq_awards_round_id_seat_category_seat_number",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("amount_fen = 9999999", "disbursement_is_the_awards_prize"),
        ("amount_fen = 0", "disbursement_is_the_awards_prize|amount_positive"),
        ("state = 'lost'", "state_known"),
        ("state = 'paid'", "paid_has_its_confirmation"),
        ("state = 'paid', confirmation_number = 'PAY-1'", "paid_has_its_confirmation"),
    ],
)
def test_no_disbursement_is_of_another_amount_or_paid_without_receipt(
    world: World, connection: Connection, change: str, name: str
) -> None:
    order(world, concluded(world, {}).winners[0])
    refused(connection, f"UPDATE disbursements SET {change}", name)
    connection.execute(
        text("UPDATE disbursements SET state = 'paid', confirmation_number = 'PAY-1', paid_on = '2024-06-03'")
    )


def copied(connection: Connection, table: str, **changes: str) -> str:
    """The statement that inserts a copy of the table's row, but for the changes."""
    row = connection.execute(text(f"SELECT * FROM {table}")).mappings().first()
    assert row is not None
    names = [str(name) for name in row]
    values = [changes.get(name, f'"{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table}"


def test_there_is_no_second_prize_and_none_for_another_organisation(world: World, connection: Connection) -> None:
    first, second = concluded(world, {}, {}).winners
    order(world, first)
    new: dict[str, Any] = {"id": _id(connection, "1"), "confirmation_number": "NULL"}
    other_award, other = _id(connection, second.award_id), _id(connection, second.organisation_id)
    refused(connection, copied(connection, "disbursements", **new), r"(?i)unique")
    same_person = new | {"award_id": other_award, "organisation_id": other}
    refused(connection, copied(connection, "disbursements", **same_person), r"(?i)lineage_id")
    other_lineage = new | {"award_id": other_award, "lineage_id": other}
    refused(connection, copied(connection, "disbursements", **other_lineage), "disbursement_is_the_awards_prize")
    connection.execute(text(copied(connection, "disbursements", **other_lineage | {"organisation_id": other})))


def _id(connection: Connection, value: str) -> str:
    digits = value.replace("-", "").rjust(32, "0")
    return f"'{digits}'" if connection.dialect.name == "sqlite" else f"'{digits}'::uuid"


def test_a_payment_is_entered_once_with_its_amount_and_never_changed(world: World, connection: Connection) -> None:
    first, second = concluded(world, {}, {}).winners
    paid, other = pay(world, order(world, first)), acknowledge(world, order(world, second))
    new = {"id": _id(connection, "1")}
    refused(connection, copied(connection, "payment_reports", **new), r"(?i)unique")
    to_other = new | {"disbursement_id": _id(connection, other["id"])}
    refused(connection, copied(connection, "payment_reports", **to_other), r"(?i)confirmation_key")
    # Another writing of the number is no other payment.
    written = to_other | {"confirmation_number": "'PAY-OTHER'"}
    refused(connection, copied(connection, "payment_reports", **written), r"(?i)confirmation_key")
    numbered = written | {"confirmation_key": "'pay-other'"}
    refused(connection, copied(connection, "payment_reports", **numbered | {"amount_fen": "1"}), "payment_is_exact")
    refused(connection, copied(connection, "payment_reports", **numbered | {"amount_fen": "NULL"}), "payment_is_exact")
    refused(connection, "UPDATE payment_reports SET paid_on = '2024-06-04'", "append-only")
    refused(connection, "DELETE FROM payment_reports", "append-only")
    connection.execute(text(copied(connection, "payment_reports", **numbered)))
    assert paid["state"] == "paid"


def test_what_stays_on_record_is_not_put_out_of_the_way_by_a_row_of_its_key(
    world: World, connection: Connection
) -> None:
    """As another program would, whose connection has asked for nothing (`recursive_triggers`)."""
    pay(world, order(world, concluded(world, {}).winners[0]))
    tried = set()
    everywhere = set(Base.metadata.tables) - REMOVED_FROM - {"number_series", "sweep_turns"}
    for table in sorted(everywhere) if connection.dialect.name == "sqlite" else KEPT:
        before = connection.execute(text(f"SELECT * FROM {table}")).all()
        if not before:
            continue
        tried.add(table)
        key = next(iter(Base.metadata.tables[table].primary_key)).name
        if connection.dialect.name == "sqlite":
            copy = copied(connection, table)
            refused(connection, copy.replace("INSERT", "INSERT OR REPLACE"), "UNIQUE")
            refused(connection, copy.replace("INSERT", "INSERT OR IGNORE"), "UNIQUE")
            refused(connection, f"UPDATE OR REPLACE {table} SET rowid = rowid + 1", "append-only|no row of")
            refused(connection, f"DELETE FROM {table}", "append-only|no row of")
            if len(before) > 1 and table not in KEPT and table != "round_seats":
                # Another row's key.
                first = f"(SELECT {key} FROM {table} ORDER BY {key} LIMIT 1)"
                onto = f"UPDATE OR REPLACE {table} SET {key} = {first} WHERE {key} <> {first}"
                refused(connection, onto, "UNIQUE|FOREIGN KEY")
        else:
            over = f"{copied(connection, table)} ON CONFLICT ({key}) DO UPDATE SET {key} = excluded.{key}"
            if table == "notices":
                # What is marked beside a notice may change; that is all that this does.
                connection.execute(text(over))
            else:
                refused(connection, over, "append-only")
        assert connection.execute(text(f"SELECT * FROM {table}")).all() == before
    assert tried >= {"audit_entries", "notices", "payment_reports", "eligibility_checks"}
    assert connection.dialect.name != "sqlite" or tried >= {"awards", "decrees", "accounts", "disbursements", "rounds"}


def test_another_row_is_not_put_out_of_the_way_by_a_row_that_takes_its_place(
    world: World, connection: Connection
) -> None:
    """By a key that holds for some rows alone: one verified registration of a credit code."""
    concluded(world, {})
    if connection.dialect.name != "sqlite":
        return
    other = copied(connection, "organisations", id=_id(connection, "6")) + " LIMIT 1"
    refused(connection, other.replace("INSERT", "INSERT OR REPLACE"), "organisations.uscc")
    # A claim stands in nobody's way; verified beside the other it would.
    claim = copied(connection, "organisations", id=_id(connection, "7"), state="'unverified'") + " LIMIT 1"
    connection.execute(text(claim))
    verified = f"UPDATE OR REPLACE organisations SET state = 'verified' WHERE id = {_id(connection, '7')}"
    refused(connection, verified, "organisations.uscc")


def test_a_row_on_record_is_not_put_out_of_the_way_by_sqlites_own_number(world: World, connection: Connection) -> None:
    concluded(world, {})
    if connection.dialect.name != "sqlite":
        return
    (number,) = connection.execute(text("SELECT min(rowid) FROM notices")).one()
    copy = copied(connection, "notices", id=_id(connection, "1")) + f" WHERE rowid = {number}"
    numbered = copy.replace("INSERT INTO notices (", "INSERT OR REPLACE INTO notices (rowid, ")
    refused(connection, numbered.replace("SELECT ", f"SELECT {number}, ", 1), "notices.rowid")
    connection.execute(text(copy))


@pytest.mark.parametrize("change", ["recovered_fen = 10000001", "recovered_fen = -1", "state = 'recovered'"])
def test_a_recovery_is_closed_by_its_whole_amount(world: World, connection: Connection, change: str) -> None:
    winner = concluded(world, {}).winners[0]
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    refused(connection, f"UPDATE recoveries SET {change} WHERE item = 'prize'", "recovered_in_full")
    whole = "UPDATE recoveries SET recovered_fen = 10000000, state = 'recovered' WHERE item = 'prize'"
    connection.execute(text(whole))
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True
