"""Arts. 20, 21: lists that are fixed, objected to and changed at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sandbox.stages.decision import (
    CLOSING,
    OBJECTION,
    Contender,
    after_publicity,
    candidates,
    deliberate,
    evaluated_round,
    in_publicity,
    object_to,
    objections,
    publication,
    start_verification,
)
from sandbox.world import World, ok
from tests.support.problems import refused


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The answers to these acts, begun together, in their order."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(act) for act in acts]]


def test_two_candidate_lists_and_two_proposed_lists_make_one_of_each(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="700"))
    deliberate(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}"

    def publish(ids: list[str]) -> Any:
        body = {"application_ids": ids, "publication": publication(world.clock.today)}
        return world.office.post(f"{path}/candidate-list", body)

    answers = at_once(lambda: publish(made.ids), lambda: publish(made.ids[:1]))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    won = next(answer.json() for answer in answers if answer.status_code == 201)
    assert list(candidates(world, made.round_id)) == [item["application_id"] for item in won["candidates"]]
    assert len(ok(world.public.get("/v1/notices"))["items"]) == 1
    after_publicity(world, made.round_id)
    answers = at_once(*[lambda: world.office.post(f"{path}/proposed-list")] * 2)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(ok(world.office.get(f"{path}/proposed-list"))["names"]) == len(won["candidates"])


def test_an_objection_and_the_proposed_list_at_the_same_instant(world: World) -> None:
    made = in_publicity(world, Contender())
    candidate_id = candidates(world, made.round_id)[made.ids[0]]["id"]
    objecting, proposing = f"/v1/candidates/{candidate_id}/objections", f"/v1/rounds/{made.round_id}/proposed-list"

    def together() -> tuple[Any, Any]:
        told, fixed = at_once(lambda: world.public.post(objecting, OBJECTION), lambda: world.office.post(proposing))
        return ok(told, 201), fixed

    world.clock.go("2024-05-30", "23:59:59.999999")
    told, fixed = together()
    assert told["classification"] == "formal"
    refused(fixed, 422, "rule_refused", "art21.proposed")
    start_verification(world, objections(world)[0]["id"])
    ok(world.office.post(f"/v1/objections/{objections(world)[0]['id']}/decision", CLOSING | {"outcome": "dismissed"}))
    world.clock.go("2024-05-31", "00:00:00")
    told, fixed = together()
    assert (told["classification"], told["lacking"]) == ("informal", ["late"])
    assert len(ok(fixed, 201)["names"]) == 1


def test_an_objection_upheld_while_the_list_is_fixed_is_never_proposed(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    listed = candidates(world, made.round_id)
    object_to(world, listed[made.ids[0]]["id"])
    found = objections(world)[0]["id"]
    start_verification(world, found)
    after_publicity(world, made.round_id)
    proposing = f"/v1/rounds/{made.round_id}/proposed-list"
    upheld, fixed = at_once(
        lambda: world.office.post(f"/v1/objections/{found}/decision", CLOSING | {"outcome": "upheld"}),
        lambda: world.office.post(proposing),
    )
    assert ok(upheld)["state"] == "upheld"
    if fixed.status_code != 201:
        refused(fixed, 422, "rule_refused", "art21.objections")
        fixed = world.office.post(proposing)
    assert [item["id"] for item in ok(fixed, 201)["names"]] == [listed[made.ids[1]]["id"]]
