"""What the payment platform reports on an order that it has taken over (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.measures.findings import Finding, Text, fails, passes
from app.measures.prize import yuan
from app.measures.registry import rule


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """A payment beside its order: amounts in fen, days of Shanghai. `taken_over_on`: the day on which the platform
    acknowledged the order. `number_known`: a payment with this receipt number is on record already."""

    amount_fen: int
    ordered_fen: int
    paid_on: date
    taken_over_on: date
    today: date
    number_known: bool


@rule("art09.disbursement")
def receipt_fits(*, facts: ReceiptFacts) -> list[Finding]:
    """Whether the receipt is that of the order: the exact amount, paid between the taking over and today, under a
    number of its own (Art. 9). Fact `field` names the field of the receipt that a refusal is about."""
    findings: list[Finding] = []
    if facts.amount_fen != facts.ordered_fen:
        findings.append(
            _unfit(
                "amount_fen",
                f"金额与拨付单不符，应为{yuan(facts.ordered_fen)}元",
                f"Not the amount of the order, which is {yuan(facts.ordered_fen)} yuan",
                Text("核对实付金额；不得多付或者少付", "Check what was paid; neither more nor less is due"),
                ordered_fen=facts.ordered_fen,
            )
        )
    if not facts.taken_over_on <= facts.paid_on <= facts.today:
        findings.append(
            _unfit(
                "paid_on",
                "付款日期早于平台接收之日或者晚于今日",
                "Not paid between the day of the taking over and today",
                Text("填写实际付款日期", "State the day on which it was paid"),
                taken_over_on=facts.taken_over_on.isoformat(),
                today=facts.today.isoformat(),
            )
        )
    if facts.number_known:
        findings.append(
            _unfit(
                "receipt_number",
                "回单编号已登记，一笔付款只登记一次",
                "The receipt is entered already; a payment is entered once",
                Text("填写本笔付款的回单编号", "State this payment's own number"),
            )
        )
    return findings or [
        passes(
            "art09.disbursement",
            "回单与拨付单一致，登记拨付",
            "The receipt is that of the order; the payment is entered",
            amount_fen=facts.amount_fen,
            paid_on=facts.paid_on.isoformat(),
        )
    ]


@rule("art09.disbursement")
def failure_told(*, attempt: int) -> list[Finding]:
    """A payment that did not go through is always taken: no money has left, and the prize is still due (Art. 9)."""
    return [
        passes("art09.disbursement", "拨付失败，款项未付出", "The payment failed; no money has left", attempt=attempt)
    ]


def _unfit(field: str, zh: str, en: str, remedy: Text, **facts: Any) -> Finding:
    return fails("art09.disbursement", zh, en, remedy=remedy, field=field, **facts)
