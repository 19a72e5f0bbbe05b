"""Arts. 21, 31: who objected or reported is named in no text that others read, whatever act it is said with."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    Contender,
    Evaluated,
    assign_investigator,
    candidates,
    in_publicity,
    objections,
    read_original,
    release,
)
from sandbox.stages.parties import register
from sandbox.stages.supervision import assign_report_investigator
from sandbox.world import World, ok
from tests.api.test_art21_investigator import another
from tests.api.test_supervision import MISUSE
from tests.support.problems import refused

WRITTEN = {
    "name": "隐名异议人",
    "contact": "微信 yiyi_1988，文武坝镇幸福路3号",
    "facts": "样例：我在该企业质检科，工号0921，去年抽检不合格。望查实！",
}
NAMING = "样例：根据隐名异议人的举报"
REACHING = "样例：来自文武坝镇 幸福路3号的反映"
RECORD = {
    "category": "failed_inspection",
    "fact": "样例：抽查不合格",
    "source": "样例部门",
    "basis": "样例监抽〔2023〕8号",
    "occurred_on": "2023-06-01",
}


@pytest.fixture
def made(world: World) -> Evaluated:
    """A round with two names in publicity, one of them objected to; the office's account has read the objection."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    candidate_id = candidates(world, made.round_id)[made.ids[0]]["id"]
    ok(world.public.post(f"/v1/candidates/{candidate_id}/objections", WRITTEN), 201)
    found = objections(world)[0]["id"]
    assign_investigator(world, found)
    release(world, f"/v1/objections/{found}")
    ok(world.office.post(f"/v1/objections/{found}/identity-disclosure", {"reason": "样例：核实"}))
    return made


def acts(world: World, made: Evaluated, said: str) -> list[tuple[str, dict[str, Any]]]:
    """Acts of other subjects, about the organisation objected to and about another of the round."""
    listed = candidates(world, made.round_id)
    own, other = made.ids
    return [
        (f"/v1/applications/{own}/adverse-records", RECORD | {"fact": said}),
        (f"/v1/applications/{own}/adverse-records", RECORD | {"basis": said}),
        (f"/v1/candidates/{listed[own]['id']}/removal", {"reason": said}),
        (f"/v1/candidates/{listed[other]['id']}/removal", {"reason": said}),
        (f"/v1/organisations/{made.applied[0].organisation_id}/adverse-records", RECORD | {"source": said}),
    ]


@pytest.mark.parametrize("said", [NAMING, REACHING, "样例：加微信yiyi-1988", "样例：Ｙｉｙｉ１９８８ 反映"])
def test_art21_no_text_about_the_organisation_or_the_round_tells_who_objected(
    world: World, made: Evaluated, said: str
) -> None:
    for path, body in acts(world, made, said):
        for asked in ("", "?dry_run=true"):
            problem = refused(world.office.post(path + asked, body), 422, "rule_refused", "art21.objections")
            assert [item["reason"] for item in problem["violations"]] == ["objector_named"], path
    own = made.applied[0].applicant
    assert ok(own.get(f"/v1/applications/{made.ids[0]}/adverse-records"))["items"] == []
    # What names nobody is taken.
    for path, body in acts(world, made, "样例：根据核实的情况"):
        assert world.office.post(f"{path}?dry_run=true", body).status_code in (200, 201), path


def test_art21_it_is_compared_when_the_objection_is_closed_too(world: World, made: Evaluated) -> None:
    path = f"/v1/objections/{objections(world)[0]['id']}"
    informal = {"classification": "informal", "lacking": ["facts"], "reason": "样例：没有具体事实"}
    ok(world.office.post(f"{path}/classification", informal))
    closing = {"verification": "样例：已核实", "reason": "样例：无从查实", "public_statement": "样例：已处理"}
    ok(world.office.post(f"{path}/closing", closing))
    for address, body in acts(world, made, NAMING):
        refused(world.office.post(address, body), 422, "rule_refused", "art21.objections")


def test_art21_who_has_not_read_the_objection_is_told_nothing_by_an_answer(world: World, made: Evaluated) -> None:
    colleague = another(world, "office-2")
    for path, body in acts(world, made, NAMING):
        assert colleague.post(f"{path}?dry_run=true", body).status_code in (200, 201), path


