"""The prize (Art. 8, 9): what was ordered, and what the payment platform reported."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    BYTES,
    DAY,
    ID,
    INSTANT,
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

# The one prize of a legal person: unique by award and by lineage, so that no line of code can order a second. That of
# an award that was taken back is no prize of anybody (Arts. 9, 22).
disbursements = Table(
    "disbursements",
    schema,
    refers("award_id", "awards"),
    refers("organisation_id", "organisations", index=True),
    required("lineage_id", ID),
    required("amount_fen", WHOLE),
    required("budget_year", WHOLE),
    required("decree_number", TEXT),
    required("decree_dated", DAY),
    required("award_year", WHOLE),
    required("payee_name", TEXT),
    required("payee_uscc", TEXT),
    optional("bank_name", TEXT),
    optional("sealed_bank_account", BYTES),
    optional("sealed_bank_number", BYTES),
    required("state", TEXT),
    required("attempt", WHOLE),
    optional("acknowledged_at", INSTANT),
    refers("acknowledged_by", "accounts", optional=True),
    optional("paid_on", DAY),
    optional("confirmation_number", TEXT),
    optional("hold_reason", TEXT),
    refers("cancelled_under", "revocations", optional=True),
    optional("cancelled_by", TEXT),
    optional("taken_back_on", DAY),
    refers("ordered_by", "accounts"),
    required("version", WHOLE),
    *identified(),
    one_of("state", "payable", "acknowledged", "paid", "failed", "returned", "suspended", "cancelled", "unordered"),
    check("amount_positive", "amount_fen > 0"),
    check(
        "ordered_has_account",
        "state IN ('cancelled', 'suspended', 'unordered')"
        " OR (bank_name IS NOT NULL AND sealed_bank_account IS NOT NULL)",
    ),
    UniqueConstraint("award_id"),
    UniqueConstraint("confirmation_number"),
    only_one("uq_disbursements_lineage_id", "lineage_id", where="taken_back_on IS NULL"),
    only_one("uq_disbursements_organisation_id", "organisation_id", where="taken_back_on IS NULL"),
)

# One report of the platform on one attempt: an outcome, and a payment that came back. The confirmation number is
# unique: a payment is entered once.
payment_reports = Table(
    "payment_reports",
    schema,
    refers("disbursement_id", "disbursements"),
    required("attempt", WHOLE),
    required("outcome", TEXT),
    optional("confirmation_number", TEXT),
    optional("confirmation_key", TEXT),
    optional("amount_fen", WHOLE),
    optional("paid_on", DAY),
    optional("returned_on", DAY),
    optional("failure_reason", TEXT),
    required("account_mark", TEXT),
    refers("acknowledged_by", "accounts"),
    *identified(),
    check(
        "paid_has_confirmation",
        "outcome <> 'paid' OR (confirmation_number IS NOT NULL AND confirmation_key IS NOT NULL)",
    ),
    one_of("outcome", "paid", "failed", "returned"),
    UniqueConstraint("disbursement_id", "attempt", "outcome"),
    UniqueConstraint("confirmation_key"),
)

# What the government has decided of a prize: who receives that of a dissolved winner, or that it is paid beside what is
# owed back. The last decision on a matter counts.
prize_decisions = Table(
    "prize_decisions",
    schema,
    refers("award_id", "awards", index=True),
    required("kind", TEXT),
    required("number", TEXT),
    required("decided_on", DAY),
    required("reason", TEXT),
    required("evidence", TEXT),
    refers("recipient_id", "organisations", optional=True),
    optional("outstanding_fen", WHOLE),
    refers("recorded_by", "accounts"),
    *identified(),
    one_of("kind", "recipient", "recovery"),
    check("recipient_named", "(kind = 'recipient') = (recipient_id IS NOT NULL)"),
    check("recovery_told", "(kind = 'recovery') = (outstanding_fen IS NOT NULL)"),
)

# What the county budget gives to the prizes of a year, by its document (Art. 9); a later document replaces an earlier.
appropriations = Table(
    "appropriations",
    schema,
    required("year", WHOLE, index=True),
    required("amount_fen", WHOLE),
    required("document_number", TEXT),
    required("document_date", DAY),
    refers("recorded_by", "accounts"),
    *identified(),
    check("amount_not_negative", "amount_fen >= 0"),
    UniqueConstraint("document_number", "year"),
)
