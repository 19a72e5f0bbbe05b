"""What the payment platform says back: received, paid, failed, come back (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Refused
from app.measures.disbursements import (
    ConfirmationFacts,
    FeedChange,
    PaymentOutcome,
    ReturnFacts,
    confirmation_fits,
    failure_told,
    following,
    return_fits,
)
from app.measures.findings import Finding, fails, failures
from app.measures.interpretations import resting_on
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.measures.text import Text, plain_number
from app.services.disbursements.enter_recovery import claim_back_no_more, enter_prize
from app.services.disbursements.order_disbursement import (
    account_hash,
    held_finding,
    locked,
    open_case_state,
    refuse_held,
    standing_findings,
)
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.store import disbursements as store


@dataclass(frozen=True, slots=True)
class PaymentConfirmation:
    """A payment made: the platform's number, the amount in fen, the day of payment."""

    number: str
    amount_fen: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class PaymentReturn:
    """A payment that came back: the number under which it was confirmed, the amount in fen, the day, the reason."""

    number: str
    amount_fen: int
    returned_on: date
    reason: str


async def acknowledge(context: WriteContext, *, disbursement_id: UUID, attempt: int) -> store.Disbursement:
    """An account of the platform claims the order. Repeating it changes nothing, also when the attempt has its outcome,
    is held meanwhile or is followed by another: the answer tells the order as it stands. Another account's claim is
    refused, and so is the order of an award that is revoked or in doubt."""
    row, claimed = await _order(context, disbursement_id, attempt, "acknowledge")
    if claimed:
        return row
    await _same_attempt(context, row, attempt, "acknowledge")
    await refuse_held(context, row, "acknowledge")
    async with act(context, DISBURSEMENT, row, "acknowledge") as doing:
        doing.hear(await standing_findings(context, row))
        row.acknowledged_at, row.acknowledged_by = context.now, context.actor.known_id
        doing.tell(attempt=attempt)
    return row


async def _order(
    context: WriteContext, disbursement_id: UUID, attempt: int, name: str
) -> tuple[store.Disbursement, bool]:
    """The order that a message is about, locked, and whether the caller has claimed this attempt. `Conflict` where
    another account has: an acknowledgement is one consumer's claim, and nobody else reports on it."""
    row = await locked(context, disbursement_id)
    claimed_by = await _claimed_by(context, row, attempt)
    if claimed_by not in (None, context.actor.known_id):
        stopped = await _stopped(context, row, Reason.CLAIMED_BY_ANOTHER, name, ProblemCode.CLAIMED_BY_ANOTHER)
        read = await readings(context.session, context.today)
        (found,) = resting_on(stopped.findings, read, "acknowledgement")
        raise Conflict(found, code=ProblemCode.CLAIMED_BY_ANOTHER)
    return row, claimed_by is not None


async def _claimed_by(context: WriteContext, row: store.Disbursement, attempt: int) -> UUID | None:
    """The account that has taken this attempt over; None where nobody has."""
    if attempt == row.attempt:
        return row.acknowledged_by
    told = [item for item in await store.reports(context.session, row.id) if item.attempt == attempt]
    return told[0].acknowledged_by if told else None


async def report_paid(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, confirmation: PaymentConfirmation
) -> store.Disbursement:
    """The money has gone out. The same confirmation again is answered alike; another one for the same prize is refused.

    Money that left before a suspension or cancellation reached the platform is recorded as it is; after a revocation
    for fraud the prize is then to be recovered (Art. 26).
    """
    row, _ = await _order(context, disbursement_id, attempt, "report_paid")
    if await _repeated(context, row, attempt, confirmation):
        return row
    await _same_attempt(context, row, attempt, "report_paid")
    async with act(context, DISBURSEMENT, row, "report_paid") as doing:
        await _taken_over(context, row)
        doing.tell(attempt=attempt, confirmation=confirmation.number, paid_on=confirmation.paid_on)
        doing.tell(state_before=row.state)
        doing.hear(await _confirmation_findings(context, row, confirmation))
        row.paid_on, row.confirmation_number = confirmation.paid_on, confirmation.number
        report = store.PaymentReport(outcome=PaymentOutcome.PAID, confirmation_number=confirmation.number)
        report.confirmation_key = plain_number(confirmation.number)
        report.amount_fen, report.paid_on = confirmation.amount_fen, confirmation.paid_on
        _keep(context, row, attempt, report)
    await enter_prize(context, row)
    return row


async def report_failed(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, reason: str
) -> store.Disbursement:
    """The payment did not go through; the office corrects the account and reissues it. A prize that is held or
    cancelled meanwhile stays so, and the report is kept. The same report again is answered alike."""
    row, _ = await _order(context, disbursement_id, attempt, "report_failed")
    known = await store.report_of(context.session, row.id, attempt, PaymentOutcome.FAILED)
    if known is not None and known.failure_reason == reason:
        return row
    await _same_attempt(context, row, attempt, "report_failed")
    name = "note_failure" if row.state in DISBURSEMENT.transition("note_failure").sources else "report_failed"
    async with act(context, DISBURSEMENT, row, name) as doing:
        await _taken_over(context, row)
        doing.hear(failure_told(attempt=attempt))
        _keep(context, row, attempt, store.PaymentReport(outcome=PaymentOutcome.FAILED, failure_reason=reason))
        doing.tell(attempt=attempt, reason=reason)
    return row


