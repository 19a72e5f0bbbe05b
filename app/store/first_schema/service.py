"""What the service needs for itself: feeds, answers kept for repeated requests, numbers, counted attempts."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import BYTES, ID, INSTANT, JSON, TEXT, WHOLE, identified, optional, required, schema

# One change in a feed. `position` is given after commit, under a lock: a reader's cursor skips nothing.
feed_events = Table(
    "feed_events",
    schema,
    required("feed", TEXT),
    required("audience", TEXT),
    required("kind", TEXT),
    required("subject_id", ID),
    required("data", JSON),
    optional("trace_id", TEXT),
    optional("position", WHOLE),
    *identified(),
    UniqueConstraint("feed", "position"),
    Index("ix_feed_events_audience", "feed", "audience", "position"),
    Index("ix_feed_events_feed", "feed", "id"),
)

# The last position given in a feed.
feed_heads = Table(
    "feed_heads",
    schema,
    required("feed", TEXT, primary_key=True),
    required("position", WHOLE),
)

# An `Idempotency-Key` and the answer that it got, written in the transaction of the effect.
idempotency_records = Table(
    "idempotency_records",
    schema,
    required("scope", TEXT),
    required("key", TEXT),
    required("fingerprint", TEXT),
    required("standing", TEXT),
    optional("status", WHOLE),
    optional("headers", JSON),
    optional("body", BYTES),
    *identified(),
    UniqueConstraint("scope", "key"),
)

# The last number given in a series.
number_series = Table(
    "number_series",
    schema,
    required("series", TEXT, primary_key=True),
    required("last", WHOLE),
)

# How many attempts there were under a key, a hash, until its window ends.
attempt_counters = Table(
    "attempt_counters",
    schema,
    required("key", TEXT, primary_key=True),
    required("window_ends", INSTANT, index=True),
    required("attempts", WHOLE),
    optional("shut_until", INSTANT),
)

# When a kind of sweep is due next.
sweep_turns = Table(
    "sweep_turns",
    schema,
    required("kind", TEXT, primary_key=True),
    required("due_at", INSTANT),
)

# What of a row is final, as a keyed hash, chained to the mark before; a checkpoint signs the last.
row_marks = Table(
    "row_marks",
    schema,
    required("position", WHOLE, primary_key=True, autoincrement=False),
    required("of_table", TEXT),
    required("of_row", TEXT),
    required("part", TEXT),
    required("mark", TEXT),
    required("at", INSTANT),
    required("hash", TEXT),
    UniqueConstraint("of_table", "of_row", "part"),
    UniqueConstraint("hash"),
)
