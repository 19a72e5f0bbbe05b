"""The proposed list (Art. 21), the government's approval, the decree (Art. 22)."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import DAY, JSON, TEXT, WHOLE, identified, optional, refers, required, schema

# The executive meeting's decision (Art. 22) on the proposed names; the basis where the instrument has lapsed. The
# names that waited for the end of an objection have one of their own: `number` counts them.
approvals = Table(
    "approvals",
    schema,
    refers("round_id", "rounds"),
    required("number", WHOLE),
    required("meeting_number", TEXT),
    required("meeting_on", DAY),
    optional("transitional_basis", TEXT),
    optional("retroactive_basis", TEXT),
    required("not_approved", JSON),
    required("warnings", JSON),
    refers("recorded_by", "accounts"),
    *identified(),
    UniqueConstraint("round_id", "number"),
)

# The government's decree of commendation (Art. 22): from its date the awards run. Names on which an objection is open
# may have one of their own: `part` counts them.
decrees = Table(
    "decrees",
    schema,
    refers("round_id", "rounds"),
    required("part", WHOLE),
    required("number", TEXT),
    required("number_key", TEXT),
    required("dated", DAY),
    optional("transitional_basis", TEXT),
    optional("retroactive_basis", TEXT),
    required("warnings", JSON),
    optional("issuer", TEXT),
    optional("title", TEXT),
    *(required(name, JSON) for name in ("addressees", "copies_to", "attachments", "deferred")),
    optional("published_on", DAY),
    refers("recorded_by", "accounts"),
    *identified(),
    UniqueConstraint("number_key"),
    UniqueConstraint("round_id", "part"),
)

# A name of the proposed list (Art. 21), from publicised names only: the key to `candidates` says so.
proposed_entries = Table(
    "proposed_entries",
    schema,
    refers("round_id", "rounds", index=True),
    refers("candidate_id", "candidates"),
    required("rank", WHOLE),
    *identified(),
    UniqueConstraint("candidate_id"),
)
