"""The prize: ordered by the office, pulled and reported on by the payment platform, held or let go by the
government."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.kernel.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.reads import feed
from app.reads.wire import Answer
from app.schemas.common import PageOut, action_views, finding_view, number_warnings, page_view
from app.schemas.disbursements import (
    AcknowledgementIn,
    AppropriationIn,
    AppropriationOut,
    BudgetStateOut,
    BudgetYearOut,
    BudgetYearsOut,
    DisbursementDetail,
    DisbursementOut,
    FailureIn,
    FeedItemOut,
    FeedOut,
    OrderIn,
    PayeeIn,
    PaymentConfirmationIn,
    PaymentDecisionIn,
    PaymentReportOut,
    PaymentReturnIn,
    PrizeDecisionIn,
    PrizeDecisionOut,
    PrizeDecisionsOut,
    RecipientDecisionIn,
    ReissueIn,
    masked,
)
from app.schemas.words import DisbursementStateSent
from app.services.disbursements import acknowledge_disbursement as acknowledge
from app.services.disbursements import cancel_disbursement as cancel
from app.services.disbursements import decide_prize_beside_recovery as paying
from app.services.disbursements import decide_prize_not_ordered as decide
from app.services.disbursements import decide_recipient as receiving
from app.services.disbursements import order_disbursement as order
from app.services.disbursements import orders, read_budget_years, read_disbursements, read_feed
from app.services.disbursements import record_appropriation as record
from app.services.disbursements import reissue_disbursement as reissue
from app.services.disbursements import report_failure as failure
from app.services.disbursements import report_payment as payment
from app.services.disbursements import report_return as returning
from app.store.disbursements import Appropriation, Disbursement, PrizeDecision
from app.web.plain import Asked, answered_first, number
from app.web.policy import Paging, Route, acting, reading, recording, tagged

router = APIRouter(prefix="/v1", route_class=Route, tags=["disbursements"])

_READERS = (Role.OFFICE, Role.GOVERNMENT, Role.PAYMENT_PLATFORM, Role.AUDITOR, Role.APPLICANT)


@router.post("/awards/{award_id}/disbursement", summary="Order the prize", status_code=201)
async def order_disbursement(
    award_id: UUID,
    body: OrderIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider", proof=True)],
) -> DisbursementDetail:
    """Makes the prize of a first award payable on its decree, to the winner's own account, once ever (Art. 8, 9)."""
    row = await order.order_disbursement(context, award_id=award_id, payee=_payee(body), budget_year=body.budget_year)
    return await _view(context, row, response)


@router.post("/awards/{award_id}/prize-decision", summary="Decide that a prize is not ordered", status_code=201)
async def decide_prize_not_ordered(
    award_id: UUID,
    body: PrizeDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> DisbursementDetail:
    """The government's recorded decision that the prize of a revoked award (Art. 28), or of a dissolved winner that no
    organisation continues (Art. 9), which nobody has ordered, is not paid. An order that there is is cancelled by its
    own act."""
    row = await decide.decide_prize_not_ordered(context, award_id=award_id, decision=body.decision, reason=body.reason)
    return await _decided(context, row, response, body)


@router.post("/awards/{award_id}/recipient-decision", summary="Decide who receives a prize", status_code=201)
async def decide_recipient(
    award_id: UUID,
    body: RecipientDecisionIn,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> PrizeDecisionOut:
    """The government's recorded decision, with its evidence, which organisation receives the prize of a winner that was
    dissolved (Art. 9): one that continues it. Nothing is ordered or taken over before."""
    row = await receiving.decide_recipient(
        context, award_id=award_id, recipient_id=body.organisation_id, decision=_government(body)
    )
    return _prize_decision(row)


@router.post("/awards/{award_id}/payment-decision", summary="Decide that a prize is paid", status_code=201)
async def decide_prize_beside_recovery(
    award_id: UUID,
    body: PaymentDecisionIn,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> PrizeDecisionOut:
    """The government's recorded decision that a prize is paid whole although another is to be recovered from its
    receiver, which goes on (Arts. 9, 26). Without it the prize waits until that has come back; nothing is set off."""
    row = await paying.decide_prize_beside_recovery(context, award_id=award_id, decision=_government(body))
    return _prize_decision(row)


@router.get("/awards/{award_id}/prize-decisions", summary="Decisions on a prize")
async def list_prize_decisions(
    award_id: UUID,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.GOVERNMENT, Role.PAYMENT_PLATFORM, Role.AUDITOR)],
) -> PrizeDecisionsOut:
    """What the government has decided of a prize: who receives that of a dissolved winner, and that it is paid beside a
    recovery (Arts. 9, 26)."""
    rows = await read_disbursements.prize_decisions(context, award_id=award_id)
    return PrizeDecisionsOut(items=[_prize_decision(row) for row in rows])


@router.get("/budget-years", summary="Money of the budget years")
async def list_budget_years(
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.GOVERNMENT, Role.PAYMENT_PLATFORM, Role.AUDITOR)],
) -> BudgetYearsOut:
    """For each year the appropriation for the prizes and what was ordered from it, by state (Art. 9)."""
    years = await read_budget_years.read_budget_years(context)
    return BudgetYearsOut(
        items=[
            BudgetYearOut(
                year=item.year,
                appropriated_fen=item.appropriated_fen,
                ordered_fen=item.ordered_fen,
                by_state=[BudgetStateOut(state=state, amount_fen=fen) for state, fen in item.by_state.items()],
                never_ordered_fen=item.never_ordered_fen,
                to_recover_fen=item.to_recover_fen,
                recovered_fen=item.recovered_fen,
                appropriations=[_appropriation(row) for row in item.appropriations],
            )
            for item in years
        ]
    )


