"""Art. 17: a correction has its own day; in time it is tested again and frozen anew, afterwards it refuses."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.stages.applications import Applied, apply, edit, eligible_content, upload
from sandbox.stages.parties import register
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

ITEMS = [{"pointer": "/content/main_products", "request": "请补充主要产品。"}]


def ask(world: World, applied: Applied, **more: Any) -> Any:
    """The office asks for a correction; answers the response."""
    return world.office.post(f"/v1/applications/{applied.id}/correction-requests", {"items": ITEMS, **more})


def resubmit(applied: Applied, **options: Any) -> Any:
    return applied.applicant.post(f"/v1/applications/{applied.id}/resubmission", **options)


def asked(world: World, **more: Any) -> Applied:
    """A submitted application with a correction asked for on 2024-03-01."""
    applied = apply(world, open_round(world))
    ok(ask(world, applied, **more), 201)
    return applied


def test_a_correction_goes_back_with_its_own_day_and_comes_in_as_a_new_snapshot(world: World) -> None:
    applied = apply(world, open_round(world))
    before = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["submission_receipt"]
    items = [*ITEMS, {"pointer": "/attachments/self_assessment", "request": "请重新上传自评报告。"}]
    correction = ok(ask(world, applied, items=items), 201)
    assert (correction["last_day"], correction["state"]) == ("2024-03-06", "open")
    (seen,) = ok(applied.applicant.get(f"/v1/applications/{applied.id}/correction-requests"))["items"]
    assert seen["items"] == items
    edit(applied.applicant, applied.id, {"main_products": [{"name": "样例产品甲"}, {"name": "样例产品乙"}]})
    upload(applied.applicant, applied.id, "self_assessment")
    done = ok(resubmit(applied))
    assert (done["state"], done["number"]) == ("submitted", before["number"])
    assert done["snapshot_hash"] != before["content_hash"]
    shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    assert [item["name"] for item in shown["content"]["main_products"]] == ["样例产品甲", "样例产品乙"]
    assert shown["submission_receipt"]["submitted_at"] == before["submitted_at"]
    (seen,) = ok(world.office.get(f"/v1/applications/{applied.id}/correction-requests"))["items"]
    assert seen["state"] == "answered"


def test_the_last_second_of_the_day_is_in_time_and_the_next_is_not(world: World) -> None:
    applied = asked(world, due_on="2024-03-04")
    world.clock.go("2024-03-05", "00:00:00")
    refused(resubmit(applied), 422, "rule_refused", "art17.qualification")
    world.clock.go("2024-03-04", "23:59:59.999999")
    assert ok(resubmit(applied))["state"] == "submitted"


def test_a_correction_is_possible_after_the_deadline_for_applications(world: World) -> None:
    applied = apply(world, open_round(world))
    world.clock.go("2024-05-02")
    ok(ask(world, applied), 201)
    assert ok(resubmit(applied))["state"] == "submitted"


def test_what_is_corrected_is_tested_like_a_submission(world: World) -> None:
    applied = asked(world)
    edit(applied.applicant, applied.id, {"certificates": [], "main_products": None})
    problem = refused(resubmit(applied), 422, "rule_refused", "art13.3.certified")
    assert {item["pointer"] for item in problem["errors"]} == {"/content/certificates"}
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["state"] == "correction_requested"


def test_a_correction_can_be_asked_for_again(world: World) -> None:
    applied = asked(world)
    refused(ask(world, applied), 409, "wrong_state")
    ok(resubmit(applied))
    refused(resubmit(applied), 409, "wrong_state")
    ok(ask(world, applied), 201)


def test_its_day_is_not_in_the_past(world: World) -> None:
    applied = apply(world, open_round(world))
    refused(ask(world, applied, due_on="2024-02-29"), 422, "rule_refused", "art17.qualification")
    assert ok(ask(world, applied, due_on="2024-03-01"), 201)["last_day"] == "2024-03-01"


def test_a_running_correction_keeps_the_list_back_and_an_expired_one_refuses(world: World) -> None:
    round_id = open_round(world)
    late, fine = apply(world, round_id), apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    for applied in (late, fine):
        ok(decide_conditions(world, applied.id), 201)
    ok(ask(world, late, due_on="2024-05-03"), 201)
    world.clock.go("2024-05-03", "23:59:59.999999")
    problem = refused(confirm(world, round_id), 422, "rule_refused", "art17.qualification")
    assert {item["facts"]["application_id"] for item in problem["violations"]} == {late.id}
    world.clock.go("2024-05-04", "00:00:00")
    done = ok(confirm(world, round_id), 201)
    assert [(item["application_id"], item["rules"]) for item in done["not_qualified"]] == [
        (late.id, ["art17.qualification"])
    ]
    shown = ok(late.applicant.get(f"/v1/applications/{late.id}"))
    assert (shown["state"], shown["closed_rule"]) == ("not_qualified", "art17.qualification")
    assert "补正已逾期" in shown["closed_reason"]
    (correction,) = ok(late.applicant.get(f"/v1/applications/{late.id}/correction-requests"))["items"]
    assert correction["state"] == "expired"


def test_another_organisations_application_is_not_found(world: World) -> None:
    applied = asked(world)
    _, stranger = register(world)
    refused(stranger.post(f"/v1/applications/{applied.id}/resubmission"), 404, "not_found")
    refused(stranger.get(f"/v1/applications/{applied.id}/correction-requests"), 404, "not_found")


def test_a_dry_run_of_a_resubmission_leaves_everything(world: World) -> None:
    applied = asked(world)
    assert ok(resubmit(applied, params={"dry_run": "true"}))["state"] == "submitted"
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["state"] == "correction_requested"


@pytest.mark.parametrize("who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"])
def test_only_the_office_asks_and_only_the_applicant_hands_in(world: World, who: str) -> None:
    path = f"/v1/applications/{uuid4()}"
    refused(world.by(who).post(f"{path}/correction-requests", {"items": ITEMS}), 403, None, "art02.decider")
    refused(world.by(who).post(f"{path}/resubmission"), 403, "forbidden")
    refused(world.office.post(f"{path}/correction-requests", {"items": ITEMS}), 404, "not_found")


@pytest.mark.parametrize(
    ("pointer", "allowed"),
    [
        ("/content/figures", True),
        ("/content/figures/2/net_profit_fen", True),
        ("/content", True),
        ("/content/main_products", False),
        ("/attachments/self_assessment", False),
    ],
)
def test_a_correction_changes_what_was_asked_for_and_no_more(world: World, pointer: str, allowed: bool) -> None:
    applied = apply(world, open_round(world))
    ok(ask(world, applied, items=[{"pointer": pointer, "request": "样例"}]), 201)
    figures = eligible_content(2024)["figures"]
    figures[2] |= {"net_profit_fen": 1}
    edit(applied.applicant, applied.id, {"figures": figures, "contact": {"name": "样例", "phone": "0797-5600001"}})
    if allowed:
        assert ok(resubmit(applied))["state"] == "submitted"
        return
    problem = refused(resubmit(applied), 422, "rule_refused", "art17.qualification")
    assert {item["pointer"] for item in problem["errors"]} == {"/content/figures"}
    assert problem["violations"][0]["remedy_zh"] and problem["violations"][0]["remedy_en"]
    told = ok(applied.applicant.get(f"/v1/applications/{applied.id}/validation"))
    assert [item["pointers"] for item in told["findings"] if item["outcome"] != "pass"] == [["/content/figures"]]


def test_texts_and_files_are_corrected_one_by_one(world: World) -> None:
    applied = apply(world, open_round(world))
    ok(ask(world, applied, items=[{"pointer": "/content/sections/profile", "request": "样例"}]), 201)
    sections = eligible_content(2024)["sections"] | {"profile": "补正后的概述。", "results": "另行改写。"}
    edit(applied.applicant, applied.id, {"sections": sections})
    upload(applied.applicant, applied.id, "self_assessment", filename="改.pdf")
    problem = refused(resubmit(applied), 422, "rule_refused", "art17.qualification")
    pointers = {item["pointer"] for item in problem["errors"]}
    assert pointers == {"/content/sections/results", "/attachments/self_assessment"}


def test_of_the_organisation_a_correction_takes_the_fields_that_were_asked_for(world: World) -> None:
    applied = apply(world, open_round(world))
    ok(ask(world, applied, items=[{"pointer": "/organisation/registered_address", "request": "样例"}]), 201)
    path, address = f"/v1/organisations/{applied.organisation_id}", "江西省赣州市会昌县文武坝镇样例新址2号"
    changes = {"registered_address": address, "sector": "5431"}
    ok(applied.applicant.patch(path, changes, version=ok(applied.applicant.get(path))["version"]))
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["organisation"]["registered_address"] == address
    ok(resubmit(applied))
    frozen = ok(applied.applicant.get(f"/v1/applications/{applied.id}/snapshot"))["snapshot"]["organisation"]
    assert (frozen["registered_address"], frozen["sector"]) == (address, "1392")


def test_a_corrected_organisation_is_still_of_the_area_of_its_unit(world: World) -> None:
    applied = apply(world, open_round(world))
    ok(ask(world, applied, items=[{"pointer": "/organisation/area", "request": "样例"}]), 201)
    path = f"/v1/organisations/{applied.organisation_id}"
    ok(applied.applicant.patch(path, {"area": "筠门岭镇"}, version=ok(applied.applicant.get(path))["version"]))
    refused(resubmit(applied), 422, "rule_refused", "art12.jurisdiction")