async def report_returned(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, returned: PaymentReturn
) -> store.Disbursement:
    """A confirmed payment came back: the prize is unpaid again, and the office corrects the account and reissues it.
    The same report again is answered alike."""
    row, _ = await _order(context, disbursement_id, attempt, "report_returned")
    known = await store.report_of(context.session, row.id, attempt, PaymentOutcome.RETURNED)
    paid = await store.report_of(context.session, row.id, attempt, PaymentOutcome.PAID)
    if known is not None and paid is not None:
        told = (paid.confirmation_key, known.amount_fen, known.returned_on, known.failure_reason)
        number = plain_number(returned.number)
        if told == (number, returned.amount_fen, returned.returned_on, returned.reason):
            return row
    await _same_attempt(context, row, attempt, "report_returned")
    await refuse_held(context, row, "report_returned")
    async with act(context, DISBURSEMENT, row, "report_returned") as doing:
        doing.tell(attempt=attempt, confirmation=returned.number, returned_on=returned.returned_on)
        doing.tell(amount_fen=returned.amount_fen, reason=returned.reason)
        doing.hear(_return_findings(context, row, returned))
        row.paid_on, row.confirmation_number = None, None
        announce(context, row, FeedChange.RETURNED)
        report = store.PaymentReport(outcome=PaymentOutcome.RETURNED, returned_on=returned.returned_on)
        report.amount_fen, report.failure_reason = returned.amount_fen, returned.reason
        _keep(context, row, attempt, report)
    await claim_back_no_more(context, row)
    return row


async def _repeated(
    context: WriteContext, row: store.Disbursement, attempt: int, confirmation: PaymentConfirmation
) -> bool:
    """Whether this very confirmation is on record; `Conflict` for another one of a prize that is paid."""
    paid = await store.report_of(context.session, row.id, attempt, PaymentOutcome.PAID)
    if paid is not None:
        told = (paid.confirmation_key, paid.amount_fen, paid.paid_on)
        if told == (plain_number(confirmation.number), confirmation.amount_fen, confirmation.paid_on):
            return True
    if row.state == DisbursementState.PAID:
        raise await _stopped(context, row, Reason.ALREADY_PAID, "report_paid", ProblemCode.ALREADY_PAID)
    return False


def _keep(context: WriteContext, row: store.Disbursement, attempt: int, report: store.PaymentReport) -> None:
    """Keep a report on the attempt, with the account that it was to and the account that had taken it over."""
    report.created_at, report.disbursement_id, report.attempt = context.now, row.id, attempt
    report.account_hash = account_hash(row, row.bank_account or "")
    if row.acknowledged_by is None:
        raise RuntimeError("an outcome of an attempt that nobody has taken over")
    report.acknowledged_by = row.acknowledged_by
    context.session.add(report)


async def _same_attempt(context: WriteContext, row: store.Disbursement, attempt: int, name: str) -> None:
    if attempt != row.attempt:
        raise await _stopped(context, row, Reason.ATTEMPT_MISMATCH, name, ProblemCode.ATTEMPT_MISMATCH)


async def _taken_over(context: WriteContext, row: store.Disbursement) -> None:
    """`Conflict` unless the platform has taken this attempt over and not reported its end."""
    if row.acknowledged_at is None:
        text = Text("该拨付未经平台接收，不能登记结果", "The order was never acknowledged; it cannot have an outcome")
        if row.state == DisbursementState.SUSPENDED:
            # A held order cannot be acknowledged either.
            held = await held_finding(context, row, "report_paid")
            raise Conflict(held, code=ProblemCode.NOT_ACKNOWLEDGED, message=text)
        reason = Reason.STATE_PASSED if row.state == DisbursementState.CANCELLED else Reason.ACT_MISSING
        raise await _stopped(context, row, reason, "report_paid", ProblemCode.NOT_ACKNOWLEDGED, message=text)
    if await store.reported(context.session, row.id, row.attempt):
        reason, code = Reason.ATTEMPT_ALREADY_FAILED, ProblemCode.ATTEMPT_ALREADY_FAILED
        raise await _stopped(context, row, reason, "report_paid", code)


async def _stopped(
    context: WriteContext,
    row: store.Disbursement,
    reason: Reason,
    name: str,
    code: ProblemCode,
    *,
    message: Text | None = None,
) -> Conflict:
    ahead = following(state=row.state, case=await open_case_state(context, row))
    facts: Facts = {"object": DISBURSEMENT.name, "act": name, "state": row.state, "attempt": row.attempt}
    return Conflict(fails("art09.disbursement", reason, next_act=ahead, **facts), code=code, message=message)


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
    found = resting_on(
        confirmation_fits(facts=facts), await readings(context.session, context.today), "numbers_as_read"
    )
    return _fitting(found, Text("回单与拨付单不符", "The confirmation does not fit the order"))


def _return_findings(context: WriteContext, row: store.Disbursement, returned: PaymentReturn) -> list[Finding]:
    facts = ReturnFacts(
        amount_fen=returned.amount_fen,
        paid_fen=row.amount_fen,
        confirmation_number=returned.number,
        confirmed_as=row.confirmation_number or "",
        returned_on=returned.returned_on,
        paid_on=row.paid_on or context.today,
        today=context.today,
    )
    return _fitting(return_fits(facts=facts), Text("退汇与拨付不符", "What came back is not this payment"))


def _fitting(findings: list[Finding], message: Text) -> list[Finding]:
    """The findings, where none of them refuses; otherwise each is a fault of the field that it names."""
    unfit = failures(findings)
    if unfit:
        raise Refused(
            message,
            findings=unfit,
            errors=[
                FieldError(f"/{item.facts['field']}", FieldCode.RULE_REFUSED, item.message, item.rule) for item in unfit
            ],
        )
    return findings
