"""What every report of the payment platform begins and ends with (Art. 9): whose the order is, which attempt it is
about, what is kept of it."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Refused
from app.measures.disbursements import following
from app.measures.findings import Finding, fails, failures
from app.measures.interpretations import resting_on
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.measures.text import Text
from app.services.disbursements.orders import account_mark, held_finding, locked, open_case_state
from app.services.instruments.in_force import readings
from app.store import disbursements as store
from app.store.revocations import conferral_doubts


async def claimed_order(
    context: WriteContext, disbursement_id: UUID, attempt: int, name: str
) -> tuple[store.Disbursement, bool]:
    """The order that a message is about, locked, and whether the caller has claimed this attempt. `Conflict` where
    another account has: an acknowledgement is one consumer's claim, and nobody else reports on it."""
    row = await locked(context, disbursement_id)
    claimed_by = await _claimed_by(context, row, attempt)
    if claimed_by not in (None, context.actor.known_id):
        raise Conflict(await claimed_by_another(context, row, name), code=ProblemCode.CLAIMED_BY_ANOTHER)
    return row, claimed_by is not None


async def claimed_by_another(context: ReadContext, row: store.Disbursement, name: str) -> Finding:
    """Why this account cannot report on an order that another has taken over, and on which reading."""
    found = await _why(context, row, Reason.CLAIMED_BY_ANOTHER, name)
    (told,) = resting_on([found], await readings(context.session, context.today), "acknowledgement")
    return told


async def _claimed_by(context: WriteContext, row: store.Disbursement, attempt: int) -> UUID | None:
    """The account that has taken this attempt over; None where nobody has."""
    if attempt == row.attempt:
        return row.acknowledged_by
    told = [item for item in await store.reports(context.session, row.id) if item.attempt == attempt]
    return told[0].acknowledged_by if told else None


def keep_report(context: WriteContext, row: store.Disbursement, attempt: int, report: store.PaymentReport) -> None:
    """Keep a report on the attempt, with the account that it was to and the account that had taken it over."""
    report.created_at, report.disbursement_id, report.attempt = context.now, row.id, attempt
    report.account_mark = account_mark(context, row, row.bank_account or "")
    if row.acknowledged_by is None:
        raise RuntimeError("an outcome of an attempt that nobody has taken over")
    report.acknowledged_by = row.acknowledged_by
    context.session.add(report)


async def same_attempt(context: WriteContext, row: store.Disbursement, attempt: int, name: str) -> None:
    """`Conflict` where the message is about another attempt than the present one."""
    if attempt != row.attempt:
        raise await stopped(context, row, Reason.ATTEMPT_MISMATCH, name, ProblemCode.ATTEMPT_MISMATCH)


async def taken_over(context: WriteContext, row: store.Disbursement) -> None:
    """`Conflict` unless the platform has taken this attempt over and not reported its end."""
    if row.acknowledged_at is None:
        text = Text("该拨付未经平台接收，不能登记结果", "The order was never acknowledged; it cannot have an outcome")
        if row.state == DisbursementState.SUSPENDED:
            # A held order cannot be acknowledged either.
            held = await held_finding(context, row, "report_paid")
            raise Conflict(held, code=ProblemCode.NOT_ACKNOWLEDGED, message=text)
        reason = Reason.STATE_PASSED if row.state == DisbursementState.CANCELLED else Reason.ACT_MISSING
        raise await stopped(context, row, reason, "report_paid", ProblemCode.NOT_ACKNOWLEDGED, message=text)
    if await store.reported(context.session, row.id, row.attempt):
        reason, code = Reason.ATTEMPT_ALREADY_FAILED, ProblemCode.ATTEMPT_ALREADY_FAILED
        raise await stopped(context, row, reason, "report_paid", code)


async def stopped(
    context: WriteContext,
    row: store.Disbursement,
    reason: Reason,
    name: str,
    code: ProblemCode,
    *,
    message: Text | None = None,
) -> Conflict:
    """The refusal of a report for this reason, naming the act that comes next. `message` says it more closely."""
    return Conflict(await _why(context, row, reason, name), code=code, message=message)


async def _why(context: ReadContext, row: store.Disbursement, reason: Reason, name: str) -> Finding:
    doubted = (await conferral_doubts.holding(context.session, row.award_id)).doubt
    ahead = following(state=row.state, case=await open_case_state(context, row), doubted=doubted)
    facts: Facts = {"object": DISBURSEMENT.name, "act": name, "state": row.state, "attempt": row.attempt}
    return fails("art09.disbursement", reason, next_act=ahead, **facts)


def fitting(findings: list[Finding], message: Text) -> list[Finding]:
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
