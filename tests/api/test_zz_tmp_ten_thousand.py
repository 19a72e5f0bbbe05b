import time
from tests.support.crowd import crowd
from tests.support.queries import counted
from tests.support.stages.applications import apply
from tests.support.stages.qualification import *
from tests.support.stages.rounds import open_round
from tests.support.world import World, ok
from sqlalchemy import update, insert, select
from app.store.applications import Consultation, ConditionDecision
from app.store.base import new_id
from tests.support.seed import known
import os, resource
N = int(os.environ.get("N", "10000"))
def test_it(world: World) -> None:
    round_id = open_round(world)
    a = apply(world, round_id)
    ids = crowd(world, a.id, N-1)
    close_applications(world, round_id)
    t=time.perf_counter()
    with counted(world) as s: print(consult(world, round_id)["opened"], len(s))
    print("consult", time.perf_counter()-t)
    async def fill():
        async with world.client.app.state.database.writing() as db:
            await db.execute(update(Consultation).values(state="answered", answer="no_objection"))
            from uuid import UUID
            for rule in DECIDED_BY_A_PERSON:
                await db.execute(insert(ConditionDecision), [dict(id=new_id(), created_at=world.clock.now(), application_id=UUID(i), rule=rule, outcome="pass", reason="x", evidence="x", decided_by=known("account:office")) for i in [a.id,*ids]])
            await db.commit()
    world.client.portal.call(fill)
    t=time.perf_counter()
    with counted(world) as s: ok(world.office.get(f"/v1/rounds/{round_id}/qualification-desk", params={"limit":100}))
    print("desk", len(s), time.perf_counter()-t)
    t=time.perf_counter()
    with counted(world) as s: done = confirm(world, round_id)
    print("confirm", done.status_code, len(s), time.perf_counter()-t, done.text[:300] if done.status_code!=201 else len(done.json()["names"]))
    print("MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
    assert done.status_code == 201
