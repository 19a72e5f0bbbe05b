"""One unit recommends, never itself, its own area or industry (Arts. 3, 12, 16)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, endorse, register_applicant, request
from sandbox.stages.parties import uscc
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def asked(world: World, unit: str = "wenwuba", **organisation: Any) -> tuple[str, Any, str]:
    """An application that waits for its unit: its id, its applicant, the recommendation's id."""
    _, applicant = register_applicant(world, unit=unit, **organisation)
    application_id = begin(world, open_round(world), applicant)["id"]
    return application_id, applicant, request(world, application_id, applicant, unit)["id"]


def state(applicant: Any, application_id: str) -> str:
    return str(ok(applicant.get(f"/v1/applications/{application_id}"))["state"])


def test_a_unit_finds_the_application_in_its_queue_and_endorses_it(world: World) -> None:
    application_id, applicant, recommendation_id = asked(world)
    unit = world.by("unit-wenwuba")
    queue = ok(unit.get("/v1/recommendations", params={"state": "requested"}))["items"]
    assert [item["id"] for item in queue] == [recommendation_id]
    assert queue[0]["due_at"] == "2024-04-30T16:00:00Z"
    assert {item["act"] for item in queue[0]["available_actions"]} == {"endorse", "decline", "return_for_correction"}
    assert ok(unit.get(f"/v1/applications/{application_id}"))["content"]["staff"] == 260
    given = ok(endorse(world, recommendation_id))
    assert (given["state"], given["signatory"], given["signed_on"]) == ("endorsed", "样例负责人", "2024-03-01")
    assert state(applicant, application_id) == "endorsed"
    refused(endorse(world, recommendation_id), 409, "wrong_state")


@pytest.mark.parametrize(("act", "answer"), [("decline", "declined"), ("return", "returned")])
def test_a_unit_that_does_not_recommend_says_why_and_the_draft_is_open_again(
    world: World, act: str, answer: str
) -> None:
    application_id, applicant, recommendation_id = asked(world)
    unit = world.by("unit-wenwuba")
    path = f"/v1/recommendations/{recommendation_id}/{act}"
    refused(unit.post(path, {}), 422, "invalid")
    refused(unit.post(path, {"reason": "  "}), 422, "invalid")
    assert ok(unit.post(path, {"reason": "样例理由"}))["state"] == answer
    shown = ok(applicant.get(f"/v1/applications/{application_id}"))
    assert (shown["state"], shown["recommendations"][-1]["reason"]) == ("draft", "样例理由")
    refused(unit.get(f"/v1/applications/{application_id}"), 404)
    again = request(world, application_id, applicant)
    assert ok(endorse(world, again["id"]))["state"] == "endorsed"


@pytest.mark.parametrize("unit", ["junmenling", "community"])
def test_a_township_or_committee_is_not_asked_for_another_area(world: World, unit: str) -> None:
    _, applicant = register_applicant(world, area="文武坝镇")
    draft = begin(world, open_round(world), applicant)
    body = {"unit_id": world.id(f"unit:{unit}")}
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    refused(applicant.post(path, body), 422, "rule_refused", "art12.jurisdiction")
    assert state(applicant, draft["id"]) == "draft"


def test_a_department_or_association_says_why_it_is_of_its_trade(world: World) -> None:
    _, _, recommendation_id = asked(world, "industry")
    refused(
        endorse(world, recommendation_id, "industry", industry_justification=None),
        422,
        "rule_refused",
        "art12.jurisdiction",
    )
    given = ok(endorse(world, recommendation_id, "industry", industry_justification="样例：主管该行业"))
    assert given["industry_justification"] == "样例：主管该行业"


def test_a_unit_never_recommends_itself(world: World) -> None:
    code = uscc()
    unit = {"name": "样例协会（自身申报）", "kind": "association", "industry": "C", "uscc": code}
    unit_id = ok(world.office.post("/v1/recommending-units", unit), 201)["id"]
    _, applicant = register_applicant(world, uscc=code)
    draft = begin(world, open_round(world), applicant)
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    refused(applicant.post(path, {"unit_id": unit_id}), 422, "rule_refused", "art03.recommendation")


