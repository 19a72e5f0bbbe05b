"""The audit chain: every act, the end that the next one is chained to, and what was signed of it."""

from sqlalchemy import Index, Table, UniqueConstraint, text

from app.store.first_schema.columns import ID, INSTANT, JSON, TEXT, WHOLE, check, one_of, optional, required, schema

# One act, chained to the one before by hash. Triggers in the database refuse update and delete.
audit_entries = Table(
    "audit_entries",
    schema,
    required("seq", WHOLE, primary_key=True, autoincrement=False),
    required("at", INSTANT),
    required("act", TEXT),
    optional("actor_id", ID),
    required("actor_role", TEXT),
    required("subject_type", TEXT),
    optional("subject_id", ID),
    optional("round_id", ID),
    required("request_id", TEXT),
    optional("origin", TEXT),
    optional("session_id", ID),
    required("outcome", TEXT),
    required("details", JSON),
    required("previous_hash", TEXT),
    required("hash", TEXT),
    UniqueConstraint("hash"),
    one_of("outcome", "done", "refused"),
    Index("ix_audit_entries_round", "round_id", "seq"),
    Index(
        "ix_audit_entries_actor",
        "actor_id",
        "seq",
        sqlite_where=text("actor_id IS NOT NULL"),
        postgresql_where=text("actor_id IS NOT NULL"),
    ),
    Index("ix_audit_entries_subject", "subject_type", "subject_id", "seq"),
)

# The end of the chain: one row, locked by whoever appends, so that entries are numbered without gap.
audit_head = Table(
    "audit_head",
    schema,
    required("id", WHOLE, primary_key=True, autoincrement=False),
    required("seq", WHOLE),
    required("hash", TEXT),
    check("single", "id = 1"),
)

# The end of the chain as it was at an instant, signed: published, and written outside of the database as well.
audit_checkpoints = Table(
    "audit_checkpoints",
    schema,
    required("size", WHOLE, primary_key=True, autoincrement=False),
    required("head", TEXT),
    required("at", INSTANT),
    required("kid", TEXT),
    required("signed", TEXT),
)
