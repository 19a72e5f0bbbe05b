"""Art. 17: the confirmed list, as a whole, after the deadline, when nothing is open."""

from tests.support.stages.applications import apply
from tests.support.stages.qualification import qualify
from tests.support.stages.rounds import open_round
from tests.support.world import World, ok


def test_who_meets_every_condition_is_confirmed_and_published_by_name_alone(world: World) -> None:
    round_id = open_round(world)
    one, two = apply(world, round_id), apply(world, round_id)
    done = qualify(world, round_id)
    assert len(done["names"]) == 2
    published = ok(world.public.get(f"/v1/rounds/{round_id}/qualified-list"))
    assert set(published) == {"round_id", "title", "published_on", "names", "body_hash"}
    for applied in (one, two):
        shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
        assert (shown["state"], shown["sector"], shown["bucket"]) == ("qualified", "1392", "manufacturing")
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "qualified"
