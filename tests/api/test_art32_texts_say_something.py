"""Arts. 8, 13, 21, 22, 26, 33: a text on which a decision rests says something. A dash, a full stop or a placeholder is
refused, whichever the act."""

from typing import Any

import pytest

from sandbox.stages.decision import (
    CLOSING,
    Contender,
    approval,
    candidates,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
)
from sandbox.stages.parties import register, registration
from sandbox.world import World, ok
from tests.support.problems import refused

SILENT = ["-", "无", "。", "略", "……", "N/A", "１２３"]
NOBODY = "018e0000-0000-7000-8000-000000000001"
DAY = "2024-05-30"
ACTS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("office", f"/v1/objections/{NOBODY}/decision", {**CLOSING, "outcome": "dismissed"}, list(CLOSING)),
    ("office", f"/v1/candidates/{NOBODY}/removal", {"reason": "样例"}, ["reason"]),
    ("office", f"/v1/organisations/{NOBODY}/verification", {"document": "样例", "name": "样例公司"}, ["document"]),
    ("office", f"/v1/organisations/{NOBODY}/name-changes", {"name": "样例", "evidence": "样例"}, ["evidence"]),
    ("office", "/v1/media", {"document": "样例"}, ["document"]),
    ("office", f"/v1/organisations/{NOBODY}/adverse-records", {}, ["fact", "source", "basis"]),
    ("office", f"/v1/candidates/{NOBODY}/letters", {}, ["letter_reference"]),
    ("government", f"/v1/awards/{NOBODY}/withdrawal", {}, ["reason", "evidence"]),
    ("government", f"/v1/rounds/{NOBODY}/approval", {}, ["transitional_basis"]),
    ("government", f"/v1/rounds/{NOBODY}/decree", {}, ["transitional_basis"]),
]


@pytest.mark.parametrize(("who", "path", "body", "names"), ACTS, ids=[item[1].split("/")[-1] for item in ACTS])
def test_art32_a_placeholder_is_no_reason(
    world: World, who: str, path: str, body: dict[str, Any], names: list[str]
) -> None:
    caller = getattr(world, who)
    for name in names:
        for said in [item for item in SILENT if item != "１２３" or name != "letter_reference"]:
            problem = refused(caller.post(path, body | {name: said}), 422, "invalid")
            assert (f"/{name}", "blank") in {(item["pointer"], item["code"]) for item in problem["errors"]}, said
        told = caller.post(path, body | {name: "样例收文36号"})
        assert f"/{name}" not in {item["pointer"] for item in told.json().get("errors", [])}


