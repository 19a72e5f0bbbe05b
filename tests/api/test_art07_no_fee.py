"""Art. 7: a call whose rules ask for the receipt of a fee is not published, and nothing that is charges one."""

from typing import Any

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, deliberate, evaluated_round, publication
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_revocations import MEDIA, QUALITY, decide
from tests.support.problems import refused


def drafted(world: World, zh: str, en: str, code: str = "another") -> str:
    """A round in preparation whose rules require this material beside the shipped ones; answers its path."""
    rules = default_review_rules().to_mapping()
    materials = rules["required_materials"]
    assert isinstance(materials, list)
    rules["required_materials"] = [*materials, {"code": code, "zh": zh, "en": en}]
    body = {"year": 2024, "title": "样例届", "review_rules": rules}
    return f"/v1/rounds/{ok(world.office.post('/v1/rounds', body), 201)['id']}"


CALL = {"title": "样例公告", "channels": ["县政府网站"], "deadline": "2024-04-30"}


@pytest.mark.parametrize(
    ("zh", "en", "code"),
    [
        ("缴费凭证", "Receipt", "another"),
        ("评审费用收据", "Receipt", "another"),
        ("收费票据", "Receipt", "another"),
        ("服务费发票", "Invoice", "another"),
        ("凭证", "Fee receipt", "another"),
        ("凭证", "Voucher", "fee_receipt"),
        ("工本费收据", "Slip", "another"),
        ("专家费", "Experts", "another"),
        ("评 审 费", "Slip", "another"),
        ("評\u200b審費", "Slip", "another"),
        ("報名費收據", "Slip", "another"),
        ("评审费增值税发票", "Slip", "another"),
        ("凭证", "Ｆｅｅ receipt", "another"),
        ("凭证", "service charge receipt", "another"),
        ("缴纳评审经费凭据", "Document", "another"),
        ("专家劳务费承诺书", "Document", "another"),
        ("专家食宿费承担承诺书", "Document", "another"),
        ("会务款凭证", "Document", "another"),
        ("證書工本收據", "Document", "another"),
        ("报名款", "Document", "another"),
    ],
)
def test_art07_a_fee_receipt_among_the_materials_refuses_the_call(world: World, zh: str, en: str, code: str) -> None:
    path = drafted(world, zh, en, code)
    body = refused(world.office.post(f"{path}/call", CALL), 422, "rule_refused", "art07.no_fee")
    assert [item["reason"] for item in body["violations"]] == ["fee_receipt_asked"]
    assert body["violations"][0]["facts"]["names"] == [zh]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("研发费用证明", "Proof of research expenses"),
        ("安全生产费用凭证", "Vouchers of safety expenses"),
        ("收费许可", "Permit"),
        ("纳税证明", "Proof of taxes paid"),
        ("社保缴费证明", "Certificate of social insurance"),
        ("环保税缴费凭证", "Certificate of environmental tax"),
        ("企业所得税缴纳凭证", "Certificate of income tax"),
        ("消费者评价", "Judgement of consumers"),
        ("质量负责人名单", "Persons in charge of quality"),
        ("工会经费缴纳凭证", "Voucher"),
        ("水费发票样本", "Sample"),
        ("统计数据", "Data"),
        ("合同条款", "Terms"),
        ("认证依据", "Basis"),
    ],
)
def test_art07_the_applicants_own_expenses_are_no_fee(world: World, zh: str, en: str) -> None:
    ok(world.office.post(f"{drafted(world, zh, en)}/call", CALL))


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("咨询费发票", "Document"),
        ("会费收据", "Document"),
        ("培训费 收据", "Document"),
        ("汇款凭证", "Document"),
        ("转账回单", "Document"),
        ("证明材料", "Invoices of consultants"),
        ("证明材料", "Receipt"),
        ("收款收据", "Document"),
        ("交款单", "Document"),
        ("缴款书", "Document"),
        ("转账记录", "Document"),
        ("银行回单（评审）", "Document"),
        ("赞助协议", "Document"),
        ("捐赠证明", "Document"),
        ("场地租金", "Document"),
        ("咨询费合同", "Document"),
        ("证明材料", "PAYMENT VOUCHER"),
        ("PAYMENT VOUCHER", "Document"),
    ],
)
def test_art07_a_payment_that_may_be_the_applicants_own_is_the_offices_to_decide(
    world: World, zh: str, en: str
) -> None:
    path = drafted(world, zh, en)
    told = refused(world.office.post(f"{path}/call", CALL), 422, "rule_refused", "art07.no_fee")["violations"]
    assert [(item["reason"], item["outcome"], item["facts"]["codes"]) for item in told] == [
        ("payment_to_explain", "needs_decision", ["another"])
    ]
    assert told[0]["facts"]["reading"]["key"] == "fee_receipts"
    other = {"explained_payments": [{"code": "self_assessment", "reason": "样例"}]}
    refused(world.office.post(f"{path}/call", CALL | other), 422, "rule_refused", "art07.no_fee")
    reason = "样例：证明组织自身的投入"
    ok(world.office.post(f"{path}/call", CALL | {"explained_payments": [{"code": "another", "reason": reason}]}))
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "publish_call"}))["items"]
    assert entry["details"]["explained_payments"] == {"another": reason}


