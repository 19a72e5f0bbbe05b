"""Art. 21: whoever objects is named nowhere: not in the log, not beside an answer."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.stages.decision import (
    CLOSING,
    OBJECTION,
    Contender,
    assign_investigator,
    candidates,
    in_publicity,
    object_to,
    objections,
    release,
    start_verification,
)
from sandbox.world import World, ok
from tests.support.origins import coming_from
from tests.support.problems import refused

NAME, PHONE = "隐名异议人", "139-0797-1234"
SIGNED = {
    "name": NAME,
    "contact": PHONE,
    "facts": f"样例：该组织去年抽查不合格。举报人{NAME}，电话13907971234。",
    "evidence": f"样例：{NAME}保存的通报，联系{PHONE}。",
}


def candidate_of(world: World) -> tuple[str, str]:
    made = in_publicity(world, Contender())
    return candidates(world, made.round_id)[made.ids[0]]["id"], made.ids[0]


def rows(world: World, query: str) -> list[Any]:
    """What lies in the database, whatever an answer would show of it."""

    async def read() -> list[Any]:
        async with world.client.app.state.database.reading() as session:  # type: ignore[attr-defined]
            return list((await session.execute(text(query))).all())

    found: list[Any] = world.client.portal.call(read)  # type: ignore[union-attr]
    return found


def test_an_objector_who_is_signed_in_is_as_unknown_as_any_other(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    candidate_id = candidates(world, made.round_id)[made.ids[0]]["id"]
    rival = made.applied[1].applicant
    path = f"/v1/candidates/{candidate_id}/objections"
    ok(rival.post(path, OBJECTION, headers={"Idempotency-Key": "rival-0001"}), 201)
    entries = ok(world.auditor.get("/v1/audit-entries", params={"act": "take_objection"}))["items"]
    assert [(entry["actor_id"], entry["actor_role"]) for entry in entries] == [(None, "public")]
    scopes = [row.scope for row in rows(world, "SELECT scope FROM idempotency_records WHERE key = 'rival-0001'")]
    assert scopes == [f"public:{path}"]
    # A session that has run out keeps nobody from objecting in the last second.
    expired = {"Authorization": "Bearer expired.or.forged"}
    assert world.public.post(path, OBJECTION, headers=expired).status_code == 201


def test_a_reporter_of_misuse_who_is_signed_in_is_unknown_too(world: World) -> None:
    body = {"kind": "forgery", "subject": "样例", "description": "样例：疑似伪造奖牌。"}
    ok(world.by("unit-wenwuba").post("/v1/mark-reports", body), 201)
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "take_mark_report"}))["items"]
    assert (entry["actor_id"], entry["actor_role"]) == (None, "public")


def test_a_dry_run_hands_out_no_tracking_code(world: World) -> None:
    candidate_id, _ = candidate_of(world)
    told = ok(world.public.post(f"/v1/candidates/{candidate_id}/objections?dry_run=true", OBJECTION), 201)
    assert (told["tracking_code"], told["classification"]) == (None, "formal")
    assert objections(world) == []


def test_the_government_reads_what_the_objector_is_told_and_not_how_it_was_found(world: World) -> None:
    candidate_id, application_id = candidate_of(world)
    object_to(world, candidate_id)
    found = objections(world)[0]
    start_verification(world, found["id"])
    inner = CLOSING | {"reason": "样例：内部核实理由", "public_statement": "样例：异议成立。"}
    ok(world.office.post(f"/v1/objections/{found['id']}/decision", inner | {"outcome": "upheld"}))
    round_id = found["round_id"]
    for caller in (world.office, world.government):
        listed = ok(caller.get(f"/v1/rounds/{round_id}/candidate-list"))["candidates"]
        assert [item["removed_reason"] for item in listed] == ["样例：异议成立。"]
    assert candidates(world, round_id)[application_id]["removed_reason"] is None


def test_neither_log_nor_stored_answers_hold_who_objected(
    settings: Settings, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    talking = settings.model_copy(update={"log_level": "DEBUG"})
    with TestClient(create_app(talking, clock=clock), raise_server_exceptions=False) as client:
        world = World(client, clock)
        candidate_id, _ = candidate_of(world)
        path = f"/v1/candidates/{candidate_id}/objections"
        capsys.readouterr()
        objector = coming_from(world, "203.0.113.99").public
        tracking_code = ok(objector.post(path, SIGNED, headers={"Idempotency-Key": "signed-0001"}), 201)[
            "tracking_code"
        ]
        ok(objector.get(f"/v1/objection-status/{tracking_code}"))
        refused(objector.post(path, SIGNED | {"other": NAME}), 422, "invalid")
        found = objections(world)[0]["id"]
        assign_investigator(world, found)
        release(world, f"/v1/objections/{found}")
        ok(world.office.post(f"/v1/objections/{found}/identity-disclosure", {"reason": "样例"}))
        printed = capsys.readouterr()
        logged = printed.out + printed.err
        assert '"route":"/v1/candidates/{candidate_id}/objections"' in logged
        stored = str(rows(world, "SELECT * FROM idempotency_records"))
        audited = str(rows(world, "SELECT * FROM audit_entries"))
        for secret in (NAME, PHONE, "13907971234", tracking_code):
            for place in (logged, stored, audited):
                assert secret not in place
                assert json.dumps(secret)[1:-1] not in place
        # Nor the address that it came from.
        assert "203.0.113.99" not in logged + audited + stored and "testclient" not in logged
