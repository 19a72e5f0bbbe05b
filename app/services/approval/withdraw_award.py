"""Between approval and decree a name is withdrawn on any ground that a gate knows or Art. 28 (Arts. 13, 22, 26, 28);
before an award nobody is excluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.eligibility import Gate
from app.measures.facts import Honour, RecordedDecision, Verdict
from app.measures.findings import Finding
from app.measures.organs import decider
from app.measures.removal import WithdrawalGround, withdrawal_grounded
from app.measures.revocations import event_verified, fraud_verified
from app.measures.state_machines import AWARD
from app.services.applications.run_gate import run_gate
from app.services.applications.under_review import any_application
from app.services.days import not_in_future
from app.services.lifecycle import act
from app.services.publicity.remove_application import higher_award_won
from app.services.rounds.prepare_round import locked
from app.store import awards as store
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class AwardWithdrawal:
    """Why an approved award does not come to be: the ground, the day on which it was found, reason, evidence.
    `honour`: the higher award won, where that is the ground."""

    ground: WithdrawalGround
    found_on: date
    reason: str
    evidence: str
    honour: Honour | None = None


async def withdraw_award(context: WriteContext, *, award_id: UUID, withdrawal: AwardWithdrawal) -> store.Award:
    """Withdraw an approved award before the decree. Its seat stays empty: nothing fills it (Art. 6)."""
    award = existing(await store.get(context.session, award_id), "没有此获奖记录", "No such award")
    # The round first, as the decree does: one of the two comes before the other.
    round_row = await locked(context, award.round_id)
    await context.session.refresh(award, with_for_update=True)
    async with act(context, AWARD, award, "withdraw_award") as doing:
        not_in_future(withdrawal.found_on, context.today, "/found_on")
        told = withdrawal_grounded(
            ground=withdrawal.ground, tested=await _tested(context, round_row, award, withdrawal)
        )
        doing.hear([*decider(role=context.actor.role, act="withdraw_award"), *told])
        award.withdrawn_on, award.withdrawn_reason = context.today, withdrawal.reason
        doing.tell(ground=withdrawal.ground.value, found_on=withdrawal.found_on)
        doing.tell(reason=withdrawal.reason, evidence=withdrawal.evidence)
    return award


async def _tested(
    context: WriteContext, round_row: Round, award: store.Award, withdrawal: AwardWithdrawal
) -> Sequence[Finding]:
    ground = withdrawal.ground
    if ground in (WithdrawalGround.FRAUD, WithdrawalGround.GROUNDS):
        decision = RecordedDecision(
            rule=ground.value,
            outcome=Verdict.PASS,
            reason=withdrawal.reason,
            evidence=withdrawal.evidence,
            decided_by=str(context.actor.known_id),
            decided_on=context.today,
        )
        if ground is WithdrawalGround.GROUNDS:
            return event_verified(organisation=award.awarded_name, found_on=withdrawal.found_on, decision=decision)
        return fraud_verified(
            organisation=award.awarded_name, found_on=withdrawal.found_on, award=None, decision=decision
        )
    if ground is WithdrawalGround.HIGHER_AWARD and withdrawal.honour is not None:
        return higher_award_won(context, withdrawal.honour)
    application = await any_application(context, award.application_id)
    runs = await run_gate(context, round_row, [application], gate=Gate.DECREE, test_date=context.today)
    return runs[application.id].findings
