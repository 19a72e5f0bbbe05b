"""What the payment platform says back: received, paid, failed (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Refused
from app.measures.findings import Finding, Text, failures
from app.measures.payment import ConfirmationFacts, confirmation_fits, failure_told
from app.measures.state_machines import DISBURSEMENT
from app.services.disbursements.order_disbursement import locked, standing_findings
from app.services.disbursements.owe_back import owe_prize_back
from app.services.lifecycle import act
from app.store import disbursements as store


@dataclass(frozen=True, slots=True)
class PaymentConfirmation:
    """A payment made: the platform's number, the amount in fen, the day of payment."""

    number: str
    amount_fen: int
    paid_on: date


async def acknowledge(context: WriteContext, *, disbursement_id: UUID, attempt: int) -> store.Disbursement:
    """The platform has taken the order over. Repeating it changes nothing; a revoked award's order is refused."""
    row = await locked(context, disbursement_id)
    _same_attempt(row, attempt)
    if row.state == "acknowledged":
        return row
    async with act(context, DISBURSEMENT, row, "acknowledge") as doing:
        doing.hear(await standing_findings(context, row))
        row.acknowledged_at = context.now
        doing.tell(attempt=attempt)
    return row


async def report_paid(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, confirmation: PaymentConfirmation
) -> store.Disbursement:
    """The money has gone out. The same confirmation again is answered alike; another one for the same prize is refused.

    Money that left before a suspension or cancellation reached the platform is recorded as it is; after a revocation
    for fraud the prize is then to be recovered (Art. 26).
    """
    row = await locked(context, disbursement_id)
    if row.state == "paid":
        return await _repeated(context, row, attempt, confirmation)
    _same_attempt(row, attempt)
    async with act(context, DISBURSEMENT, row, "report_paid") as doing:
        await _taken_over(context, row)
        doing.tell(attempt=attempt, confirmation=confirmation.number, paid_on=confirmation.paid_on)
        doing.tell(state_before=row.state)
        doing.hear(await _confirmation_findings(context, row, confirmation))
        row.paid_on, row.confirmation_number = confirmation.paid_on, confirmation.number
        context.session.add(
            store.PaymentReport(
                created_at=context.now,
                disbursement_id=row.id,
                attempt=attempt,
                outcome="paid",
                confirmation_number=confirmation.number,
                amount_fen=confirmation.amount_fen,
                paid_on=confirmation.paid_on,
            )
        )
    await owe_prize_back(context, row)
    return row


async def report_failed(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, reason: str
) -> store.Disbursement:
    """The payment did not go through; the office corrects the account and reissues it. A prize that is held or
    cancelled meanwhile stays so, and the report is kept."""
    row = await locked(context, disbursement_id)
    _same_attempt(row, attempt)
    name = "note_failure" if row.state in DISBURSEMENT.transition("note_failure").sources else "report_failed"
    async with act(context, DISBURSEMENT, row, name) as doing:
        await _taken_over(context, row)
        doing.hear(failure_told(attempt=attempt))
        context.session.add(
            store.PaymentReport(
                created_at=context.now, disbursement_id=row.id, attempt=attempt, outcome="failed", failure_reason=reason
            )
        )
        doing.tell(attempt=attempt, reason=reason)
    return row


async def _repeated(
    context: WriteContext, row: store.Disbursement, attempt: int, confirmation: PaymentConfirmation
) -> store.Disbursement:
    reports = await store.reports(context.session, row.id)
    paid = next(report for report in reports if report.outcome == "paid")
    same = (paid.confirmation_number, paid.amount_fen, paid.paid_on, paid.attempt)
    if same == (confirmation.number, confirmation.amount_fen, confirmation.paid_on, attempt):
        return row
    raise Conflict(
        Text(
            "该奖金已登记拨付，不能重复登记；如确有第二笔付款，请立即联系质量强县办",
            "This prize is entered as paid; if there really was a second payment, call the office at once",
        ),
        code=ProblemCode.ALREADY_PAID,
    )


def _same_attempt(row: store.Disbursement, attempt: int) -> None:
    if attempt != row.attempt:
        raise Conflict(
            Text(
                f"当前为第{row.attempt}次拨付，与所报批次不符，请重新拉取",
                f"The present attempt is {row.attempt}; pull the feed again",
            ),
            code=ProblemCode.ATTEMPT_MISMATCH,
        )


async def _taken_over(context: WriteContext, row: store.Disbursement) -> None:
    """`Conflict` unless the platform has taken this attempt over and not reported its end."""
    if row.acknowledged_at is None:
        raise Conflict(
            Text("该拨付未经平台接收，不能登记结果", "The order was never acknowledged; it cannot have an outcome"),
            code=ProblemCode.NOT_ACKNOWLEDGED,
        )
    if await store.reported(context.session, row.id, row.attempt):
        raise Conflict(
            Text(
                "该次拨付已报告失败；如款项确已付出，请立即联系质量强县办",
                "This attempt is reported as failed; if money did leave, call the office at once",
            ),
            code=ProblemCode.ATTEMPT_ALREADY_FAILED,
        )


async def _confirmation_findings(
    context: WriteContext, row: store.Disbursement, confirmation: PaymentConfirmation
) -> list[Finding]:
    facts = ConfirmationFacts(
        amount_fen=confirmation.amount_fen,
        ordered_fen=row.amount_fen,
        paid_on=confirmation.paid_on,
        taken_over_on=shanghai_day(row.acknowledged_at) if row.acknowledged_at else context.today,
        today=context.today,
        number_known=await store.by_confirmation(context.session, confirmation.number) is not None,
    )
    findings = confirmation_fits(facts=facts)
    unfit = failures(findings)
    if unfit:
        raise Refused(
            Text("回单与拨付单不符", "The confirmation does not fit the order"),
            findings=unfit,
            errors=[
                FieldError(f"/{item.facts['field']}", FieldCode.RULE_REFUSED, item.message, item.rule) for item in unfit
            ],
        )
    return findings
