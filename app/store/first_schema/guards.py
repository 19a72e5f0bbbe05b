"""What the database refuses of what a hand at it or a line of code would write, and no key or CHECK can say: rows that
stay as they are, amounts that another table states (Art. 6, 8, 9, 26).

The number of seats (Art. 6) is kept by keys: see `round_seats` and `awards`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from app.store.first_schema.columns import schema


@dataclass(frozen=True)
class Guard:
    """What is refused, with this message: an event on a table, where the condition is met."""

    name: str
    table: str
    events: tuple[str, ...]
    # In SQL, of the row as it would be (`NEW`) and, before an update, as it is (`OLD`). Without one, every such event
    # is refused.
    never: str | None
    message: str


def _append_only(table: str) -> Guard:
    return Guard(f"{table}_append_only", table, ("UPDATE", "DELETE", "TRUNCATE"), None, f"{table} is append-only")


def _never(table: str, name: str, condition: str) -> Guard:
    return Guard(name, table, ("INSERT", "UPDATE"), condition, name)


GUARDS = (
    # What was found, decided, reported or done stays on record as it was.
    _append_only("audit_entries"),
    _append_only("audit_checkpoints"),
    _append_only("row_marks"),
    _append_only("eligibility_checks"),
    _append_only("condition_decisions"),
    # What an act that is dated back is judged by.
    _append_only("former_profiles"),
    _append_only("former_findings"),
    _append_only("payment_reports"),
    _append_only("deadline_extensions"),
    _append_only("anonymisations"),
    _append_only("issued_papers"),
    _append_only("paper_scans"),
    _append_only("name_confirmations"),
    # It stays as it came until its time is over, and what was anonymised is entered before it is.
    Guard(
        "objection_originals_kept",
        "objection_originals",
        ("DELETE", "TRUNCATE"),
        None,
        "objection_originals is append-only",
    ),
    Guard(
        "original_stays_as_it_came",
        "objection_originals",
        ("UPDATE",),
        "NEW.objection_id <> OLD.objection_id OR NOT EXISTS (SELECT 1 FROM anonymisations"
        " WHERE subject_type = 'objection' AND subject_id = OLD.objection_id)",
        "objection_originals is append-only",
    ),
    # Who asked to read who objected, and who released it.
    Guard("disclosures_kept", "disclosures", ("DELETE", "TRUNCATE"), None, "disclosures is append-only"),
    Guard(
        "disclosure_stays_as_decided",
        "disclosures",
        ("UPDATE",),
        "NEW.id <> OLD.id OR NEW.asked_by <> OLD.asked_by OR NEW.reason <> OLD.reason"
        " OR COALESCE(NEW.objection_id, NEW.report_id) <> COALESCE(OLD.objection_id, OLD.report_id)"
        " OR (OLD.outcome IS NOT NULL AND (NEW.outcome IS NULL OR NEW.outcome <> OLD.outcome"
        " OR NEW.decided_by <> OLD.decided_by OR NEW.decided_at <> OLD.decided_at OR NEW.ends_at <> OLD.ends_at))"
        " OR (OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at IS NULL OR NEW.withdrawn_at <> OLD.withdrawn_at"
        " OR COALESCE(NEW.withdrawn_by, NEW.id) <> COALESCE(OLD.withdrawn_by, OLD.id)))",
        "disclosure_stays_as_decided",
    ),
    # Read by everybody: what was published stays as it was; what becomes of it is marked beside it (Art. 21, 28).
    Guard("notices_kept", "notices", ("DELETE", "TRUNCATE"), None, "notices is append-only"),
    Guard(
        "notice_stays_as_published",
        "notices",
        ("UPDATE",),
        "NEW.id <> OLD.id OR NEW.title <> OLD.title OR NEW.body_hash <> OLD.body_hash"
        " OR NEW.published_on <> OLD.published_on OR NEW.ends_at <> OLD.ends_at",
        "notice_stays_as_published",
    ),
    # One kind of award (Art. 6), the prize and the plaque with the first one only (Art. 8).
    _never("awards", "repeat_is_not_first", "NEW.repeat_award AND NEW.first_award"),
    _never("awards", "plaque_for_first_only", "NEW.plaque_number IS NOT NULL AND NOT NEW.first_award"),
    _never("awards", "prize_is_exact", "NEW.prize_fen <> 0 AND NEW.prize_fen <> {prize_of_the_round}"),
    _never(
        "awards", "revoked_is_dated", "NEW.state = 'revoked' AND (NEW.revoked_on IS NULL OR NEW.revoked_under IS NULL)"
    ),
    # The exact amount, to the winner, once it is confirmed (Art. 8, 9).
    _never(
        "disbursements",
        "disbursement_is_the_awards_prize",
        "NOT EXISTS (SELECT 1 FROM awards WHERE id = NEW.award_id AND organisation_id = NEW.organisation_id"
        " AND prize_fen = NEW.amount_fen)",
    ),
    _never(
        "disbursements",
        "paid_has_its_confirmation",
        "NEW.state = 'paid' AND (NEW.confirmation_number IS NULL OR NEW.paid_on IS NULL)",
    ),
    _never(
        "payment_reports",
        "payment_is_exact",
        "NEW.outcome <> 'failed' AND (NEW.amount_fen IS NULL OR NOT EXISTS (SELECT 1 FROM disbursements"
        " WHERE id = NEW.disbursement_id AND amount_fen = NEW.amount_fen))",
    ),
    # Taken back in parts, closed by the whole (Art. 26).
    _never(
        "recoveries",
        "recovered_in_full",
        "NEW.recovered_fen < 0 OR NEW.recovered_fen > NEW.amount_fen"
        " OR (NEW.state = 'recovered' AND NEW.recovered_fen <> NEW.amount_fen)",
    ),
)

# Tables of which no row ever goes, whoever asks.
KEPT = tuple(guard.table for guard in GUARDS if guard.never is None)
# Whose rows go by themselves or with what they belong to; of no other table does the service remove a row.
REMOVED_FROM = frozenset(
    {
        *("account_sessions", "attempt_counters", "former_passwords", "idempotency_records", "invitations"),
        *("known_origins", "outside_identities", "proposed_entries", "recovery_codes", "refresh_tokens"),
        "second_factors",
    }
)
# Of which a row is written over by its key: a number, and whose turn it is.
_WRITTEN_OVER = frozenset({"number_series", "sweep_turns"})

# The one thing that the two databases say differently.
_PRIZE_OF_THE_ROUND = {
    "sqlite": "(SELECT json_extract(parameters, '$.prize_fen') FROM rounds WHERE id = NEW.round_id)",
    "postgresql": "(SELECT (parameters->>'prize_fen')::bigint FROM rounds WHERE id = NEW.round_id)",
}
# SQLite's `INSERT OR REPLACE` removes the row that is in its way without a word to a trigger of DELETE, unless the
# connection has asked for that (`recursive_triggers`), `UPDATE OR REPLACE` does so with another row than its own, and
# `INSERT OR IGNORE` says nothing. So a key that is there already is refused before any of them, in the words in which
# SQLite itself refuses it.
_KEPT_KEY = (
    "CREATE TRIGGER {table}_kept_{place} BEFORE INSERT ON {table}"
    " WHEN {of_new} AND EXISTS (SELECT 1 FROM {table} WHERE {same})"
    " BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {named}'); END"
)
_KEPT_FROM_OTHERS = (
    "CREATE TRIGGER {table}_kept_{place}_moved BEFORE UPDATE OF {columns} ON {table}"
    " WHEN {of_new} AND EXISTS (SELECT 1 FROM {table} WHERE {same} AND rowid <> OLD.rowid)"
    " BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {named}'); END"
)
# The number that SQLite itself gives a row is a key as well.
_KEPT_ROWID = (
    "CREATE TRIGGER {table}_rowid_stays BEFORE UPDATE ON {table} WHEN NEW.rowid <> OLD.rowid"
    " BEGIN SELECT RAISE(ABORT, 'no row of {table} goes'); END"
)
_ROWS_STAY = (
    "CREATE TRIGGER {table}_rows_stay BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'no row of {table} goes'); END"
)
_SQLITE = "CREATE TRIGGER {trigger} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
# One function serves all tables whose rows stay: the message names the table.
_REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql
"""
_REFUSE_ROW = """
CREATE FUNCTION {name}() RETURNS trigger AS $$
BEGIN
    IF {never} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""
_POSTGRESQL = "CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def statements(dialect: str) -> Iterator[str]:
    """What makes the guards in a database of this dialect: a trigger for each event on SQLite, which has no TRUNCATE;
    a function, and a trigger that calls it for all events, on PostgreSQL."""
    if dialect == "postgresql":
        yield _REFUSE_CHANGE
    if dialect == "sqlite":
        # Before the others: of two that refuse, SQLite asks the newer one first, which says what is wrong.
        for table in schema.sorted_tables:
            if table.name not in REMOVED_FROM | _WRITTEN_OVER:
                # On PostgreSQL the service's account has no right to remove one.
                if table.name not in KEPT:
                    yield _ROWS_STAY.format(table=table.name)
                yield from _keys_kept(table)
    for guard in GUARDS:
        never = guard.never and guard.never.format(prize_of_the_round=_PRIZE_OF_THE_ROUND[dialect])
        words = {"name": guard.name, "table": guard.table, "never": never, "message": guard.message}
        if dialect == "sqlite":
            for event in guard.events:
                if event != "TRUNCATE":
                    yield _on_sqlite(guard, event)[1]
        else:
            if never:
                yield _REFUSE_ROW.format(**words)
            each, function = ("ROW", guard.name) if never else ("STATEMENT", "refuse_change")
            yield _POSTGRESQL.format(**words, events=" OR ".join(guard.events), each=each, function=function)


def _keys_kept(table: Table) -> Iterator[str]:
    yield _KEPT_KEY.format(table=table.name, place=0, of_new="true", **_compared(table, ("rowid",)))
    for place, (columns, where) in enumerate(sorted(_keys(table)), start=1):
        words = {"table": table.name, "place": place, **_compared(table, columns, where)}
        asked = {*columns, *(column.name for column in table.columns if where and _column(column.name).search(where))}
        of_new = where or "true"
        for column in sorted(asked - set(columns)):
            of_new = _column(column).sub(f"NEW.{column}", of_new)
        yield _KEPT_KEY.format(**words, of_new=of_new)
        yield _KEPT_FROM_OTHERS.format(**words, of_new=of_new, columns=", ".join(f'"{name}"' for name in sorted(asked)))
    yield _KEPT_ROWID.format(table=table.name)


def _compared(table: Table, columns: tuple[str, ...], where: str = "") -> dict[str, str]:
    same = [f'"{column}" = NEW."{column}"' if column != "rowid" else "rowid = NEW.rowid" for column in columns]
    named = ", ".join(f"{table.name}.{column}" for column in columns)
    return {"same": " AND ".join([*same, *([f"({where})"] if where else [])]), "named": named}


def _column(name: str) -> re.Pattern[str]:
    """The name of a column where it stands in a condition, and not among its words."""
    return re.compile(rf"(?<!')\b{name}\b(?!')")


def _keys(table: Table) -> Iterator[tuple[tuple[str, ...], str]]:
    """The columns of each key of a table, and the rows that it holds for: all of them where that is empty."""
    for rule in table.constraints:
        if isinstance(rule, PrimaryKeyConstraint | UniqueConstraint):
            yield tuple(column.name for column in rule.columns), ""
    for index in table.indexes:
        if index.unique:
            where = index.dialect_options["sqlite"].get("where")
            yield tuple(column.name for column in index.columns), "" if where is None else str(where)


def lifted(dialect: str, table: str) -> tuple[list[str], list[str]]:
    """What lets the rows of a table that stay as they are be changed by its owner, within a transaction, and what
    forbids it again: for sealing anew, which changes no content."""
    guards = [
        item for item in GUARDS if item.table == table and "UPDATE" in item.events and "INSERT" not in item.events
    ]
    if dialect == "postgresql":
        named = [f"ALTER TABLE {table} {{}} TRIGGER {guard.name}" for guard in guards]
        return [words.format("DISABLE") for words in named], [words.format("ENABLE") for words in named]
    made = [_on_sqlite(guard, "UPDATE") for guard in guards]
    return [f"DROP TRIGGER {name}" for name, _ in made], [statement for _, statement in made]


def _on_sqlite(guard: Guard, event: str) -> tuple[str, str]:
    """The name of the trigger that refuses this event, and the statement that makes it."""
    name = f"{guard.name}_{event}" if guard.never else f"{guard.table}_no_{event}"
    never = guard.never and guard.never.format(prize_of_the_round=_PRIZE_OF_THE_ROUND["sqlite"])
    when = f"WHEN {never}" if never else ""
    return name, _SQLITE.format(trigger=name, event=event, table=guard.table, when=when, message=guard.message)


def undone(dialect: str) -> Iterator[str]:
    """What is left of the guards when the tables are gone: the functions."""
    if dialect == "postgresql":
        for name in ("refuse_change", *(guard.name for guard in GUARDS if guard.never)):
            yield f"DROP FUNCTION {name}()"
