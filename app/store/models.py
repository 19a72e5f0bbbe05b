"""All models, imported once: what the migrations and the tests compare the database with."""

from app.store import (
    applications,
    awards,
    identity,
    law,
    ledger,
    money,
    numbers,
    parties,
    publicity,
    renewals,
    reviews,
    rounds,
    throttle,
)
from app.store.base import Base

__all__ = [
    "Base",
    "applications",
    "awards",
    "identity",
    "law",
    "ledger",
    "money",
    "numbers",
    "parties",
    "publicity",
    "renewals",
    "reviews",
    "rounds",
    "throttle",
]
