"""Arts. 21, 26, 28, 29: whether an objection has a name and states something its investigator judges, the words are a
hint; it is found inadmissible by somebody who has read it; upheld after the decree it leads to a case of revocation."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.decision import (
    CLOSING,
    Contender,
    after_publicity,
    approve,
    assign_investigator,
    candidates,
    close_objection,
    decree,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    release,
    start_verification,
)
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art21_letters import enter, known_to_investigator, one, scanned
from tests.support.problems import refused

NAMELESS = [
    "匿名群众",
    "热心市民",
    "不愿具名",
    "一名职工",
    "一群众",
    "某企业员工",
    "aa",
    "张先生",
    "匿名举报人",
    "不留名",
    "内部人士",
    "全体职工",
    "不愿透露姓名",
    "路人甲",
    "李某某",
    "一个关心会昌的人",
    "知情人士",
    "一名群众",
    "某职工",
    "举报人",
    # In the other writing of Chinese, and with signs that nobody sees.
    "匿名群眾",
    "熱心市民",
    "不願透露姓名",
    "知情\u200b人士",
    "【匿名者】",
]


@pytest.mark.parametrize("name", NAMELESS)
def test_art21_words_for_nobody_are_taken_as_no_name(world: World, name: str) -> None:
    _, candidate = one(world)
    assert object_to(world, candidate["id"], name=name)["lacking"] == ["name"]


@pytest.mark.parametrize(
    "facts",
    ["匿名举报", "异议", "有问题", "情况反映", "见附件材料", "aaaa", "啊啊啊", "反对！！！", "坚决反对该公司获奖"],
)
def test_art21_words_for_an_objection_state_nothing(world: World, facts: str) -> None:
    _, candidate = one(world)
    assert object_to(world, candidate["id"], facts=facts)["lacking"] == ["facts"]


def test_art21_contact_and_facts_are_read_in_either_writing(world: World) -> None:
    _, candidate = one(world)
    address = "會昌縣文武壩鎮幸福路3號"
    assert object_to(world, candidate["id"], contact=address)["lacking"] == []
    assert object_to(world, candidate["id"], contact=address, facts="堅決反對該公司獲獎")["lacking"] == ["facts"]


@pytest.mark.parametrize("name", ["某日升", "匿小明", "Li Ming", "欧阳群", "样例美的电器经营部", "任知情", "職工張三"])
def test_art21_a_name_is_a_name(world: World, name: str) -> None:
    _, candidate = one(world)
    assert object_to(world, candidate["id"], name=name)["lacking"] == []


def judge(world: World, objection_id: str, classification: str, **more: Any) -> Any:
    body = {"classification": classification, "reason": "样例：经电话核实"} | more
    return world.office.post(f"/v1/objections/{objection_id}/classification", body)


def test_art21_its_investigator_judges_it_informal_and_the_name_is_free(world: World) -> None:
    round_id, candidate = one(world)
    object_to(world, candidate["id"], name="张三李四")
    found = objections(world)[0]["id"]
    after_publicity(world, round_id)
    refused(judge(world, found, "informal", lacking=["name"]), 403)
    known_to_investigator(world, found)
    refused(judge(world, found, "informal"), 422, "rule_refused", "art21.objections")
    refused(judge(world, found, "informal", lacking=["late"]), 422, "invalid")
    refused(judge(world, found, "formal"), 409, "wrong_state")
    told = ok(judge(world, found, "informal", lacking=["name", "facts"]))
    assert (told["classification"], told["state"], told["lacking"]) == ("informal", "informal", ["name", "facts"])
    assert len(ok(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 201)["names"]) == 1


def test_art21_its_investigator_judges_it_formal_and_the_name_waits(world: World) -> None:
    round_id, candidate = one(world)
    assert object_to(world, candidate["id"], name="匿名")["classification"] == "informal"
    found = objections(world)[0]["id"]
    after_publicity(world, round_id)
    known_to_investigator(world, found)
    refused(judge(world, found, "informal", lacking=["name"]), 409, "wrong_state")
    told = ok(judge(world, found, "formal"))
    assert (told["classification"], told["state"], told["lacking"]) == ("formal", "received", [])
    refused(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 422, "rule_refused", "art21.objections")


def test_art21_only_lateness_is_nobodys_to_judge(world: World) -> None:
    round_id, candidate = one(world)
    after_publicity(world, round_id)
    object_to(world, candidate["id"], contact="无")
    found = objections(world)[0]["id"]
    known_to_investigator(world, found)
    told = refused(judge(world, found, "formal"), 422, "rule_refused", "art21.objections")
    assert told["violations"][0]["facts"]["lacking"] == ["late"]


@pytest.mark.parametrize("contact", ["按来信地址面谈", "信封背面的住处"])
def test_art21_a_contact_that_the_words_do_not_show_is_judged_one(world: World, contact: str) -> None:
    round_id, candidate = one(world)
    assert object_to(world, candidate["id"], contact=contact)["lacking"] == ["contact"]
    found = objections(world)[0]["id"]
    after_publicity(world, round_id)
    known_to_investigator(world, found)
    assert ok(judge(world, found, "formal", reason="样例：已登门见到本人"))["state"] == "received"
    refused(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 422, "rule_refused", "art21.objections")


def test_art21_a_number_that_reaches_nobody_is_judged_none_and_the_objector_is_told_why(world: World) -> None:
    round_id, candidate = one(world)
    taken = object_to(world, candidate["id"], contact="12345678901")
    assert taken["lacking"] == []
    found = objections(world)[0]["id"]
    after_publicity(world, round_id)
    status = f"/v1/objection-status/{taken['tracking_code']}"
    before = ok(world.public.get(status))
    assert (before["lacking"], before["classification_reason"]) == ([], None)
    known_to_investigator(world, found)
    ok(judge(world, found, "informal", lacking=["contact"], reason="样例：空号，三次联系不上"))
    told = ok(world.public.get(status))
    assert (told["state"], told["lacking"], told["classification_reason"]) == (
        "informal",
        ["contact"],
        "样例：空号，三次联系不上",
    )
    assert ok(world.office.get(f"/v1/objections/{found}"))["classification_reason"] == told["classification_reason"]
    assert len(ok(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 201)["names"]) == 1


@pytest.mark.parametrize(
    "contact",
    ["会昌县文武坝镇样例路5号302室王小明收", "样例村二组", "微信号：sample_2024", "QQ 5611111", "VX：abc12345"],
)
def test_art21_an_address_on_paper_is_a_contact(world: World, contact: str) -> None:
    _, candidate = one(world)
    assert object_to(world, candidate["id"], contact=contact)["lacking"] == []


@pytest.mark.parametrize(
    ("contact", "lacking"),
    [
        ("五六壹一一一一", []),
        ("座机〇七九七五六一一一一一", []),
        ("五六壹一一一", ["contact"]),
        ("一一一一一一一", ["contact"]),
    ],
)
def test_art21_a_number_in_chinese_numerals_is_a_contact(world: World, contact: str, lacking: list[str]) -> None:
    _, candidate = one(world)
    assert object_to(world, candidate["id"], contact=contact)["lacking"] == lacking


@pytest.mark.parametrize("name", ["样例异议人", "匿名"])
def test_art21_nothing_is_judged_unread(world: World, name: str) -> None:
    round_id, candidate = one(world)
    object_to(world, candidate["id"], name=name)
    found = objections(world)[0]["id"]
    path = f"/v1/objections/{found}"
    after_publicity(world, round_id)

    def acts() -> list[Any]:
        if name == "匿名":
            return [judge(world, found, "formal"), world.office.post(f"{path}/closing", CLOSING)]
        summary = {"summary": "样例：反映该组织有抽查不合格记录。"}
        decisions = [CLOSING | {"outcome": "inadmissible"}]
        return [
            judge(world, found, "informal", lacking=["facts"]),
            world.office.post(f"{path}/summary", summary),
            *(world.office.post(f"{path}/decision", body) for body in decisions),
        ]

    assign_investigator(world, found)
    for answer in acts():
        told = refused(answer, 422, "rule_refused", "art21.objections")
        assert {item["reason"] for item in told["violations"]} == {"original_unread"}
    release(world, path)
    ok(world.office.post(f"{path}/identity-disclosure", {"reason": "样例：核实异议"}))
    assert acts()[0].status_code == 200


def test_art21_inadmissible_is_found_by_who_has_read_it(world: World) -> None:
    _, candidate = one(world)
    object_to(world, candidate["id"])
    found = objections(world)[0]["id"]
    path = f"/v1/objections/{found}/decision"

    def inadmissible() -> Any:
        return world.office.post(path, CLOSING | {"outcome": "inadmissible"})

    told = refused(inadmissible(), 422, "rule_refused", "art21.objections")
    assert told["violations"][0]["reason"] == "investigator_missing"
    assign_investigator(world, found)
    told = refused(inadmissible(), 422, "rule_refused", "art21.objections")
    assert told["violations"][0]["reason"] == "original_unread"
    disclosure = {"reason": "样例：核实异议"}
    release(world, f"/v1/objections/{found}")
    ok(world.office.post(f"/v1/objections/{found}/identity-disclosure", disclosure))
    ok(world.office.post(f"/v1/objections/{found}/identity-disclosure", disclosure))
    assert ok(inadmissible())["state"] == "inadmissible"


def conferred(world: World) -> tuple[str, dict[str, Any], dict[str, Any], Any]:
    """A round with its award conferred; a letter received in time is entered since. Candidate, award, applicant."""
    made = in_publicity(world, Contender())
    candidate = candidates(world, made.round_id)[made.ids[0]]
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    award = decree(world, made.round_id)["awards"][0]
    world.clock.go(world.clock.today + timedelta(days=200))
    assert scanned(world, enter(world, candidate, "2024-05-30"))["classification"] == "formal"
    return made.round_id, candidate, award, made.applied[0].applicant


def test_art21_art26_upheld_after_the_decree_it_asks_for_a_case(world: World) -> None:
    round_id, candidate, award, applicant = conferred(world)
    found = objections(world)[0]["id"]
    told = close_objection(world, found, "upheld")
    (due,) = told["next_steps"]
    assert (due["reason"], due["facts"]["next_act"], due["outcome"]) == (
        "case_due",
        "open_revocation",
        "needs_decision",
    )
    # Neither the list nor the award is changed by it.
    assert {item["state"] for item in candidates(world, round_id).values()} == {"listed"}
    assert ok(world.public.get(f"/v1/awards/{award['id']}"))["status"] == "valid"
    assert objections(world)[0]["next_steps"] == [due]
    basis = {"basis": "fraud", "facts": "样例", "evidence": "样例", "found_on": world.clock.today.isoformat()}
    bring_case(world, award["id"], applicant, basis)
    assert ok(world.office.get(f"/v1/objections/{found}"))["next_steps"] == []
    assert candidate["id"]


def test_art21_dismissed_after_the_decree_nothing_is_due(world: World) -> None:
    conferred(world)
    assert close_objection(world, objections(world)[0]["id"], "dismissed")["next_steps"] == []


def test_art21_art22_upheld_before_the_decree_it_asks_for_the_withdrawal(world: World) -> None:
    made = in_publicity(world, Contender())
    candidate = candidates(world, made.round_id)[made.ids[0]]
    fix_proposed(world, made.round_id)
    award = approve(world, made.round_id)["awards"][0]
    scanned(world, enter(world, candidate, "2024-05-30"))
    found = objections(world)[0]["id"]
    start_verification(world, found)
    told = ok(world.office.post(f"/v1/objections/{found}/decision", CLOSING | {"outcome": "upheld"}))
    assert [item["facts"]["next_act"] for item in told["next_steps"]] == ["withdraw_award"]
    withdrawal = {
        "ground": "art21.objections",
        "found_on": world.clock.today.isoformat(),
        "reason": "样例",
        "evidence": "样例",
    }
    ok(world.government.post(f"/v1/awards/{award['id']}/withdrawal", withdrawal))
    assert ok(world.office.get(f"/v1/objections/{found}"))["next_steps"] == []
