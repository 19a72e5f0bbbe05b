"""Withdrawal: free until the decree (Art. 3: applying is voluntary). The name leaves the lists with its application."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.findings import fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import APPLICATION, AWARD, IN_THE_ROUND, LIVE_ROUND_STATES, ROUND, AwardState
from app.measures.text import Text
from app.services.applications.access import own
from app.services.applications.endorsement import lapse_open
from app.services.lifecycle import act, one_of_many, require_state
from app.services.organisations.access import may_bind
from app.services.publicity.candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.rounds.read_rounds import locked
from app.store import applications as store
from app.store import awards, qualification

_OWN_WISH = "art03.recommendation"


async def withdraw_application(context: WriteContext, *, application_id: UUID, reason: str | None) -> store.Application:
    """End the application at the applicant's own wish, its name on the candidate list and its approved award with it;
    nothing fills the place (Art. 6, 21). What was recorded stays on record."""
    found = await own(context, application_id=application_id)
    may_bind(context)
    # The candidate list may lose a name: nobody counts it meanwhile.
    round_row = await locked(context, found.round_id)
    row = (await store.lock(context.session, [found.id]))[0]
    async with act(context, APPLICATION, row, "withdraw") as doing:
        if row.state in IN_THE_ROUND:
            text = Text("此届评审已结束，不能再撤回", "This round is over: nothing is withdrawn any more")
            require_state(context, ROUND, round_row, "withdraw", LIVE_ROUND_STATES, rule=_OWN_WISH, message=text)
        standing = await qualification.award_state(context.session, row.id)
        if standing in (AwardState.CONFERRED, AwardState.REVOKED):
            # The round goes on for names that were left to a later decree; this one has had its own.
            facts: Facts = {"object": AWARD.name, "act": "withdraw", "state": standing}
            raise Conflict(
                fails("art22.approval", Reason.ALREADY_AWARDED, next_act=None, **facts),
                code=ProblemCode.ALREADY_AWARDED,
            )
        doing.hear()
        row.closed_at, row.closed_reason = context.now, reason
        await lapse_open(context, row)
        candidate = await qualification.listed_candidate(context.session, row.id)
        if candidate is not None:
            await take_out(context, candidate, reason=reason or "申报组织自愿撤回", rule=_OWN_WISH)
        award = await awards.approved_of(context.session, row.id)
        if award is not None:
            with one_of_many(context, AWARD, award, "give_up") as giving:
                giving.hear()
                award.withdrawn_on, award.withdrawn_reason = context.today, reason
        doing.tell(reason=reason)
        if candidate is not None:
            doing.tell(candidate_id=candidate.id, award_id=None if award is None else award.id)
    await conclude_if_decreed(context, round_row)
    return row
