"""A process killed at any moment of an approval leaves all or nothing (Art. 22)."""

import pytest

from app.kernel.settings import Settings
from sandbox.stages.decision import HOSPITAL, Contender, approval, fix_proposed, in_publicity
from sandbox.world import World, ok
from tests.support.killed import killed_at

pytestmark = pytest.mark.slow

_MOST_STATEMENTS = 400


def test_a_process_killed_during_an_approval_leaves_all_or_nothing(world: World, settings: Settings) -> None:
    made = in_publicity(world, Contender(), Contender(sector=HOSPITAL))
    fix_proposed(world, made.round_id)
    path, body = f"/v1/rounds/{made.round_id}/approval", approval(world)
    statement, died = 1, True
    while died:
        died = killed_at(
            statement, settings, world.clock.now(), lambda child: ok(child.government.post(path, body), 201)
        )
        state = ok(world.public.get(f"/v1/rounds/{made.round_id}"))["state"]
        recorded = world.government.get(path).status_code
        audited = len(ok(world.auditor.get("/v1/audit-entries?act=approve_awards"))["items"])
        runs = sum(
            run["gate"] == "approval"
            for item in made.applied
            for run in ok(world.office.get(f"/v1/applications/{item.id}/eligibility-checks"))["items"]
        )
        assert (state, recorded, audited, runs) in (("proposed", 404, 0, 0), ("approved", 200, 1, 2)), statement
        if died and state == "approved":
            # Killed after its commit, before its answer: whoever asks again is told so, and nothing happens twice.
            assert world.government.post(path, body).status_code == 409
            break
        statement += 1
        assert statement < _MOST_STATEMENTS
    assert statement > 5
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True
