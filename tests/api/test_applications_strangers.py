"""What is another party's is not found: the same answer as for what does not exist, for every operation (Art. 29)."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import Applied, apply
from sandbox.stages.parties import register
from sandbox.stages.qualification import adverse, asked, close_applications, consult, decide_record, reply
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

_VIEWS = (
    *("snapshot", "findings", "gate-runs", "timeline", "calendar"),
    *("attachments", "renewals", "adverse-records", "correction-requests"),
)
_ITEM = {
    "certificate": None,
    "licence": None,
    "safety": {"level": 3, "certificate_number": "S", "valid_to": "2030-01-01"},
}
_NAME = {"name": "样例", "effective_on": "2024-02-01", "evidence": "样例"}
_MEMBER = {"login": "stranger.member", "display_name": "样例"}
_OPERATIONS: list[tuple[str, str, Any]] = [
    ("GET", "/v1/applications/{application}", None),
    ("PATCH", "/v1/applications/{application}", {"content": {"staff": 1}}),
    ("POST", "/v1/applications/{application}/recommendation-request", {"unit_id": str(uuid4())}),
    ("POST", "/v1/applications/{application}/return-to-draft", None),
    ("POST", "/v1/applications/{application}/submission", None),
    ("POST", "/v1/applications/{application}/resubmission", None),
    ("POST", "/v1/applications/{application}/withdrawal", {}),
    ("POST", "/v1/applications/{application}/renewals", {"kind": "safety", "attachment_id": str(uuid4()), **_ITEM}),
    ("POST", "/v1/applications/{application}/attachments?material=extra&filename=a.pdf", b"%PDF-1.7\n%%EOF\n"),
    ("POST", "/v1/applications/{application}/attachments/{attachment}/removal", None),
    ("GET", "/v1/applications/{application}/attachments/{attachment}/content", None),
    ("POST", "/v1/adverse-records/{record}/reply", {"reply": "样例"}),
    ("GET", "/v1/organisations/{organisation}", None),
    ("PATCH", "/v1/organisations/{organisation}", {"staff": 1}),
    ("GET", "/v1/organisations/{organisation}/members", None),
    ("POST", "/v1/organisations/{organisation}/members", _MEMBER),
    ("POST", "/v1/organisations/{organisation}/name-changes", _NAME),
    *(("GET", f"/v1/applications/{{application}}/{view}", None) for view in _VIEWS),
]


@pytest.fixture
def ids(world: World) -> dict[str, str]:
    """The ids of another organisation's things."""
    applied: Applied = apply(world, open_round(world))
    attachments = ok(applied.applicant.get(f"/v1/applications/{applied.id}/attachments"))["items"]
    body = {
        "category": "failed_inspection",
        "fact": "样例",
        "source": "样例",
        "basis": "样例",
        "occurred_on": "2023-06-01",
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    return {
        "application": applied.id,
        "organisation": applied.organisation_id,
        "attachment": attachments[0]["id"],
        "record": record["id"],
    }


def answer(caller: Caller, method: str, path: str, body: Any) -> Any:
    options: dict[str, Any] = {"headers": {"If-Match": '"1"'}}
    if isinstance(body, bytes):
        options["content"] = body
    elif method != "GET":
        options["json"] = body or {}
    return caller.request(method, path, **options)


def test_a_strangers_ids_answer_as_ids_that_do_not_exist(world: World, ids: dict[str, str]) -> None:
    stranger = register(world).account
    nobody = {name: str(uuid4()) for name in ids}
    for method, path, body in _OPERATIONS:
        there = refused(answer(stranger, method, path.format(**ids), body), 404, "not_found")
        nowhere = refused(answer(stranger, method, path.format(**nobody), body), 404, "not_found")
        assert {**there, "request_id": ""} == {**nowhere, "request_id": ""}, path


def test_a_unit_that_was_not_asked_finds_nothing(world: World, ids: dict[str, str]) -> None:
    (asked_of,) = ok(world.by("unit-wenwuba").get("/v1/recommendations"))["items"]
    other = world.by("unit-junmenling")
    assert ok(other.get("/v1/applications"))["items"] == ok(other.get("/v1/recommendations"))["items"] == []
    for view in (
        "",
        "/snapshot",
        "/timeline",
        "/calendar",
        "/attachments",
        f"/attachments/{ids['attachment']}/content",
    ):
        refused(other.get(f"/v1/applications/{ids['application']}{view}"), 404, "not_found")
    refused(other.get(f"/v1/recommendations/{asked_of['id']}"), 404, "not_found")
    for act, body in (("decline", {"reason": "样例"}), ("return", {"reason": "样例"})):
        refused(other.post(f"/v1/recommendations/{asked_of['id']}/{act}", body), 404, "not_found")


def test_a_department_sees_its_own_letters_and_what_it_said_itself(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    (tax,), (market,) = asked(world, "tax", round_id), asked(world, "market", round_id)
    ok(
        reply(
            world,
            "tax",
            tax["id"],
            "adverse",
            records=[adverse("tax_dishonesty", "2023-06-01")],
            remark="样例：内部备注",
        )
    )
    (record,) = ok(world.office.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]
    world.clock.forward(days=30)
    ok(decide_record(world, record))
    told = world.by("department-market").get("/v1/consultations", params={"round_id": round_id})
    assert [item["id"] for item in ok(told)["items"]] == [market["id"]]
    assert "内部备注" not in told.text and '"category":"tax_dishonesty"' not in told.text.replace(" ", "")
    assert (market["categories"], tax["categories"]) == (
        ["quality_complaint", "attributable_return", "failed_inspection", "other_violation"],
        ["tax_dishonesty"],
    )
    for params in ({"department_id": world.id("department:tax")}, {"application_id": applied.id}):
        listed = ok(world.by("department-market").get("/v1/consultations", params=params))["items"]
        assert [item["id"] for item in listed] == [market["id"]]
    problem = refused(
        reply(world, "market", market["id"], "adverse", records=[adverse("tax_dishonesty", "2023-06-01")]),
        422,
        "invalid",
    )
    assert [item["pointer"] for item in problem["errors"]] == ["/records/0/category"]
    refused(reply(world, "market", tax["id"]), 404, "not_found")
