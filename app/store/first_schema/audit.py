"""The audit chain: every act, and the end that the next one is chained to."""

from sqlalchemy import Index, Table, UniqueConstraint

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
