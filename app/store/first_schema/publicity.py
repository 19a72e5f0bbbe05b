"""The candidate list (Art. 20, 21)."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
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

# A name of the candidate list (Art. 20, 21) with the publicity that it has had in its present form.
candidates = Table(
    "candidates",
    schema,
    refers("round_id", "rounds", index=True),
    refers("application_id", "applications"),
    refers("organisation_id", "organisations", index=True),
    refers("notice_id", "notices"),
    required("published_name", TEXT),
    # As the list printed it when the round was concluded.
    optional("closed_name", TEXT),
    required("seat_category", TEXT),
    required("repeat_award", FLAG),
    required("rank", WHOLE),
    required("state", TEXT),
    optional("removed_reason", TEXT),
    optional("removed_rule", TEXT),
    optional("removed_at", INSTANT),
    optional("withdrawn_on", DAY),
    *identified(),
    one_of("seat_category", "manufacturing", "other"),
    check("removal_reasoned", "state = 'listed' OR removed_reason IS NOT NULL"),
    one_of("state", "listed", "removed"),
    UniqueConstraint("application_id"),
)
