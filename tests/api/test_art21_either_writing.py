"""Arts. 11, 21, 29, 31: a person is the same in traditional and in simplified characters, and so is an employer."""

from typing import Any

import pytest

from app.kernel.chinese import simplified
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    COMMITTEE,
    Contender,
    assign_investigator,
    candidates,
    conclusion,
    evaluated_round,
    in_publicity,
    meeting,
    objections,
    release,
    verify_record,
)
from sandbox.stages.supervision import assign_report_investigator
from sandbox.world import World, ok
from tests.api.test_art11_stated_once import places
from tests.api.test_art21_writers_unnamed import RECORD
from tests.api.test_supervision import MISUSE
from tests.support.problems import refused

SIMPLIFIED, TRADITIONAL = "样例张三丰", "樣例張三豐"
READ = {"reason": "样例：核实"}


@pytest.mark.parametrize(("name", "said"), [(SIMPLIFIED, TRADITIONAL), (TRADITIONAL, SIMPLIFIED)])
def test_art21_an_objector_is_named_in_either_writing(world: World, name: str, said: str) -> None:
    made = in_publicity(world, Contender())
    candidate_id = candidates(world, made.round_id)[made.ids[0]]["id"]
    written = {"name": name, "contact": "文武坝镇幸福路3号", "facts": "样例：该组织去年产品抽查不合格，望查实。"}
    ok(world.public.post(f"/v1/candidates/{candidate_id}/objections", written), 201)
    path = f"/v1/objections/{objections(world)[0]['id']}"
    assign_investigator(world, path.rpartition("/")[2])
    release(world, path)
    ok(world.office.post(f"{path}/identity-disclosure", READ))
    record = f"/v1/applications/{made.ids[0]}/adverse-records"
    for where, body in (
        (f"{path}/summary", {"summary": f"样例：{said}反映抽查不合格。"}),
        (f"{path}/summary", {"summary": "样例：住文武壩鎮幸福路3號的人反映。"}),
        (record, RECORD | {"fact": f"样例：根据 {said} 的举报"}),
    ):
        problem = refused(world.office.post(where, body), 422, "rule_refused", "art21.objections")
        assert [item["reason"] for item in problem["violations"]] == ["objector_named"]
    copied = {"summary": "樣例：該組織去年產品抽查不合格，望查實。"}
    problem = refused(world.office.post(f"{path}/summary", copied), 422, "rule_refused", "art21.objections")
    assert [item["reason"] for item in problem["violations"]] == ["original_copied"]
    ok(world.office.post(f"{path}/summary", {"summary": "样例：反映产品質量。"}))


def test_art31_a_reporter_is_named_in_either_writing(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    report = {"kind": "forgery", "subject": "样例企业", "description": "样例：伪造奖牌", "reporter_name": SIMPLIFIED}
    path = f"/v1/mark-reports/{ok(world.public.post('/v1/mark-reports', report), 201)['id']}"
    assign_report_investigator(world, path)
    release(world, path)
    ok(world.office.post(f"{path}/identity-disclosure", READ))
    said = {"summary": f"样例：{TRADITIONAL}反映某门店。"}
    problem = refused(world.office.post(f"{path}/summary", said), 422, "rule_refused", "art31.exclusive")
    assert [item["reason"] for item in problem["violations"]] == ["reporter_named"]
    misuse = MISUSE | {"description": f"样例：据{TRADITIONAL}反映"}
    world.clock.go("2024-09-01")
    address = f"/v1/awards/{winner.award_id}/title-misuses"
    refused(world.office.post(address, misuse), 422, "rule_refused", "art31.exclusive")


def test_art21_the_mark_of_a_letter_names_nobody_in_either_writing(world: World) -> None:
    made = in_publicity(world, Contender())
    candidate_id = candidates(world, made.round_id)[made.ids[0]]["id"]
    letter: dict[str, Any] = {"name": SIMPLIFIED, "contact": "0797-5611111", "facts": "样例：该组织去年抽查不合格。"}
    letter |= {"received_on": world.clock.today.isoformat()}
    path = f"/v1/candidates/{candidate_id}/letters"
    for mark, right in ((f"{TRADITIONAL}来信", False), ("收文〔2024〕36号", True)):
        answer = world.office.post(path, letter | {"letter_reference": mark})
        if right:
            ok(answer, 201)
        else:
            refused(answer, 422, "rule_refused", "art21.objections")


@pytest.mark.parametrize("field", ["members", "present"])
def test_art11_nobody_sits_twice_in_two_writings(world: World, field: str) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])
    members = [*COMMITTEE[:6], SIMPLIFIED]
    body = meeting(world, [conclusion(made.ids[0])], members=members, present=members)
    path = f"/v1/rounds/{made.round_id}/deliberation"
    twice = body | {field: [*members, TRADITIONAL]}
    assert places(refused(world.office.post(path, twice), 422, "invalid")) == [(f"/{field}/7", "duplicate")]
    ok(world.office.post(path, body), 201)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("張三豐", "张三丰"),
        ("张三丰", "张三丰"),
        ("葉後裡", "叶后里"),
        ("Abc 123", "Abc 123"),
        ("", ""),
        ("樣例A公司１號", "样例A公司１号"),
        # Sign by sign: the word around it makes no other name.
        ("乾坤", "干坤"),
    ],
)
def test_each_sign_is_read_in_one_writing(written: str, plain: str) -> None:
    assert simplified(written) == plain