def test_art21_a_further_letter_of_the_same_objector_is_entered(world: World, made: Evaluated) -> None:
    listed = candidates(world, made.round_id)
    letter = WRITTEN | {"received_on": world.clock.today.isoformat(), "letter_reference": "样例：收文〔2024〕36号"}
    ok(world.office.post(f"/v1/candidates/{listed[made.ids[1]]['id']}/letters", letter), 201)


@pytest.mark.parametrize(
    ("summary", "reason"),
    [
        (WRITTEN["facts"], "original_copied"),
        ("样例：我在该企业质检科 工号0921 去年抽检不合格", "original_copied"),
        ("样例：反映：样例：我在该企业质检科，工号0921，去年抽检不合格；请处理", "original_copied"),
        ("微信 yiyi_1988，文武坝镇幸福路3号", "objector_named"),
        ("样例：住文武坝镇幸福路3号", "objector_named"),
    ],
)
def test_art21_the_summary_is_the_investigators_own_words(
    world: World, made: Evaluated, summary: str, reason: str
) -> None:
    path = f"/v1/objections/{objections(world)[0]['id']}"
    problem = refused(world.office.post(f"{path}/summary", {"summary": summary}), 422, "rule_refused")
    assert [item["reason"] for item in problem["violations"]] == [reason]
    ok(world.office.post(f"{path}/summary", {"summary": "样例：反映去年抽检不合格，望查实。"}))
    assert made.ids


MEDIUM = {"name": "样例报", "kind": "newspaper", "document": "样例〔2024〕1号"}


def media(caller: Caller, **changes: str) -> Any:
    return caller.post("/v1/media?dry_run=true", MEDIUM | changes)


def test_art21_it_is_compared_whatever_the_act_is_about(world: World, made: Evaluated) -> None:
    assert made.ids
    colleague = another(world, "office-2")
    for document in (NAMING, REACHING, "样例：yiyi 1988 举报一案用", WRITTEN["facts"]):
        problem = refused(media(world.office, document=document), 422, "rule_refused", "art21.objections")
        assert problem["violations"][0]["reason"] in ("objector_named", "original_copied")
        # An answer tells nothing to whoever has not read it.
        ok(media(colleague, document=document), 201)
    # A number is nobody's name, wherever it stands; a medium may be called as somebody is.
    refused(media(world.office, name="样例yiyi1988报"), 422, "rule_refused", "art21.objections")
    ok(media(world.office, name=WRITTEN["name"]), 201)


@pytest.mark.parametrize(
    ("written", "document"),
    [
        # What everybody says of other matters, and what is an organisation's own.
        ({"name": "企业"}, "样例：企业〔2024〕1号"),
        ({"name": "newspaper"}, "样例：newspaper〔2024〕1号"),
        ({"name": "样例同行有限公司"}, "样例：样例同行有限公司〔2024〕1号"),
        ({"contact": "会昌县文武坝镇"}, "样例：会昌县文武坝镇〔2024〕1号"),
        ({"facts": "样例：拨打政府热线0797-5612345无人接听。"}, "样例：电话0797-5612345"),
        ({"facts": "样例：其宣传单电话13800001111有假。"}, "样例：电话13800001111"),
    ],
)
def test_art21_what_is_not_the_writers_own_hinders_no_act_on_another_matter(
    world: World, written: dict[str, str], document: str
) -> None:
    register(world, name="样例同行有限公司", contact_phone="138-0000-1111")
    made = in_publicity(world, Contender())
    candidate_id = candidates(world, made.round_id)[made.ids[0]]["id"]
    ok(world.public.post(f"/v1/candidates/{candidate_id}/objections", WRITTEN | written), 201)
    path = f"/v1/objections/{objections(world)[0]['id']}"
    assign_investigator(world, path.rpartition("/")[2])
    read_original(world, path)
    ok(media(world.office, document=document), 201)
    # Of the round it is looked at as closely as ever.
    body = {"reason": document}
    refused(world.office.post(f"/v1/candidates/{candidate_id}/removal?dry_run=true", body), 422, "rule_refused")


