"""A reviewer at work (Arts. 18, 19, 29): rules "art29.secrecy", "art18.material", "art19.onsite"."""

import pytest

from sandbox.stages.applications import PDF, begin, recommend, submit_application, upload
from sandbox.stages.parties import register
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import (
    admit,
    assign,
    fill,
    light_rules,
    panel,
    qualified,
    report,
    reviewer_id,
    score,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def acts(world: World, name: str) -> list[dict[str, object]]:
    return [item for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"] if item["act"] == name]


def test_the_assigned_reviewer_reads_what_was_frozen_and_each_access_is_on_record(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    path = f"/v1/review-assignments/{charge}/dossier"
    dossier = ok(reviewer.get(path))
    snapshot = ok(world.office.get(f"/v1/applications/{applied.id}/snapshot"))
    assert dossier["content"] == snapshot["snapshot"]["content"]
    assert dossier["content_hash"] == snapshot["content_hash"]
    assert len(dossier["items"]) == 23 and dossier["score_step"] == 5
    ok(reviewer.get(path))
    assert len(acts(world, "open_dossier")) == 2
    # A reading without its record would be a way around the record.
    refused(reviewer.get(f"{path}?dry_run=true"), 422, "dry_run_not_supported")
    material = dossier["materials"][0]
    file = reviewer.get(f"/v1/review-assignments/{charge}/attachments/{material['id']}/content")
    assert (file.status_code, file.content) == (200, PDF)
    assert file.headers["content-disposition"].startswith("attachment")
    assert len(acts(world, "open_attachment")) == 1
    path = f"/v1/applications/{applied.id}/file-accesses"
    opened = ok(world.auditor.get(path))["items"]
    assert [item["attachment_id"] for item in opened] == [None, None, material["id"]]
    assert {item["account_id"] for item in opened} == {str(reviewer.account_id)}
    refused(reviewer.get(path), 403)
    refused(world.office.get(f"/v1/applications/{round_id}/file-accesses"), 404)


def test_nobody_opens_what_is_not_assigned_to_him(world: World) -> None:
    round_id, (applied, other) = qualified(world, {}, {})
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    stranger = world.by("reviewer5")
    (_, elsewhere), *_ = panel(world, round_id, other.id, logins=["reviewer6"])
    material = ok(reviewer.get(f"/v1/review-assignments/{charge}/dossier"))["materials"][0]["id"]
    foreign = ok(world.office.get(f"/v1/applications/{other.id}/attachments"))["items"][0]["id"]
    for caller, key in ((stranger, charge), (reviewer, elsewhere)):
        for path in ("", "/dossier", "/score-sheet", "/panel-sheets", f"/attachments/{material}/content"):
            refused(caller.get(f"/v1/review-assignments/{key}{path}"), 404, "not_found")
        refused(caller.patch(f"/v1/review-assignments/{key}/score-sheet", {"scores": {}}, version=1), 404)
        refused(caller.post(f"/v1/review-assignments/{key}/score-sheet/submission"), 404)
    refused(reviewer.get(f"/v1/review-assignments/{charge}/attachments/{foreign}/content"), 404)
    # The application's own addresses are not a reviewer's.
    refused(reviewer.get(f"/v1/applications/{applied.id}"), 403)
    refused(reviewer.get(f"/v1/applications/{applied.id}/attachments/{material}/content"), 403)
    for caller in (world.office, world.government, world.auditor, applied.applicant):
        refused(caller.get(f"/v1/review-assignments/{charge}/dossier"), 403)
        sheet = caller.patch(f"/v1/review-assignments/{charge}/score-sheet", {"scores": {}}, version=1)
        refused(sheet, 403, rule="art02.decider")
    refused(world.public.get(f"/v1/review-assignments/{charge}/dossier"), 401)


def test_a_version_that_was_replaced_is_not_in_the_dossier(world: World) -> None:
    # Uploaded and replaced before the submission: only what was handed in is opened.
    round_id = open_round(world, review_rules=light_rules())
    applicant = register(world).account
    key = begin(world, round_id, applicant)["id"]
    old = ok(applicant.get(f"/v1/applications/{key}/attachments"))["items"][0]
    upload(applicant, key, old["material"], trade_secret=True)
    recommend(world, key, applicant)
    submit_application(applicant, key)
    qualify(world, round_id)
    (reviewer, charge), *_ = panel(world, round_id, key)
    (material,) = ok(reviewer.get(f"/v1/review-assignments/{charge}/dossier"))["materials"]
    assert (material["revision"], material["trade_secret"]) == (2, True)
    refused(reviewer.get(f"/v1/review-assignments/{charge}/attachments/{old['id']}/content"), 404)


def test_a_sheet_is_drafted_by_version_and_frozen_by_its_submission(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    path = f"/v1/review-assignments/{charge}/score-sheet"
    entered = {"scores": {"4.1.1": 65}, "comments": {"4.1.1": "样例：优势。"}}
    refused(reviewer.patch(path, entered), 428, "precondition_required")
    answer = reviewer.patch(path, entered, version=1)
    assert ok(answer)["version"] == 2 and answer.headers["etag"] == '"2"'
    refused(reviewer.patch(path, entered, version=1), 412, "stale_version")
    ok(reviewer.patch(f"{path}?dry_run=true", {"scores": {"4.1.1": 70}}, version=2))
    taken = ok(reviewer.patch(path, {"scores": {"4.1.1": None, "4.1.2": 0}, "comments": {"4.1.1": None}}, version=2))
    assert (taken["scores"], taken["comments"], taken["total"]) == ({"4.1.2": 0}, {}, None)
    missing = refused(reviewer.post(f"{path}/submission"), 422, "rule_refused", "art18.material")
    assert len(missing["violations"][0]["facts"]["items"]) == 22
    fill(world, reviewer, charge, 65)
    assert ok(reviewer.post(f"{path}/submission?dry_run=true"))["state"] == "submitted"
    sheet = ok(reviewer.post(f"{path}/submission"))
    assert (sheet["state"], sheet["total"]) == ("submitted", "650.00")
    refused(reviewer.patch(path, {"scores": {"4.1.1": 100}}, version=sheet["version"]), 409, "wrong_state")
    refused(reviewer.post(f"{path}/submission"), 409, "wrong_state")
    assert ok(reviewer.get(path))["scores"]["4.1.1"] == 65


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scores": {"4.1.1": 64}}, "rule_refused"),
        ({"scores": {"9.9": 50}}, "rule_refused"),
        ({"comments": {"9.9": "样例"}}, "rule_refused"),
        ({"scores": {"4.1.1": 105}}, "invalid"),
        ({"scores": {"4.1.1": -5}}, "invalid"),
        ({"scores": {"4.1.1": 50.0}}, "invalid"),
        ({"scores": {"4.1.1": True}}, "invalid"),
        ({"scores": {"../x": 50}}, "invalid"),
        ({"total": "1000"}, "invalid"),
        ({"state": "submitted"}, "invalid"),
    ],
)
def test_a_score_that_is_no_step_or_no_item(world: World, body: dict[str, object], code: str) -> None:
    round_id, (applied,) = qualified(world)
    ((reviewer, charge),) = panel(world, round_id, applied.id, logins=["reviewer1"])
    answer = reviewer.patch(f"/v1/review-assignments/{charge}/score-sheet", body, version=1)
    refused(answer, 422, code, "art18.material" if code == "rule_refused" else None)
    assert ok(reviewer.get(f"/v1/review-assignments/{charge}/score-sheet"))["scores"] == {}


def test_the_others_sheets_are_unseen_until_ones_own_is_in(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (first, one), (second, two), (third, three) = panel(world, round_id, applied.id)
    score(world, first, one, 80)
    fill(world, third, three, 50)
    refused(second.get(f"/v1/review-assignments/{two}/panel-sheets"), 422, "rule_refused", "art18.material")
    score(world, second, two, 75)
    seen = second.get(f"/v1/review-assignments/{two}/panel-sheets")
    assert [(item["member"], item["total"]) for item in ok(seen)["items"]] == [("A", "800.00")]
    # Neither name nor id says who A is, and a draft is seen by nobody else.
    assert reviewer_id(world, "reviewer1") not in seen.text and "样例评审员" not in seen.text
    sheets = ok(world.office.get(f"/v1/applications/{applied.id}/score-sheets?stage=material"))["items"]
    assert [(item["sheet_state"], item["scores"] is None) for item in sheets] == [
        ("submitted", False),
        ("submitted", False),
        ("draft", True),
    ]
    for caller in (world.government, first, applied.applicant):
        refused(caller.get(f"/v1/applications/{applied.id}/score-sheets"), 403)
    refused(world.office.get(f"/v1/applications/{round_id}/score-sheets"), 404)


@pytest.mark.slow
def test_a_reviewer_finds_his_own_charges_and_the_office_all(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (reviewer, charge), *_ = panel(world, round_id, applied.id)
    own = ok(reviewer.get("/v1/review-assignments"))["items"]
    assert [(item["id"], item["reviewer_id"], item["stage"]) for item in own] == [(charge, None, "material")]
    other = f"/v1/review-assignments?reviewer_id={reviewer_id(world, 'reviewer2')}"
    assert ok(reviewer.get(other))["items"] == []
    assert len(ok(world.auditor.get(f"/v1/review-assignments?round_id={round_id}&state=active"))["items"]) == 3
    assert len(ok(world.office.get(other))["items"]) == 1
    page = ok(world.office.get("/v1/review-assignments?limit=2"))
    assert len(ok(world.office.get(f"/v1/review-assignments?limit=2&cursor={page['next_cursor']}"))["items"]) == 1
    assert ok(reviewer.get(f"/v1/review-assignments/{charge}"))["blocked_by"] == []
    assert ok(world.office.get(f"/v1/review-assignments/{charge}"))["reviewer_id"] == reviewer_id(world, "reviewer1")
    for caller in (world.government, applied.applicant, world.by("unit-wenwuba")):
        refused(caller.get("/v1/review-assignments"), 403)


def test_a_panel_has_the_size_of_the_rules_and_each_member_once(world: World) -> None:
    round_id, (applied,) = qualified(world)
    ids = [reviewer_id(world, f"reviewer{number}") for number in range(1, 7)]
    refused(assign(world, applied.id, "material", ids[:4]), 422, rule="art18.material")
    refused(assign(world, applied.id, "material", [ids[0], ids[0]]), 422, "invalid")
    refused(assign(world, applied.id, "material", [applied.id]), 422, "invalid")
    refused(assign(world, applied.id, "material", ids[:2], leader_id=ids[2]), 422, "invalid")
    made = ok(assign(world, applied.id, "material", ids[:2], leader_id=ids[1]), 201)["items"]
    assert [item["leader"] for item in made] == [False, True]
    refused(assign(world, applied.id, "material", ids[1:3]), 409, "already_assigned", "art18.material")
    refused(assign(world, applied.id, "material", [ids[2]], leader_id=ids[2]), 409, "leader_assigned", "art18.material")
    ok(assign(world, applied.id, "material", [ids[2]]), 201)
    refused(assign(world, applied.id, "material", [ids[3]]), 422, rule="art18.material")
    path = f"/v1/review-assignments/{made[0]['id']}/release"
    refused(world.by("reviewer1").post(path, {"reason": "样例"}), 403)
    assert ok(world.office.post(path, {"reason": "样例：因病。"}))["state"] == "released"
    refused(world.office.post(path, {"reason": "样例"}), 409, "wrong_state")
    refused(world.by("reviewer1").get(f"/v1/review-assignments/{made[0]['id']}/dossier"), 422, rule="art29.secrecy")
    ok(assign(world, applied.id, "material", [ids[3]]), 201)
    for caller in (world.government, world.auditor, world.by("reviewer1"), applied.applicant):
        body = {"stage": "material", "reviewer_ids": ids[:1]}
        refused(caller.post(f"/v1/applications/{applied.id}/review-assignments", body), 403, rule="art02.decider")
    refused(assign(world, round_id, "material", ids[:1]), 404)


def test_an_account_without_an_entry_in_the_pool_finds_nothing(world: World) -> None:
    round_id, (applied,) = qualified(world)
    (_, charge), *_ = panel(world, round_id, applied.id)
    _, newcomer = admit(world)
    assert ok(newcomer.get("/v1/review-assignments"))["items"] == []
    refused(newcomer.get(f"/v1/review-assignments/{charge}/dossier"), 404)


def test_a_reported_application_is_not_scored_again(world: World) -> None:
    round_id, (applied,) = qualified(world)
    for each in panel(world, round_id, applied.id):
        score(world, *each, 80)
    ok(report(world, applied.id), 201)
    refused(report(world, applied.id), 422, rule="art18.material")
    refused(assign(world, applied.id, "material", [reviewer_id(world, "reviewer4")]), 422, rule="art18.material")
