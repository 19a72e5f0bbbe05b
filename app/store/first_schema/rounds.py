"""Rounds, their seats (Art. 6), and the deadlines that were moved."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
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

# One 届. `parameters` and `review_rules` are the copies frozen at the call; `ordinal` is given there too (Art. 6).
rounds = Table(
    "rounds",
    schema,
    required("year", WHOLE),
    required("title", TEXT),
    required("state", TEXT),
    required("lane", WHOLE),
    optional("ordinal", WHOLE),
    optional("instrument_number", TEXT),
    optional("parameters", JSON),
    optional("readings", JSON),
    required("review_rules", JSON),
    required("review_rules_hash", TEXT),
    optional("call", JSON),
    optional("called_at", INSTANT),
    optional("deadline", DAY),
    optional("concluded_at", INSTANT),
    optional("cancelled_reason", TEXT),
    required("is_sample", FLAG),
    required("version", WHOLE),
    *identified(),
    one_of(
        "state",
        "draft",
        "called",
        "qualified",
        "onsite",
        "evaluated",
        "deliberated",
        "publicity",
        "proposed",
        "approved",
        "concluded",
        "cancelled",
    ),
    check("called_complete", "state IN ('draft', 'cancelled') OR (ordinal IS NOT NULL AND deadline IS NOT NULL)"),
    check("single_lane", "lane = 1"),
    UniqueConstraint("ordinal"),
    only_one(
        "uq_rounds_one_live",
        "lane",
        where=among(
            "state", "approved", "called", "deliberated", "evaluated", "onsite", "proposed", "publicity", "qualified"
        ),
    ),
)

# One numbered seat of a category. Made at the call from the instrument; an award takes one, so the cap is a key.
round_seats = Table(
    "round_seats",
    schema,
    refers("round_id", "rounds", primary_key=True),
    required("seat_category", TEXT, primary_key=True),
    required("number", WHOLE, primary_key=True),
)

# A deadline moved as an act: for the whole round, or for one application's correction or recommendation.
deadline_extensions = Table(
    "deadline_extensions",
    schema,
    refers("round_id", "rounds", index=True),
    required("kind", TEXT),
    refers("application_id", "applications", optional=True, index=True),
    required("old_deadline", DAY),
    required("new_deadline", DAY),
    required("reason", TEXT),
    required("channel", TEXT),
    refers("decided_by", "accounts"),
    *identified(),
    one_of("kind", "submission", "recommendation", "consultation", "correction"),
)
