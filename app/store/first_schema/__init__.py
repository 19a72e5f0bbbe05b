"""The tables as the first migration makes them, a file for each subject, in the order of a round.

They stay as they are once a release has been put into service: what changes later is a migration of its own, and
`app/store` says what the tables are by then.
"""

# ruff: noqa: I001
from app.store.first_schema import (
    identity,
    organisations,
    units,
    instruments,
    rounds,
    notices,
    applications,
    recommendations,
    consultations,
    qualification,
    reviewers,
    reviews,
    deliberation,
    publicity,
    objections,
    approval,
    awards,
    disbursements,
    supervision,
    revocations,
    papers,
    audit,
    privacy,
    service,
)
from app.store.first_schema.columns import schema
from app.store.first_schema.guards import statements, undone

__all__ = [
    "applications",
    "approval",
    "audit",
    "awards",
    "consultations",
    "deliberation",
    "disbursements",
    "identity",
    "instruments",
    "notices",
    "objections",
    "organisations",
    "papers",
    "privacy",
    "publicity",
    "qualification",
    "recommendations",
    "reviewers",
    "reviews",
    "revocations",
    "rounds",
    "schema",
    "service",
    "statements",
    "supervision",
    "undone",
    "units",
]
