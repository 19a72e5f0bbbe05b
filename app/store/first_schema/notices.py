"""What was made public, frozen with its hash (Art. 17, 21, 26, 28)."""

from sqlalchemy import Table

from app.store.first_schema.columns import (
    DAY,
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

# One publication through news media. The period runs from the latest medium to `ends_at` (exclusive).
notices = Table(
    "notices",
    schema,
    refers("round_id", "rounds", optional=True, index=True),
    required("kind", TEXT),
    required("title", TEXT),
    required("media", JSON),
    required("published_on", DAY),
    optional("last_day", DAY),
    optional("ends_at", INSTANT),
    required("body", JSON),
    required("body_hash", TEXT),
    optional("mark", TEXT),
    optional("marked_on", DAY),
    optional("mark_basis", TEXT),
    refers("mark_notice_id", "notices", optional=True),
    *identified(),
    one_of(
        "kind",
        "candidates",
        "addition",
        "correction",
        "removal",
        "revocation",
        "exclusion",
        "annulment",
        "qualified_list",
    ),
    one_of("mark", "withdrawn", "corrected"),
    check("mark_has_day", "(mark IS NULL) = (marked_on IS NULL)"),
    check("period_complete", "ends_at IS NULL OR last_day IS NOT NULL"),
)

# Media as the office has registered them (Art. 21), each by a document that says what it is.
media = Table(
    "media",
    schema,
    *(required(name, TEXT) for name in ("name", "kind", "document")),
    refers("registered_by", "accounts", optional=True),
    optional("ended_on", DAY),
    optional("ended_reason", TEXT),
    refers("ended_by", "accounts", optional=True),
    *identified(),
    one_of("kind", "newspaper", "broadcaster", "county_media_centre", "news_website", "government_website"),
    check("end_has_reason", "(ended_on IS NULL) = (ended_reason IS NULL)"),
)
