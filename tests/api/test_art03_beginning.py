"""What an applicant hears early: an empty form is no form to endorse (Art. 3), a bar is told at the beginning (Arts. 6,
26), and the names of areas are public (Art. 12)."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import (
    begin,
    edit,
    eligible_content,
    endorse,
    recommend,
    register_applicant,
    request,
    submit_application,
    upload,
)
from sandbox.stages.awarded import concluded, excluded
from sandbox.stages.parties import Registered, register
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_records_of_an_organisation import entered
from tests.api.test_art17_material_files import review_rules
from tests.support.problems import refused

DECREE = "会府字〔2022〕9号"


def ask(world: World, applicant: Caller, application_id: str, unit: str = "wenwuba") -> Any:
    body = {"unit_id": world.id(f"unit:{unit}")}
    return applicant.post(f"/v1/applications/{application_id}/recommendation-request", body)


def wanting(world: World, applicant: Caller, application_id: str) -> dict[str, list[str]]:
    """What a request for the recommendation is refused for: by reason, the fields in which it is cured."""
    body = refused(ask(world, applicant, application_id), 422, "rule_refused", "art03.recommendation")
    shown = ok(applicant.get(f"/v1/applications/{application_id}"))
    act = next(item for item in shown["available_actions"] if item["act"] == "request_recommendation")
    reasons = [item["reason"] for item in body["violations"]]
    assert [item["reason"] for item in act["blocked_by"]] == reasons
    assert all(item["remedy_zh"] and item["remedy_en"] for item in body["violations"])
    pointers = [fault["pointer"] for fault in body["errors"]]
    where = {"sections_missing": "/content/sections", "materials_to_verify_missing": "/attachments"}
    return {
        reason: [item for item in pointers if item.startswith(where.get(reason, "/content/figures"))]
        for reason in reasons
    }


def test_art03_a_unit_is_not_asked_about_an_empty_form(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft_id = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)["id"]
    rules = ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules"]
    assert rules["before_recommendation"] == ["sections", "materials", "figures"]
    sections = [f"/content/sections/{item['code']}" for item in rules["required_sections"]]
    materials = [item["code"] for item in rules["required_materials"]]
    content = eligible_content(2024)
    assert wanting(world, applicant, draft_id) == {
        "sections_missing": sections,
        "materials_to_verify_missing": [f"/attachments/{code}" for code in materials],
        "parts_to_verify_missing": ["/content/figures"],
    }
    # Texts that say nothing are no texts.
    for nothing in ("-", "。", "无", "略", "１２", "待补", "详见自评报告", "See attachment", "【请填写】"):
        edit(applicant, draft_id, {"sections": dict.fromkeys(content["sections"], nothing)})
        assert wanting(world, applicant, draft_id)["sections_missing"] == sections
    first = sections[0].rpartition("/")[2]
    edit(applicant, draft_id, {"sections": content["sections"] | {first: "-"}, "figures": content["figures"]})
    for code in materials[1:]:
        upload(applicant, draft_id, code)
    assert wanting(world, applicant, draft_id) == {
        "sections_missing": sections[:1],
        "materials_to_verify_missing": [f"/attachments/{materials[0]}"],
    }
    edit(applicant, draft_id, {"sections": content["sections"]})
    upload(applicant, draft_id, materials[0])
    assert ok(ask(world, applicant, draft_id))["state"] == "recommendation_requested"


def test_art03_what_a_unit_is_shown_is_the_rounds_to_say(world: World) -> None:
    round_id = open_round(world, review_rules=review_rules(before_recommendation=["certificates"]))
    _, applicant = register_applicant(world)
    draft_id = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)["id"]
    body = refused(ask(world, applicant, draft_id), 422, "rule_refused", "art03.recommendation")
    assert [fault["pointer"] for fault in body["errors"]] == ["/content/certificates"]
    edit(applicant, draft_id, {"certificates": eligible_content(2024)["certificates"]})
    assert ok(ask(world, applicant, draft_id))["state"] == "recommendation_requested"


def test_art17_a_text_that_says_nothing_is_not_submitted(world: World) -> None:
    round_id = open_round(world, review_rules=review_rules(before_recommendation=[]))
    _, applicant = register_applicant(world)
    sections = dict.fromkeys(eligible_content(2024)["sections"], "无")
    draft = begin(world, round_id, applicant, {"sections": sections})
    recommend(world, draft["id"], applicant)
    path = f"/v1/applications/{draft['id']}/submission"
    body = refused(applicant.post(path), 422, "rule_refused", "art17.qualification")
    assert {fault["pointer"] for fault in body["errors"]} == {f"/content/sections/{code}" for code in sections}


def test_art06_a_winner_within_the_interval_hears_it_when_it_begins(world: World) -> None:
    winner = concluded(world, {}, year=2022, decreed_on="2022-06-03", decree_number=DECREE).winners[0]
    round_id = open_round(world)
    draft = begin(world, round_id, winner.applicant)
    assert [item["rule"] for item in draft["barred_by"]] == ["art06.interval"]
    assert ok(winner.applicant.get(f"/v1/applications/{draft['id']}"))["barred_by"] == draft["barred_by"]
    assert ok(world.office.get(f"/v1/applications/{draft['id']}"))["barred_by"] == []
    # No unit is asked for what can never be submitted.
    body = refused(ask(world, winner.applicant, draft["id"]), 422, "rule_refused", "art06.interval")
    assert body["violations"] == draft["barred_by"]
    shown = ok(winner.applicant.get(f"/v1/applications/{draft['id']}"))
    (act,) = [item for item in shown["available_actions"] if item["act"] == "request_recommendation"]
    assert (shown["state"], act["blocked_by"]) == ("draft", draft["barred_by"])
    _, other = register_applicant(world)
    assert begin(world, round_id, other)["barred_by"] == []


@pytest.mark.parametrize(("last_day", "asked"), [("2024-04-29", True), ("2024-04-30", False)])
def test_art26_28_an_exclusion_that_ends_in_time_stops_no_request(world: World, last_day: str, asked: bool) -> None:
    """Told while it runs, it stops the request where it still runs on the last day of the call."""
    winner = concluded(
        world, {}, year=2018, ordinal=1, decreed_on="2018-06-03", decree_number="会府字〔2018〕9号"
    ).winners[0]
    excluded(world, winner, from_day="2023-06-01", last_day=last_day)
    draft = begin(world, open_round(world), winner.applicant)
    assert "exclusions" in {item["rule"] for item in draft["barred_by"]}
    answer = ask(world, winner.applicant, draft["id"])
    body = answer.json()
    assert ("exclusions" in {item["rule"] for item in body.get("violations", [])}) is not asked


def test_art06_who_is_excluded_hears_it_when_it_begins(world: World) -> None:
    winner = concluded(world, {}, year=2022, decreed_on="2022-06-03", decree_number=DECREE).winners[0]
    excluded(world, winner, from_day="2023-06-01", last_day="2026-05-31")
    round_id = open_round(world)
    draft = ok(winner.applicant.post("/v1/applications", {"round_id": round_id}), 201)
    assert {item["rule"] for item in draft["barred_by"]} == {"art06.interval", "exclusions"}


@pytest.mark.parametrize(
    ("profile", "barred"),
    [
        ({}, None),
        ({"legal_form": "social_association"}, ("art04.recipient", "recipient_barred")),
        ({"legal_form": "sole_trader"}, ("art13.1.legal_person", "legal_personality_missing")),
        (
            {"county_code": "360731", "registered_address": "于都县样例路1号"},
            ("art13.1.local", "not_registered_locally"),
        ),
        # Old enough on the last day of the call is old enough.
        ({"established_on": "2021-04-30"}, None),
        ({"established_on": "2021-05-01"}, ("art13.1.age", "established_too_recently")),
    ],
)
def test_art13_1_who_cannot_apply_hears_it_when_it_begins(
    world: World, profile: dict[str, Any], barred: tuple[str, str] | None
) -> None:
    round_id = open_round(world)
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["deadline"] == "2024-04-30"
    _, applicant = register_applicant(world, **profile)
    draft = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)
    told = [(item["rule"], item["reason"]) for item in draft["barred_by"]]
    assert told == ([] if barred is None else [barred])


def test_art13_1_a_dissolved_one_hears_it_when_it_begins(world: World) -> None:
    organisation_id, applicant = register_applicant(world)
    ended = {"dissolved_on": "2024-02-20", "evidence": "样例：准予注销通知"}
    ok(world.office.post(f"/v1/organisations/{organisation_id}/dissolution", ended))
    draft = ok(applicant.post("/v1/applications", {"round_id": open_round(world)}), 201)
    assert [item["reason"] for item in draft["barred_by"]] == ["organisation_dissolved"]


def test_art13_1_what_bars_it_is_told_until_the_submission_and_then_in_the_timeline(world: World) -> None:
    """Not only at the beginning: it moves away while the unit has the application, or the office."""
    round_id = open_round(world)
    organisation_id, applicant = register_applicant(world)
    path = f"/v1/applications/{begin(world, round_id, applicant)['id']}"
    own = f"/v1/organisations/{organisation_id}"

    def barred() -> list[str]:
        return [item["reason"] for item in ok(applicant.get(path))["barred_by"]]

    def move(address: str, code: str) -> None:
        body = {"registered_address": address, "county_code": code, "area": None}
        ok(applicant.patch(own, body, version=ok(applicant.get(own))["version"]))

    away = ("于都县样例路1号", "360731")
    asked = request(world, path.rpartition("/")[2], applicant)
    assert (ok(applicant.get(path))["state"], barred()) == ("recommendation_requested", [])
    move(*away)
    assert barred() == ["not_registered_locally"]
    assert ok(world.office.get(path))["barred_by"] == []
    move("江西省赣州市会昌县文武坝镇样例路1号", "360733")
    ok(applicant.patch(own, {"area": "文武坝镇"}, version=ok(applicant.get(own))["version"]))
    assert barred() == []
    ok(endorse(world, asked["id"]))
    assert (ok(applicant.get(path))["state"], barred()) == ("endorsed", [])
    submit_application(applicant, path.rpartition("/")[2])
    move(*away)
    # Submitted it keeps what it was submitted with, and hears of the facts of the day in its timeline.
    assert barred() == []
    told = [item["reason"] for item in ok(applicant.get(f"{path}/timeline"))["open_today"]]
    assert "not_registered_locally" in told


def test_art12_the_names_of_areas_are_public_and_a_wrong_one_is_pointed_at(world: World) -> None:
    units = ok(world.public.get("/v1/recommending-units?limit=100"))["items"]
    assert "文武坝镇" in [unit["area"] for unit in units]
    round_id = open_round(world)
    # How another county calls its areas is not known where an organisation registers.
    _, applicant = register_applicant(world, area="样例不存在镇", county_code="360734")
    draft = begin(world, round_id, applicant)
    body = refused(ask(world, applicant, draft["id"]), 422, "rule_refused", "art12.jurisdiction")
    assert [fault["pointer"] for fault in body["errors"]] == ["/organisation/area"]
    (told,) = body["violations"]
    assert told["reason"] == "area_unknown"
    assert "文武坝镇" in told["facts"]["areas"] and "文武坝镇" in told["remedy_zh"]
    # One that another unit has is that unit's to recommend.
    _, neighbour = register_applicant(world, area="筠门岭镇")
    draft = begin(world, round_id, neighbour)
    body = refused(ask(world, neighbour, draft["id"]), 422, "rule_refused", "art12.jurisdiction")
    assert [item["reason"] for item in body["violations"]] == ["outside_area"]


@pytest.mark.parametrize(
    ("finding", "occurred_on", "told"),
    [
        ("confirmed", "2021-03-01", True),
        ("confirmed", "2021-02-28", False),
        ("denied", "2023-06-01", False),
        (None, "2023-06-01", False),
    ],
)
def test_art13_6_who_has_a_confirmed_record_hears_it_when_it_begins(
    world: World, finding: str | None, occurred_on: str, told: bool
) -> None:
    party = register(world)
    entered(world, party, finding, occurred_on=occurred_on)
    draft = begin(world, open_round(world), party.account)
    assert [item["rule"] for item in draft["barred_by"]] == (["art13.6.record"] if told else [])
    # A decision on it may be replaced on any day: a unit can be asked meanwhile.
    ok(ask(world, party.account, draft["id"]))


def test_art13_6_two_records_beside_an_exclusion_are_each_told_once(world: World) -> None:
    winner = concluded(world, {}, year=2018, ordinal=1, decreed_on="2018-06-03", decree_number="会府字〔2018〕9号")
    (one,) = winner.winners
    party = Registered(one.organisation_id, one.applicant)
    excluded(world, one, from_day="2023-06-01", last_day="2025-05-31")
    excluded(world, one, from_day="2023-07-01", last_day="2025-06-30")
    for day in ("2023-06-01", "2023-08-01"):
        entered(world, party, "confirmed", occurred_on=day)
    draft = begin(world, open_round(world), one.applicant)
    rules = sorted(item["rule"] for item in draft["barred_by"])
    # Of several exclusions the later end is told.
    assert rules == ["art06.interval", *["art13.6.record"] * 2, "exclusions"]
    (excluding,) = [item for item in draft["barred_by"] if item["rule"] == "exclusions"]
    assert excluding["facts"]["last_day"] == "2025-06-30"
