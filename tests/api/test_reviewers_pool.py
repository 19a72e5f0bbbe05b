"""The expert pool and the undertakings (Arts. 11(2), 29): rules "art11.pool", "art29.secrecy"."""

from typing import Any

import pytest

from sandbox.stages.parties import PASSWORD, accept
from sandbox.stages.reviews import admit, assign, panel, qualified, reviewer_id, score, sign
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

NEW = {
    "login": "expert-sample",
    "name": "样例专家甲",
    "expertise": "质量管理",
    "employer": "样例研究院",
    "employer_uscc": "91360733MA35AAAA0X",
    "qualified_from": "2024-01-01",
    "qualified_until": "2026-12-31",
}


def acts(world: World) -> list[str]:
    return [item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]]


def test_the_office_admits_an_expert_with_an_account(world: World) -> None:
    made = ok(world.office.post("/v1/reviewers", NEW), 201)
    assert made["state"] == "active" and made["name"] == "样例专家甲"
    accept(world, made)
    form = {"grant_type": "password", "username": NEW["login"], "password": PASSWORD}
    token = ok(world.client.post("/v1/tokens", data=form))["access_token"]
    me = ok(world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}))
    assert me["role"] == "reviewer" and me["id"] == made["account_id"]
    refused(world.office.post("/v1/reviewers", NEW), 409, "login_taken")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"qualified_until": "2023-12-31"}, None),
        ({"employer_uscc": "91360733"}, "/employer_uscc"),
        ({"unit_id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"}, "/unit_id"),
        ({"employed_since": "2024-03-02"}, "/employed_since"),
        # The reviewer chooses it, and nobody else.
        ({"password": PASSWORD}, "/password"),
        ({"state": "active"}, "/state"),
    ],
)
def test_an_entry_that_cannot_be(world: World, changes: dict[str, Any], pointer: str | None) -> None:
    body = refused(world.office.post("/v1/reviewers", {**NEW, **changes}), 422)
    assert pointer is None or pointer in {fault["pointer"] for fault in body["errors"]}
    assert NEW["name"] not in {item["name"] for item in ok(world.office.get("/v1/reviewers"))["items"]}


def test_names_are_for_office_and_auditor_and_each_reading_is_on_record(world: World) -> None:
    made = ok(world.office.post("/v1/reviewers", NEW), 201)
    before = acts(world)
    assert len(ok(world.auditor.get("/v1/reviewers"))["items"]) == 7
    assert ok(world.office.get(f"/v1/reviewers/{made['id']}"))["name"] == NEW["name"]
    after = acts(world)
    for act in ("read_reviewers", "read_reviewer"):
        assert after.count(act) == before.count(act) + 1
    for path in ("/v1/reviewers", f"/v1/reviewers/{made['id']}"):
        # A reading without its record would be a way around the record.
        refused(world.auditor.get(f"{path}?dry_run=true"), 422, "dry_run_not_supported")
        for caller in (world.government, world.by("reviewer1"), world.by("unit-wenwuba"), world.platform):
            refused(caller.get(path), 403)
        refused(world.public.get(path), 401)
    # The list of accounts is not the pool: it knows the person by the login only.
    shown = world.office.get("/v1/accounts?limit=100&role=reviewer").text
    assert NEW["login"] in shown and NEW["name"] not in shown


