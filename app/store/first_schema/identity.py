"""Who signs in: accounts, what they show for it, their sessions and refresh tokens, and from where."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    BYTES,
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

# Somebody, or some machine, that signs in. One account has one role and at most one party.
accounts = Table(
    "accounts",
    schema,
    required("login", TEXT),
    required("kind", TEXT),
    required("role", TEXT),
    required("display_name", TEXT),
    optional("secret_hash", TEXT),
    refers("organisation_id", "organisations", optional=True, index=True),
    refers("unit_id", "recommending_units", optional=True),
    refers("department_id", "departments", optional=True),
    optional("membership", TEXT),
    optional("deactivated_at", INSTANT),
    optional("displaced_at", INSTANT),
    required("tokens_valid_from", INSTANT),
    # Of sessions that were swept out; of those that are kept, they know it.
    optional("last_used_at", INSTANT),
    # Whose confirmation it awaits that an administrator has made or changed.
    optional("awaits", TEXT),
    # What that is, and whether the office, or one operator, has stopped it as well.
    required("unconfirmed", JSON),
    required("stopped_apart", FLAG),
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
        "system_administrator",
        "security_administrator",
        "auditor",
    ),
    one_of("awaits", "system_administrator", "security_administrator", "both"),
    check("awaits_while_deactivated", "awaits IS NULL OR deactivated_at IS NOT NULL"),
    check("stopped_apart_while_deactivated", "NOT stopped_apart OR deactivated_at IS NOT NULL"),
    UniqueConstraint("login"),
)

# What begins with a sign-in and ends with it: every token that is given meanwhile is of it.
account_sessions = Table(
    "account_sessions",
    schema,
    refers("account_id", "accounts", index=True),
    optional("origin", TEXT),
    required("proved_at", INSTANT),
    required("renewed_at", INSTANT),
    required("ends_at", INSTANT, index=True),
    optional("ended_at", INSTANT),
    optional("ended_by", TEXT),
    *identified(),
    one_of("ended_by", "sign_out", "end", "reuse", "account", "newer"),
    check("ended_by_something", "(ended_at IS NULL) = (ended_by IS NULL)"),
)

# One rotation of a refresh token. Using one twice ends its session.
refresh_tokens = Table(
    "refresh_tokens",
    schema,
    refers("account_id", "accounts", index=True),
    refers("session_id", "account_sessions", index=True),
    required("token_hash", TEXT),
    required("expires_at", INSTANT),
    optional("used_at", INSTANT),
    *identified(),
    UniqueConstraint("token_hash"),
)

# The hash of a password that an account had: it is not taken again.
former_passwords = Table(
    "former_passwords",
    schema,
    refers("account_id", "accounts", index=True),
    required("secret_hash", TEXT),
    *identified(),
)

# Once, until it expires, whoever holds it sets the password of the account. `mark` is a keyed hash.
invitations = Table(
    "invitations",
    schema,
    refers("account_id", "accounts", index=True),
    required("mark", TEXT),
    optional("code_mark", TEXT),
    required("expires_at", INSTANT),
    optional("used_at", INSTANT),
    *identified(),
)

# What an account shows beside its password: codes of a secret, sealed. A code's time step is taken once.
second_factors = Table(
    "second_factors",
    schema,
    refers("account_id", "accounts"),
    required("sealed_secret", BYTES),
    required("last_step", WHOLE),
    *identified(),
    UniqueConstraint("account_id"),
)

# Once in place of a code, for whoever has lost the device. `mark` is a keyed hash.
recovery_codes = Table(
    "recovery_codes",
    schema,
    refers("account_id", "accounts", index=True),
    required("mark", TEXT),
    optional("used_at", INSTANT),
    *identified(),
)

# Who signs in by the outside provider under this subject is this account.
outside_identities = Table(
    "outside_identities",
    schema,
    refers("account_id", "accounts"),
    required("issuer", TEXT),
    required("subject", TEXT),
    *identified(),
    UniqueConstraint("account_id"),
    UniqueConstraint("issuer", "subject"),
)

# Where an account has signed in from: whoever guesses elsewhere does not shut it out there.
known_origins = Table(
    "known_origins",
    schema,
    refers("account_id", "accounts", primary_key=True),
    required("network", TEXT, primary_key=True),
    required("last_at", INSTANT, index=True),
)