@router.post("/budget-years/{year}/appropriations", summary="Record an appropriation", status_code=201)
async def record_appropriation(
    year: Annotated[int, Path(ge=2023, le=2199, description="The budget year.")],
    body: AppropriationIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, proof=True)],
) -> AppropriationOut:
    """What the county budget gives to the prizes of a year, by its document (Art. 9): the orders of the year stay
    within it. A later document replaces the amount, never below what is ordered."""
    row = await record.record_appropriation(context, year=year, **body.model_dump())
    return _appropriation(row)


@router.get("/disbursements", summary="Disbursements")
async def list_disbursements(
    paging: Paging, context: Annotated[ReadContext, reading(*_READERS)], state: DisbursementStateSent | None = None
) -> PageOut[DisbursementOut]:
    """All disbursements (Art. 9); an applicant sees its own. Accounts by their last four digits."""
    page = await read_disbursements.list_disbursements(context, request=paging, state=state)
    return page_view(page, lambda row: DisbursementOut.model_validate(masked(row)))


@router.get("/disbursements/{disbursement_id}", summary="A disbursement")
async def read_disbursement(
    disbursement_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_READERS)]
) -> DisbursementDetail:
    """One disbursement with what the platform reported on each attempt (Art. 9)."""
    row, reports = await read_disbursements.read_disbursement(context, disbursement_id=disbursement_id)
    view = await _view(context, row, response)
    view.reports = [PaymentReportOut.model_validate(report) for report in reports]
    return view


async def _plain_feed(asked: Asked) -> Answer | None:
    asked.only_reads()
    query = asked.query("after", "limit")
    return await feed.payments(
        asked.reader,
        asked.deliveries,
        claims=asked.claims(),
        after=number(query, "after", at_least=0, at_most=2**62) or 0,
        limit=number(query, "limit", at_least=1, at_most=100) or 50,
        now=asked.now,
        request_id=asked.request_id,
        origin=asked.origin,
    )


@router.get("/disbursement-feed", summary="Pull disbursements")
@answered_first(_plain_feed)
async def pull_disbursements(
    context: Annotated[WriteContext, recording(Role.PAYMENT_PLATFORM)],
    after: Annotated[int, Query(ge=0, le=2**62, description="`next_after` of the last answer; 0 at first.")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> FeedOut:
    """Every change of a disbursement in the order of its commit (Art. 9). Pay what is `payable` at its present attempt;
    stop what is `suspended` or `cancelled`; go on with what is `resumed`. Each reading that shows accounts is on
    record, so there is no dry run, and the answer is not stored for an `Idempotency-Key`."""
    items, next_after = await read_feed.read_feed(context, after=after, limit=limit)
    return FeedOut(items=[FeedItemOut.model_validate(item) for item in items], next_after=next_after)


@router.post("/disbursements/{disbursement_id}/acknowledgement", summary="Acknowledge an order")
async def acknowledge_disbursement(
    disbursement_id: UUID,
    body: AcknowledgementIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.PAYMENT_PLATFORM)],
) -> DisbursementDetail:
    """The platform takes the order over: a claim of the account that sends it (Art. 9). Refused while the award is
    revoked or the prize held, and to another account once it is claimed; repeating it changes nothing."""
    row = await acknowledge.acknowledge_disbursement(context, disbursement_id=disbursement_id, attempt=body.attempt)
    return await _view(context, row, response)


