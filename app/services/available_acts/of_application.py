"""What a caller may do with an application now, by the findings that the act itself would make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.kernel.context import ReadContext
from app.kernel.stored import read_rules
from app.measures.call import applications_closed
from app.measures.findings import Finding
from app.measures.qualification import refusal_grounded
from app.measures.recommendations import form_to_verify
from app.measures.roles import Membership, Role
from app.measures.state_machines import APPLICATION, LIVE_ROUND_STATES, ApplicationState, RoundState
from app.services.applications.asked import notice_findings
from app.services.applications.content import shown_form
from app.services.applications.submit_application import submission_test
from app.services.applications.under_review import deadline_of
from app.services.applications.window import application_window
from app.services.lifecycle import AvailableAction, available_actions
from app.services.publicity.own_wish import conferred_award
from app.services.publicity.remove_application import already_awarded
from app.services.qualification.assess_application import assess
from app.services.qualification.resubmit_application import resubmission_test
from app.store import applications as store
from app.store import rounds
from app.store.applications import attachments

# What binds the organisation is not for a member who may only edit.
BINDING = frozenset({"request_recommendation", "return_to_draft", "submit", "resubmit", "withdraw"})


async def application_actions(
    context: ReadContext, row: store.Application, round_row: rounds.Round, bars: Sequence[Finding] = ()
) -> list[AvailableAction]:
    """The acts of the caller's role in the present state; for each whose facts are known, everything that stands in
    the way of it. A removal is judged on what the office then states. `bars`: what bars the applicant throughout."""
    if context.actor.role is Role.OFFICE and round_row.state not in LIVE_ROUND_STATES:
        return []
    if row.state == ApplicationState.EVALUATED and round_row.state not in LIVE_ROUND_STATES:
        # The decree has ended the round: what has come out of it is an award or nothing (Arts. 22, 26, 28).
        return []
    answers: Mapping[str, Sequence[Finding]] = {}
    if context.actor.role is Role.APPLICANT:
        answers = await _applicants(context, row, round_row, bars)
    elif context.actor.role is Role.OFFICE and row.state in (
        ApplicationState.SUBMITTED,
        ApplicationState.CORRECTION_REQUESTED,
    ):
        answers = await _offices(context, row, round_row)
    elif context.actor.role is Role.OFFICE and row.state == ApplicationState.EVALUATED:
        answers = {"remove": await already_awarded(context, row.id)}
    elif context.actor.role is Role.RECOMMENDING_UNIT and row.state == ApplicationState.RECOMMENDATION_REQUESTED:
        answers = {"endorse": application_window(context, round_row)}
    actions = available_actions(context, APPLICATION, row, answers)
    editor = context.actor.role is Role.APPLICANT and context.actor.membership != Membership.SUBMIT
    # What follows from the decision of a claim is no act of its own.
    beside = {"give_way", *await _withdrawn_no_more(context, row, round_row)}
    actions = [item for item in actions if item.act not in beside]
    return [item for item in actions if not (editor and item.act in BINDING)]


async def _withdrawn_no_more(context: ReadContext, row: store.Application, round_row: rounds.Round) -> Collection[str]:
    """Of the acts by which an organisation leaves at its own wish, those that are over for it while the round goes on:
    its name was taken off, its award withdrawn or conferred (Arts. 3, 22)."""
    if row.state != ApplicationState.EVALUATED:
        return ()
    if row.closed_at is not None:
        # A letter may have come before.
        return ("withdraw",)
    if round_row.state == RoundState.APPROVED and await conferred_award(context, row.id) is not None:
        return ("withdraw", "withdraw_on_paper")
    return ()


async def _applicants(
    context: ReadContext, row: store.Application, round_row: rounds.Round, bars: Sequence[Finding] = ()
) -> Mapping[str, Sequence[Finding]]:
    if row.state == ApplicationState.DRAFT:
        form = shown_form(row.content, await attachments.materials(context.session, row.id))
        filled_in = form_to_verify(form=form, rules=read_rules(round_row.review_rules))
        notice = await notice_findings(context, row.content, round_row)
        return {"request_recommendation": [*application_window(context, round_row), *filled_in, *notice, *bars]}
    if row.state == ApplicationState.ENDORSED:
        return {"submit": (await submission_test(context, row, round_row)).findings}
    if row.state == ApplicationState.CORRECTION_REQUESTED and round_row.state == RoundState.CALLED:
        return {"resubmit": (await resubmission_test(context, row, round_row)).findings}
    return {}


async def _offices(
    context: ReadContext, row: store.Application, round_row: rounds.Round
) -> Mapping[str, Sequence[Finding]]:
    """Both outcomes come with the list, which is confirmed after the deadline: asked of this application alone."""
    assessed = await assess(context, row, round_row)
    closed = applications_closed(at=context.now, deadline=deadline_of(round_row))
    grounds = refusal_grounded(reason="the refusing findings", grounds=assessed.refusing)
    open_still = [] if not assessed.refusing else assessed.open
    return {
        "confirm_qualification": [*closed, *assessed.conditions, *assessed.outcome],
        "refuse_qualification": [*closed, *grounds, *open_still],
    }
