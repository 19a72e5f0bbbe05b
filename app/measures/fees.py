"""The review is free of charge (Art. 7): nothing asks for a fee, neither a material nor a field of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.measures.asks import Indicator
from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import Named, ReviewRules

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


# What shows that a fee was paid. Expenses of its own that an applicant proves (研发费用, 安全生产费用) are none.
_PAID_FOR = "(?:收费|(?<!研发)(?<!生产)(?<!环保)费用|服务费|手续费|保证金)"  # house: sentences


_PROOF = "的?(?:缴纳|交纳|支付)?(?:收据|发票|回单|凭证|票据|回执|证明)"  # house: sentences


_FEE_RECEIPT = re.compile(
    f"缴费|交费|评审费|报名费|申报费|参评费|会务费|押金|{_PAID_FOR}{_PROOF}"  # house: sentences
    r"|\bfees?\b|\bdeposit\b|\bpayment receipt\b|\bproof of payment\b",
    re.IGNORECASE,
)


@rule("art07.no_fee")
def materials_without_fee(*, rules: ReviewRules) -> list[Finding]:
    """No material that the round asks for shows that a fee was paid (Art. 7): its code and both names are read."""
    named: list[Named | Indicator] = [*rules.required_materials, *rules.required_sections, *rules.asks.indicators]
    asked = [
        item.zh
        for item in named
        if any(_FEE_RECEIPT.search(name) for name in (item.zh, item.en, item.code.replace("_", " ").replace("-", " ")))
    ]
    if asked:
        return [fails("art07.no_fee", Reason.FEE_RECEIPT_ASKED, names=asked)]
    return [passes("art07.no_fee", Reason.NO_FEE_MENTIONED)]


def _is_fee(name: str) -> bool:
    if _FEE_ZH.search(name):
        return True
    words = [word.lower() for word in _WORD.findall(name)]
    return any(
        word in _FEE_WORDS and not (word == "charge" and words[index - 1 : index] == ["in"])
        for index, word in enumerate(words)
    )
