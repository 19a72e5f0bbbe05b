"""What the database keeps by itself: the audit chain cannot be rewritten, its head and the feeds' heads exist."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FEEDS = ("disbursements", "recommendations")
GENESIS = "0" * 64

_SQLITE = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
APPEND_ONLY = ("audit_entries", "eligibility_checks", "condition_decisions", "payment_reports", "deadline_extensions")


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for event in ("UPDATE", "DELETE"):
                op.execute(_SQLITE.format(table=table, event=event))
    else:
        op.execute(_FUNCTION)
        for table in APPEND_ONLY:
            op.execute(_POSTGRESQL.format(table=table))
    op.bulk_insert(
        sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash")),
        [{"id": 1, "seq": 0, "hash": GENESIS}],
    )
    op.bulk_insert(
        sa.table("feed_heads", sa.column("feed"), sa.column("position")),
        [{"feed": feed, "position": 0} for feed in FEEDS],
    )


def downgrade() -> None:
    op.execute("DELETE FROM feed_heads")
    op.execute("DELETE FROM audit_head")
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for event in ("UPDATE", "DELETE"):
                op.execute(f"DROP TRIGGER {table}_no_{event}")
    else:
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
