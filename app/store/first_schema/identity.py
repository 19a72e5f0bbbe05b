"""Who signs in: accounts and their refresh tokens."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    ID,
    INSTANT,
    TEXT,
    check,
    identified,
    one_of,
    optional,
    refers,
    required,
    schema,
)

# Somebody, or some machine, that signs in. One account has one role and at most one party.
accounts = Table(
    "accounts",
    schema,
    required("login", TEXT),
    required("kind", TEXT),
    required("role", TEXT),
    required("display_name", TEXT),
    required("secret_hash", TEXT),
    refers("organisation_id", "organisations", optional=True, index=True),
    refers("unit_id", "recommending_units", optional=True),
    refers("department_id", "departments", optional=True),
    optional("membership", TEXT),
    optional("deactivated_at", INSTANT),
    optional("displaced_at", INSTANT),
    required("tokens_valid_from", INSTANT),
    *identified(),
    one_of("kind", "person", "machine"),
    one_of("membership", "edit", "submit"),
    check("applicant_has_organisation", "role <> 'applicant' OR organisation_id IS NOT NULL"),
    check("department_account_has_department", "role <> 'department' OR department_id IS NOT NULL"),
    check("unit_account_has_unit", "role <> 'recommending_unit' OR unit_id IS NOT NULL"),
    one_of(
        "role",
        "applicant",
        "recommending_unit",
        "department",
        "reviewer",
        "office",
        "government",
        "payment_platform",
        "auditor",
    ),
    UniqueConstraint("login"),
)

# One rotation of a refresh token. Using one twice revokes its whole family.
refresh_tokens = Table(
    "refresh_tokens",
    schema,
    refers("account_id", "accounts", index=True),
    required("family_id", ID, index=True),
    required("token_hash", TEXT),
    required("expires_at", INSTANT),
    optional("used_at", INSTANT),
    optional("revoked_at", INSTANT),
    *identified(),
    UniqueConstraint("token_hash"),
)
