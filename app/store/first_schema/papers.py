"""Papers that were issued, their scans, the words that the office puts in force for them, and what winners say of
their names (Arts. 16 to 28)."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    ID,
    INSTANT,
    JSON,
    TEXT,
    WHOLE,
    identified,
    optional,
    refers,
    required,
    schema,
    stored_file,
)

# Words of a paper as the office has handed them in.
paper_templates = Table(
    "paper_templates",
    schema,
    required("kind", TEXT, index=True),
    *(required(name, TEXT) for name in ("instrument_number", "text_zh", "text_hash")),
    refers("uploaded_by", "accounts"),
    optional("activated_at", INSTANT),
    refers("activated_by", "accounts", optional=True),
    *identified(),
)

# One version of a paper, frozen. The bytes of its PDF lie in the file store under `storage_key`.
issued_papers = Table(
    "issued_papers",
    schema,
    *(required(name, TEXT) for name in ("kind", "collection", "number", "title", "data_hash")),
    required("object_id", ID),
    required("paper_version", WHOLE),
    *(optional(name, TEXT) for name in ("document_number", "number_key")),
    required("dated", DAY),
    required("content", JSON),
    refers("template_id", "paper_templates", optional=True),
    *stored_file(),
    refers("issued_by", "accounts"),
    *identified(),
    UniqueConstraint("kind", "object_id", "paper_version"),
    UniqueConstraint("number"),
    UniqueConstraint("number_key"),
    UniqueConstraint("storage_key"),
    Index("ix_issued_papers_object", "object_id", "kind"),
)

# A scan of an issued paper with seal and signature, and how it compares.
paper_scans = Table(
    "paper_scans",
    schema,
    refers("paper_id", "issued_papers", index=True),
    *stored_file(),
    *(required(name, WHOLE) for name in ("pages", "paper_pages")),
    optional("text_found_percent", WHOLE),
    refers("uploaded_by", "accounts"),
    *identified(),
    UniqueConstraint("storage_key"),
)

# A winner's word on how its name is printed.
name_confirmations = Table(
    "name_confirmations",
    schema,
    refers("award_id", "awards", index=True),
    required("printed_name", TEXT),
    required("confirmed", FLAG),
    optional("remark", TEXT),
    refers("confirmed_by", "accounts"),
    *identified(),
)
