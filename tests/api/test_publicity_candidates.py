"""Arts. 6, 10, 20: the candidates come from evaluation and deliberation, within the seats, fixed by the office."""

from typing import Any

from sandbox.stages.decision import (
    HOSPITAL,
    LOGISTICS,
    Contender,
    candidates,
    deliberate,
    evaluated_round,
    publication,
    publish,
)
from sandbox.world import World, ok
from tests.support.problems import refused

CHOICE = {"reason": "样例：经集体研究", "evidence": "样例：会议纪要"}


def path(round_id: str) -> str:
    return f"/v1/rounds/{round_id}/candidate-list"


def attempt(world: World, round_id: str, ids: list[str], **changes: Any) -> Any:
    body = {"application_ids": ids, "publication": publication(world.clock.today)} | changes
    return world.office.post(path(round_id), body)


def test_two_manufacturers_and_one_other_are_published_with_what_stays_vacant(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="700"), Contender(HOSPITAL))
    deliberate(world, made.round_id)
    refused(world.public.get(path(made.round_id)), 404)
    told = publish(world, made.round_id, made.ids)
    assert told["round_state"] == "publicity"
    assert told["vacancies"] == {"manufacturing": 0, "other": 0}
    assert [(item["seat_category"], item["rank"], item["state"]) for item in told["candidates"]] == [
        ("manufacturing", 1, "listed"),
        ("manufacturing", 2, "listed"),
        ("other", 1, "listed"),
    ]
    seen = ok(world.public.get(path(made.round_id)))
    assert seen["candidates"] == told["candidates"]
    notice = ok(world.public.get(f"/v1/notices/{told['candidates'][0]['notice_id']}"))
    assert [name["name"] for name in notice["body"]["names"]] == [item["published_name"] for item in told["candidates"]]


def test_a_third_manufacturer_is_refused_even_where_the_other_seat_is_empty(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="700"), Contender(score="600"))
    deliberate(world, made.round_id)
    body = refused(attempt(world, made.round_id, made.ids), 422, "rule_refused", "art06.seats")
    assert (
        body["violations"][0]["facts"] | {"seat_category": "manufacturing", "taken": 3, "seats": 2}
        == (body["violations"][0]["facts"])
    )
    assert publish(world, made.round_id, made.ids[:2])["vacancies"] == {"manufacturing": 0, "other": 1}


def test_a_hospital_and_a_carrier_share_one_seat(world: World) -> None:
    made = evaluated_round(world, Contender(HOSPITAL, "700"), Contender(LOGISTICS, "690"))
    deliberate(world, made.round_id)
    refused(attempt(world, made.round_id, made.ids), 422, "rule_refused", "art06.seats")
    assert publish(world, made.round_id, made.ids[:1])["vacancies"] == {"manufacturing": 2, "other": 0}


def test_an_empty_list_is_a_valid_decision_and_needs_no_publication(world: World) -> None:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)
    told = publish(world, made.round_id, [])
    assert told["candidates"] == []
    assert told["vacancies"] == {"manufacturing": 2, "other": 1}
    assert ok(world.public.get("/v1/notices", params={"round_id": made.round_id}))["items"] == []


def test_a_name_needs_its_publication(world: World) -> None:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)
    refused(attempt(world, made.round_id, made.ids, publication=None), 422, "rule_refused", "art21.publicity")
    no_media = {"title": "样例", "media": []}
    refused(attempt(world, made.round_id, made.ids, publication=no_media), 422, "invalid")


def test_a_tie_at_the_last_seat_needs_a_recorded_decision_or_a_vacancy(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="700"), Contender(score="700"))
    deliberate(world, made.round_id)
    body = refused(attempt(world, made.round_id, made.ids[:2]), 422, "rule_refused", "art20.evaluation")
    assert {item["outcome"] for item in body["violations"]} == {"needs_decision"}
    ok(
        world.office.post(
            f"{path(made.round_id)}?dry_run=true",
            {
                "application_ids": made.ids[:1],
                "publication": publication(world.clock.today),
            },
        ),
        201,
    )
    told = publish(world, made.round_id, made.ids[:2], choice=CHOICE)
    assert {item["application_id"] for item in told["candidates"]} == set(made.ids[:2])


def test_a_better_one_is_passed_over_by_a_recorded_decision_only(world: World) -> None:
    made = evaluated_round(world, Contender(HOSPITAL, "800"), Contender(LOGISTICS, "700"))
    deliberate(world, made.round_id)
    refused(attempt(world, made.round_id, [made.ids[1]]), 422, "rule_refused", "art20.evaluation")
    ok(attempt(world, made.round_id, [made.ids[1]], choice=CHOICE), 201)


