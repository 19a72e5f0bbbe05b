"""The law as the office keeps it up to date: instruments, interpretations, holiday years (Art. 32, 33)."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
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

# An extension or successor of the shipped instrument (Art. 33).
instruments = Table(
    "instruments",
    schema,
    required("number", TEXT),
    required("number_key", TEXT),
    required("title_zh", TEXT),
    required("title_en", TEXT),
    required("kind", TEXT),
    optional("extends", TEXT),
    required("in_force_from", DAY),
    optional("in_force_to", DAY),
    optional("parameters", JSON),
    required("document_date", DAY),
    required("retroactive", FLAG),
    refers("registered_by", "accounts"),
    *identified(),
    check("extension_extends", "(kind = 'extension') = (extends IS NOT NULL)"),
    one_of("kind", "extension", "successor"),
    check("period_forward", "in_force_to IS NULL OR in_force_to >= in_force_from"),
    UniqueConstraint("number_key"),
)

# An entry of the interpretation register that replaces a default from `effective_on` (Art. 32).
interpretations = Table(
    "interpretations",
    schema,
    required("key", TEXT, index=True),
    required("value", TEXT),
    required("reading_zh", TEXT),
    required("reading_en", TEXT),
    required("document", TEXT),
    required("effective_on", DAY),
    refers("registered_by", "accounts"),
    *identified(),
)

# Statutory holidays and make-up working days of one year, as imported by the office from the yearly notice.
holiday_years = Table(
    "holiday_years",
    schema,
    required("year", WHOLE, primary_key=True),
    required("holidays", JSON),
    required("workdays", JSON),
    required("source", TEXT),
    refers("imported_by", "accounts"),
)
