"""Removal from a running round: fraud (Art. 26, which excludes nobody before an award), a higher award won in mid-round
(Art. 13(6)), or any condition that the day's facts fail (Arts. 4 to 6, 13)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.findings import Finding, fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import APPLICATION, AWARD, AwardState
from app.services.applications.under_review import any_application, running
from app.services.lifecycle import act
from app.services.publicity.candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.publicity.show_grounds import Removal, grounds_shown
from app.services.rounds.read_rounds import locked
from app.store import applications as application_store
from app.store import qualification as store
from app.store.applications import Application


async def remove_application(context: WriteContext, *, application_id: UUID, removal: Removal) -> Application:
    """Take an organisation out of the round, and its name off the candidate list. Once an award has come out of it,
    only the government can take that back (Arts. 26, 28)."""
    found = await any_application(context, application_id)
    # The candidate list may lose a name: nobody counts it meanwhile.
    round_row = await locked(context, found.round_id)
    application = (await application_store.lock(context.session, [found.id]))[0]
    rule = removal.ground.value
    async with act(context, APPLICATION, application, "remove", recorded="remove_application", rule=rule) as doing:
        running(round_row, "remove", rule=rule)
        for awarded in await already_awarded(context, application.id):
            raise Conflict(awarded, code=ProblemCode.ALREADY_AWARDED)
        doing.hear(await grounds_shown(context, application, round_row, removal))
        application.closed_reason, application.closed_rule = removal.reason, removal.ground.value
        application.closed_at = context.now
        candidate = await store.listed_candidate(context.session, application.id)
        if candidate is not None:
            await take_out(context, candidate, reason=removal.reason, rule=removal.ground.value)
        doing.tell(ground=removal.ground.value, reason=removal.reason, evidence=removal.evidence)
        doing.tell(found_on=removal.found_on, candidate_id=candidate.id if candidate else None, excluded=False)
    await conclude_if_decreed(context, round_row)
    return application


async def already_awarded(context: ReadContext, application_id: UUID) -> list[Finding]:
    """That an award has come out of the application, which the office cannot take back; nothing where none has."""
    state = await store.award_state(context.session, application_id)
    if state is None:
        return []
    # After the decree the round no longer runs, and nobody is removed from it.
    ahead = "withdraw_award" if state == AwardState.APPROVED else None
    facts: Facts = {"object": AWARD.name, "act": "remove", "state": state}
    return [fails("art22.approval", Reason.ALREADY_AWARDED, next_act=ahead, **facts)]
