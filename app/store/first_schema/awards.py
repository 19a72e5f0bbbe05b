"""Awards and what is handed over with them (Art. 6, 8, 22, 23)."""

from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    JSON,
    TEXT,
    WHOLE,
    check,
    identified,
    one_of,
    only_one,
    optional,
    refers,
    required,
    schema,
)

# An award (Art. 22). A first or later award takes a numbered seat; a repeated one (复评, Art. 6) takes none.
awards = Table(
    "awards",
    schema,
    refers("round_id", "rounds"),
    refers("candidate_id", "candidates"),
    refers("application_id", "applications"),
    refers("organisation_id", "organisations", index=True),
    required("awarded_name", TEXT),
    required("former_names", JSON),
    # As the decree has printed it.
    optional("decreed_name", TEXT),
    required("award_year", WHOLE),
    required("state", TEXT),
    required("first_award", FLAG),
    required("repeat_award", FLAG),
    optional("seat_category", TEXT),
    optional("seat_number", WHOLE),
    required("prize_fen", WHOLE),
    required("operating", FLAG),
    refers("decree_id", "decrees", optional=True, index=True),
    optional("conferred_on", DAY),
    optional("valid_until", DAY),
    optional("certificate_number", TEXT),
    optional("certificate_issued_on", DAY),
    optional("plaque_number", TEXT),
    optional("revoked_on", DAY),
    optional("revocation_annulled_on", DAY),
    optional("withdrawn_on", DAY),
    optional("withdrawn_reason", TEXT),
    optional("withdrawn_ground", TEXT),
    optional("withdrawn_item", WHOLE),
    required("version", WHOLE),
    *identified(),
    one_of("state", "approved", "conferred", "withdrawn", "revoked"),
    check("conferred_is_dated", "state IN ('approved', 'withdrawn') OR valid_until IS NOT NULL"),
    check(
        "seat_unless_repeat",
        "(repeat_award AND seat_category IS NULL AND seat_number IS NULL)"
        " OR (NOT repeat_award AND seat_category IS NOT NULL AND seat_number IS NOT NULL)"
        " OR (state = 'withdrawn' AND seat_category IS NULL AND seat_number IS NULL)",
    ),
    check("prize_for_first_only", "prize_fen >= 0 AND (prize_fen = 0 OR first_award)"),
    ForeignKeyConstraint(
        ["round_id", "seat_category", "seat_number"],
        ["round_seats.round_id", "round_seats.seat_category", "round_seats.number"],
        name="fk_awards_seat",
    ),
    UniqueConstraint("application_id"),
    UniqueConstraint("candidate_id"),
    UniqueConstraint("certificate_number"),
    UniqueConstraint("plaque_number"),
    UniqueConstraint("round_id", "organisation_id"),
    UniqueConstraint("round_id", "seat_category", "seat_number"),
)

# A plaque, from its order to its recovery (Art. 8, 22, 26, 28); of an award one is in circulation.
plaques = Table(
    "plaques",
    schema,
    refers("award_id", "awards", index=True),
    refers("replaces_id", "plaques", optional=True),
    *(required(name, TEXT) for name in ("number", "inscription", "state")),
    optional("maker", TEXT),
    required("ordered_on", DAY),
    refers("ordered_by", "accounts"),
    optional("delivered_on", DAY),
    optional("handed_over_on", DAY),
    *(optional(name, TEXT) for name in ("received_by", "handover_evidence")),
    optional("lost_on", DAY),
    optional("lost_reason", TEXT),
    optional("recovered_on", DAY),
    optional("recovery_evidence", TEXT),
    optional("returned_on", DAY),
    optional("return_evidence", TEXT),
    optional("cancelled_reason", TEXT),
    *identified(),
    one_of("state", "ordered", "delivered", "handed_over", "lost", "recovered", "cancelled"),
    check("handed_over_to_somebody", "(handed_over_on IS NULL) = (received_by IS NULL)"),
    UniqueConstraint("number"),
    only_one(
        "uq_plaques_one_in_circulation", "award_id", where="state IN ('ordered', 'delivered', 'handed_over')"
    ),
)
