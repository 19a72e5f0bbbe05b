"""Recommending units (Art. 3, 12) and the departments that are consulted (Art. 17)."""

from sqlalchemy import Index, Table, UniqueConstraint

from app.store.first_schema.columns import (
    DAY,
    FLAG,
    INSTANT,
    JSON,
    TEXT,
    check,
    identified,
    one_of,
    optional,
    refers,
    required,
    schema,
)

# A township, the urban community committee, a competent department or a trade association (Art. 3, 12).
recommending_units = Table(
    "recommending_units",
    schema,
    required("name", TEXT),
    required("kind", TEXT),
    optional("area", TEXT),
    optional("industry", TEXT),
    optional("uscc", TEXT),
    required("active", FLAG),
    *identified(),
    one_of("kind", "township", "urban_community_committee", "department", "association"),
    check("area_unit_has_area", "kind NOT IN ('township', 'urban_community_committee') OR area IS NOT NULL"),
    UniqueConstraint("name"),
)

# A department that the office consults (Art. 17). `categories`: the categories of 13(6) that it can answer for.
departments = Table(
    "departments",
    schema,
    required("name", TEXT),
    required("name_en", TEXT),
    required("categories", JSON),
    required("active", FLAG),
    *identified(),
    UniqueConstraint("name"),
)

# Cultivation or promotion work of a unit (Art. 12): reported, never a condition.
cultivation_records = Table(
    "cultivation_records",
    schema,
    refers("unit_id", "recommending_units"),
    refers("organisation_id", "organisations", optional=True),
    required("kind", TEXT),
    required("held_on", DAY),
    required("subject", TEXT),
    required("description", TEXT),
    refers("recorded_by", "accounts"),
    optional("withdrawn_at", INSTANT),
    optional("withdrawal_reason", TEXT),
    *identified(),
    one_of("kind", "cultivation", "promotion"),
    Index("ix_cultivation_unit", "unit_id", "id"),
)