def test_art21_art22_what_says_something_goes_through(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    listed = candidates(world, made.round_id)
    kept = listed[made.ids[1]]["id"]
    refused(world.office.post(f"/v1/candidates/{kept}/removal", {"reason": "。"}), 422, "invalid")
    object_to(world, listed[made.ids[0]]["id"])
    found = objections(world)[0]["id"]
    body = {"account_id": world.id("account:office"), "conflict_check": "无"}
    refused(world.office.post(f"/v1/objections/{found}/investigator", body), 422, "invalid")
    ok(world.office.post(f"/v1/objections/{found}/investigator", body | {"conflict_check": "本人声明无利害关系"}))
    ok(world.office.post(f"/v1/candidates/{listed[made.ids[0]]['id']}/removal", {"reason": "样例：经研究决定"}))
    fix_proposed(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/approval"
    silent = approval(world, [kept]) | {"not_approved": [{"candidate_id": kept, "reason": "-"}]}
    problem = refused(world.government.post(path, silent), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/not_approved/0/reason"]
    assert ok(world.government.post(path, approval(world, [kept])), 201)["awards"] == []


NAMING: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("unit-wenwuba", f"/v1/recommendations/{NOBODY}/endorsement", {}, ["signatory"]),
    ("unit-wenwuba", f"/v1/recommendations/{NOBODY}/return", {}, ["signatory"]),
    ("department-ecology", f"/v1/consultations/{NOBODY}/reply", {}, ["signatory"]),
    ("government", f"/v1/revocations/{NOBODY}/annulment", {}, ["body"]),
    ("government", f"/v1/rounds/{NOBODY}/approval", {}, ["meeting_number"]),
    ("office", f"/v1/awards/{NOBODY}/disbursement", {}, ["bank_name"]),
    ("office", "/v1/instruments", {}, ["title_zh", "title_en"]),
    ("office", "/v1/rounds", {}, ["title"]),
    ("office", "/v1/media", {}, ["name"]),
    ("office", "/v1/reviewers", {}, ["name"]),
]


@pytest.mark.parametrize(("who", "path", "body", "names"), NAMING, ids=[item[1].split("/")[-1] for item in NAMING])
def test_art32_who_signs_and_what_is_named_is_named(
    world: World, who: str, path: str, body: dict[str, Any], names: list[str]
) -> None:
    caller = world.by(who)
    for name in names:
        for said, named in (("-", False), ("——", False), ("无", False), ("样例甲", True)):
            problem = refused(caller.post(path, body | {name: said}), 422, "invalid")
            told = {(item["pointer"], item["code"]) for item in problem["errors"]}
            assert ((f"/{name}", "blank") in told) is not named, said


def test_art03_art13_a_form_and_an_endorsement_name_what_they_show(world: World) -> None:
    certificate = {"standard": "-", "number": "-", "issuer": "-", "kind": "management_system"}
    content = {"certificates": [certificate], "contact": {"name": "-"}, "truthfulness": {"signatory": "-"}}
    problem = refused(world.public.post("/v1/eligibility-checks", {"content": content}), 422, "invalid")
    blank = {item["pointer"] for item in problem["errors"] if item["code"] == "blank"}
    wanted = ["certificates/0/standard", "certificates/0/number", "certificates/0/issuer", "contact/name"]
    assert blank == {f"/content/{name}" for name in [*wanted, "truthfulness/signatory"]}
    unit = world.by("unit-wenwuba")
    problem = refused(unit.post(f"/v1/recommendations/{NOBODY}/endorsement", {"facts_verified": ["-"]}), 422, "invalid")
    assert ("/facts_verified/0", "blank") in {(item["pointer"], item["code"]) for item in problem["errors"]}


def test_art13_1_a_claim_brings_evidence_that_says_something(world: World) -> None:
    party = register(world)
    assert party.organisation_id
    shown = ok(party.account.get(f"/v1/organisations/{party.organisation_id}"))

    body = registration(uscc=shown["uscc"])
    problem = refused(world.public.post("/v1/registrations", {**body, "claim_evidence": "-"}), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/claim_evidence"]
    ok(world.public.post("/v1/registrations", {**body, "claim_evidence": "样例营业执照"}), 201)


def test_art13_art16_art21_what_is_printed_names_something(world: World) -> None:
    asked: list[tuple[Any, str, dict[str, Any], str, str]] = [
        (world.office, f"/v1/rounds/{NOBODY}/call", {"channels": ["县政府网站"]}, "title", "样例通知"),
        (world.office, f"/v1/rounds/{NOBODY}/qualified-list", {"channels": ["县政府网站"]}, "title", "样例名单"),
        (world.office, f"/v1/revocations/{NOBODY}/notice", {}, "title", "样例公告"),
        (world.public, "/v1/registrations", {}, "organisation/name", "样例公司"),
        (world.office, f"/v1/organisations/{NOBODY}/name-changes", {}, "name", "样例公司"),
    ]
    for caller, path, body, pointer, right in asked:
        *outer, name = pointer.split("/")
        for said in ("-", "。", "无", right):
            told = {name: said}
            problem = caller.post(path, body | ({outer[0]: told} if outer else told)).json()
            faults = {(item["pointer"], item["code"]) for item in problem["errors"]} if "errors" in problem else set()
            assert ((f"/{pointer}", "blank") in faults) is (said != right), (path, said)
    for channel in ("-", "——", "无"):
        problem = refused(
            world.office.post(f"/v1/rounds/{NOBODY}/call", {"channels": ["县政府网站", channel]}), 422, "invalid"
        )
        assert ("/channels/1", "blank") in {(item["pointer"], item["code"]) for item in problem["errors"]}
    broken = refused(world.public.post("/v1/registrations", {"organisation": {"name": "样例\n公司"}}), 422, "invalid")
    assert ("/organisation/name", "control_characters") in {
        (item["pointer"], item["code"]) for item in broken["errors"]
    }
