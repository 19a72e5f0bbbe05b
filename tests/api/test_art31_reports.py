"""Art. 31: a report as it came is read by its investigator alone; everybody else reads his summary. What holds for
objections holds wherever the public writes."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import text

from app.store.base import Base
from app.web.contract import policy_of, routes_of
from sandbox.stages.decision import read_original, release
from sandbox.stages.supervision import assign_report_investigator, summarise_report
from sandbox.world import World, ok
from tests.api.test_art21_investigator import SECRETS, another, entries
from tests.support.problems import refused

WRITTEN = {
    "kind": "forgery",
    "subject": "样例：五号车间的质检员所在企业",
    "description": "样例：本人是五号车间的质检员 隐 名 异 议 人，电话０７９７（5611111），手机138.0013.8000。",
    "reporter_name": "隐名异议人",
    "reporter_contact": "0797-5611111，1 3 8 0 0 1 3 8 0 0 0",
}
SUMMARY = "样例：反映某企业悬挂伪造的奖牌。"
READING = {"reason": "样例：核实举报"}
# Where anybody writes without an account, and the tables in which alone the words then lie, sealed. A way more needs a
# line.
PUBLIC_WORDS = {
    "take_objection": {"objection_originals", "objection_files"},
    "report_mark": {"mark_report_originals"},
}


def reported(world: World, **changes: Any) -> str:
    return str(ok(world.public.post("/v1/mark-reports", WRITTEN | changes), 201)["id"])


def listed(caller: Any) -> dict[str, Any]:
    (item,) = ok(caller.get("/v1/mark-reports"))["items"]
    return dict(item)


def test_art31_a_report_as_it_came_is_for_its_investigator_alone(world: World) -> None:
    path = f"/v1/mark-reports/{reported(world)}"
    colleague = another(world, "office-2")
    # Nobody is assigned: nobody reads it, nobody summarises it, nobody follows it up.
    for caller in (world.office, colleague):
        problem = refused(caller.post(f"{path}/identity-disclosure", READING), 403, "forbidden")
        assert [item["reason"] for item in problem["violations"]] == ["not_its_investigator"]
        assert [item["rule"] for item in problem["violations"]] == ["art31.exclusive"]
        refused(caller.post(f"{path}/summary", {"summary": SUMMARY}), 403, "forbidden")
    problem = refused(world.office.post(f"{path}/follow-up", {"text": "样例"}), 422, "rule_refused", "art31.exclusive")
    assert [item["reason"] for item in problem["violations"]] == ["summary_missing"]
    acts = {item["act"]: item["allowed"] for item in listed(world.office)["available_actions"]}
    assert acts == {
        "assign_report_investigator": True,
        "recuse_report_investigator": False,
        "summarise_mark_report": False,
        "follow_up_mark_report": False,
    }
    told = assign_report_investigator(world, path, str(colleague.account_id))
    assert told["investigator_id"] == str(colleague.account_id)
    for caller in (world.office, world.auditor):
        refused(caller.post(f"{path}/identity-disclosure", READING), 403, "forbidden")
    release(world, path, colleague)
    whole = ok(colleague.post(f"{path}/identity-disclosure", READING))
    assert (whole["subject"], whole["description"]) == (WRITTEN["subject"], WRITTEN["description"])
    assert (whole["name"], whole["contact"]) == (WRITTEN["reporter_name"], WRITTEN["reporter_contact"])
    assert [item["actor_id"] for item in entries(world, "disclose_reporter")] == [str(colleague.account_id)]


def test_art31_everybody_else_reads_the_summary(world: World) -> None:
    path = f"/v1/mark-reports/{reported(world)}"
    assign_report_investigator(world, path)
    for caller in (world.office, world.auditor):
        told = listed(caller)
        assert (told["summary"], told["summarised_at"]) == (None, None)
        assert {"subject", "description", "reporter_name", "reporter_contact"}.isdisjoint(told)
    ok(world.office.post(f"{path}/summary", {"summary": SUMMARY}))
    for caller in (world.office, world.auditor):
        assert listed(caller)["summary"] == SUMMARY
    assert ok(world.office.post(f"{path}/follow-up", {"text": "样例：已查处"}))["state"] == "followed_up"
    refused(world.office.post(f"{path}/summary", {"summary": SUMMARY}), 409, "wrong_state")


def test_art31_the_investigator_is_a_person_of_the_office_replaced_with_a_reason(world: World) -> None:
    path = f"/v1/mark-reports/{reported(world)}"
    colleague, machine = another(world, "office-2"), another(world, "office-3", kind="machine")
    body = {"conflict_check": "样例：本人声明无利害关系"}
    for account_id in (world.id("account:auditor"), world.id("account:unit-wenwuba"), str(machine.account_id)):
        problem = refused(world.office.post(f"{path}/investigator", body | {"account_id": account_id}), 422)
        assert [item["reason"] for item in problem["violations"]] == ["investigator_not_of_the_office"]
    refused(world.office.post(f"{path}/investigator", body | {"account_id": world.id("account:nobody")}), 422)
    assign_report_investigator(world, path)
    other = body | {"account_id": str(colleague.account_id)}
    problem = refused(world.office.post(f"{path}/investigator", other), 422, "rule_refused", "art31.exclusive")
    assert [item["reason"] for item in problem["violations"]] == ["replacement_without_reason"]
    ok(world.office.post(f"{path}/investigator", other | {"reason": "样例：原承办人调离"}))
    refused(world.office.post(f"{path}/identity-disclosure", READING), 403, "forbidden")
    release(world, path, colleague)
    ok(colleague.post(f"{path}/identity-disclosure", READING))
    last = entries(world, "assign_report_investigator")[0]["details"]
    assert last["former_investigator_id"] == world.id("account:office")


@pytest.mark.parametrize("said", ["样例：隐 名 异 议 人反映", "样例：来电 5611111", "样例：手机一三八零零一三八零零零"])
def test_art31_what_the_investigator_says_names_nobody_who_reported(world: World, said: str) -> None:
    path = f"/v1/mark-reports/{reported(world)}"
    # Whoever has not read it finds nothing out by asking.
    colleague = another(world, "office-2")
    assign_report_investigator(world, path)
    other = {"account_id": world.id("account:office"), "conflict_check": said}
    ok(colleague.post(f"{path}/investigator?dry_run=true", other))
    # Nor does its investigator, until it is released and read.
    ok(world.office.post(f"{path}/summary?dry_run=true", {"summary": said}))
    read_original(world, path)
    for last, body in (
        ("summary", {"summary": said}),
        ("identity-disclosure", {"reason": said}),
        ("investigator", other),
    ):
        problem = refused(world.office.post(f"{path}/{last}", body), 422, "rule_refused", "art31.exclusive")
        assert [item["reason"] for item in problem["violations"]] == ["reporter_named"]
    ok(world.office.post(f"{path}/summary", {"summary": SUMMARY}))
    refused(world.office.post(f"{path}/follow-up", {"text": said}), 422, "rule_refused", "art31.exclusive")


@pytest.mark.slow
def test_art31_no_role_and_no_table_but_one_holds_what_a_reporter_wrote(world: World) -> None:
    keyed = {"Idempotency-Key": "reported-0001"}
    first = ok(world.public.post("/v1/mark-reports", WRITTEN, headers=keyed), 201)
    ok(world.public.post("/v1/mark-reports", WRITTEN, headers=keyed), 201)
    path = f"/v1/mark-reports/{first['id']}"
    assign_report_investigator(world, path)
    summarise_report(world, path, SUMMARY)
    ok(world.office.post(f"{path}/follow-up", {"text": "样例：已查处"}))
    known = {"report_id": first["id"], "tracking_code": first["tracking_code"]}
    callers = [world.public, world.office, another(world, "office-2"), world.government, world.auditor]
    shown, seen = [], 0
    for route, operations in ok(world.public.get("/openapi.json"))["paths"].items():
        if "get" not in operations or not set(re.findall(r"{(\w+)}", route)) <= set(known):
            continue
        for caller in callers:
            answer = caller.get(route.format(**known))
            seen += answer.status_code == 200
            shown.append(answer.content.decode("utf-8", "replace"))
    assert seen > 40
    secrets = [item for item in SECRETS if item in json.dumps(WRITTEN, ensure_ascii=False)]
    assert len(secrets) > 4
    for answer in shown:
        assert [item for item in secrets if item in answer or json.dumps(item)[1:-1] in answer] == []

    async def read(name: str) -> str:
        async with world.client.app.state.database.reading() as session:  # type: ignore[attr-defined]
            return str((await session.execute(text(f"SELECT * FROM {name}"))).all())

    for name in Base.metadata.tables:
        rows = world.client.portal.call(read, name)  # type: ignore[union-attr]
        told = [item for item in secrets if item in rows or json.dumps(item)[1:-1] in rows]
        assert told == [], name
        assert name not in PUBLIC_WORDS["report_mark"] or rows != "[]"


def test_art21_art31_wherever_the_public_writes_the_words_lie_apart(world: World) -> None:
    """Every act that nobody signs for is one of these: the caller is not recorded, and the words have their tables."""
    policies = {route.name: policy_of(route) for route in routes_of(world.client.app)}  # type: ignore[arg-type]
    unsigned = {name for name, policy in policies.items() if getattr(policy, "anonymous", False)}
    assert unsigned == set(PUBLIC_WORDS)
    tables = set(Base.metadata.tables)
    for held in PUBLIC_WORDS.values():
        assert held <= tables


def test_art29_art31_the_investigator_of_a_report_withdraws_for_good(world: World) -> None:
    path = f"/v1/mark-reports/{reported(world)}"
    assign_report_investigator(world, path)
    colleague = another(world, "office-2")
    leaving = {"reason": "样例：配偶在被举报单位任职"}
    refused(colleague.post(f"{path}/investigator-recusal", leaving), 403, "forbidden")
    read_original(world, path)
    naming = refused(world.office.post(f"{path}/investigator-recusal", {"reason": "样例：来电 5611111"}), 422)
    assert [item["reason"] for item in naming["violations"]] == ["reporter_named"]
    left = ok(world.office.post(f"{path}/investigator-recusal", leaving))
    assert (left["investigator_id"], left["conflict_check"]) == (None, None)
    for answer in (
        world.office.post(f"{path}/identity-disclosure", READING),
        world.office.post(f"{path}/investigator-recusal", leaving),
    ):
        refused(answer, 403, "forbidden")
    # Nobody puts the same person back, with whatever reason; a colleague goes on.
    again = {"account_id": world.id("account:office"), "conflict_check": "样例", "reason": "样例：无他人可派"}
    told = refused(colleague.post(f"{path}/investigator", again), 422, "rule_refused", "art31.exclusive")
    assert [item["reason"] for item in told["violations"]] == ["investigator_recused"]
    ok(world.office.post(f"{path}/investigator", again | {"account_id": str(colleague.account_id)}))
    release(world, path, colleague)
    ok(colleague.post(f"{path}/identity-disclosure", READING))
    ok(colleague.post(f"{path}/summary", {"summary": SUMMARY}))
    ok(world.office.post(f"{path}/follow-up", {"text": "样例：已查处"}))
    refused(colleague.post(f"{path}/investigator-recusal", leaving), 409, "wrong_state")
    (entry,) = entries(world, "recuse_report_investigator")
    assert entry["details"]["former_investigator_id"] == world.id("account:office")
    # Another report is another matter.
    other = f"/v1/mark-reports/{reported(world)}"
    assign_report_investigator(world, other)
