"""What recommending units answer (Art. 3, 16), their stamped opinions, and how they are told of news."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    BYTES,
    DAY,
    INSTANT,
    JSON,
    TEXT,
    WHOLE,
    among,
    check,
    identified,
    one_of,
    only_one,
    optional,
    refers,
    required,
    schema,
)

# A unit's answer to an application. At most one is open or endorsed for an application (Art. 3).
recommendations = Table(
    "recommendations",
    schema,
    refers("application_id", "applications", index=True),
    refers("unit_id", "recommending_units"),
    required("state", TEXT),
    optional("due_at", INSTANT),
    required("content_hash", TEXT),
    optional("facts_verified", JSON),
    optional("opinion", TEXT),
    optional("signatory", TEXT),
    optional("signed_on", DAY),
    optional("industry_justification", TEXT),
    optional("reason", TEXT),
    refers("seal_attachment_id", "stamped_opinions", optional=True),
    optional("answered_at", INSTANT),
    refers("answered_by", "accounts", optional=True),
    optional("letter_number", TEXT),
    optional("order", WHOLE),
    # The county's department that endorses after a township, where the round's rules ask for it.
    refers("county_unit_id", "recommending_units", optional=True, index=True),
    optional("county_endorsement", JSON),
    refers("county_seal_id", "stamped_opinions", optional=True),
    required("version", WHOLE),
    *identified(),
    one_of("state", "requested", "endorsed", "declined", "returned", "lapsed"),
    Index("ix_recommendations_unit_state", "unit_id", "state", "id"),
    only_one("uq_recommendations_one_open", "application_id", where=among("state", "endorsed", "requested")),
)

# The scanned, stamped opinion of a unit (Art. 3) or of a department (Art. 17). The bytes lie in the file store under
# `storage_key`.
stamped_opinions = Table(
    "stamped_opinions",
    schema,
    refers("unit_id", "recommending_units", optional=True, index=True),
    refers("department_id", "departments", optional=True, index=True),
    required("filename", TEXT),
    required("media_type", TEXT),
    required("size", WHOLE),
    required("sha256", TEXT),
    required("storage_key", TEXT),
    refers("uploaded_by", "accounts"),
    *identified(),
    check("of_one", "(unit_id IS NULL) <> (department_id IS NULL)"),
    UniqueConstraint("storage_key"),
)

# An endpoint of a unit that is told, by id only, that something changed (Standard Webhooks).
webhooks = Table(
    "webhooks",
    schema,
    refers("unit_id", "recommending_units", index=True),
    required("url", TEXT),
    required("sealed_secret", BYTES),
    optional("sealed_previous_secret", BYTES),
    optional("previous_secret_until", INSTANT),
    *(required(name, WHOLE) for name in ("delivered_position", "failures")),
    optional("last_error", TEXT),
    optional("next_attempt_at", INSTANT),
    optional("claimed_until", INSTANT),
    optional("deactivated_at", INSTANT),
    optional("deactivated_reason", TEXT),
    *identified(),
    one_of("deactivated_reason", "by_unit", "failures", "gone"),
    check("deactivated_with_reason", "(deactivated_at IS NULL) = (deactivated_reason IS NULL)"),
    Index("ix_webhooks_due", "deactivated_at", "next_attempt_at"),
)
