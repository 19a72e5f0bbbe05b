"""What the database keeps of Art. 6, 8, 9 and 26 by itself: one kind of award, exact amounts, recoveries in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROUND_PRIZE = {
    "sqlite": "(SELECT json_extract(parameters, '$.prize_fen') FROM rounds WHERE id = NEW.round_id)",
    "postgresql": "(SELECT (parameters->>'prize_fen')::bigint FROM rounds WHERE id = NEW.round_id)",
}


def _guards(dialect: str) -> tuple[tuple[str, str, str], ...]:
    """Table, name, and what must never be true of a row that is written."""
    return (
        ("awards", "repeat_is_not_first", "NEW.repeat_award AND NEW.first_award"),
        ("awards", "plaque_for_first_only", "NEW.plaque_number IS NOT NULL AND NOT NEW.first_award"),
        ("awards", "prize_is_exact", f"NEW.prize_fen <> 0 AND NEW.prize_fen <> {_ROUND_PRIZE[dialect]}"),
        ("awards", "revoked_is_dated", "NEW.state = 'revoked' AND NEW.revoked_on IS NULL"),
        (
            "disbursements",
            "disbursement_is_the_awards_prize",
            "NOT EXISTS (SELECT 1 FROM awards WHERE id = NEW.award_id AND organisation_id = NEW.organisation_id"
            " AND prize_fen = NEW.amount_fen)",
        ),
        (
            "disbursements",
            "paid_has_its_confirmation",
            "NEW.state = 'paid' AND (NEW.confirmation_number IS NULL OR NEW.paid_on IS NULL)",
        ),
        (
            "payment_reports",
            "payment_is_exact",
            "NEW.outcome = 'paid' AND (NEW.amount_fen IS NULL OR NOT EXISTS (SELECT 1 FROM disbursements"
            " WHERE id = NEW.disbursement_id AND amount_fen = NEW.amount_fen))",
        ),
        (
            "recoveries",
            "recovered_in_full",
            "NEW.recovered_fen < 0 OR NEW.recovered_fen > NEW.amount_fen"
            " OR (NEW.state = 'recovered' AND NEW.recovered_fen <> NEW.amount_fen)",
        ),
    )


_SQLITE = """
CREATE TRIGGER {name}_{event} BEFORE {event} ON {table} WHEN {never}
BEGIN SELECT RAISE(ABORT, '{name}'); END
"""
_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger AS $$
BEGIN
    IF {never} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""
_POSTGRESQL = "CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column("recoveries", sa.Column("recovered_fen", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE recoveries SET recovered_fen = amount_fen WHERE state = 'recovered'")
    op.create_table(
        "recovery_entries",
        sa.Column("recovery_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("recovered_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_recovery_entries_amount_not_negative")),
        sa.ForeignKeyConstraint(["recovery_id"], ["recoveries.id"], name=op.f("fk_recovery_entries_recovery_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_recovery_entries_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_entries")),
    )
    op.create_index(op.f("ix_recovery_entries_recovery_id"), "recovery_entries", ["recovery_id"])
    for table, name, never in _guards(dialect):
        if dialect == "sqlite":
            for event in ("INSERT", "UPDATE"):
                op.execute(_SQLITE.format(name=name, event=event, table=table, never=never))
        else:
            op.execute(_FUNCTION.format(name=name, never=never))
            op.execute(_POSTGRESQL.format(name=name, table=table))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, name, _ in _guards(dialect):
        if dialect == "sqlite":
            for event in ("INSERT", "UPDATE"):
                op.execute(f"DROP TRIGGER {name}_{event}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("recovery_entries")
    op.drop_column("recoveries", "recovered_fen")
