"""The organisations that apply, and their history: former names, predecessors, successors (Art. 8)."""

from sqlalchemy import Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    ID,
    TEXT,
    WHOLE,
    check,
    identified,
    optional,
    refers,
    required,
    schema,
)

# A legal person. `lineage_id` joins it with predecessors and successors: they are "first" only once (Art. 8).
organisations = Table(
    "organisations",
    schema,
    required("lineage_id", ID, index=True),
    required("uscc", TEXT),
    required("uscc_checksum_ok", FLAG),
    required("name", TEXT),
    required("legal_form", TEXT),
    required("registered_address", TEXT),
    required("county_code", TEXT),
    optional("area", TEXT),
    required("established_on", DAY),
    required("sector", TEXT),
    required("operating", FLAG),
    optional("size_class", TEXT),
    optional("staff", WHOLE),
    optional("main_products", TEXT),
    optional("contact_name", TEXT),
    optional("contact_phone", TEXT),
    # The day on which it ceased to exist, and the document that says so.
    optional("dissolved_on", DAY),
    optional("dissolution_evidence", TEXT),
    required("is_sample", FLAG),
    required("version", WHOLE),
    *identified(),
    check("dissolution_evidenced", "(dissolved_on IS NULL) = (dissolution_evidence IS NULL)"),
    UniqueConstraint("uscc"),
)

# A former name of an organisation and the day on which it ended.
organisation_names = Table(
    "organisation_names",
    schema,
    refers("organisation_id", "organisations", index=True),
    required("name", TEXT),
    required("until", DAY),
    required("evidence", TEXT),
    *identified(),
)

# `successor` continues the legal person of `predecessor` (merger, conversion); recorded by the office.
successor_links = Table(
    "successor_links",
    schema,
    refers("predecessor_id", "organisations"),
    refers("successor_id", "organisations", index=True),
    required("effective_on", DAY),
    required("reason", TEXT),
    required("evidence", TEXT),
    *identified(),
    check("not_itself", "predecessor_id <> successor_id"),
    UniqueConstraint("predecessor_id", "successor_id"),
)