def test_art07_a_decision_does_not_open_the_way_to_a_fee(world: World) -> None:
    path = drafted(world, "评审费发票", "Invoice")
    given = CALL | {"explained_payments": [{"code": "another", "reason": "样例：组织自身的支出"}]}
    body = refused(world.office.post(f"{path}/call", given), 422, "rule_refused", "art07.no_fee")
    assert [item["reason"] for item in body["violations"]] == ["fee_receipt_asked"]


@pytest.mark.parametrize(
    ("title", "free"),
    [
        ("样例公告：每家收取评审费2000元", False),
        ("样例公告：每家收取 工 本 费", False),
        ("样例公告：须缴费后参评", False),
        ("Sample call: application fee 2000 yuan", False),
        ("样例公告：评审不收取任何费用", True),
        ("样例公告（评审不收费）", True),
        ("样例公告：免评审费", True),
        ("样例公告：奖金每家10万元", True),
        ("样例公告：申报单位承担专家食宿费", False),
        ("样例公告：食宿费用自理", False),
        ("样例公告：报名时请交会务款", False),
        ("样例公告：请汇2000元至指定账户", False),
        ("样例公告：欢迎企业赞助", False),
        ("样例公告：谢绝企业赞助", True),
        ("样例公告：评审费用由县财政承担", True),
        ("样例公告：申报单位不承担任何费用", True),
    ],
)
def test_art07_the_call_charges_nothing_and_may_say_so(world: World, title: str, free: bool) -> None:
    answer = world.office.post(f"{drafted(world, '样例材料', 'Sample')}/call", CALL | {"title": title})
    if free:
        ok(answer)
    else:
        body = refused(answer, 422, "rule_refused", "art07.no_fee")
        assert [item["reason"] for item in body["violations"]] == ["fee_in_the_call"]


FEE = "报名费300元汇至某账户"


def charged(answer: Any, *texts: str) -> None:
    told = refused(answer, 422, "rule_refused", "art07.no_fee")["violations"]
    of_fees = [item["facts"]["text"] for item in told if item["rule"] == "art07.no_fee"]
    assert of_fees == list(texts)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"channels": [f"县政府网站，{FEE}"]}, f"县政府网站，{FEE}"),
        ({"channels": ["县政府网站", FEE]}, FEE),
        ({"url": "https://example.org/%E6%8A%A5%E5%90%8D%E8%B4%B9"}, "https://example.org/报名费"),
    ],
)
def test_art07_no_part_of_the_call_charges_a_fee(world: World, changes: dict[str, Any], text: str) -> None:
    path = drafted(world, "样例材料", "Sample")
    charged(world.office.post(f"{path}/call", CALL | {"channels": ["县政府网站"]} | changes), text)
    ok(world.office.post(f"{path}/call", CALL | {"channels": ["县政府网站", "样例：评审不收费"]}))


def test_art07_the_title_of_a_round_charges_no_fee_and_later_nothing_of_it(world: World) -> None:
    title = "2024年样例届（每家报名费300元）"
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": title}), 201)
    path = f"/v1/rounds/{made['id']}"
    charged(world.office.post(f"{path}/call", CALL), title)
    ok(world.office.patch(path, {"title": "2024年样例届"}, headers={"If-Match": f'"{made["version"]}"'}))
    ok(world.office.post(f"{path}/call", CALL))
    later = {"new_deadline": "2024-05-10", "reason": FEE, "channel": f"县政府网站：{FEE}"}
    charged(world.office.post(f"{path}/deadline-extensions", later), FEE, f"县政府网站：{FEE}")
    ok(world.office.post(f"{path}/deadline-extensions", later | {"reason": "样例", "channel": "县政府网站"}))


def test_art07_the_candidate_list_charges_no_fee(world: World) -> None:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)

    def publish(**changes: Any) -> Any:
        told = publication(world.clock.today) | changes
        body = {"application_ids": made.ids, "publication": told}
        return world.office.post(f"/v1/rounds/{made.round_id}/candidate-list", body)

    medium = {"name": "样例日报", "published_on": world.clock.today.isoformat()}
    charged(publish(title=FEE), FEE)
    charged(publish(media=[medium, medium | {"name": FEE}]), FEE)
    charged(
        publish(media=[medium | {"url": "https://example.org/application-fee"}]), "https://example.org/application-fee"
    )
    ok(publish(), 201)


def test_art07_the_notice_of_a_revocation_charges_no_fee(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    world.clock.go("2025-06-02")
    case = decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY), on="2025-06-02")
    path = f"/v1/revocations/{case['id']}/notice"
    charged(world.office.post(path, MEDIA | {"title": FEE}), FEE)
    ok(world.office.post(path, MEDIA))
