"""The organisations that apply, and their history: former names, predecessors, successors (Art. 8)."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    BYTES,
    DAY,
    FLAG,
    ID,
    INSTANT,
    JSON,
    TEXT,
    WHOLE,
    among,
    check,
    identified,
    one_of,
    only_one,
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
    required("state", TEXT),
    required("changed_since_verified", JSON),
    refers("superseded_by", "organisations", optional=True),
    required("uscc", TEXT, index=True),
    required("uscc_checksum_ok", FLAG),
    required("name", TEXT),
    required("name_key", TEXT, index=True),
    # A name that nobody has compared with a document yet.
    optional("stated_name", TEXT),
    optional("stated_name_from", DAY),
    optional("stated_name_evidence", TEXT),
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
    optional("sealed_contact_name", BYTES),
    optional("sealed_contact_phone", BYTES),
    # The day on which it ceased to exist, and the document that says so.
    optional("dissolved_on", DAY),
    optional("dissolution_evidence", TEXT),
    required("is_sample", FLAG),
    required("version", WHOLE),
    *identified(),
    check("dissolution_evidenced", "(dissolved_on IS NULL) = (dissolution_evidence IS NULL)"),
    one_of("state", "unverified", "verified", "changed", "superseded"),
    one_of(
        "legal_form",
        "limited_company",
        "joint_stock_company",
        "state_owned_enterprise",
        "collective_enterprise",
        "foreign_company_subsidiary",
        "public_institution",
        "private_non_enterprise",
        "farmers_cooperative",
        "private_non_enterprise_unincorporated",
        "branch",
        "sole_trader",
        "partnership",
        "sole_proprietorship",
        "individual",
        "party_or_state_organ",
        "social_association",
    ),
    one_of("size_class", "large", "medium", "small", "micro"),
    check("superseded_by_another", "(state = 'superseded') = (superseded_by IS NOT NULL)"),
    check("stated_since_verified", "stated_name IS NULL OR state IN ('changed', 'superseded')"),
    # Whoever registers a code first owns nothing by that: of those who were verified there is one.
    only_one("uq_organisations_one_verified", "uscc", where=among("state", "changed", "verified")),
)

# A former name of an organisation and the day on which it ended.
organisation_names = Table(
    "organisation_names",
    schema,
    refers("organisation_id", "organisations", index=True),
    required("name", TEXT),
    required("name_key", TEXT, index=True),
    required("until", DAY),
    required("evidence", TEXT),
    # From when on it counts as never borne: who had stated it was not the organisation.
    optional("set_aside_on", DAY),
    *identified(),
)

# What a registration said until an act changed it: of that what a gate reads anew (Art. 13(1)).
former_profiles = Table(
    "former_profiles",
    schema,
    refers("organisation_id", "organisations"),
    required("county_code", TEXT),
    required("registered_address", TEXT),
    required("legal_form", TEXT),
    required("established_on", DAY),
    optional("dissolved_on", DAY),
    required("state", TEXT),
    required("changed_since_verified", JSON),
    *identified(),
    one_of("state", "unverified", "verified", "changed", "superseded"),
    Index("ix_former_profiles_organisation", "organisation_id", "id"),
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

# The document that a registration was verified against, by whom: the office, or a unit that was asked to recommend.
organisation_verifications = Table(
    "organisation_verifications",
    schema,
    refers("organisation_id", "organisations", index=True),
    required("document", TEXT),
    required("document_name", TEXT),
    required("document_code", TEXT),
    required("seen", JSON),
    refers("unit_id", "recommending_units", optional=True),
    refers("verified_by", "accounts"),
    *identified(),
)

# A further registration of a code that is registered: who claims it, against whom, on what evidence, and the decision.
registration_claims = Table(
    "registration_claims",
    schema,
    refers("organisation_id", "organisations"),
    refers("against_id", "organisations", index=True),
    required("state", TEXT),
    one_of("state", "open", "evidenced", "upheld", "dismissed"),
    optional("evidence", TEXT),
    optional("evidence_at", INSTANT),
    optional("reply", TEXT),
    optional("replied_at", INSTANT),
    optional("reply_due_at", INSTANT),
    refers("decided_by", "accounts", optional=True),
    optional("decided_at", INSTANT),
    optional("decision_reason", TEXT),
    optional("decision_evidence", TEXT),
    *identified(),
    check("not_against_itself", "organisation_id <> against_id"),
    UniqueConstraint("organisation_id"),
)
