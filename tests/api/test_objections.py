"""Art. 21: anybody may object; each formal objection is verified and closed; who objected stays hidden."""

import json
import re
from typing import Any

import pytest

from app.kernel.throttle import Throttle
from sandbox.stages.decision import (
    CLOSING,
    HOSPITAL,
    OBJECTION,
    Contender,
    assign_investigator,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    publication,
    release,
    start_verification,
)
from sandbox.world import World, ok
from tests.support.problems import refused

NOBODY = "018e0000-0000-7000-8000-000000000001"


def one_candidate(world: World, *contenders: Contender) -> tuple[str, str, dict[str, Any]]:
    """Round, first application, its candidate."""
    made = in_publicity(world, *(contenders or (Contender(),)))
    return made.round_id, made.ids[0], candidates(world, made.round_id)[made.ids[0]]


@pytest.mark.slow
def test_with_real_name_contact_and_facts_it_is_formal_to_the_last_second(world: World) -> None:
    _, _, candidate = one_candidate(world)
    first = object_to(world, candidate["id"])
    assert (first["classification"], first["lacking"]) == ("formal", [])
    world.clock.go("2024-05-30", "23:59:59.999999")
    assert object_to(world, candidate["id"])["classification"] == "formal"
    world.clock.go("2024-05-31", "00:00:00")
    late = object_to(world, candidate["id"])
    assert (late["classification"], late["lacking"]) == ("informal", ["late"])


def test_anonymous_or_without_facts_it_is_kept_as_a_lead(world: World) -> None:
    round_id, _, candidate = one_candidate(world)
    for changes, lacking in (
        ({"name": None}, ["name"]),
        ({"contact": None}, ["contact"]),
        ({"facts": None, "evidence": "样例"}, ["facts"]),
        ({"name": None, "contact": None}, ["name", "contact"]),
    ):
        told = object_to(world, candidate["id"], **changes)
        assert (told["classification"], told["lacking"]) == ("informal", lacking)
    path = f"/v1/candidates/{candidate['id']}/objections"
    refused(world.public.post(path, {}), 422, "invalid")
    refused(world.public.post(f"/v1/candidates/{NOBODY}/objections", OBJECTION), 404)
    assert {item["state"] for item in objections(world, round_id=round_id)} == {"informal"}
    # Informal objections block nothing.
    assert len(fix_proposed(world, round_id)["names"]) == 1