def test_the_pool_is_read_in_pages_and_by_state(world: World) -> None:
    first = ok(world.office.get("/v1/reviewers?limit=4"))
    second = ok(world.office.get(f"/v1/reviewers?limit=4&cursor={first['next_cursor']}"))
    assert len(first["items"]) == 4 and len(second["items"]) == 2 and second["next_cursor"] is None
    suspend(world, "reviewer1")
    assert len(ok(world.office.get("/v1/reviewers?state=active"))["items"]) == 5
    refused(world.office.get("/v1/reviewers/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), 404, "not_found")


def suspend(world: World, login: str, act: str = "suspension") -> Any:
    return world.office.post(f"/v1/reviewers/{reviewer_id(world, login)}/{act}", {"reason": "样例：另有安排。"})


def test_a_suspended_reviewer_gets_no_work_until_reinstated(world: World) -> None:
    round_id, (applied,) = qualified(world)
    ok(suspend(world, "reviewer1"))
    refused(suspend(world, "reviewer1"), 409, "wrong_state")
    ids = [reviewer_id(world, f"reviewer{number}") for number in (1, 2, 3)]
    refused(assign(world, applied.id, "material", ids), 422, "rule_refused", "art11.pool")
    assert ok(world.office.get("/v1/review-assignments"))["items"] == []
    ok(suspend(world, "reviewer1", "reinstatement"))
    refused(suspend(world, "reviewer1", "reinstatement"), 409, "wrong_state")
    panel(world, round_id, applied.id)


def test_a_suspended_reviewer_opens_nothing(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    ok(reviewer.get(f"/v1/review-assignments/{charge}/dossier"))
    ok(suspend(world, "reviewer1"))
    refused(reviewer.get(f"/v1/review-assignments/{charge}/dossier"), 422, rule="art11.pool")
    blocked = ok(reviewer.get(f"/v1/review-assignments/{charge}"))["blocked_by"]
    assert {finding["rule"] for finding in blocked} == {"art11.pool"}


def test_a_suspended_reviewer_does_not_read_the_others_sheets_either(world: World) -> None:
    round_id, (applied,) = qualified(world)
    assigned = panel(world, round_id, applied.id)
    for each in assigned:
        score(world, *each, 80)
    reviewer, charge = assigned[0]
    assert len(ok(reviewer.get(f"/v1/review-assignments/{charge}/panel-sheets"))["items"]) == 2
    ok(suspend(world, "reviewer1"))
    refused(reviewer.get(f"/v1/review-assignments/{charge}/panel-sheets"), 422, "rule_refused", "art11.pool")


def test_undertakings_of_another_round_open_nothing(world: World) -> None:
    before = open_round(world)
    sign(world.by("reviewer1"), before)
    ok(world.office.post(f"/v1/rounds/{before}/cancellation", {"reason": "样例"}))
    _, (applied,) = qualified(world)
    (charge,) = ok(assign(world, applied.id, "material", [reviewer_id(world, "reviewer1")]), 201)["items"]
    path = f"/v1/review-assignments/{charge['id']}/dossier"
    body = refused(world.by("reviewer1").get(path), 422, "rule_refused", "art29.secrecy")
    assert {item["facts"]["undertaking"] for item in body["violations"]} == {"confidentiality", "integrity"}


@pytest.mark.parametrize(("day", "fit"), [("first", True), ("before", False), ("last", True), ("after", False)])
def test_a_reviewer_is_qualified_from_the_first_day_to_the_last(world: World, day: str, fit: bool) -> None:
    _, (applied,) = qualified(world)
    # The list was confirmed on the morning after the deadline.
    today = world.clock.today.isoformat()
    assert today == "2024-05-01"
    span = {
        "first": (today, "2024-12-31"),
        "before": ("2024-05-02", "2024-12-31"),
        "last": ("2024-01-01", today),
        "after": ("2024-01-01", "2024-04-30"),
    }[day]
    key, _ = admit(world, qualified_from=span[0], qualified_until=span[1])
    answer = assign(world, applied.id, "material", [key])
    if fit:
        ok(answer, 201)
    else:
        refused(answer, 422, rule="art11.pool")


def test_an_entry_is_revised_with_its_version(world: World) -> None:
    made = ok(world.office.post("/v1/reviewers", NEW), 201)
    path = f"/v1/reviewers/{made['id']}"
    refused(world.office.patch(path, {"expertise": "服务业"}), 428, "precondition_required")
    revised = ok(world.office.patch(path, {"expertise": "服务业", "name": None}, version=made["version"]))
    assert (revised["expertise"], revised["name"]) == ("服务业", NEW["name"])
    refused(world.office.patch(path, {"expertise": "建筑业"}, version=made["version"]), 412, "stale_version")
    refused(world.office.patch(path, {"qualified_until": "2023-01-01"}, version=revised["version"]), 422)
    refused(world.government.patch(path, {"name": "样例"}, version=revised["version"]), 403, rule="art02.decider")


def test_a_post_that_is_left_stays_on_record(world: World) -> None:
    made = ok(world.office.post("/v1/reviewers", {**NEW, "unit_id": world.id("unit:wenwuba")}), 201)
    changes = {"employer": None, "employer_uscc": None, "unit_id": None}
    revised = ok(world.office.patch(f"/v1/reviewers/{made['id']}", changes, version=made["version"]))
    assert revised["employer_uscc"] is None and revised["unit_id"] is None
    posts = ok(world.office.get(f"/v1/conflict-declarations?reviewer_id={made['id']}"))["items"]
    assert [(item["kind"], item["origin"], item["ended_on"]) for item in posts] == [
        ("employment", "former_post", "2024-03-01"),
        ("recommending_unit_staff", "former_post", "2024-03-01"),
    ]


def test_undertakings_are_signed_by_their_words_once_a_round(world: World) -> None:
    round_id = open_round(world)
    reviewer, path = world.by("reviewer1"), f"/v1/rounds/{round_id}/undertakings"
    offered = ok(reviewer.get(path))["items"]
    assert [(item["kind"], item["signed_at"]) for item in offered] == [("confidentiality", None), ("integrity", None)]
    assert all(item["text_zh"] and item["text_en"] for item in offered)
    body = {"kind": "integrity", "text_hash": offered[1]["text_hash"]}
    refused(reviewer.post(path, {**body, "text_hash": offered[0]["text_hash"]}), 422, "invalid")
    ok(reviewer.post(f"{path}?dry_run=true", body), 201)
    ok(reviewer.post(path, body), 201)
    refused(reviewer.post(path, body), 409, "already_signed", "art29.secrecy")
    assert [bool(item["signed_at"]) for item in ok(reviewer.get(path))["items"]] == [False, True]
    signed = ok(world.office.get(f"/v1/rounds/{round_id}/undertaking-signatures"))["items"]
    assert [(item["reviewer_id"], item["kind"]) for item in signed] == [(reviewer_id(world, "reviewer1"), "integrity")]


def test_undertakings_are_for_reviewers_of_a_called_round(world: World) -> None:
    draft = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例"}), 201)["id"]
    body = {"kind": "integrity", "text_hash": "0" * 64}
    reviewer = world.by("reviewer1")
    refused(reviewer.get(f"/v1/rounds/{draft}/undertakings"), 404)
    refused(reviewer.post(f"/v1/rounds/{draft}/undertakings", body), 404)
    for caller in (world.office, world.government, world.auditor):
        refused(caller.post(f"/v1/rounds/{draft}/undertakings", body), 403)
    refused(reviewer.get(f"/v1/rounds/{draft}/undertaking-signatures"), 403)


def test_a_suspended_reviewer_signs_nothing_and_a_round_that_is_over_asks_for_nothing(world: World) -> None:
    round_id = open_round(world)
    path = f"/v1/rounds/{round_id}/undertakings"
    ok(suspend(world, "reviewer2"))
    texts = ok(world.by("reviewer2").get(path))["items"]
    body = {"kind": texts[0]["kind"], "text_hash": texts[0]["text_hash"]}
    refused(world.by("reviewer2").post(path, body), 422, rule="art11.pool")
    ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例"}))
    refused(world.by("reviewer1").post(path, body), 409, "wrong_state")


@pytest.mark.parametrize("signed", [(), ("confidentiality",), ("integrity",)])
def test_no_file_opens_and_no_score_is_taken_before_both_are_signed(world: World, signed: tuple[str, ...]) -> None:
    round_id, (applied,) = qualified(world)
    made = ok(assign(world, applied.id, "material", [reviewer_id(world, "reviewer1")]), 201)["items"][0]
    reviewer, path = world.by("reviewer1"), f"/v1/review-assignments/{made['id']}"
    if signed:
        sign(reviewer, round_id, *signed)
    missing = {"confidentiality", "integrity"} - set(signed)
    body = refused(reviewer.get(f"{path}/dossier"), 422, rule="art29.secrecy")
    assert {finding["facts"]["undertaking"] for finding in body["violations"]} == missing
    sheet = reviewer.patch(f"{path}/score-sheet", {"scores": {"4.1.1": 50}}, version=1)
    refused(sheet, 422, rule="art29.secrecy")
    refused(reviewer.post(f"{path}/score-sheet/submission"), 422, rule="art29.secrecy")
    sign(reviewer, round_id)
    ok(reviewer.get(f"{path}/dossier"))
