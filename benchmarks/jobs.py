"""What is asked over real sockets, by whom it is answered, and beside what it stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy import create_engine, select

from app.kernel.security.tokens import TokenIssuer
from app.kernel.settings import Settings
from app.store.awards import Award
from app.store.notices import Notice
from app.store.rounds import Round
from benchmarks.cases import objection_body
from benchmarks.population import Population
from benchmarks.sockets import request

BY_HAND, DJANGO, DIRECTUS, OURS = "Starlette and asyncpg", "Django REST framework", "Directus", "ours"
REGISTER, APPLICATION, OBJECTION = "register page of 20", "application, token", "objection, key"

_SAMPLES = 200
_FEED_PAGE = 50
# Positions are spread over the whole feed by a step that shares no divisor with its length.
_STEP = 7919


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of request. `made(n, etag)`: the nth of them as it goes over the wire; the etag is that of `tagged`,
    asked for once before. `beside`: the job whose peers it is compared with, where it has none of its own."""

    order: int
    name: str
    made: Callable[[int, str], bytes]
    expected: int = 200
    beside: str | None = None
    tagged: str | None = None
    # Who does it beside the service: nobody, the hand-written one, or all.
    peers: tuple[str, ...] = ()
    of_ours: bool = True

    def done_by(self, who: str) -> bool:
        """Whether this one does it."""
        return self.of_ours if who == OURS else who in self.peers

    def prepared(self, address: str) -> Callable[[int], bytes]:
        """The requests for the server at an address."""
        etag = ""
        if self.tagged is not None:
            with urlopen(address + self.tagged) as answer:
                etag = answer.headers["ETag"]
        return lambda number: self.made(number, etag)


def jobs(url: str, population: Population, settings: Mapping[str, str]) -> list[Job]:
    """All that is measured, for a database that `population` has filled."""
    known = _Known.of(url)
    tokens = _tokens(population, settings)
    platform = _bearer(tokens(population.platform, "payment_platform"))
    applications = [
        (f"/v1/applications/{application}", _bearer(tokens(account, "applicant")))
        for application, account in population.applications
    ]
    positions = [number * _STEP % max(1, population.rows - _FEED_PAGE) for number in range(_SAMPLES)]
    register, notice = "/v1/awards?limit=20", known.notices[0]
    everybody = (BY_HAND, DJANGO, DIRECTUS)
    return [
        Job(0, "a constant", _round([("/constant", {})]), peers=(BY_HAND,), of_ours=False),
        Job(1, REGISTER, _round([(register, {})]), peers=everybody),
        Job(2, APPLICATION, _round(applications), peers=everybody),
        Job(3, OBJECTION, _objections(population.candidates), 201, peers=everybody),
        Job(4, "award", _round([(path, {}) for path in known.awards]), beside=REGISTER),
        Job(5, "certificate", _round([(path, {}) for path in known.certificates]), beside=REGISTER),
        Job(6, "round", _round([(path, {}) for path in known.rounds]), beside=REGISTER),
        Job(7, "notice", _round([(path, {}) for path in known.notices]), beside="a constant"),
        Job(8, "notice, 304", _conditional(notice), 304, beside="a constant", tagged=notice),
        Job(
            9,
            f"payment feed page of {_FEED_PAGE}",
            _round([(f"/v1/disbursement-feed?after={after}&limit={_FEED_PAGE}", platform) for after in positions]),
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """Addresses of things that are in the database."""

    awards: list[str]
    certificates: list[str]
    rounds: list[str]
    notices: list[str]

    @classmethod
    def of(cls, url: str) -> _Known:
        engine = create_engine(url)
        with engine.connect() as connection:
            awards = connection.execute(select(Award.id, Award.certificate_number).limit(_SAMPLES)).all()
            rounds = connection.scalars(select(Round.id).limit(_SAMPLES)).all()
            notices = connection.scalars(select(Notice.id).limit(_SAMPLES)).all()
        engine.dispose()
        return cls(
            [f"/v1/awards/{award.id}" for award in awards],
            [f"/v1/certificates/{award.certificate_number}" for award in awards],
            [f"/v1/rounds/{key}" for key in rounds],
            [f"/v1/notices/{key}" for key in notices],
        )


def _tokens(population: Population, settings: Mapping[str, str]) -> Callable[[uuid.UUID, str], str]:
    standard = Settings(_env_file=None)
    issuer = TokenIssuer(
        keys_file=Path(settings["AWARD_KEYS_FILE"]),
        issuer=standard.public_base_url.rstrip("/"),
        audience=standard.audience,
        lifetime=timedelta(seconds=int(settings["AWARD_ACCESS_TOKEN_SECONDS"])),
    )
    now = datetime.now(UTC)
    return lambda account, role: issuer.issue(account, role=role, now=now)


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _round(what: Sequence[tuple[str, Mapping[str, str]]]) -> Callable[[int, str], bytes]:
    wire = [request("GET", path, headers) for path, headers in what]
    return lambda number, _etag: wire[number % len(wire)]


def _conditional(path: str) -> Callable[[int, str], bytes]:
    return lambda _number, etag: request("GET", path, {"if-none-match": etag})


def _objections(candidates: Sequence[uuid.UUID]) -> Callable[[int, str], bytes]:
    body = objection_body()

    def made(number: int, _etag: str) -> bytes:
        key = {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
        return request("POST", f"/v1/candidates/{candidates[number % len(candidates)]}/objections", key, body)

    return made
