"""The measured requests, as those send them who use the service."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from benchmarks.calling import Call
from benchmarks.population import Population

# The order of the requests is the same in every run.
_RANDOM = 20231
_FEED_PAGE = 50
_OBJECTION = json.dumps(
    {
        "name": "样例异议人",
        "contact": "0797-0000000",
        "facts": "样例：该组织2023年有抽查不合格记录。",
        "evidence": "样例：抽查通报。",
    },
    ensure_ascii=False,
).encode()


def objection_body() -> bytes:
    """An objection with everything that makes it formal."""
    return _OBJECTION


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table: a number of requests of the same kind, sent round and round."""

    name: str
    calls: list[Call]


def cases(population: Population, token_for: Callable[..., str]) -> list[Case]:
    """`token_for(account_id, role)` makes the bearer tokens."""
    random = Random(_RANDOM)
    positions = [random.randrange(max(1, population.rows - _FEED_PAGE)) for _ in range(200)]
    platform = token_for(population.platform, "payment_platform")
    return [
        Case("register page of 20", [Call("GET", "/v1/awards", "limit=20")]),
        Case(
            "application by id, with a token",
            [
                Call("GET", f"/v1/applications/{application}", token=token_for(account, "applicant"))
                for application, account in population.applications
            ],
        ),
        Case(
            "objection posted",
            [
                Call("POST", f"/v1/candidates/{candidate}/objections", body=_OBJECTION, expected=201)
                for candidate in population.candidates
            ],
        ),
        Case(
            f"disbursement feed page of {_FEED_PAGE}",
            [
                Call("GET", "/v1/disbursement-feed", f"after={after}&limit={_FEED_PAGE}", token=platform)
                for after in positions
            ],
        ),
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock that stands: the measured service is always in the middle of its publicity."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant
