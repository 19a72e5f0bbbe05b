"""Art. 7 (art07.no_fee): the review charges nothing; what shows a payment to another is the office's to decide."""

from __future__ import annotations

import pytest

from app.measures.fees import materials_without_fee, payments_explained, published_without_fee
from app.measures.review_rules import Named, ReviewRules
from tests.measures.procedure_samples import READINGS, only, refused, rules

RULE = "art07.no_fee"


# What a review is paid for, by other words than a fee.
OF_OTHER_WORDS = ["会务款", "會務款凭证", "报名款", "工本", "证书工本", "入会金", "诚意金", "评审劳务", "专家餐饮住宿"]


def asking(zh: str, en: str = "Document", code: str = "another") -> ReviewRules:
    return rules(required_materials=(Named(code, zh, en),))


@pytest.mark.parametrize(
    "zh", ["评 审 费", "報名費收據", "缴费凭证", "押金", "手续费的缴纳证明", "专家费", "证书费", *OF_OTHER_WORDS]
)
def test_a_fee_of_the_review_is_found_however_it_is_written(zh: str) -> None:
    found = only(materials_without_fee(rules=asking(zh)), RULE, "fail")
    assert found.facts["names"] == [zh]


@pytest.mark.parametrize("en", ["Fee", "Ｆｅｅ", "Service  Charge", "proof of payment", "DEPOSITS"])
def test_english_names_and_codes_are_read_too(en: str) -> None:
    assert refused(materials_without_fee(rules=asking("材料", en)), RULE)
    code = en.lower().replace("  ", "-").replace(" ", "_")
    assert refused(materials_without_fee(rules=asking("材料", "Document", code)), RULE)


@pytest.mark.parametrize(
    "zh",
    [
        *("研发费用证明", "安全生产费用凭证", "社保缴费证明", "住房公积金缴费凭证", "环保税缴费凭证", "水电费发票"),
        *("残疾人就业保障金缴纳证明", "纳税证明", "经费使用情况", "消费者评价"),
        *("职工本科学历", "资料条款", "证书条款"),
    ],
)
def test_duties_and_expenses_of_its_own_are_looked_past(zh: str) -> None:
    only(materials_without_fee(rules=asking(zh)), RULE, "pass")
    open_ = payments_explained(rules=asking(zh), decided={}, readings=READINGS)
    assert only(open_, RULE, "pass").facts["codes"] == []


@pytest.mark.parametrize(("zh", "en"), [("培训费收据", "Document"), ("汇款凭证", "Document"), ("材料", "Invoice")])
def test_a_payment_is_explained_or_open(zh: str, en: str) -> None:
    asked = asking(zh, en)
    only(materials_without_fee(rules=asked), RULE, "pass")
    for decided in ({}, {"another": "  "}, {"other": "自身支出"}):
        found = only(payments_explained(rules=asked, decided=decided, readings=READINGS), RULE, "needs_decision")
        assert (found.facts["names"], found.facts["codes"]) == ([zh], ["another"])
        assert found.remedy is not None
        assert found.facts["reading"] == READINGS.cite("fee_receipts")
    done = only(payments_explained(rules=asked, decided={"another": "自身支出"}, readings=READINGS), RULE, "pass")
    assert done.facts["codes"] == ["another"]
    assert done.facts["reading"] == READINGS.cite("fee_receipts")


@pytest.mark.parametrize(
    ("zh", "en", "paper"),
    [
        *(("交款单", "Document", True), ("收据", "Document", True), ("赞助协议", "Document", True)),
        *(("支付宝记录", "Document", True), ("到账通知", "Document", True), ("材料", "Paid", True)),
        *(("材料", "Payment voucher", True), ("Slip", "Document", True), ("差旅费", "Document", True)),
        *(("数据", "Document", False), ("条款", "Document", False), ("研发费用凭证", "Voucher", False)),
        *(("工会经费缴纳凭证", "Slip", False), ("研发费用和差旅费", "Document", True)),
        *(("场地租金", "Document", True), ("质保金", "Document", True)),
    ],
)
def test_a_paper_of_money_is_explained_whatever_its_name(zh: str, en: str, paper: bool) -> None:
    (found,) = payments_explained(rules=asking(zh, en), decided={}, readings=READINGS)
    assert (found.outcome == "needs_decision") is paper
    # One that may be handed in beside the required ones is asked about as well.
    further = rules(further_materials=(Named("another", zh, en),))
    (found,) = payments_explained(rules=further, decided={}, readings=READINGS)
    assert (found.outcome == "needs_decision") is paper
    # A section or an indicator about money is no paper of it.
    section = rules(required_sections=(Named("another", "差旅费管理", "Travel"),))
    assert only(payments_explained(rules=section, decided={}, readings=READINGS), RULE, "pass").facts["codes"] == []


def test_who_is_in_charge_pays_nothing() -> None:
    only(payments_explained(rules=asking("名单", "Persons in charge"), decided={}, readings=READINGS), RULE, "pass")


@pytest.mark.parametrize(
    ("title", "free"),
    [
        ("每家收取评审费2000元", False),
        ("须缴费后参评", False),
        ("收取资料服务等各项费", False),
        ("不合格者须另行补交评审费", False),
        ("entry fee", False),
        ("不收取任何费用", True),
        ("评审免费", True),
        ("严禁收取评审费", True),
        ("评审通知", True),
        ("环保税缴费大户质量行", True),
        ("报名时请交会务款2000元", False),
        ("请汇２０００元至指定账户", False),
        ("每家企业交2000元", False),
        ("參評企業須繳2千元", False),
        ("参加培训需付1800元", False),
        ("资料：500元/套", False),
        ("欢迎赞助", False),
        ("参评企业须认捐", False),
        ("入围企业须订购宣传版面", False),
        ("专家食宿由申报单位负责", False),
        ("证书工本由企业承担", False),
        ("免收押金", True),
        ("谢绝任何赞助", True),
        ("获奖组织奖励10万元，由县财政支付", True),
        ("奖金由县财政支付10万元", True),
        ("请提交营业收入500万元以上的证明", True),
        ("递交汇总表，注册资本100万元以上", True),
        ("交通便利，投资100万元", True),
        ("请交表；亩均税收10万元", True),
    ],
)
def test_the_call_charges_nothing(title: str, free: bool) -> None:
    found = only(published_without_fee(texts=["样例", title]), RULE, "pass" if free else "fail")
    assert free or found.facts["text"] == title


def test_each_text_that_charges_is_named() -> None:
    found = published_without_fee(texts=["报名费300元", "评审免费", "工本费", "报名费300元"])
    assert [item.facts["text"] for item in found] == ["报名费300元", "工本费"]


def test_what_is_a_fee_beyond_doubt_is_not_asked_about_again() -> None:
    asked = asking("评审费发票", "Invoice")
    assert only(payments_explained(rules=asked, decided={}, readings=READINGS), RULE, "pass").facts["codes"] == []
    assert refused(materials_without_fee(rules=asked), RULE)
