"""The committee's meeting (Art. 11(5)), and what it is told of an applicant's record (Art. 11(4))."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import DAY, JSON, TEXT, identified, one_of, optional, refers, required, schema

# The review committee's meeting (Art. 11(5)). `conclusions`: per application votes, conclusion, merit finding.
deliberations = Table(
    "deliberations",
    schema,
    refers("round_id", "rounds"),
    required("meeting_on", DAY),
    *(required(name, JSON) for name in ("members", "present")),
    optional("chair", TEXT),
    required("offices", JSON),
    required("minutes", TEXT),
    required("conclusions", JSON),
    refers("recorded_by", "accounts"),
    *identified(),
    UniqueConstraint("round_id"),
)

# The recorded investigation of an applicant's record and social feedback (Art. 11(4)).
social_verifications = Table(
    "social_verifications",
    schema,
    refers("application_id", "applications"),
    *(required(name, TEXT) for name in ("outcome", "evidence", "reason")),
    refers("recorded_by", "accounts"),
    *identified(),
    one_of("outcome", "pass", "fail"),
    UniqueConstraint("application_id"),
)
