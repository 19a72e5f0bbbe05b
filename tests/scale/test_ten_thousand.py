"""Ten thousand applications in one round: the worklist and an application's page ask as often as with ten, and the
whole list is confirmed in one transaction of a bounded number of statements. Slow; run by `make scale`.
"""

import os
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, update

from app.services.qualification.confirm_qualified_list import SLICE
from app.store.base import new_id
from app.store.consultations import Consultation
from app.store.qualification import ConditionDecision
from sandbox.seed import known
from sandbox.stages.applications import apply
from sandbox.stages.crowd import crowd
from sandbox.stages.qualification import DECIDED_BY_A_PERSON, close_applications, confirm, consult
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.queries import counted

pytestmark = pytest.mark.scale

MANY = int(os.environ.get("SCALE_APPLICATIONS", "10000"))
# They are read, decided and written by slices: this many statements for the list and for each slice at most.
MOST_STATEMENTS = 25 + 16 * -(-MANY // SLICE)


def test_ten_thousand_applications_cost_what_ten_do(world: World) -> None:
    round_id = open_round(world)
    first = apply(world, round_id)
    ids = [first.id, *crowd(world, first.id, 9)]
    few = _questions(world, round_id, first.id)
    ids += crowd(world, first.id, MANY - 10, first=10)
    assert _questions(world, round_id, first.id) == few
    close_applications(world, round_id)
    consult(world, round_id)
    _decide_all(world, ids)
    commits: list[Any] = []
    engine = world.client.app.state.database.engine.sync_engine  # type: ignore[attr-defined]
    event.listen(engine, "commit", commits.append)
    with counted(world) as statements:
        confirmed = ok(confirm(world, round_id), 201)
    assert len(confirmed["names"]) == MANY
    assert len(statements) <= MOST_STATEMENTS
    assert len(commits) == 1


def _questions(world: World, round_id: str, application_id: str) -> tuple[int, int]:
    with counted(world) as worklist:
        ok(world.office.get(f"/v1/rounds/{round_id}/qualification-worklist", params={"limit": 10}))
    with counted(world) as page:
        ok(world.office.get(f"/v1/applications/{application_id}/qualification"))
    return len(worklist), len(page)


def _decide_all(world: World, ids: list[str]) -> None:
    """Every department has answered and every condition is decided, written into the store."""
    at = world.clock.now()
    decided: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "created_at": at,
            "application_id": UUID(application_id),
            "rule": rule,
            "outcome": "pass",
            "reason": "样例",
            "evidence": "样例",
            "decided_by": known("account:office"),
        }
        for rule in DECIDED_BY_A_PERSON
        for application_id in ids
    ]

    async def write() -> None:
        async with world.client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            await session.execute(update(Consultation).values(state="answered", answer="no_objection"))
            await session.execute(insert(ConditionDecision), decided)
            await session.commit()

    assert world.client.portal is not None
    world.client.portal.call(write)
