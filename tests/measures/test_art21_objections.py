"""Arts. 21, 29: who investigates an objection, and what of it others read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.measures.exclusivity import names_no_reporter
from app.measures.findings import Finding
from app.measures.objections import (
    ObjectionFacts,
    ObjectionRecord,
    asked_when_upheld,
    by_its_investigator,
    has_investigator,
    has_summary,
    investigator_fit,
    judged_formal,
    judged_informal,
    letter_complete,
    names_no_objector,
    objection_class,
    open_objections_block,
    read_before_judgement,
)
from app.measures.publicity import Period
from app.measures.state_machines import AwardState, ObjectionState
from tests.measures.procedure_samples import only, refused

RULE = "art21.objections"
NAME, CONTACT = "隐名异议人", "０７９７（5611111）"


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_another_in_place_of_the_investigator_needs_a_reason(reason: str | None) -> None:
    findings = investigator_fit(of_the_office=True, recused=False, replaces=True, reason=reason)
    assert refused(findings, RULE) == ["replacement_without_reason"]
    told = only(investigator_fit(of_the_office=True, recused=False, replaces=True, reason="调离"), RULE, "pass")
    assert (told.reason, told.facts["replaces"]) == ("investigator_fit", True)
    first = only(investigator_fit(of_the_office=True, recused=False, reason=reason), RULE, "pass")
    assert first.facts["replaces"] is False


def test_the_investigator_is_of_the_office_and_has_not_recused_himself() -> None:
    assert refused(investigator_fit(of_the_office=False, recused=False), RULE) == ["investigator_not_of_the_office"]
    assert refused(investigator_fit(of_the_office=True, recused=True), RULE) == ["investigator_recused"]
    assert refused(investigator_fit(of_the_office=False, recused=True, replaces=True), RULE) == [
        "investigator_not_of_the_office",
        "investigator_recused",
        "replacement_without_reason",
    ]


@pytest.mark.parametrize(
    ("asked", "met", "missing"),
    [
        (lambda held: has_investigator(assigned=held), "investigator_assigned", "investigator_missing"),
        (lambda held: by_its_investigator(investigator=held), "its_investigator", "not_its_investigator"),
        (lambda held: has_summary(summarised=held), "summary_given", "summary_missing"),
    ],
)
def test_what_is_asked_has_two_answers(asked: Callable[[bool], list[Finding]], met: str, missing: str) -> None:
    assert only(asked(True), RULE, "pass").reason == met
    assert refused(asked(False), RULE) == [missing]


def test_the_act_that_comes_next_is_named() -> None:
    assert has_investigator(assigned=False)[0].facts["next_act"] == "assign_investigator"
    assert has_summary(summarised=False)[0].facts["next_act"] == "summarise_objection"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("反映该组织2023年抽查不合格", []),
        ("隐名异议人反映", ["name"]),
        ("隐 名·异议　人反映", ["name"]),
        ("来电0797-5611111反映", ["contact"]),
        ("来电(5611111)反映", ["contact"]),
        ("来电+86 0797 561 1111反映", ["contact"]),
        ("来电5611112反映", []),
        ("编号20235611111000", ["contact"]),
        ("编号561111", []),
        ("隐名异议人，５６１１１１１", ["name", "contact"]),
        ("五六一一一一一", ["contact"]),
        ("561、1111", []),
    ],
)
def test_name_and_contact_are_found_however_they_are_written(said: str, told: list[str]) -> None:
    (finding,) = names_no_objector(said=said, name=NAME, contact=CONTACT)
    if told:
        assert (finding.reason, finding.facts["told"]) == ("objector_named", told)
    else:
        assert finding.reason == "objector_not_named"


@pytest.mark.parametrize(
    ("original", "said", "shown"),
    [
        ("手机138.0013.8000。", "手机１３８００１３８０００", True),
        ("手机8613800138000", "00138000", True),
        ("座机 0797 5611111", "561-1111", True),
        ("身份证36073319900101001X", "0101001", True),
        ("身份证360733199001010011", "01010011", True),
        ("报告编号20230567", "报告编号20230567", False),
        ("邮箱 li.wu@example.org", "LI.WU@example.org", True),
        ("邮箱 li.wu@example.org", "wu@example.org", False),
        ("手机13800138000、13900139000", "8000、13900139000", True),
        ("", "手机13800138000", False),
    ],
)
def test_numbers_of_a_person_in_the_text_are_looked_for_too(original: str, said: str, shown: bool) -> None:
    (finding,) = names_no_objector(said=said, name=None, contact=None, original=original)
    assert (finding.reason == "objector_named") is shown


@pytest.mark.parametrize(
    ("name", "contact", "said", "shown"),
    [
        (None, "li@example.org", "来信 LI@EXAMPLE.ORG", True),
        ("", "", "什么都没有", False),
        ("李", None, "李子加工", False),
        ("匿名", None, "匿名反映", False),
        (None, "13800138000、5611111", "0013800", False),
        (None, "13800138000、5611111", "0138000", True),
    ],
)
def test_what_names_nobody_is_not_looked_for(name: str | None, contact: str | None, said: str, shown: bool) -> None:
    (finding,) = names_no_objector(said=said, name=name, contact=contact)
    assert (finding.reason == "objector_named") is shown


@pytest.mark.parametrize(
    ("contact", "said", "shown"),
    [
        ("微信 zsf_1988", "来自zsf1988", True),
        ("微信 zsf_1988", "来自ＺＳＦ－1988", True),
        ("微信 zsf_1988", "来自zsf1989", False),
        ("文武坝镇幸福路3号", "住文武坝镇 幸福路 3 号", True),
        ("文武坝镇幸福路3号", "住文武坝镇幸福路", False),
        ("幸福小区南门，李", "幸福小区南门", True),
        ("幸福小区门，李", "幸福小区门", False),
        ("a1b2", "a1b2", True),
        ("a12", "a12", False),
        ("zsf1988@qq.com", "zsf1988", True),
        ("zsf1@qq.com", "zsf1", True),
        ("info@example.org", "information", False),
        ("QQ 561111", "QQ号561111", True),
        ("微信", "微信", False),
    ],
)
def test_a_contact_is_looked_for_in_whatever_writing(contact: str, said: str, shown: bool) -> None:
    (finding,) = names_no_objector(said=said, name=None, contact=contact)
    assert (finding.reason == "objector_named") is shown


COPIED = "我在该企业质检科，工号0921。望查实！"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (COPIED, "original_copied"),
        ("来信称：我在该企业质检科 工号 0921", "original_copied"),
        ("我在该企业质检科，工号092", "objector_not_named"),
        ("望查实", "objector_not_named"),
        ("反映质检问题", "objector_not_named"),
    ],
)
def test_a_sentence_of_the_original_is_in_nobody_elses_words(said: str, reason: str) -> None:
    (finding,) = names_no_objector(said=said, name=None, contact=None, original=COPIED)
    assert finding.reason == reason
    (finding,) = names_no_reporter(said=said, name=None, contact=None, original=COPIED)
    assert (finding.reason == "original_copied") is (reason == "original_copied")


@pytest.mark.parametrize(("length", "reason"), [(11, "objector_not_named"), (12, "original_copied")])
def test_a_sentence_is_its_writers_from_twelve_signs_on(length: int, reason: str) -> None:
    sentence = "样例反映的情况请予以核实并答复"[:length]
    assert names_no_objector(said=sentence, name=None, contact=None, original=sentence)[0].reason == reason


PERIOD = Period(date(2024, 5, 20), date(2024, 5, 21), date(2024, 5, 30), datetime(2024, 5, 30, 16, tzinfo=UTC))
GIVEN = ObjectionFacts(datetime(2024, 5, 21, 2, tzinfo=UTC), "张三", "0797-5611111", "样例：抽查不合格")
NAMELESS = (
    "匿名群众 热心市民 不愿具名 一名职工 一群众 某企业员工 某公司 aa 张先生 某某 anonymous a "
    "不愿透露姓名 不想说名字 路人甲 路人 李某某 王某 某甲 一个关心会昌的人 会昌的老百姓 前员工 实名 化名 网民 "
    "知情人士 一名群众 某职工 热心市民 匿名者 举报人 举报人乙 知情者 几位村民 广大群众 附近居民 一线员工 内部职工 "
    "正义人士 退休老干部 某局干部 该公司员工 本厂退休职工 群众代表 会昌群众 麻州镇村民 文武坝镇居民 "
    "样例制造有限公司员工 欧阳女士 王会计 "
    "关心本县发展的市民 匿名（群众） 一名群众，不愿透露姓名 Ａ．Ｃｉｔｉｚｅｎ concerned-resident 某企业"
)


@pytest.mark.parametrize("name", NAMELESS.split())
def test_words_for_nobody_are_no_name_and_are_kept_from_others_all_the_same(name: str) -> None:
    facts = objection_class(objection=replace(GIVEN, name=name), period=PERIOD).findings[0].facts
    assert facts["lacking"] == ["name"]
    shown = refused(names_no_objector(said="张先生来电反映", name="张先生", contact=None), RULE)
    assert shown == ["objector_named"]


@pytest.mark.parametrize(
    "name",
    [
        *("张三", "某日升", "匿小明", "Li Ming", "欧阳群", "样例美的电器经营部", "美的负责甲人", "王一甲"),
        # A given name that reads like a word for somebody; a name behind or beside such a word.
        *(
            "任知情",
            "方正直",
            "知情人任一甲",
            "村民丁一",
            "职工张三",
            "热心市民 张三",
            "张三（会昌县村民）",
            "张三，某公司员工",
        ),
        # Names of organisations, of which some hold such words.
        *("样例制造有限公司", "样例公司", "群众剧团", "老百姓大药房", "市民服务中心", "会昌县样例职工医院", "平民公司"),
    ],
)
def test_a_name_is_one(name: str) -> None:
    assert objection_class(objection=replace(GIVEN, name=name), period=PERIOD).kind == "formal"


@pytest.mark.parametrize(("times", "named"), [(20, False), (21, True)])
def test_a_designation_has_an_end(times: int, named: bool) -> None:
    answer = objection_class(objection=replace(GIVEN, name="群众" * times), period=PERIOD)
    assert (answer.kind == "formal") is named


@pytest.mark.parametrize(
    ("facts", "lacking"),
    [
        ("匿名举报", ["facts"]),
        ("异议", ["facts"]),
        ("有问题", ["facts"]),
        ("objection", ["facts"]),
        ("反对！！！", ["facts"]),
        ("我强烈反对该公司获奖，请取消资格", ["facts"]),
        ("不公平，不服！", ["facts"]),
        ("垃圾公司", []),
        ("问题产品", []),
        ("该公司偷税", []),
        ("反对：欠薪", []),
        ("被查处过两次", []),
    ],
)
def test_words_for_an_objection_state_nothing(facts: str, lacking: list[str]) -> None:
    told = objection_class(objection=replace(GIVEN, facts=facts), period=PERIOD).findings[0].facts
    assert told["lacking"] == lacking


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({}, []),
        ({"name": "匿名", "facts": "无"}, []),
        ({"contact": "无", "name": ""}, []),
        ({"received_at": PERIOD.ends_at}, ["late"]),
        ({"received_at": datetime(2024, 5, 19, 15, 59, tzinfo=UTC)}, ["early"]),
    ],
)
def test_name_contact_and_facts_are_the_investigators_to_judge(changes: dict[str, Any], lacking: list[str]) -> None:
    found = judged_formal(objection=replace(GIVEN, **changes), period=PERIOD)
    if lacking:
        assert refused(found, RULE) == ["stays_informal"]
        assert found[0].facts["lacking"] == lacking
    else:
        assert only(found, RULE, "pass").reason == "judged_formal"


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        (["name"], "judged_informal"),
        (["name", "facts"], "judged_informal"),
        (["contact"], "judged_informal"),
        (["name", "contact", "facts"], "judged_informal"),
        ([], "lack_not_stated"),
        (["name", "late"], "lack_not_stated"),
    ],
)
def test_what_an_informal_one_lacks_is_stated(lacking: list[str], reason: str) -> None:
    (finding,) = judged_informal(lacking=lacking)
    assert (finding.reason, finding.facts["lacking"]) == (reason, lacking)
    assert (finding.outcome == "pass") is (reason == "judged_informal")


@pytest.mark.parametrize(
    ("assigned", "read", "investigator", "summarised", "reason"),
    [
        (False, True, True, True, "investigator_missing"),
        (True, False, True, True, "original_unread"),
        (True, True, False, False, "not_its_investigator"),
        (True, True, False, True, "original_read"),
        (True, True, True, False, "original_read"),
    ],
)
def test_an_objection_is_judged_by_who_knows_it(
    assigned: bool, read: bool, investigator: bool, summarised: bool, reason: str
) -> None:
    (finding,) = read_before_judgement(assigned=assigned, read=read, investigator=investigator, summarised=summarised)
    assert finding.reason == reason
    assert (finding.outcome == "pass") is (reason == "original_read")
    if not assigned:
        assert finding == has_investigator(assigned=False)[0]


@pytest.mark.parametrize("case_opened", [True, False])
def test_what_an_upheld_objection_asks_of_others(case_opened: bool) -> None:
    approved = only(asked_when_upheld(award_state=AwardState.APPROVED, case_opened=case_opened), RULE, "needs_decision")
    assert (approved.reason, approved.facts["next_act"]) == ("withdrawal_due", "withdraw_award")
    assert approved.facts["decides"] == "government"
    conferred = asked_when_upheld(award_state=AwardState.CONFERRED, case_opened=case_opened)
    assert [item.reason for item in conferred] == ([] if case_opened else ["case_due"])
    assert [(item.facts["decides"], item.facts["next_act"]) for item in conferred] == (
        [] if case_opened else [("office", "open_revocation")]
    )
    for state in (None, AwardState.WITHDRAWN, AwardState.REVOKED):
        assert asked_when_upheld(award_state=state, case_opened=case_opened) == []


@pytest.mark.parametrize(
    ("contact", "lacking", "reason"),
    [("0797-5611111", ["scan"], "letter_awaits_scan"), ("无", ["contact", "scan"], "kept_as_informal")],
)
def test_a_letter_is_informal_until_its_scan_is_there(contact: str, lacking: list[str], reason: str) -> None:
    answer = objection_class(objection=replace(GIVEN, contact=contact, scanned=False), period=PERIOD)
    assert (answer.kind, answer.findings[0].facts["lacking"], answer.findings[0].reason) == (
        "informal",
        lacking,
        reason,
    )
    # Whether somebody can be reached is the investigator's to say; whether there is a scan is not.
    judged = judged_formal(objection=replace(GIVEN, contact=contact, scanned=False), period=PERIOD)[0]
    assert judged.reason == "letter_not_scanned"
    assert (judged.facts["next_act"], judged.facts["next_by"]) == ("upload_objection_file", ["office"])
    late = replace(GIVEN, received_at=PERIOD.ends_at, scanned=False)
    judged = judged_formal(objection=late, period=PERIOD)[0]
    assert (judged.reason, judged.facts["lacking"]) == ("stays_informal", ["late", "scan"])
    assert (judged.facts["next_act"], judged.facts["next_by"]) == ("close_informal_objection", ["office"])
    assert letter_complete()[0].reason == "letter_complete"


@pytest.mark.parametrize(
    ("state", "awaits", "reason"),
    [
        (ObjectionState.INFORMAL, True, "letter_not_scanned"),
        (ObjectionState.INFORMAL, False, "no_objection"),
        (ObjectionState.ANSWERED, True, "no_objection"),
        (ObjectionState.RECEIVED, True, "objection_open"),
    ],
)
def test_a_letter_that_lacks_its_scan_alone_holds_its_organisation(
    state: ObjectionState, awaits: bool, reason: str
) -> None:
    record = ObjectionRecord("o1", "甲", state, awaits_scan=awaits)
    (finding,) = open_objections_block(organisation="甲", objections=[record])
    assert (finding.reason, finding.facts["objections"]) == (reason, ["o1"])
    assert (finding.facts.get("next_act") == "upload_objection_file") is (reason == "letter_not_scanned")
    assert record.holds is (reason != "no_objection")


@pytest.mark.parametrize("state", [ObjectionState.DISMISSED, ObjectionState.INADMISSIBLE])
@pytest.mark.parametrize(("closed_on", "open_then"), [(9, False), (10, False), (11, True)])
def test_a_closing_counts_from_its_own_day(state: ObjectionState, closed_on: int, open_then: bool) -> None:
    day = date(2024, 6, 10)
    record = ObjectionRecord("o1", "甲", state, "不属实", ended_on=date(2024, 6, closed_on))
    assert record.ended_after(day) is open_then
    (finding,) = open_objections_block(organisation="甲", objections=[record], day=day)
    assert finding.reason == ("objection_open_then" if open_then else "no_objection")
    assert finding.facts["objections"] == ["o1"]
    # Without a day it is today that counts.
    assert open_objections_block(organisation="甲", objections=[record])[0].reason == "no_objection"


def test_the_last_closing_is_the_first_day_on_which_the_name_is_taken() -> None:
    closed = [
        ObjectionRecord(f"o{day}", "甲", ObjectionState.DISMISSED, "不属实", ended_on=date(2024, 6, day))
        for day in (4, 12, 11)
    ]
    others = replace(closed[1], id="o9", organisation="乙", ended_on=date(2024, 6, 20))
    still = ObjectionRecord("o5", "甲", ObjectionState.RECEIVED)
    upheld = ObjectionRecord("o6", "甲", ObjectionState.UPHELD, "属实", ended_on=date(2024, 6, 12))
    day = date(2024, 6, 10)
    assert (still.ended_after(day), upheld.ended_after(day)) == (False, False)
    found = open_objections_block(organisation="甲", objections=[*closed, others, still, upheld], day=day)
    assert [item.reason for item in found] == ["objection_open", "objection_upheld", "objection_open_then"]
    assert dict(found[-1].facts) == {
        "organisation": "甲",
        "objections": ["o12", "o11"],
        "day": "2024-06-10",
        "closed_on": "2024-06-12",
    }


@pytest.mark.parametrize(
    ("contact", "given"),
    [
        ("会昌县文武坝镇样例路5号302室王小明收", True),
        ("样例村二组", True),
        ("样例路", False),
        ("5号", False),
        ("微信号：sample_2024", True),
        ("WeChat: sample-2024", True),
        ("微信", False),
        ("微信 abcd", False),
        ("QQ12345", True),
        ("sample_2024", False),
        ("0797-5611111", True),
        ("1111111", False),
        ("1212121", True),
        ("561111", False),
        ("a@b.cn", True),
        ("a@b", False),
    ],
)
def test_a_contact_is_hinted_at_by_its_form(contact: str, given: bool) -> None:
    told = objection_class(objection=replace(GIVEN, contact=contact), period=PERIOD).findings[0].facts
    assert told["lacking"] == ([] if given else ["contact"])
