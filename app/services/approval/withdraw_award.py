"""Fraud found between approval and decree (Art. 26): the name is withdrawn; before an award nobody is excluded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.facts import RecordedDecision, Verdict
from app.measures.organs import decider
from app.measures.sanctions import fraud_verified
from app.measures.state_machines import AWARD
from app.services.days import not_in_future
from app.services.lifecycle import act
from app.services.rounds.prepare_round import locked
from app.store import awards as store


@dataclass(frozen=True, slots=True)
class FraudFound:
    """What was verified before the decree: day, reason, evidence."""

    found_on: date
    reason: str
    evidence: str


async def withdraw_award(context: WriteContext, *, award_id: UUID, fraud: FraudFound) -> store.Award:
    """Withdraw an approved award before the decree. Its seat stays empty: nothing fills it (Art. 6)."""
    award = existing(await store.get(context.session, award_id), "没有此获奖记录", "No such award")
    # The round first, as the decree does: one of the two comes before the other.
    await locked(context, award.round_id)
    await context.session.refresh(award, with_for_update=True)
    async with act(context, AWARD, award, "withdraw_award") as doing:
        not_in_future(fraud.found_on, context.today, "/found_on")
        decision = RecordedDecision(
            rule="art26.fraud",
            outcome=Verdict.PASS,
            reason=fraud.reason,
            evidence=fraud.evidence,
            decided_by=str(context.actor.known_id),
            decided_on=context.today,
        )
        told = fraud_verified(organisation=award.awarded_name, found_on=fraud.found_on, award=None, decision=decision)
        doing.hear([*decider(role=context.actor.role, act="withdraw_award"), *told])
        award.withdrawn_on, award.withdrawn_reason = context.today, fraud.reason
        doing.tell(found_on=fraud.found_on, reason=fraud.reason, evidence=fraud.evidence)
    return award
