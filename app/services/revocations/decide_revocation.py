"""The government revokes an award (Art. 2, 26, 28); the consequences follow at once."""

from __future__ import annotations

from uuid import UUID

from app.kernel.audit import plain_value
from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.conferral import DoubtGround, conferred_meanwhile
from app.measures.consequences import Consequences, PrizeEffect, SanctionedAward, consequences
from app.measures.organs import decider
from app.measures.recovery import RecoveryItem
from app.measures.revocations import RevocationKind
from app.measures.state_machines import AWARD, REVOCATION, AwardState
from app.measures.validity import RevokedUnder
from app.services.awards.plaques import was_handed_over
from app.services.disbursements import cancel_disbursement, hold_prize
from app.services.instruments import in_force
from app.services.lifecycle import act, move
from app.services.revocations.cases import (
    Decision,
    admissible,
    decision_in_form,
    ended_under,
    locked_award,
    locked_case,
    parameters_of,
    put_decision,
)
from app.services.revocations.coming_back import recover
from app.services.revocations.doubts import Raised, raise_doubt
from app.store import awards as store
from app.store import disbursements, organisations, revocations
from app.store.revocations import conferral_doubts


async def decide_revocation(
    context: WriteContext, *, revocation_id: UUID, decision: Decision
) -> revocations.Revocation:
    """Revoke. Art. 26: plaque, certificate and paid prize to be recovered, an unpaid one cancelled, exclusion 10 years.
    Art. 28: nothing recovered, exclusion 5 years, an unpaid prize stays suspended for a recorded decision."""
    row, award = await locked_case(context, revocation_id)
    async with act(context, REVOCATION, row, "decide", recorded="decide_revocation", round_id=award.round_id) as doing:
        disbursement = await disbursements.lock_of_award(context.session, award.id)
        # Shared, so that the exclusion is bound to the whole legal person, whatever link is being recorded.
        organisation = existing(await organisations.share(context.session, award.organisation_id))
        effects = await _effects(context, row, award, disbursement, decision)
        # An exclusion that reaches back to the day of a later decree: that award is in doubt, or the day is wrong.
        later = await conferral_doubts.conferred_since(
            context.session, organisation.lineage_id, decision.decided_on, but=award.id
        )
        meanwhile = conferred_meanwhile(
            decided_on=decision.decided_on,
            later={str(item.id): item.conferred_on for item in later if item.conferred_on is not None},
            stated=decision.later_awards_in_doubt,
            readings=await in_force.readings(context.session, context.today),
        )
        doing.hear(
            [
                *decider(role=context.actor.role, act="decide"),
                *await admissible(context, row),
                *await decision_in_form(context, row, decision),
                *meanwhile,
            ]
        )
        put_decision(context, row, decision)
        row.consequences = _plain(effects)
        if award.state == AwardState.CONFERRED:
            move(context, AWARD, award, "revoke", decider(role=context.actor.role, act="revoke"))
            award.revoked_on, award.revocation_annulled_on = decision.decided_on, None
        ended_under(award, RevokedUnder(row.basis))
        context.session.add(_exclusion(context, row, organisation, decision, effects))
        doing.tell(award_id=award.id, number=decision.number, decided_on=decision.decided_on)
        doing.tell(consequences=row.consequences)
        rests_on = ("start_of_periods", "last_day_of_years", "unpaid_prize_in_a_case")
        doing.tell(readings=await in_force.cited(context.session, context.today, *rests_on))
    await _apply(context, award, row, effects, disbursement, decision)
    for item in later:
        raised = Raised(DoubtGround.EXCLUSION, decision.decided_on, decision.number, revocation_id=row.id)
        await raise_doubt(context, await locked_award(context, item.id), raised, "raise_conferral_doubt", meanwhile)
    return row


async def _effects(
    context: WriteContext,
    row: revocations.Revocation,
    award: store.Award,
    disbursement: disbursements.Disbursement | None,
    decision: Decision,
) -> Consequences:
    return consequences(
        kind=RevocationKind(row.basis),
        award=SanctionedAward(
            decided_on=decision.decided_on,
            plaque=await was_handed_over(context, award),
            prize_fen=award.prize_fen,
            disbursement_state=disbursement.state if disbursement else None,
        ),
        parameters=await parameters_of(context, award),
    )


async def _apply(
    context: WriteContext,
    award: store.Award,
    row: revocations.Revocation,
    effects: Consequences,
    disbursement: disbursements.Disbursement | None,
    decision: Decision,
) -> None:
    owed = {
        item: amount
        for item, amount, demanded in (
            (RecoveryItem.PLAQUE, 0, effects.recover_plaque),
            (RecoveryItem.CERTIFICATE, 0, effects.recover_certificate),
            (RecoveryItem.PRIZE, effects.amount_fen, effects.prize is PrizeEffect.RECOVER),
        )
        if demanded
    }
    await recover(context, award, row, owed)
    await context.session.flush()
    if disbursement is None:
        return
    if effects.prize is PrizeEffect.CANCEL:
        await cancel_disbursement.cancel_locked(
            context, disbursement, decision=decision.number, reason=decision.reason, under=row.id
        )
    if effects.prize is PrizeEffect.SUSPEND:
        reason = f"{decision.number}：依第二十八条撤销 / revoked, Art. 28"
        if await hold_prize.suspend(context, award_id=award.id, reason=reason) is None:
            # The open case holds it already: from now on the decision does.
            disbursement.hold_reason = reason


def _exclusion(
    context: WriteContext,
    row: revocations.Revocation,
    organisation: organisations.Organisation,
    decision: Decision,
    effects: Consequences,
) -> revocations.Exclusion:
    if effects.exclusion_last_day is None:
        raise RuntimeError("a revocation without an exclusion")
    return revocations.Exclusion(
        created_at=context.now,
        organisation_id=organisation.id,
        lineage_id=organisation.lineage_id,
        revocation_id=row.id,
        article="26" if row.basis == RevocationKind.FRAUD else "28",
        from_day=decision.decided_on,
        last_day=effects.exclusion_last_day,
    )


def _plain(effects: Consequences) -> dict[str, object]:
    plain = {name: plain_value(getattr(effects, name)) for name in effects.__dataclass_fields__}
    return {**plain, "prize": effects.prize.value}
