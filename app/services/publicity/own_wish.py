"""What follows from an organisation's own wish to leave a round (Art. 3), however it is told: by the applicant in its
account, or on paper to the office."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.findings import fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import APPLICATION, AWARD, IN_THE_ROUND, LIVE_ROUND_STATES, ROUND, AwardState
from app.measures.text import Text
from app.measures.validity import begun
from app.services.applications.endorsement import lapse_open
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, one_of_many, out_of_order, require_state
from app.services.publicity.candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.store import applications as store
from app.store import awards, qualification
from app.store.rounds import Round

_OWN_WISH = "art03.recommendation"


async def end_at_own_wish(
    context: WriteContext,
    row: store.Application,
    round_row: Round,
    name: str,
    *,
    reason: str | None,
    received_on: date | None = None,
    letter_reference: str | None = None,
) -> store.Application:
    """The act `name` on a locked application. `received_on` and `letter_reference`: of the letter, where the wish came
    on paper."""
    async with act(context, APPLICATION, row, name) as doing:
        if row.state in IN_THE_ROUND:
            text = Text("此届评审已结束，不能再撤回", "This round is over: nothing is withdrawn any more")
            require_state(ROUND, round_row, name, LIVE_ROUND_STATES, rule=_OWN_WISH, message=text)
        _not_out_before(row, name, received_on)
        standing = await conferred_award(context, row.id)
        if standing is not None:
            # The round goes on for names that were left to a later decree; this one has had its own.
            facts: Facts = {"object": AWARD.name, "act": name, "state": standing}
            raise Conflict(
                fails("art22.approval", Reason.ALREADY_AWARDED, next_act=None, **facts),
                code=ProblemCode.ALREADY_AWARDED,
            )
        doing.hear()
        row.closed_at, row.closed_reason = context.now, reason
        await lapse_open(context, row)
        candidate = await qualification.listed_candidate(context.session, row.id)
        if candidate is not None:
            # A letter counts by the day on which it came: a meeting or a decree that is dated back asks for that.
            await take_out(
                context,
                candidate,
                reason=reason or "申报组织自愿撤回",
                rule=_OWN_WISH,
                withdrawn_on=received_on or context.today,
            )
        award = await awards.approved_of(context.session, row.id)
        if award is not None:
            with one_of_many(context, AWARD, award, "give_up") as giving:
                giving.hear()
                award.withdrawn_on, award.withdrawn_reason = received_on or context.today, reason
        doing.tell(reason=reason)
        if letter_reference is not None:
            doing.tell(received_on=received_on, letter_reference=letter_reference)
        doing.rest_on(round_readings(round_row), "voluntary_withdrawal")
        if candidate is not None:
            doing.tell(candidate_id=candidate.id, award_id=None if award is None else award.id)
    await conclude_if_decreed(context, round_row)
    return row


async def conferred_award(context: ReadContext, application_id: UUID) -> AwardState | None:
    """The state of the award that a decree has conferred on the application; None where none has."""
    standing = await qualification.award_state(context.session, application_id)
    return AwardState(standing) if standing in (AwardState.CONFERRED, AwardState.REVOKED) else None


def _not_out_before(row: store.Application, name: str, received_on: date | None) -> None:
    """`WrongState` where its name was taken off before, or its award withdrawn: why stays on record, and is no wish of
    its own. A letter that had come before is entered (Art. 3)."""
    if row.closed_at is None or (received_on is not None and not begun(shanghai_day(row.closed_at), received_on)):
        return
    text = Text("该申报已退出本届评审，不能再撤回", "It has left the round already: there is nothing to withdraw")
    raise out_of_order(APPLICATION, row, name, wanted=[], rule=_OWN_WISH, message=text)
