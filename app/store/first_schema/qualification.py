"""The qualification review (Art. 17): adverse records (Art. 13(6)), corrections, decisions on conditions."""

from sqlalchemy import Index, Table

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    INSTANT,
    JSON,
    TEXT,
    check,
    identified,
    one_of,
    optional,
    refers,
    required,
    schema,
)

# One record under 13(6): what, when, from whom, on what evidence, attributable to whom, found how. It is its
# organisation's; `application_id` is of the round in which it came up, where it came up in one.
adverse_records = Table(
    "adverse_records",
    schema,
    refers("organisation_id", "organisations", index=True),
    refers("application_id", "applications", index=True, optional=True),
    refers("consultation_id", "consultations", optional=True),
    required("origin", TEXT),
    required("category", TEXT),
    required("fact", TEXT),
    optional("basis", TEXT),
    optional("occurred_on", DAY),
    optional("determined_on", DAY),
    required("source", TEXT),
    required("rectified", FLAG),
    optional("credential_kind", TEXT),
    optional("credential_number", TEXT),
    optional("attributable", FLAG),
    required("finding", TEXT),
    optional("severity", TEXT),
    optional("decision_reason", TEXT),
    refers("decided_by", "accounts", optional=True),
    optional("decided_at", INSTANT),
    optional("notified_at", INSTANT),
    optional("reply_due_at", INSTANT),
    optional("reply", TEXT),
    optional("replied_at", INSTANT),
    *identified(),
    one_of("finding", "open", "confirmed", "denied"),
    one_of(
        "category",
        "fatal_accident",
        "quality_complaint",
        "attributable_return",
        "failed_inspection",
        "labour_dishonesty",
        "false_statistics",
        "tax_dishonesty",
        "other_violation",
    ),
    one_of("origin", "declared", "department", "office", "objection"),
    one_of("severity", "bars", "does_not_bar"),
    one_of("credential_kind", "certificate", "licence", "safety"),
    check("credential_named", "(credential_kind IS NULL) = (credential_number IS NULL)"),
    check("dated", "occurred_on IS NOT NULL OR determined_on IS NOT NULL"),
)

# What was decided of a record until another decision took its place.
former_findings = Table(
    "former_findings",
    schema,
    refers("record_id", "adverse_records"),
    required("finding", TEXT),
    optional("attributable", FLAG),
    optional("severity", TEXT),
    *identified(),
    one_of("finding", "open", "confirmed", "denied"),
    one_of("severity", "bars", "does_not_bar"),
    Index("ix_former_findings_record", "record_id", "id"),
)

# A request for correction (补正) with its own date (Art. 17).
corrections = Table(
    "corrections",
    schema,
    refers("application_id", "applications", index=True),
    required("items", JSON),
    required("due_at", INSTANT),
    required("state", TEXT),
    optional("answered_at", INSTANT),
    refers("requested_by", "accounts"),
    *identified(),
    one_of("state", "open", "answered", "expired"),
)

# A person's decision on one condition of one application; the newest of a rule counts, earlier ones stay.
condition_decisions = Table(
    "condition_decisions",
    schema,
    refers("application_id", "applications"),
    required("rule", TEXT),
    required("outcome", TEXT),
    required("reason", TEXT),
    required("evidence", TEXT),
    required("about", JSON),
    refers("decided_by", "accounts"),
    *identified(),
    one_of("outcome", "pass", "fail"),
    Index("ix_condition_decisions_application", "application_id", "rule", "id"),
)
