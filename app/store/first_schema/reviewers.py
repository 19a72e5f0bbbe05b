"""The pool of reviewers (Art. 11(2)): undertakings, declared conflicts (Art. 29), appraisals."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
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

# An expert of the pool (Art. 11(2)). `employer_uscc` and `unit_id` serve the detection of conflicts.
reviewers = Table(
    "reviewers",
    schema,
    refers("account_id", "accounts"),
    required("name", TEXT),
    required("expertise", TEXT),
    optional("employer", TEXT),
    optional("employer_uscc", TEXT),
    refers("unit_id", "recommending_units", optional=True),
    optional("employed_since", DAY),
    required("qualified_from", DAY),
    required("qualified_until", DAY),
    required("state", TEXT),
    optional("state_reason", TEXT),
    optional("state_changed_at", INSTANT),
    required("version", WHOLE),
    *identified(),
    one_of("state", "active", "suspended", "disqualified"),
    check("qualification_forward", "qualified_until >= qualified_from"),
    UniqueConstraint("account_id"),
)

# A reviewer's signature under confidentiality or integrity for one round (Art. 29), at `created_at`.
undertakings = Table(
    "undertakings",
    schema,
    refers("reviewer_id", "reviewers"),
    refers("round_id", "rounds", index=True),
    required("kind", TEXT),
    required("text_hash", TEXT),
    *identified(),
    one_of("kind", "confidentiality", "integrity"),
    UniqueConstraint("reviewer_id", "round_id", "kind"),
)

# A reviewer's interest in a legal person (by its code) or in a recommending unit (Art. 29): it bars assignment and
# scoring. `former_post`: what the pool held before the reviewer moved on.
conflict_declarations = Table(
    "conflict_declarations",
    schema,
    refers("reviewer_id", "reviewers", index=True),
    optional("uscc", TEXT),
    refers("unit_id", "recommending_units", optional=True),
    required("kind", TEXT),
    required("origin", TEXT),
    optional("started_on", DAY),
    optional("ended_on", DAY),
    required("description", TEXT),
    refers("recorded_by", "accounts"),
    optional("withdrawn_at", INSTANT),
    optional("withdrawn_reason", TEXT),
    *identified(),
    check(
        "one_party",
        "(kind = 'recommending_unit_staff') = (unit_id IS NOT NULL) AND (unit_id IS NULL) = (uscc IS NOT NULL)",
    ),
    one_of(
        "kind",
        "employment",
        "shares",
        "consulting",
        "training",
        "certification",
        "kinship",
        "competitor",
        "recommending_unit_staff",
    ),
    one_of("origin", "declared", "recorded", "former_post"),
    check("withdrawal_reasoned", "withdrawn_at IS NULL OR withdrawn_reason IS NOT NULL"),
)

# The office's appraisal of a reviewer's work in a round (Art. 11(2)).
appraisals = Table(
    "appraisals",
    schema,
    refers("reviewer_id", "reviewers"),
    refers("round_id", "rounds", index=True),
    required("grade", TEXT),
    required("remarks", TEXT),
    refers("recorded_by", "accounts"),
    *identified(),
    one_of("grade", "excellent", "competent", "basically_competent", "not_competent"),
    UniqueConstraint("reviewer_id", "round_id"),
)
