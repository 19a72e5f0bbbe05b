"""The three jobs as Directus' REST has them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from benchmarks.cases import objection_body
from benchmarks.jobs import APPLICATION, OBJECTION, REGISTER, Job
from benchmarks.population import Population
from benchmarks.sockets import request

# Of these fields are the answers: as the service's, less what has to be computed (the status of an award, the acts that
# an applicant may do).
AWARD = (
    "id",
    "award_year",
    "awarded_name",
    "repeat_award",
    "certificate_number",
    "conferred_on",
    "valid_until",
    "revoked_on",
    "round_id.ordinal",
    "round_id.is_sample",
    "decree_id.number",
    "organisation_id.name",
)
APPLICATION_FIELDS = (
    "id",
    "round_id",
    "organisation_id",
    "state",
    "snapshot",
    "number",
    "submitted_at",
    "snapshot_hash",
    "sector",
    "seat_category",
    "confirmed_at",
    "closed_reason",
    "closed_rule",
    "closed_at",
    "created_at",
    "version",
)
RECOMMENDATION = ("id", "unit_id.id", "unit_id.name", "state", "due_at", "answered_at", "opinion", "reason")
REGISTER_PATH = f"/items/awards?limit=20&sort=-id&fields={','.join(AWARD)}"
_SHOWN = ",".join([*APPLICATION_FIELDS, *(f"recommendations.{name}" for name in RECOMMENDATION)])


@dataclass(frozen=True, slots=True)
class Owner:
    """Of one application: the user to whom it belongs, and the static token of that user."""

    application: UUID
    user: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Open:
    """A candidate to whom objections are taken, with the round: Directus looks nothing up."""

    candidate: UUID
    round: UUID


def owners(population: Population) -> list[Owner]:
    """To whom the applications that are asked for will belong."""
    return [Owner(application, uuid.uuid4(), uuid.uuid4().hex) for application, _ in population.applications]


def opened(url: str, population: Population) -> list[Open]:
    """The candidates in the public notice period."""
    with psycopg.connect(url) as connection:
        query = "SELECT id, round_id FROM candidates WHERE id = ANY(%s)"
        return [Open(*row) for row in connection.execute(query, [population.candidates]).fetchall()]


def application_path(application: UUID) -> str:
    """The address of one application."""
    return f"/items/applications/{application}?fields={_SHOWN}"


def objection(of: Open, key: UUID) -> bytes:
    """An objection with its original, and its key in a column that is unique. No answer to it (204): those who
    may not read objections are told nothing of their own either, and bring the hash of their tracking code along."""
    told = {f"sealed_{name}": text for name, text in json.loads(objection_body()).items()}
    row = {
        "candidate_id": str(of.candidate),
        "round_id": str(of.round),
        "idempotency_key": str(key),
        "tracking_hash": uuid.uuid4().hex,
        "original": [told],
    }
    return json.dumps(row, ensure_ascii=False).encode()


def asked(owned: Sequence[Owner], candidates: Sequence[Open]) -> dict[str, Job]:
    """What it is asked in the place of the service's own requests, by the names of the jobs."""
    register = request("GET", REGISTER_PATH, {})
    applications = [
        request("GET", application_path(owner.application), {"authorization": f"Bearer {owner.token}"})
        for owner in owned
    ]

    def objected(number: int, _etag: str) -> bytes:
        body = objection(candidates[number % len(candidates)], uuid.uuid4())
        return request("POST", "/items/objections", {"content-type": "application/json"}, body)

    return {
        job.name: job
        for job in (
            Job(1, REGISTER, lambda _number, _etag: register),
            Job(2, APPLICATION, lambda number, _etag: applications[number % len(applications)]),
            Job(3, OBJECTION, objected, 204),
        )
    }