def test_the_receipt_tells_what_became_of_it_and_is_told_once(world: World) -> None:
    _, _, candidate = one_candidate(world)
    key = {"Idempotency-Key": "objection-0001"}
    path = f"/v1/candidates/{candidate['id']}/objections"
    first = world.public.post(path, OBJECTION, headers=key)
    tracking_code = ok(first, 201)["tracking_code"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", tracking_code)
    again = ok(world.public.post(path, OBJECTION, headers=key), 201)
    assert again == ok(first, 201) | {"tracking_code": None}
    assert len(objections(world)) == 1
    status = world.public.get(f"/v1/objection-status/{tracking_code}")
    assert ok(status) == {
        "published_name": candidate["published_name"],
        "classification": "formal",
        "lacking": [],
        "classification_reason": None,
        "state": "received",
        "received_at": ok(first, 201)["received_at"],
        "closed_at": None,
        "answer": None,
    }
    assert status.headers["cache-control"] == "no-store"
    close_objection(world, objections(world)[0]["id"], "dismissed")
    told = ok(world.public.get(f"/v1/objection-status/{tracking_code}"))
    assert (told["state"], told["answer"]) == ("dismissed", CLOSING["public_statement"])
    refused(world.public.get(f"/v1/objection-status/{'A' * 43}"), 404)
    refused(world.public.get("/v1/objection-status/short"), 422, "invalid")


def test_an_open_formal_objection_blocks_its_organisation(world: World) -> None:
    round_id, _, candidate = one_candidate(world)
    object_to(world, candidate["id"])
    found = objections(world, round_id=round_id, state="received")[0]
    world.clock.go("2024-05-31")
    path = f"/v1/rounds/{round_id}/proposed-list"
    refused(world.office.post(path), 422, "rule_refused", "art21.objections")
    start_verification(world, found["id"])
    refused(world.office.post(path), 422, "rule_refused", "art21.objections")
    ok(world.office.post(f"/v1/objections/{found['id']}/decision", CLOSING | {"outcome": "dismissed"}))
    assert len(ok(world.office.post(path), 201)["names"]) == 1


def test_an_upheld_objection_takes_its_organisation_off_the_list(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"), Contender(score="600", listed=False))
    listed = candidates(world, made.round_id)
    object_to(world, listed[made.ids[0]]["id"])
    told = close_objection(world, objections(world)[0]["id"], "upheld")
    assert told["state"] == "upheld"
    after = candidates(world, made.round_id)
    assert (after[made.ids[0]]["state"], after[made.ids[0]]["removed_rule"]) == ("removed", "art21.objections")
    assert after[made.ids[1]] == listed[made.ids[1]]
    # No substitute without its own publicity; the one taken out does not come back.
    adding = f"/v1/rounds/{made.round_id}/candidates"
    back = {"application_id": made.ids[0], "publication": publication("2024-05-20")}
    refused(world.office.post(adding, back), 409, "already_candidate", "art21.publicity")
    world.clock.go("2024-05-24")
    ok(world.office.post(adding, back | {"application_id": made.ids[2], "publication": publication("2024-05-24")}), 201)
    assert candidates(world, made.round_id)[made.ids[2]]["last_day"] == "2024-06-03"
    names = fix_proposed(world, made.round_id)["names"]
    assert {item["id"] for item in names} == {
        listed[made.ids[1]]["id"],
        candidates(world, made.round_id)[made.ids[2]]["id"],
    }


def test_an_objection_is_verified_before_it_is_closed_and_closed_once(world: World) -> None:
    _, _, candidate = one_candidate(world)
    object_to(world, candidate["id"])
    found = objections(world)[0]
    path = f"/v1/objections/{found['id']}"
    refused(world.office.post(f"{path}/decision", CLOSING | {"outcome": "upheld"}), 409, "wrong_state")
    refused(world.office.post(f"{path}/decision", CLOSING | {"outcome": "dismissed"}), 409, "wrong_state")
    refused(world.office.post(f"{path}/closing", CLOSING), 409, "wrong_state")
    start_verification(world, found["id"])
    refused(world.office.post(f"{path}/decision", CLOSING | {"reason": " "} | {"outcome": "dismissed"}), 422, "invalid")
    stale = {"If-Match": '"1"'}
    refused(
        world.office.post(f"{path}/decision", CLOSING | {"outcome": "dismissed"}, headers=stale), 412, "stale_version"
    )
    closed = ok(world.office.post(f"{path}/decision", CLOSING | {"outcome": "dismissed"}))
    assert (closed["verification"], closed["outcome_reason"]) == (CLOSING["verification"], CLOSING["reason"])
    refused(world.office.post(f"{path}/decision", CLOSING | {"outcome": "upheld"}), 409, "wrong_state")
    refused(world.office.post(f"/v1/objections/{NOBODY}/verification", {"plan": "样例"}), 404)
    for caller in (world.government, world.auditor, world.by("reviewer1"), world.by("unit-wenwuba")):
        refused(caller.post(f"{path}/decision", CLOSING | {"outcome": "dismissed"}), 403, "forbidden")


def test_a_lead_is_answered_for_by_the_office(world: World) -> None:
    _, _, candidate = one_candidate(world)
    told = object_to(world, candidate["id"], name=None)
    found = objections(world, classification="informal")[0]
    assert [item["act"] for item in found["available_actions"] if item["allowed"]] == [
        "assign_investigator",
        "upload_objection_file",
    ]
    path = f"/v1/objections/{found['id']}"
    refused(world.office.post(f"{path}/verification", {"plan": "样例"}), 409, "wrong_state")
    # What nobody has read is not answered.
    unread = refused(world.office.post(f"{path}/closing", CLOSING), 422, "rule_refused", "art21.objections")
    assert [item["reason"] for item in unread["violations"]] == ["investigator_missing"]
    assign_investigator(world, found["id"])
    release(world, path)
    ok(world.office.post(f"{path}/identity-disclosure", {"reason": "样例：核实异议"}))
    assert ok(world.office.post(f"{path}/closing", CLOSING))["state"] == "answered"
    status = ok(world.public.get(f"/v1/objection-status/{told['tracking_code']}"))
    assert (status["state"], status["answer"]) == ("answered", CLOSING["public_statement"])


def test_who_objected_is_read_for_a_recorded_reason_only(world: World) -> None:
    _, _, candidate = one_candidate(world)
    object_to(world, candidate["id"])
    found = objections(world)[0]
    path = f"/v1/objections/{found['id']}/identity-disclosure"
    assign_investigator(world, found["id"])
    refused(world.office.post(path, {}), 422, "invalid")
    refused(world.office.post(f"{path}?dry_run=true", {"reason": "样例"}), 422, "dry_run_not_supported")
    for caller in (world.government, world.auditor, world.by("unit-wenwuba"), world.by("reviewer1"), world.platform):
        refused(caller.post(path, {"reason": "样例"}), 403, "forbidden")
    refused(world.public.post(path, {"reason": "样例"}), 401)
    release(world, f"/v1/objections/{found['id']}")
    for _ in range(2):
        # Not stored for its key: a repetition is another reading, with another entry.
        answer = world.office.post(path, {"reason": "样例：须当面核实"}, headers={"Idempotency-Key": "identity-1"})
        assert "idempotency-replayed" not in answer.headers
        assert ok(answer) == {
            "objection_id": found["id"],
            "name": OBJECTION["name"],
            "contact": OBJECTION["contact"],
            "facts": OBJECTION["facts"],
            "evidence": None,
            "files": [],
        }
        assert answer.headers["cache-control"] == "no-store"
    entries = ok(world.auditor.get("/v1/audit-entries", params={"act": "disclose_identity"}))["items"]
    assert [item["details"]["reason"] for item in entries] == ["样例：须当面核实"] * 2
    assert {item["actor_role"] for item in entries} == {"office"}


@pytest.mark.slow
def test_who_objected_is_in_no_other_answer(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    listed = candidates(world, made.round_id)
    receipts = [object_to(world, listed[item]["id"], name="保密异议人", contact="13800138000") for item in made.ids]
    receipts.append(object_to(world, listed[made.ids[0]]["id"], name="保密异议人", contact="13800138000", facts=None))
    found = objections(world)
    close_objection(world, found[0]["id"], "upheld")
    close_objection(world, found[1]["id"], "dismissed")
    ok(world.office.post(f"/v1/objections/{found[0]['id']}/identity-disclosure", {"reason": "样例"}))
    known = {
        "round_id": made.round_id,
        "application_id": made.ids[0],
        "objection_id": found[0]["id"],
        "candidate_id": listed[made.ids[0]]["id"],
        "code": receipts[0]["tracking_code"],
        "organisation_id": made.applied[0].organisation_id,
        "notice_id": listed[made.ids[0]]["notice_id"],
    }
    callers = [
        world.public,
        world.office,
        world.government,
        world.auditor,
        world.platform,
        world.by("reviewer1"),
        world.by("unit-wenwuba"),
        world.by("department-market"),
        made.applied[0].applicant,
    ]
    paths = ok(world.public.get("/openapi.json"))["paths"]
    seen = 0
    for path, operations in paths.items():
        named = re.findall(r"{(\w+)}", path)
        if "get" not in operations or not set(named) <= set(known):
            continue
        for caller in callers:
            answer = caller.get(path.format(**known))
            assert answer.status_code < 500, path
            seen += answer.status_code == 200
            for secret in ("保密异议人", "13800138000"):
                assert secret not in answer.text, (path, caller.role)
                assert json.dumps(secret)[1:-1] not in answer.text, (path, caller.role)
    assert seen > 40


def test_objections_are_for_the_office_and_the_auditor_to_read(world: World) -> None:
    _, _, candidate = one_candidate(world)
    for _ in range(3):
        object_to(world, candidate["id"])
    first = ok(world.auditor.get("/v1/objections", params={"limit": 2}))
    assert len(first["items"]) == 2
    rest = ok(world.auditor.get("/v1/objections", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert len(rest["items"]) == 1
    assert rest["next_cursor"] is None
    other = {"limit": 2, "cursor": first["next_cursor"], "state": "received"}
    refused(world.auditor.get("/v1/objections", params=other), 422, "invalid_cursor")
    path = f"/v1/objections/{first['items'][0]['id']}"
    assert ok(world.auditor.get(path))["summary"] is None
    for caller in (world.government, world.by("reviewer1"), world.by("unit-wenwuba"), world.platform):
        refused(caller.get("/v1/objections"), 403)
        refused(caller.get(path), 403)
    refused(world.public.get(path), 401)


def test_a_flood_of_objections_is_slowed_down(world: World) -> None:
    _, _, candidate = one_candidate(world)
    app = world.client.app
    app.state.throttle = Throttle(app.state.settings.model_copy(update={"public_posts_per_minute": 2}))  # type: ignore[attr-defined]
    path = f"/v1/candidates/{candidate['id']}/objections"
    answers = [world.public.post(path, OBJECTION) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    refused(answers[2], 429, "work_required")
    assert len(objections(world)) == 2
