"""Objections (Art. 21), and apart from them who objected."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import INSTANT, TEXT, WHOLE, identified, one_of, optional, refers, required, schema

# An objection, formal or informal. The objector's identity lies in `objector_identities`, away from every ordinary
# query.
objections = Table(
    "objections",
    schema,
    refers("round_id", "rounds"),
    refers("candidate_id", "candidates", index=True),
    *(required(name, TEXT) for name in ("class", "classified_because", "state", "facts")),
    optional("evidence", TEXT),
    required("received_at", INSTANT),
    # On paper: the mark under which the letter is filed, and who entered it.
    optional("letter_reference", TEXT),
    refers("entered_by", "accounts", optional=True),
    required("tracking_hash", TEXT),
    *(optional(name, TEXT) for name in ("verification", "outcome_reason", "outcome_public")),
    optional("closed_at", INSTANT),
    refers("closed_by", "accounts", optional=True),
    required("version", WHOLE),
    *identified(),
    one_of("class", "formal", "informal"),
    one_of("state", "received", "under_verification", "upheld", "dismissed", "inadmissible", "informal", "answered"),
    UniqueConstraint("tracking_hash"),
    Index("ix_objections_round", "round_id", "id"),
)

# Who objected and how to reach him: read by few, and every reading is audited.
objector_identities = Table(
    "objector_identities",
    schema,
    refers("objection_id", "objections"),
    optional("name", TEXT),
    optional("contact", TEXT),
    *identified(),
    UniqueConstraint("objection_id"),
)
