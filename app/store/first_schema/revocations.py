"""Revocations (Art. 26, 28), what is taken back, and who is excluded until when."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    ID,
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
    stored_file,
)

# A case of revocation under Art. 26 or 28: opened by the office, heard, submitted, decided by the government.
revocations = Table(
    "revocations",
    schema,
    refers("award_id", "awards"),
    required("basis", TEXT),
    optional("ground", WHOLE),
    optional("event_on", DAY),
    optional("found_on", DAY),
    optional("found_evidence", TEXT),
    required("event", JSON),
    required("facts", TEXT),
    required("evidence", TEXT),
    required("summary", TEXT),
    required("state", TEXT),
    required("reply_due_at", INSTANT),
    optional("statement", TEXT),
    optional("stated_at", INSTANT),
    refers("stated_by", "accounts", optional=True),
    optional("submitted_on", DAY),
    optional("withdrawn_on", DAY),
    optional("withdrawn_reason", TEXT),
    refers("supplementary_to", "revocations", optional=True),
    refers("taken_over_by", "revocations", optional=True),
    refers("submitted_by", "accounts"),
    optional("decision_number", TEXT),
    optional("decided_on", DAY),
    optional("decision_reason", TEXT),
    refers("decided_by", "accounts", optional=True),
    optional("consequences", JSON),
    refers("notice_id", "notices", optional=True),
    optional("annulled_on", DAY),
    optional("annulled_number", TEXT),
    optional("annulled_by_body", TEXT),
    optional("annulled_reason", TEXT),
    optional("annulled_evidence", TEXT),
    refers("annulment_notice_id", "notices", optional=True),
    required("version", WHOLE),
    *identified(),
    one_of("basis", "fraud", "grounds"),
    one_of("state", "hearing", "submitted", "decided", "rejected", "taken_over", "withdrawn", "annulled"),
    Index("ix_revocations_award", "award_id", "id"),
)

# What an organisation says in a case of revocation or to an adverse record, each time: by itself, or in a letter that
# the office enters with the day on which it was received.
party_statements = Table(
    "party_statements",
    schema,
    refers("revocation_id", "revocations", index=True, optional=True),
    refers("record_id", "adverse_records", index=True, optional=True),
    required("statement", TEXT),
    required("stated_at", INSTANT),
    optional("received_on", DAY),
    optional("letter_reference", TEXT),
    required("after_decision", FLAG),
    refers("made_by", "accounts"),
    *identified(),
    check("of_one_case", "(revocation_id IS NULL) <> (record_id IS NULL)"),
    check("letter_whole", "(received_on IS NULL) = (letter_reference IS NULL)"),
    check("late_letter", "NOT after_decision OR received_on IS NOT NULL"),
)

# A file of such a statement: one that the organisation adds, or the scan of its letter.
statement_files = Table(
    "statement_files",
    schema,
    refers("revocation_id", "revocations", index=True, optional=True),
    refers("record_id", "adverse_records", index=True, optional=True),
    required("scan", FLAG),
    refers("statement_id", "party_statements", optional=True),
    *stored_file(),
    refers("uploaded_by", "accounts"),
    *identified(),
    check("of_one_case", "(revocation_id IS NULL) <> (record_id IS NULL)"),
    UniqueConstraint("storage_key"),
)

# Something to be taken back after a revocation for fraud (Art. 26), or of an award that was itself taken back (Art.
# 22): plaque, certificate, or the prize in fen.
recoveries = Table(
    "recoveries",
    schema,
    refers("award_id", "awards", index=True),
    refers("revocation_id", "revocations", optional=True),
    refers("doubt_id", "conferral_doubts", optional=True),
    required("item", TEXT),
    required("amount_fen", WHOLE),
    required("state", TEXT),
    optional("recovered_on", DAY),
    optional("evidence", TEXT),
    *identified(),
    required("recovered_fen", WHOLE, server_default="0"),
    optional("given_back_on", DAY),
    optional("given_back_evidence", TEXT),
    check("under_one_decision", "(revocation_id IS NULL) <> (doubt_id IS NULL)"),
    check("only_prize_has_amount", "(item = 'prize') = (amount_fen > 0)"),
    one_of("item", "plaque", "certificate", "prize"),
    one_of("state", "outstanding", "recovered", "lifted", "owed_back", "given_back"),
    UniqueConstraint("revocation_id", "item"),
    UniqueConstraint("doubt_id", "item"),
)

# Something that came back: a thing, or a part of the money or all of it.
recovery_entries = Table(
    "recovery_entries",
    schema,
    refers("recovery_id", "recoveries", index=True),
    required("amount_fen", WHOLE),
    required("recovered_on", DAY),
    required("evidence", TEXT),
    refers("recorded_by", "accounts"),
    optional("withdrawn_at", INSTANT),
    optional("withdrawal_reason", TEXT),
    *identified(),
    check("amount_not_negative", "amount_fen >= 0"),
    check("withdrawn_with_reason", "(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)"),
)

# A period in which the legal person may not take part, last day included (Art. 26, 28).
exclusions = Table(
    "exclusions",
    schema,
    refers("organisation_id", "organisations", index=True),
    required("lineage_id", ID, index=True),
    refers("revocation_id", "revocations"),
    required("article", TEXT),
    required("from_day", DAY),
    required("last_day", DAY),
    optional("annulled_on", DAY),
    *identified(),
    UniqueConstraint("revocation_id"),
)

# What turned out after a decree to have stood against one of its awards on its own day: a withdrawal that had come in
# (Art. 3), or an exclusion that had begun (Arts. 26, 28). The government decides what becomes of the award.
conferral_doubts = Table(
    "conferral_doubts",
    schema,
    refers("award_id", "awards", index=True),
    required("ground", TEXT),
    required("since_day", DAY),
    required("reference", TEXT),
    optional("reason", TEXT),
    optional("rule", TEXT),
    optional("evidence", TEXT),
    refers("revocation_id", "revocations", optional=True, index=True),
    refers("entered_by", "accounts"),
    required("state", TEXT),
    optional("decision_number", TEXT),
    optional("decided_on", DAY),
    optional("decision_reason", TEXT),
    refers("decided_by", "accounts", optional=True),
    required("version", WHOLE),
    *identified(),
    one_of("ground", "withdrawal", "exclusion", "finding"),
    one_of("state", "open", "voided", "upheld", "lifted"),
    check("exclusion_by_a_revocation", "(ground = 'exclusion') = (revocation_id IS NOT NULL)"),
    check("finding_under_a_rule", "(ground = 'finding') = (rule IS NOT NULL)"),
    check("finding_with_evidence", "(rule IS NULL) = (evidence IS NULL)"),
    UniqueConstraint("award_id", "revocation_id"),
)

# The scan of a withdrawal that came on paper. The bytes lie in the file store under `storage_key`.
withdrawal_letter_files = Table(
    "withdrawal_letter_files",
    schema,
    refers("doubt_id", "conferral_doubts", index=True),
    *stored_file(),
    refers("uploaded_by", "accounts"),
    *identified(),
    UniqueConstraint("storage_key"),
)
