"""What was anonymised when its time of keeping was over, and the files that went with it."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    ID,
    INSTANT,
    TEXT,
    identified,
    one_of,
    optional,
    refers,
    required,
    schema,
)

# That a thing's personal data was anonymised, by the period of its class, which runs from an event.
anonymisations = Table(
    "anonymisations",
    schema,
    required("data_class", TEXT),
    required("subject_type", TEXT),
    required("subject_id", ID),
    required("event_on", DAY),
    *identified(),
    one_of(
        "data_class",
        "objection_original",
        "mark_report_original",
        "application_without_award",
        "application_with_award",
        "organisation_contact",
        "reviewer",
        "account",
        "webhook",
    ),
    UniqueConstraint("subject_type", "subject_id", "event_on"),
)

# A file that went with it; its bytes are removed after the commit.
removed_files = Table(
    "removed_files",
    schema,
    refers("anonymisation_id", "anonymisations", index=True),
    required("file_id", ID),
    required("key", TEXT),
    optional("removed_at", INSTANT),
    *identified(),
    UniqueConstraint("file_id"),
    UniqueConstraint("key"),
)