def reported_and_read(world: World, **changes: str) -> str:
    """A report of a mark that the office's account has read as it came; its path."""
    report = {
        "kind": "forgery",
        "subject": "样例食品制造有限责任公司",
        "description": "样例：本人在该企业门口看见悬挂伪造的奖牌一块。",
        "reporter_name": "欧阳修竹",
        "reporter_contact": "13907971234",
    }
    path = f"/v1/mark-reports/{ok(world.public.post('/v1/mark-reports', report | changes), 201)['id']}"
    assign_report_investigator(world, path)
    read_original(world, path)
    return path


@pytest.mark.parametrize("said", ["样例：欧阳修竹 举报一案用", "样例：電話1390797１２３４", "样例：歐陽 修竹"])
def test_art31_a_reporter_is_named_in_no_act_at_all(world: World, said: str) -> None:
    path = reported_and_read(world)
    colleague = another(world, "office-2")
    matter = {"matter": "mark_report", "matter_id": path.rpartition("/")[2]}
    assigning = {"account_id": str(colleague.account_id), "conflict_check": "样例：无利害关系", "reason": "样例：调离"}

    def tried(*acts: tuple[str, dict[str, str]]) -> None:
        for address, body in acts:
            problem = refused(world.office.post(address, body), 422, "rule_refused", "art31.exclusive")
            assert [item["reason"] for item in problem["violations"]] == ["reporter_named"], address

    world.clock.forward(days=3)
    tried(
        ("/v1/media", MEDIUM | {"document": said}),
        ("/v1/disclosures", matter | {"reason": said}),
        (f"{path}/investigator", assigning | {"conflict_check": said}),
    )
    # The former investigator still knows.
    ok(world.office.post(f"{path}/investigator", assigning))
    asked = ok(colleague.post("/v1/disclosures", matter | {"reason": "样例：须核实"}), 201)["id"]
    again = assigning | {"account_id": world.id("account:office")}
    tried(
        (f"/v1/disclosures/{asked}/decision", {"outcome": "released", "statement": said}),
        (f"{path}/investigator", again | {"conflict_check": said}),
        (f"{path}/investigator", again | {"reason": said}),
    )
    # The next one does not know yet, and learns nothing by asking.
    ok(colleague.post("/v1/media?dry_run=true", MEDIUM | {"document": said}), 201)
    ok(world.office.post(f"/v1/disclosures/{asked}/decision", {"outcome": "released", "statement": "样例：无利害"}))


def test_art31_whom_a_report_is_about_may_be_named_in_other_acts(world: World) -> None:
    reported_and_read(world)
    ok(media(world.office, document="样例：样例食品制造有限责任公司来函〔2024〕1号"), 201)


def test_art21_art31_what_a_letter_is_filed_under_names_nobody_else_who_wrote(world: World, made: Evaluated) -> None:
    reported_and_read(world)
    letter = WRITTEN | {"received_on": world.clock.today.isoformat(), "letter_reference": "样例：欧阳修竹〔2024〕36号"}
    candidate_id = candidates(world, made.round_id)[made.ids[1]]["id"]
    refused(world.office.post(f"/v1/candidates/{candidate_id}/letters", letter), 422, "rule_refused", "art31.exclusive")


def test_art31_a_reporter_is_named_in_no_text_about_an_award(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    world.clock.go("2024-09-02")
    report = {
        "kind": "forgery",
        "subject": "样例：某企业",
        "description": "样例：本人在该企业门口看见悬挂伪造的奖牌一块。",
        "reporter_name": "隐名举报人",
        "reporter_contact": "微信 jubao_77",
    }
    found = ok(world.public.post("/v1/mark-reports", report), 201)["id"]
    assign_report_investigator(world, f"/v1/mark-reports/{found}")
    read_original(world, f"/v1/mark-reports/{found}")
    path = f"/v1/awards/{winner.award_id}/title-misuses?dry_run=true"
    for said in ("样例：隐名举报人提供的照片", "样例：jubao77 提供", report["description"]):
        problem = refused(world.office.post(path, MISUSE | {"evidence": said}), 422, "rule_refused", "art31.exclusive")
        assert {item["reason"] for item in problem["violations"]} <= {"reporter_named", "original_copied"}
    ok(world.office.post(path, MISUSE), 201)
