"""The review is free of charge (Art. 7): nothing asks for a fee, neither a material nor the call, nor a field of
the contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from app.measures.asks import Indicator
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.interpretations import Readings
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import Named, ReviewRules
from app.measures.text import readable

_FEE_WORDS = frozenset(
    {
        "fee",
        "fees",
        "price",
        "prices",
        "pricing",
        "deposit",
        "deposits",
        "charge",
        "charges",
        "surcharge",
        "surcharges",
        "tariff",
        "tariffs",
        "toll",
        "tolls",
    }
)


_FEE_ZH = re.compile("收费|费用|押金|保证金|价格|报名费|评审费|申报费|服务费|手续费")  # house: sentences


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@rule("art07.no_fee")
def mentions_fee(*, names: Iterable[str]) -> list[Finding]:
    """Whether any name of a field or operation stands for a fee, price, deposit or charge (Art. 7). Names are read word
    by word (snake, kebab or camel case): `discharge` or `person_in_charge` is none."""
    found = sorted({name for name in names if _is_fee(name)})
    if found:
        return [fails("art07.no_fee", Reason.FEE_MENTIONED, names=found)]
    return [passes("art07.no_fee", Reason.NO_FEE_MENTIONED)]


# Duties and expenses of its own that an applicant proves: they are looked past.
_OWN = re.compile(
    "(?:研究开发|研发|安全生产|环境保护|环保|职工教育|社会保险|社保|医疗保险|医保|养老保险"  # house: sentences
    "|失业保险|工伤保险|生育保险|住房公积金|公积金|企业所得税|个人所得税|所得税|环境保护税"  # house: sentences
    "|环保税|增值税|房产税|印花税|资源税|纳税|完税|税款|排污|水资源|水电|用水|用电|燃气"  # house: sentences
    "|残疾人(?:就业)?保障金|工会经费|党费|水费|电费|燃气费|天然气费|物业费|排污费|检测费|检验费"  # house: sentences
    "|认证费|专利年费)税?(?:费用|费)?的?(?:缴费|缴纳|交费)?"  # house: sentences
)


_PROOF = "的?(?:缴纳|交纳|支付)?(?:收据|发票|回单|凭证|票据|回执|证明|单据|截图)"  # house: sentences


# What a review is paid for, where the payment is called by another word than a fee.
_PAID_FOR = "会务|报名|入会|参评|参赛|资料|培训|考察|公示|奖牌|牌匾|证书|专家|评委"  # house: sentences
# What is a fee of the review beyond doubt.
_FEE_ASKED = re.compile(
    f"(?:{_PAID_FOR})[^,.。;]{{0,2}}(?<!条)款(?![待式项])|(?<![职员人])工本|入会金|会员会金|诚意金|"  # house: sentences
    "(?:专家|评委|评审)[^,.。;]{0,4}(?:劳务|酬金|酬劳|红包|食宿|餐饮|住宿|差旅)|"  # house: sentences
    "缴费|交费|(?:评审|评奖|参评|申报)[^,.。;]{0,2}(?:经费|费用|款)|专家[^,.。;]{0,4}费|评审费"  # house: sentences
    "|评奖费|报名费|申报费|参评费|参赛费|会务费|工本费|资料费|专家费|考察费"  # house: sentences
    f"|公示费|奖牌费|牌匾费|证书费|押金|(?:收费|服务费|手续费){_PROOF}"  # house: sentences
)
_FEE_ASKED_EN = re.compile(
    r"\bfees?\b|\bdeposits?\b|\bpayment receipts?\b|\bproof of payment\b"  # house: sentences
    r"|\b(?:service|handling|review|application|entry|registration) charges?\b|\bsurcharges?\b"
)


# What shows that somebody has paid something: whether the review or another only a person knows.
_PAID = re.compile(f"(?:费用?|汇款|转账|付款|支付|打款|保证金|定金|订金){_PROOF}")  # house: sentences
_PAID_EN = re.compile(r"\breceipts?\b|\binvoices?\b|\bremittances?\b|(?<!\bin )\bcharges?\b|\btransfer slips?\b")


# A material is a paper of money, of whatever name: what it is of, the office says on record. Words that only look like
# it say nothing of money.
_OTHER_WORDS = re.compile(
    "消费|免费|浪费|收费许可|收费标准|经费使用|条款|款式|贷款|存款|税款"  # house: sentences
    "|数据|依据|证据|根据|论据|发票管理|股票"  # house: sentences
)
_PAPER = re.compile(
    "费|款|[收票凭单字]据|发票|支票|汇票|小票|电汇|回单|账单|结算单"  # house: sentences
    "|转账|转帐|付讫|收讫|已付|到账|入账|支付宝|微信支付|红包|缴纳|交纳|捐|赞助|资助"  # house: sentences
    "|[押定订租]金|会金|意金|保金|保证金|酬|(?:银行|交易)流水"  # house: sentences
)
_PROVES = re.compile(_PROOF)
_PAPER_EN = re.compile(
    r"\b(?:vouchers?|slips?|pay(?:ments?)?|paid|donations?|sponsor\w*|honorari\w*|reimburse\w*|bank statements?)\b"
)


# In the call itself: that something is charged, unless it says that nothing is.
_CHARGED = re.compile(
    f"(?:收取|承担|负担|自理|自付|支付|缴纳|交纳)[^,.。;]{{0,10}}费|费用?自理|{_FEE_ASKED.pattern}"  # house: sentences
    "|赞助|认捐|捐款|捐资|摊派|(?:须|需|应|必须)[^,.。;]{0,4}(?:订购|购买|认购)"  # house: sentences
)
# A sum that somebody pays, with no word for what; a clause that speaks of the prize or of the county's money is none.
_SUM_PAID = re.compile(
    r"(?:缴|(?<![提递])交(?!易|通|流)|付|汇(?!总|报|编|集)|转账|打款|收取?(?![入益购回]))"  # house: sentences
    r"[^,.。;:]{0,12}\d[\d.]*[万千百]?元|\d[\d.]*[万千百]?元[/每](?:套|份|家|人|个|企业|单位)"  # house: sentences
)
_OF_THE_COUNTY = re.compile("奖金|奖励|财政|拨付|税|罚")  # house: sentences
_CLAUSE_ENDS = re.compile("[,，。;；!！?？\n]")  # house: sentences
_NOT_CHARGED = re.compile(
    "(?:不|免|无需|无须|严禁|禁止|谢绝|拒绝)(?:得|再|予|以)?"  # house: sentences
    "(?:收取?|缴纳?|交纳?|支付|承担|负担|接受)?(?:任何)?"  # house: sentences
    "[^,.。;]{0,6}(?:费用?|押金|保证金|工本|会务款|赞助|捐[款赠资])"  # house: sentences
    "|[^,.。;]{0,8}费用?均?由[^,.。;]{0,6}财政[^,.。;]{0,4}"  # house: sentences
)


_FULL = "費報評審繳據證憑發匯單會務獎參賽專書轉賬訂稅險"  # house: sentences
_SIMPLE = "费报评审缴据证凭发汇单会务奖参赛专书转账订税险"  # house: sentences
_USUAL = str.maketrans(_FULL, _SIMPLE)


@rule("art07.no_fee")
def materials_without_fee(*, rules: ReviewRules) -> list[Finding]:
    """No material that the round asks for shows that a fee was paid (Art. 7): its code and both names are read, in
    whatever width, with whatever blanks."""
    asked = [item.zh for item in _named(rules) if _asks(item, _FEE_ASKED, _FEE_ASKED_EN)]
    if asked:
        return [fails("art07.no_fee", Reason.FEE_RECEIPT_ASKED, names=asked)]
    return [passes("art07.no_fee", Reason.NO_FEE_MENTIONED)]


@rule("art07.no_fee")
def payments_explained(*, rules: ReviewRules, decided: Mapping[str, str], readings: Readings) -> list[Finding]:
    """Of every material that shows a payment, or is a paper of money by its name, the office has decided on record that
    it is none to the review (Art. 7). `decided`: the reason, by the material's code. Fact `codes` names those that are
    open."""
    doubtful = [
        item
        for item in _named(rules)
        # Beyond doubt it is one all the same: `materials_without_fee` refuses it.
        if (_asks(item, _PAID, _PAID_EN) or (item in _materials(rules) and _of_money(item)))
        and not _asks(item, _FEE_ASKED, _FEE_ASKED_EN)
    ]
    still = [item for item in doubtful if not decided.get(item.code, "").strip()]
    reading = readings.cite("fee_receipts")
    if still:
        names, codes = [item.zh for item in still], [item.code for item in still]
        return [needs_decision("art07.no_fee", Reason.PAYMENT_TO_EXPLAIN, names=names, codes=codes, reading=reading)]
    codes = [item.code for item in doubtful]
    return [passes("art07.no_fee", Reason.PAYMENTS_EXPLAINED, codes=codes, reading=reading)]


@rule("art07.no_fee")
def published_without_fee(*, texts: Iterable[str]) -> list[Finding]:
    """Nothing that is published of the review charges a fee (Art. 7), the call, its channels and every notice; it may
    say that there is none."""
    charging = [text for text in dict.fromkeys(texts) if _speaks_of_a_fee(text)]
    if charging:
        return [fails("art07.no_fee", Reason.FEE_IN_THE_CALL, text=text) for text in charging]
    return [passes("art07.no_fee", Reason.NO_FEE_MENTIONED)]


def _speaks_of_a_fee(text: str) -> bool:
    plain = _NOT_CHARGED.sub("", _OWN.sub("", _chinese(text)))
    if _CHARGED.search(plain) or _FEE_ASKED_EN.search(_english(text)):
        return True
    clauses = _CLAUSE_ENDS.split(_chinese(text))
    return any(_SUM_PAID.search(clause) and not _OF_THE_COUNTY.search(clause) for clause in clauses)


def _named(rules: ReviewRules) -> list[Named | Indicator]:
    return [*rules.required_materials, *rules.further_materials, *rules.required_sections, *rules.asks.indicators]


def _materials(rules: ReviewRules) -> list[Named]:
    return [*rules.required_materials, *rules.further_materials]


def _asks(item: Named | Indicator, chinese: re.Pattern[str], english: re.Pattern[str]) -> bool:
    written = _OWN.sub("", _chinese(item.zh))
    return chinese.search(written) is not None or any(
        english.search(_english(name)) for name in (item.zh, item.en, item.code)
    )


def _of_money(item: Named | Indicator) -> bool:
    """Whether a material is a paper of money by its name. Of an expense of its own the other names say nothing more."""
    rest, own = _OWN.subn("", _chinese(item.zh))
    # What proves an expense of its own is a paper of that.
    rest = _PROVES.sub("", rest) if own else rest
    if _PAPER.search(_OTHER_WORDS.sub("", rest)):
        return True
    return not own and any(_PAPER_EN.search(_english(name)) for name in (item.zh, item.en, item.code))


def _chinese(text: str) -> str:
    """Without width, blanks and signs that show nothing, in the usual characters."""
    return "".join(filter(readable, unicodedata.normalize("NFKC", text))).translate(_USUAL)


def _english(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKC", text) if char.isspace() or readable(char))
    return re.sub(r"[\s_-]+", " ", plain).casefold()


def _is_fee(name: str) -> bool:
    if _FEE_ZH.search(name):
        return True
    words = [word.lower() for word in _WORD.findall(name)]
    return any(
        word in _FEE_WORDS and not (word == "charge" and words[index - 1 : index] == ["in"])
        for index, word in enumerate(words)
    )