@router.post("/disbursements/{disbursement_id}/payment-confirmation", summary="Report a payment")
async def report_payment(
    disbursement_id: UUID,
    body: PaymentConfirmationIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.PAYMENT_PLATFORM)],
) -> DisbursementDetail:
    """The prize is paid: exact amount, once (Art. 9). The same confirmation again is answered alike; another is a
    409."""
    confirmation = payment.PaymentConfirmation(body.confirmation_number, body.amount_fen, body.paid_on)
    row = await payment.report_payment(
        context, disbursement_id=disbursement_id, attempt=body.attempt, confirmation=confirmation
    )
    return await _view(context, row, response)


@router.post("/disbursements/{disbursement_id}/payment-failure", summary="Report a failed payment")
async def report_failure(
    disbursement_id: UUID,
    body: FailureIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.PAYMENT_PLATFORM)],
) -> DisbursementDetail:
    """The payment did not go through (Art. 9); the office corrects the account and reissues the order. The failure of
    the same attempt again, in whatever words, is answered alike."""
    row = await failure.report_failure(
        context, disbursement_id=disbursement_id, attempt=body.attempt, reason=body.reason
    )
    return await _view(context, row, response)


@router.post("/disbursements/{disbursement_id}/payment-return", summary="Report a payment that came back")
async def report_return(
    disbursement_id: UUID,
    body: PaymentReturnIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.PAYMENT_PLATFORM)],
) -> DisbursementDetail:
    """The bank sent a confirmed payment back (Art. 9): the prize is unpaid again, and the office corrects the account
    and reissues the order. The same payment of the same day again, in whatever words, is answered alike."""
    returned = returning.PaymentReturn(body.confirmation_number, body.amount_fen, body.returned_on, body.reason)
    row = await returning.report_return(
        context, disbursement_id=disbursement_id, attempt=body.attempt, returned=returned
    )
    return await _view(context, row, response)


@router.post("/disbursements/{disbursement_id}/reissue", summary="Correct and reissue an order")
async def reissue_disbursement(
    disbursement_id: UUID,
    body: ReissueIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider", proof=True)],
) -> DisbursementDetail:
    """Offers the same disbursement again with a corrected account, as its next attempt (Art. 9): after a payment that
    failed or came back, or before the platform has acknowledged the order; from the next year's budget where that one
    pays."""
    row = await reissue.reissue_disbursement(
        context, disbursement_id=disbursement_id, payee=_payee(body), reason=body.reason, budget_year=body.budget_year
    )
    return await _view(context, row, response)


@router.post("/disbursements/{disbursement_id}/cancellation", summary="Cancel an unpaid prize")
async def cancel_disbursement(
    disbursement_id: UUID,
    body: PrizeDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> DisbursementDetail:
    """The government's recorded decision that an unpaid prize is not paid: of a revoked award (Art. 26, 28), or of a
    dissolved winner that no organisation continues (Art. 9)."""
    row = await cancel.cancel_disbursement(
        context, disbursement_id=disbursement_id, decision=body.decision, reason=body.reason
    )
    return await _decided(context, row, response, body)


def _government(body: PaymentDecisionIn) -> receiving.GovernmentDecision:
    return receiving.GovernmentDecision(body.number, body.decided_on, body.reason, body.evidence)


def _prize_decision(row: PrizeDecision) -> PrizeDecisionOut:
    view = PrizeDecisionOut.model_validate(row)
    view.warnings = number_warnings("art09.disbursement", row.number)
    return view


def _payee(body: PayeeIn) -> orders.Payee:
    return orders.Payee(body.payee_name, body.bank_name, body.bank_account, body.bank_number)


def _appropriation(row: Appropriation) -> AppropriationOut:
    view = AppropriationOut.model_validate(row)
    view.warnings = number_warnings("art09.disbursement", row.document_number)
    return view


async def _decided(
    context: ReadContext, row: Disbursement, response: Response, body: PrizeDecisionIn
) -> DisbursementDetail:
    view = await _view(context, row, response)
    view.warnings += number_warnings("art09.disbursement", body.decision)
    return view


async def _view(context: ReadContext, row: Disbursement, response: Response) -> DisbursementDetail:
    tagged(response, row.version)
    view = DisbursementDetail.model_validate(masked(row))
    actions, warnings = await read_disbursements.disbursement_actions(context, row)
    view.available_actions = action_views(actions)
    view.warnings = [finding_view(item) for item in warnings]
    return view
