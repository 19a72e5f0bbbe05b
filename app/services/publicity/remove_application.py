"""Removal from a running round: fraud (Art. 26, which excludes nobody before an award), a higher award won in mid-round
(Art. 13(6)), or any condition that the day's facts fail (Arts. 4 to 6, 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid
from app.measures.eligibility import Gate
from app.measures.facts import Honour, RecordedDecision, Verdict
from app.measures.findings import Finding, fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.record import no_higher_award
from app.measures.removal import RemovalGround, removal_grounded
from app.measures.revocations import fraud_verified
from app.measures.state_machines import APPLICATION, AWARD, AwardState
from app.measures.text import Text
from app.services.applications.facts import eligibility_facts
from app.services.applications.run_gate import run_gate
from app.services.applications.under_review import any_application, running
from app.services.days import not_in_future
from app.services.lifecycle import act
from app.services.publicity.change_candidates import take_out
from app.services.rounds.prepare_round import locked
from app.store import applications as application_store
from app.store import qualification as store
from app.store.applications import Application
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Removal:
    """Why an organisation leaves the round, on what evidence. `found_on`: the day on which it was verified; `honour`:
    the higher award won in the meantime, where that is the ground."""

    ground: RemovalGround
    reason: str
    evidence: str
    found_on: date
    honour: Honour | None = None


async def remove_application(context: WriteContext, *, application_id: UUID, removal: Removal) -> Application:
    """Take an organisation out of the round, and its name off the candidate list. Once an award has come out of it,
    only the government can take that back (Arts. 26, 28)."""
    found = await any_application(context, application_id)
    # The candidate list may lose a name: nobody counts it meanwhile.
    round_row = await locked(context, found.round_id)
    application = (await application_store.lock(context.session, [found.id]))[0]
    async with act(context, APPLICATION, application, "remove", recorded="remove_application") as doing:
        running(context, round_row)
        standing = await store.award_state(context.session, application.id)
        if standing is not None:
            raise Conflict(_awarded(standing), code=ProblemCode.ALREADY_AWARDED)
        not_in_future(removal.found_on, context.today, "/found_on")
        tested = await _tested(context, application, round_row, removal)
        doing.hear(removal_grounded(ground=removal.ground, tested=tested))
        application.closed_reason, application.closed_rule = removal.reason, removal.ground.value
        application.closed_at = context.now
        candidate = await store.listed_candidate(context.session, application.id)
        if candidate is not None:
            await take_out(context, candidate, reason=removal.reason, rule=removal.ground.value)
        doing.tell(ground=removal.ground.value, reason=removal.reason, evidence=removal.evidence)
        doing.tell(found_on=removal.found_on, candidate_id=candidate.id if candidate else None, excluded=False)
    return application


def _awarded(state: str) -> Finding:
    # After the decree the round no longer runs, and nobody is removed from it.
    ahead = "withdraw_award" if state == AwardState.APPROVED else None
    facts: Facts = {"object": AWARD.name, "act": "remove", "state": state}
    return fails("art22.approval", Reason.ALREADY_AWARDED, next_act=ahead, **facts)


async def _tested(
    context: WriteContext, application: Application, round_row: Round, removal: Removal
) -> Sequence[Finding]:
    if removal.ground is RemovalGround.FRAUD:
        verified = RecordedDecision(
            rule=RemovalGround.FRAUD.value,
            outcome=Verdict.PASS,
            reason=removal.reason,
            evidence=removal.evidence,
            decided_by=str(context.actor.known_id),
            decided_on=context.today,
        )
        facts = await eligibility_facts(context.session, application)
        return fraud_verified(
            organisation=facts.organisation.name, found_on=removal.found_on, award=None, decision=verified
        )
    if removal.ground is not RemovalGround.HIGHER_AWARD:
        runs = await run_gate(context, round_row, [application], gate=Gate.PROPOSED, test_date=context.today)
        return runs[application.id].findings
    return higher_award_won(context, removal.honour)


def higher_award_won(context: WriteContext, honour: Honour | None) -> list[Finding]:
    """The findings on a higher award won in mid-round (Art. 13(6)); `Invalid` where none is named."""
    if honour is None:
        text = Text("须填写所获的更高级别质量奖", "The higher award must be named")
        raise Invalid(text, errors=[FieldError("/honour", FieldCode.REQUIRED, text)])
    not_in_future(honour.awarded_on, context.today, "/honour/awarded_on")
    return no_higher_award(honours=[honour], test_date=context.today)