def test_candidates_are_evaluated_above_the_pass_line_and_recommended(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="540"), Contender(HOSPITAL))
    deliberate(world, made.round_id, recommended=made.ids[:2])
    stranger = "018e0000-0000-7000-8000-000000000001"
    for wrong in (made.ids[1], made.ids[2], stranger):
        body = refused(attempt(world, made.round_id, [made.ids[0], wrong]), 422, "rule_refused", "art20.evaluation")
        assert all(item["outcome"] == "fail" for item in body["violations"])
    twice = [made.ids[0], made.ids[0]]
    (fault,) = refused(attempt(world, made.round_id, twice), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == ("/application_ids/1", "duplicate")


def test_only_the_office_fixes_the_list_after_the_deliberation_and_once(world: World) -> None:
    made = evaluated_round(world, Contender())
    refused(attempt(world, made.round_id, made.ids), 409, "wrong_state")
    deliberate(world, made.round_id)
    body = {"application_ids": made.ids, "publication": publication(world.clock.today)}
    refused(world.government.post(path(made.round_id), body), 403, "forbidden", "art10.proposes")
    refused(world.auditor.post(path(made.round_id), body), 403, "forbidden", "art10.proposes")
    refused(world.public.post(path(made.round_id), body), 401)
    version = ok(world.public.get(f"/v1/rounds/{made.round_id}"))["version"]
    stale = {"If-Match": f'"{version - 1}"'}
    refused(world.office.post(path(made.round_id), body, headers=stale), 412, "stale_version")
    assert world.office.post(f"{path(made.round_id)}?dry_run=true", body).status_code == 201
    refused(world.public.get(path(made.round_id)), 404)
    publish(world, made.round_id, made.ids)
    refused(attempt(world, made.round_id, made.ids), 409, "wrong_state")


def test_a_name_is_added_within_the_seats_only_and_once(world: World) -> None:
    made = evaluated_round(
        world, Contender(score="800"), Contender(score="700"), Contender(HOSPITAL, "700"), Contender(LOGISTICS, "600")
    )
    deliberate(world, made.round_id)
    publish(world, made.round_id, made.ids[:2])
    adding = f"/v1/rounds/{made.round_id}/candidates"
    body = {"application_id": made.ids[2], "publication": publication(world.clock.today)}
    refused(world.government.post(adding, body), 403, "forbidden", "art10.proposes")
    told = ok(world.office.post(adding, body), 201)
    assert told["vacancies"] == {"manufacturing": 0, "other": 0}
    refused(world.office.post(adding, body), 409, "already_candidate", "art21.publicity")
    refused(world.office.post(adding, body | {"application_id": made.ids[3]}), 422, "rule_refused", "art06.seats")


def test_a_removed_name_is_shown_as_removed_and_nobody_moves_up(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="700"), Contender(score="600"))
    deliberate(world, made.round_id)
    listed = publish(world, made.round_id, made.ids[:2])["candidates"]
    removal = f"/v1/candidates/{listed[0]['id']}/removal"
    unknown = {"reason": "样例", "rule": "art99.none"}
    refused(world.office.post(removal, unknown), 422, "invalid")
    refused(world.government.post(removal, {"reason": "样例"}), 403, "forbidden", "art10.proposes")
    told = ok(world.office.post(removal, {"reason": "样例：材料系伪造", "rule": "art26.fraud", "evidence": "样例"}))
    assert told["vacancies"] == {"manufacturing": 1, "other": 1}
    assert len(told["candidates"]) == 2
    assert told["candidates"][0]["removed_reason"] == "样例：材料系伪造"
    public = candidates(world, made.round_id)[made.ids[0]]
    assert public["state"] == "removed"
    assert public["removed_rule"] == "art26.fraud"
    assert public["removed_reason"] is None
    refused(world.office.post(removal, {"reason": "样例"}), 409, "wrong_state")
    missing = "/v1/candidates/018e0000-0000-7000-8000-000000000001/removal"
    refused(world.office.post(missing, {"reason": "样例"}), 404)
    # The one behind takes the seat by a publicity of its own, or not at all.
    body = {"application_id": made.ids[2], "publication": publication(world.clock.today)}
    ok(world.office.post(f"/v1/rounds/{made.round_id}/candidates", body), 201)


def test_taking_a_name_off_under_no_rule_makes_no_way_for_a_lower_one(world: World) -> None:
    made = evaluated_round(world, Contender(HOSPITAL, "800"), Contender(LOGISTICS, "700"))
    deliberate(world, made.round_id)
    listed = publish(world, made.round_id, made.ids[:1])["candidates"][0]
    ok(world.office.post(f"/v1/candidates/{listed['id']}/removal", {"reason": "样例：另行研究"}))
    adding = f"/v1/rounds/{made.round_id}/candidates"
    body = {"application_id": made.ids[1], "publication": publication(world.clock.today)}
    told = refused(world.office.post(adding, body), 422, "rule_refused", "art20.evaluation")
    assert [item["outcome"] for item in told["violations"]] == ["needs_decision"]
    assert ok(world.office.post(adding, body | {"choice": CHOICE}), 201)["vacancies"]["other"] == 0
