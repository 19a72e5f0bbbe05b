"""What departments are asked, and their answers (Art. 17)."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    INSTANT,
    JSON,
    TEXT,
    identified,
    one_of,
    optional,
    refers,
    required,
    schema,
)

# One department asked about one application: only code, name, period and its categories of 13(6) (Art. 17).
consultations = Table(
    "consultations",
    schema,
    refers("round_id", "rounds"),
    refers("application_id", "applications"),
    refers("department_id", "departments"),
    required("categories", JSON),
    required("period_from", DAY),
    required("period_to", DAY),
    required("due_at", INSTANT),
    required("state", TEXT),
    optional("answer", TEXT),
    optional("remark", TEXT),
    optional("answered_at", INSTANT),
    refers("answered_by", "accounts", optional=True),
    optional("letter_number", TEXT),
    optional("signatory", TEXT),
    refers("stamped_opinion_id", "stamped_opinions", optional=True),
    optional("non_response_reason", TEXT),
    refers("non_response_by", "accounts", optional=True),
    *identified(),
    one_of("answer", "no_objection", "adverse", "not_applicable"),
    one_of("state", "asked", "answered", "non_response"),
    UniqueConstraint("application_id", "department_id"),
    Index("ix_consultations_department", "department_id", "round_id", "id"),
    Index("ix_consultations_round", "round_id", "state"),
)