def test_a_unit_whose_code_is_not_on_record_is_known_by_its_name(world: World) -> None:
    unit = {"name": "样例协会（自身申报）", "kind": "association", "industry": "C"}
    unit_id = ok(world.office.post("/v1/recommending-units", unit), 201)["id"]
    _, applicant = register_applicant(world, name=unit["name"])
    path = f"/v1/applications/{begin(world, open_round(world), applicant)['id']}/recommendation-request"
    refused(applicant.post(path, {"unit_id": unit_id}), 422, "rule_refused", "art03.recommendation")


def test_only_the_unit_that_was_asked_answers(world: World) -> None:
    _, applicant, recommendation_id = asked(world)
    path = f"/v1/recommendations/{recommendation_id}"
    refused(endorse(world, recommendation_id, "junmenling"), 404, "not_found")
    other = world.by("unit-junmenling")
    refused(other.get(path), 404, "not_found")
    refused(other.post(f"{path}/decline", {"reason": "样例"}), 404)
    assert ok(other.get("/v1/recommendations"))["items"] == []
    for caller in (applicant, world.office, world.government):
        refused(caller.post(f"{path}/decline", {"reason": "样例"}), 403, "forbidden")
    assert ok(world.office.get(path))["state"] == "requested"


def test_an_endorsement_counts_to_the_last_second_of_the_deadline(world: World) -> None:
    round_id = open_round(world, deadline="2024-04-30")
    waiting = []
    for _ in range(2):
        _, applicant = register_applicant(world)
        draft = begin(world, round_id, applicant)
        waiting.append(request(world, draft["id"], applicant)["id"])
    world.clock.go("2024-04-30", "23:59:59.999999")
    assert ok(endorse(world, waiting[0]))["state"] == "endorsed"
    world.clock.go("2024-05-01", "00:00:00")
    refused(endorse(world, waiting[1]), 422, "rule_refused", "art16.call")


def test_an_opinion_is_not_signed_in_the_future(world: World) -> None:
    _, _, recommendation_id = asked(world)
    body = refused(endorse(world, recommendation_id, signed_on="2024-03-02"), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/signed_on"
    ok(endorse(world, recommendation_id, signed_on="2024-03-01"))


def test_a_stale_version_is_refused(world: World) -> None:
    _, _, recommendation_id = asked(world)
    unit = world.by("unit-wenwuba")
    path = f"/v1/recommendations/{recommendation_id}/decline"
    refused(unit.post(path, {"reason": "样例"}, headers={"If-Match": '"99"'}), 412, "stale_version")


def test_two_answers_at_once_are_one(world: World) -> None:
    _, _, recommendation_id = asked(world)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: endorse(world, recommendation_id), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_an_application_has_one_recommendation_at_a_time(world: World) -> None:
    application_id, applicant, _ = asked(world)
    path = f"/v1/applications/{application_id}/recommendation-request"
    refused(applicant.post(path, {"unit_id": world.id("unit:industry")}), 409, "wrong_state")
    refused(applicant.post(path, {"unit_id": application_id}), 409, "wrong_state")


def test_an_unknown_unit_is_refused(world: World) -> None:
    _, applicant = register_applicant(world)
    draft = begin(world, open_round(world), applicant)
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    body = refused(applicant.post(path, {"unit_id": draft["id"]}), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/unit_id"


def test_reopening_lapses_the_recommendation(world: World) -> None:
    applied = apply(world, open_round(world), submit=False)
    shown = ok(applied.applicant.post(f"/v1/applications/{applied.id}/return-to-draft"))
    assert (shown["state"], shown["recommendations"][-1]["state"]) == ("draft", "lapsed")
    refused(world.by("unit-wenwuba").get(f"/v1/applications/{applied.id}"), 404)
