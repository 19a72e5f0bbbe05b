"""What follows an award (Art. 23 to 27, 31): visits, misuse of the title, sharing, reports of forgery."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    BYTES,
    DAY,
    FLAG,
    INSTANT,
    JSON,
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

# A visit to a current winner (Art. 27): planned, then made with findings and follow-up.
visits = Table(
    "visits",
    schema,
    refers("award_id", "awards", index=True),
    required("state", TEXT),
    required("planned_on", DAY),
    optional("visited_on", DAY),
    required("visitors", JSON),
    optional("findings", TEXT),
    optional("follow_up", TEXT),
    refers("recorded_by", "accounts"),
    *identified(),
    one_of("state", "planned", "made", "cancelled"),
)

# Misuse of the title or mark, with its correction order (Art. 23); by itself it revokes nothing.
title_misuses = Table(
    "title_misuses",
    schema,
    refers("award_id", "awards", index=True),
    required("use", TEXT),
    optional("year_named", WHOLE),
    required("used_on", DAY),
    required("found_on", DAY),
    required("description", TEXT),
    required("evidence", TEXT),
    required("order_text", TEXT),
    required("correct_by", DAY),
    required("state", TEXT),
    optional("corrected_on", DAY),
    optional("correction", TEXT),
    refers("recorded_by", "accounts"),
    *identified(),
    one_of("state", "ordered", "corrected"),
    one_of("use", "image", "product", "package"),
)

# Sharing of experience by a winner (Art. 25). What is a trade secret is never published; declining is legitimate.
sharing_activities = Table(
    "sharing_activities",
    schema,
    refers("award_id", "awards", index=True),
    required("kind", TEXT),
    required("held_on", DAY),
    required("title", TEXT),
    required("description", TEXT),
    required("trade_secret", FLAG),
    refers("recorded_by", "accounts"),
    *identified(),
    one_of("kind", "held", "declined_trade_secret"),
)

# A report by anyone of a forged or misused mark, plaque or certificate, or of an unlawful review (Art. 31), as
# everybody but its investigator knows it. What came in lies in `mark_report_originals`, away from ordinary queries.
mark_reports = Table(
    "mark_reports",
    schema,
    required("kind", TEXT),
    required("state", TEXT),
    required("tracking_hash", TEXT),
    # Who alone reads the original, and what he says of it to all others.
    refers("investigator_id", "accounts", optional=True),
    *(optional(name, TEXT) for name in ("conflict_check", "summary")),
    optional("summarised_at", INSTANT),
    optional("follow_up", TEXT),
    refers("followed_up_by", "accounts", optional=True),
    optional("followed_up_at", INSTANT),
    *identified(),
    one_of("kind", "forgery", "misuse", "unauthorised_review"),
    one_of("state", "received", "followed_up"),
    check("summary_dated", "(summary IS NULL) = (summarised_at IS NULL)"),
    UniqueConstraint("tracking_hash"),
)

# A report as it came: about whom, who reported, how to reach him, his words. Every reading is audited.
mark_report_originals = Table(
    "mark_report_originals",
    schema,
    refers("report_id", "mark_reports"),
    *(required(f"sealed_{name}", BYTES) for name in ("subject", "description")),
    *(optional(f"sealed_{name}", BYTES) for name in ("name", "contact")),
    *identified(),
    UniqueConstraint("report_id"),
)

# An investigator who has recused himself from a report, for good.
mark_report_recusals = Table(
    "mark_report_recusals",
    schema,
    refers("report_id", "mark_reports"),
    refers("account_id", "accounts"),
    required("reason", TEXT),
    *identified(),
    UniqueConstraint("report_id", "account_id"),
)
