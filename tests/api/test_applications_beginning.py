"""What an applicant hears early: an empty form is no form to endorse (Art. 3), a bar is told at the beginning (Arts. 6,
26), and the names of areas are public (Art. 12)."""

from typing import Any

from sandbox.callers import Caller
from sandbox.stages.applications import begin, edit, eligible_content, register_applicant
from sandbox.stages.awarded import concluded, excluded
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

DECREE = "会府字〔2022〕9号"


def ask(world: World, applicant: Caller, application_id: str, unit: str = "wenwuba") -> Any:
    body = {"unit_id": world.id(f"unit:{unit}")}
    return applicant.post(f"/v1/applications/{application_id}/recommendation-request", body)


def test_a_unit_is_not_asked_about_an_empty_form(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)
    required = [
        item["code"] for item in ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules"]["required_sections"]
    ]
    body = refused(ask(world, applicant, draft["id"]), 422, "rule_refused", "art03.recommendation")
    (violation,) = body["violations"]
    assert (violation["reason"], violation["facts"]["missing"]) == ("sections_missing", required)
    assert [fault["pointer"] for fault in body["errors"]] == [f"/content/sections/{code}" for code in required]
    sections = eligible_content(2024)["sections"]
    kept = {code: text for code, text in sections.items() if code != required[0]}
    edit(applicant, draft["id"], {"sections": kept})
    body = refused(ask(world, applicant, draft["id"]), 422, "rule_refused", "art03.recommendation")
    assert [fault["pointer"] for fault in body["errors"]] == [f"/content/sections/{required[0]}"]
    shown = ok(applicant.get(f"/v1/applications/{draft['id']}"))
    act = next(item for item in shown["available_actions"] if item["act"] == "request_recommendation")
    assert [item["reason"] for item in act["blocked_by"]] == ["sections_missing"]
    edit(applicant, draft["id"], {"sections": sections})
    assert ok(ask(world, applicant, draft["id"]))["state"] == "recommendation_requested"


def test_a_winner_within_the_interval_hears_it_when_it_begins(world: World) -> None:
    winner = concluded(world, {}, year=2022, decreed_on="2022-06-03", decree_number=DECREE).winners[0]
    round_id = open_round(world)
    draft = ok(winner.applicant.post("/v1/applications", {"round_id": round_id}), 201)
    assert [item["rule"] for item in draft["barred_by"]] == ["art06.interval"]
    assert ok(winner.applicant.get(f"/v1/applications/{draft['id']}"))["barred_by"] == draft["barred_by"]
    assert ok(world.office.get(f"/v1/applications/{draft['id']}"))["barred_by"] == []
    _, other = register_applicant(world)
    assert begin(world, round_id, other)["barred_by"] == []


def test_who_is_excluded_hears_it_when_it_begins(world: World) -> None:
    winner = concluded(world, {}, year=2022, decreed_on="2022-06-03", decree_number=DECREE).winners[0]
    excluded(world, winner, from_day="2023-06-01", last_day="2026-05-31")
    round_id = open_round(world)
    draft = ok(winner.applicant.post("/v1/applications", {"round_id": round_id}), 201)
    assert {item["rule"] for item in draft["barred_by"]} == {"art06.interval", "exclusions"}


def test_the_names_of_areas_are_public_and_a_wrong_one_is_pointed_at(world: World) -> None:
    units = ok(world.public.get("/v1/recommending-units?limit=100"))["items"]
    assert "文武坝镇" in [unit["area"] for unit in units]
    _, applicant = register_applicant(world, area="样例不存在镇")
    draft = begin(world, open_round(world), applicant)
    body = refused(ask(world, applicant, draft["id"]), 422, "rule_refused", "art12.jurisdiction")
    assert [fault["pointer"] for fault in body["errors"]] == ["/organisation/area"]
