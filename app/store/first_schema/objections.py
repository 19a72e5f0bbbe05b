"""Objections (Art. 21), and apart from them what came in and from whom."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    BYTES,
    INSTANT,
    TEXT,
    WHOLE,
    check,
    identified,
    one_of,
    optional,
    refers,
    required,
    schema,
)

# An objection, formal or informal, as everybody but its investigator knows it. What came in lies in
# `objection_originals`, away from every ordinary query.
objections = Table(
    "objections",
    schema,
    refers("round_id", "rounds"),
    refers("candidate_id", "candidates", index=True),
    *(required(name, TEXT) for name in ("class", "classified_because", "state")),
    optional("classification_reason", TEXT),
    optional("judged_informal_at", INSTANT),
    required("received_at", INSTANT),
    # On paper: the mark under which the letter is filed, and who entered it.
    optional("letter_reference", TEXT),
    refers("entered_by", "accounts", optional=True),
    required("tracking_hash", TEXT),
    # Who alone reads the original, and what he says of it to all others.
    refers("investigator_id", "accounts", optional=True),
    *(optional(name, TEXT) for name in ("conflict_check", "summary")),
    optional("summarised_at", INSTANT),
    *(optional(name, TEXT) for name in ("verification", "outcome_reason", "outcome_public")),
    optional("closed_at", INSTANT),
    refers("closed_by", "accounts", optional=True),
    required("version", WHOLE),
    *identified(),
    one_of("class", "formal", "informal"),
    one_of("state", "received", "under_verification", "upheld", "dismissed", "inadmissible", "informal", "answered"),
    check("summary_dated", "(summary IS NULL) = (summarised_at IS NULL)"),
    UniqueConstraint("tracking_hash"),
    Index("ix_objections_round", "round_id", "id"),
)

# An objection as it came: who objected, how to reach him, his words. Every reading is audited.
objection_originals = Table(
    "objection_originals",
    schema,
    refers("objection_id", "objections"),
    *(optional(f"sealed_{name}", BYTES) for name in ("name", "contact", "facts", "evidence")),
    *identified(),
    UniqueConstraint("objection_id"),
)

# Evidence, or the scan of an objection on paper: part of the original. The bytes lie in the file store under
# `storage_key`.
objection_files = Table(
    "objection_files",
    schema,
    refers("objection_id", "objections", index=True),
    required("sealed_filename", BYTES),
    required("media_type", TEXT),
    required("size", WHOLE),
    *(required(name, TEXT) for name in ("sha256", "storage_key")),
    refers("uploaded_by", "accounts", optional=True),
    *identified(),
    UniqueConstraint("storage_key"),
)

# That its investigator has read an objection as it came.
objection_readings = Table(
    "objection_readings",
    schema,
    refers("objection_id", "objections"),
    refers("account_id", "accounts", index=True),
    *identified(),
    UniqueConstraint("objection_id", "account_id"),
)

# That an investigator has asked to read an objection or a report as it came, and what another person has said to it.
disclosures = Table(
    "disclosures",
    schema,
    refers("objection_id", "objections", optional=True, index=True),
    refers("report_id", "mark_reports", optional=True, index=True),
    refers("asked_by", "accounts"),
    required("reason", TEXT),
    required("ends_at", INSTANT),
    refers("decided_by", "accounts", optional=True),
    optional("decided_at", INSTANT),
    *(optional(name, TEXT) for name in ("outcome", "statement")),
    optional("read_at", INSTANT),
    # By nobody's account where the operator's command has ended it.
    optional("withdrawn_at", INSTANT),
    refers("withdrawn_by", "accounts", optional=True),
    *identified(),
    one_of("outcome", "released", "refused"),
    check("withdrawn_by_when_withdrawn", "withdrawn_by IS NULL OR withdrawn_at IS NOT NULL"),
    check("of_one_matter", "(objection_id IS NULL) <> (report_id IS NULL)"),
    check("decided_by_another", "decided_by <> asked_by"),
    check("decided_whole", "(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)"),
    check("read_when_released", "read_at IS NULL OR (outcome IS NOT NULL AND outcome = 'released')"),
)

# An investigator who has recused himself, for good as far as this organisation goes.
objection_recusals = Table(
    "objection_recusals",
    schema,
    refers("objection_id", "objections"),
    refers("account_id", "accounts", index=True),
    refers("organisation_id", "organisations"),
    required("reason", TEXT),
    *identified(),
    UniqueConstraint("objection_id", "account_id"),
)
