"""Revocation: the office submits, the government decides (Art. 2, 26, 28), the consequences follow at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.audit import plain_value
from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid, existing, refuse
from app.measures.consequences import Consequences, PrizeEffect, SanctionedAward, consequences
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, Text, fails
from app.measures.instruments import Parameters
from app.measures.operating import operates
from app.measures.organs import decider
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.recovery import RecoveryItem
from app.measures.revocations import (
    Accident,
    AccidentGrade,
    Ground,
    GroundFacts,
    RevocationKind,
    fraud_verified,
    ground_met,
    prevailing_kind,
    revocation_admissible,
    revocation_decided,
)
from app.measures.state_machines import AWARD, REVOCATION, AwardState, DisbursementState, RevocationState
from app.measures.validity import AwardFacts
from app.services.applications.facts import eligibility_facts
from app.services.days import not_in_future
from app.services.disbursements import order_disbursement
from app.services.disbursements.enter_recovery import enter_recovery
from app.services.instruments import in_force
from app.services.lifecycle import act, create, enter, move
from app.store import awards as store
from app.store import disbursements, organisations, revocations, rounds
from app.store.applications import Application


@dataclass(frozen=True, slots=True)
class Found:
    """What a person found, with reason and evidence."""

    found: bool
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Case:
    """What the office submits. `ground` and the event's facts belong to Art. 28; fraud has none of them. `found_on`:
    the day on which it was found, with its evidence; for fraud the day of the submission where none is stated."""

    kind: RevocationKind
    facts: str
    evidence: str
    ground: Ground | None = None
    event_on: date | None = None
    accident: Accident | None = None
    penalised_or_proven: bool = False
    net_profit_fen: dict[int, int] | None = None
    found_on: date | None = None
    found_evidence: str | None = None
    losses_serious: Found | None = None
    losses_by_mismanagement: Found | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The government's decision: number, date, reason."""

    number: str
    decided_on: date
    reason: str


async def submit_revocation(context: WriteContext, *, award_id: UUID, case: Case) -> revocations.Revocation:
    """Open a case on a conferred award, or a supplementary one for fraud on a revoked award. A case of fraud takes over
    one under Art. 28 that is waiting. An unpaid prize is held."""
    for pointer, day in (("/event_on", case.event_on), ("/found_on", case.found_on)):
        if day is not None:
            not_in_future(day, context.today, pointer)
    award = await _locked(context, award_id)
    earlier = await revocations.revocations_of(context.session, award_id)
    pending = [item for item in earlier if item.state == RevocationState.SUBMITTED]
    for item in pending:
        if not _gives_way(item, case.kind):
            raise Conflict(_pending(item), code=ProblemCode.REVOCATION_PENDING)
    decided = [item for item in earlier if item.state == RevocationState.DECIDED]
    findings = [
        *revocation_admissible(kind=case.kind, earlier=[RevocationKind(item.basis) for item in decided]),
        *await _findings(context, award, case),
    ]
    refuse(findings)
    row = revocations.Revocation(
        created_at=context.now,
        award_id=award.id,
        basis=case.kind,
        ground=int(case.ground.value) if case.ground else None,
        event_on=case.event_on,
        found_on=case.found_on,
        found_evidence=case.found_evidence,
        event=_event(case),
        facts=case.facts,
        evidence=case.evidence,
        state=create(REVOCATION),
        supplementary_to=decided[0].id if decided else None,
        submitted_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"award_id": award.id, "basis": row.basis, "ground": row.ground}
    await enter(context, row, "submit_revocation", "revocation", round_id=award.round_id, findings=findings, **told)
    for item in pending:
        async with act(context, REVOCATION, item, "take_over", named=False, round_id=award.round_id) as doing:
            doing.hear(findings)
            item.taken_over_by = row.id
            doing.tell(taken_over_by=row.id)
    await order_disbursement.suspend(context, award_id=award.id, reason="撤销提请待决定 / a case of revocation is open")
    return row


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
        doing.hear(
            [
                *decider(role=context.actor.role, act="decide"),
                *await _admissible(context, row, award),
                *await _formal(context, row, decision),
            ]
        )
        _decided(context, row, decision)
        row.consequences = _plain(effects)
        if award.state == AwardState.CONFERRED:
            move(context, AWARD, award, "revoke", decider(role=context.actor.role, act="revoke"))
            award.revoked_on = decision.decided_on
        context.session.add(_exclusion(context, row, organisation, decision, effects))
        doing.tell(award_id=award.id, number=decision.number, decided_on=decision.decided_on)
        doing.tell(consequences=row.consequences)
    await _apply(context, award, row, effects, disbursement, decision)
    return row


async def reject_revocation(
    context: WriteContext, *, revocation_id: UUID, decision: Decision
) -> revocations.Revocation:
    """The government does not revoke: a prize that was held goes on."""
    row, award = await locked_case(context, revocation_id)
    async with act(context, REVOCATION, row, "reject", recorded="reject_revocation", round_id=award.round_id) as doing:
        formal = await _formal(context, row, decision)
        doing.hear([*decider(role=context.actor.role, act="reject"), *formal])
        _decided(context, row, decision)
        doing.tell(number=decision.number, reason=decision.reason)
    held = await disbursements.lock_of_award(context.session, award.id)
    if held is not None and held.state == DisbursementState.SUSPENDED and award.state == AwardState.CONFERRED:
        await order_disbursement.resume(context, held, decision=decision.number, reason=decision.reason)
    return row


def _gives_way(pending: revocations.Revocation, kind: RevocationKind) -> bool:
    """Where fraud and a ground of Art. 28 are found together, Art. 26 prevails; two of a kind wait for each other."""
    here = RevocationKind(pending.basis)
    return here is not kind and prevailing_kind(kinds=[here, kind]) is kind


def _decided(context: WriteContext, row: revocations.Revocation, decision: Decision) -> None:
    row.decision_number, row.decided_on, row.decision_reason = decision.number, decision.decided_on, decision.reason
    row.decided_by = context.actor.known_id


async def _admissible(context: WriteContext, row: revocations.Revocation, award: store.Award) -> list[Finding]:
    cases = await revocations.revocations_of(context.session, award.id)
    earlier = [RevocationKind(item.basis) for item in cases if item.state == RevocationState.DECIDED]
    return revocation_admissible(kind=RevocationKind(row.basis), earlier=earlier)


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
            plaque=award.plaque_number is not None,
            prize_fen=award.prize_fen,
            disbursement_state=disbursement.state if disbursement else None,
        ),
        parameters=await _parameters(context, award),
    )


async def _formal(context: WriteContext, row: revocations.Revocation, decision: Decision) -> list[Finding]:
    """The form of the government's decision, whichever it is: after the submission, number, day and reason."""
    not_in_future(decision.decided_on, context.today, "/decided_on")
    return revocation_decided(
        kind=RevocationKind(row.basis),
        submitted_on=shanghai_day(row.created_at),
        decided_on=decision.decided_on,
        number=decision.number,
        reason=decision.reason,
        readings=await in_force.readings(context.session, context.today),
    )


def _pending(row: revocations.Revocation) -> Finding:
    facts: Facts = {"object": REVOCATION.name, "act": "submit_revocation", "state": row.state}
    return fails("art26_28.together", Reason.REVOCATION_PENDING, next_act="decide", **facts)


def _unconferred(award: store.Award, case: Case) -> Finding:
    """Before the decree the name is withdrawn, where that has not been done."""
    withdrawn = award.state == AwardState.WITHDRAWN
    reason, ahead = (Reason.AWARD_WITHDRAWN, None) if withdrawn else (Reason.NOT_CONFERRED_YET, "withdraw_award")
    facts: Facts = {"object": AWARD.name, "act": "revoke", "state": award.state}
    return fails(case.kind.rule_id, reason, next_act=ahead, **facts)


async def _findings(context: WriteContext, award: store.Award, case: Case) -> list[Finding]:
    if award.conferred_on is None:
        raise Conflict(_unconferred(award, case), code=ProblemCode.NOT_CONFERRED)
    facts = AwardFacts(award.awarded_name, award.conferred_on, award.award_year, award.revoked_on)
    verified = _recorded(context, case.kind.rule_id, Found(True, case.facts, case.evidence))
    if case.kind is RevocationKind.FRAUD:
        found_on = case.found_on or context.today
        return fraud_verified(organisation=award.awarded_name, found_on=found_on, award=facts, decision=verified)
    ground, found_on = _stated(case)
    rule_id = case.kind.rule_id
    event = GroundFacts(
        ground=ground,
        event_on=case.event_on,
        found_on=found_on,
        accident=case.accident,
        penalised_or_proven=case.penalised_or_proven,
        operating=await _operating(context, award),
        net_profit_fen=case.net_profit_fen or {},
        losses_serious=_recorded(context, rule_id, case.losses_serious) if case.losses_serious else None,
        losses_by_mismanagement=(
            _recorded(context, rule_id, case.losses_by_mismanagement) if case.losses_by_mismanagement else None
        ),
    )
    readings = await in_force.readings(context.session, context.today)
    parameters = await _parameters(context, award)
    return ground_met(facts=event, award=facts, decision=verified, parameters=parameters, readings=readings)


def _stated(case: Case) -> tuple[Ground, date]:
    """What every case under Art. 28 states: its ground, and when the event was found, on what evidence. `Invalid` with
    a fault for each that is not there."""
    ground_missing = Text("须指明第二十八条的具体情形", "Name the ground of Art. 28")
    day_missing = Text("须填写发现日期", "State the day on which it was found")
    evidence_missing = Text("须填写发现的依据", "State the evidence of when it was found")
    faults = [
        FieldError(pointer, FieldCode.REQUIRED, text)
        for pointer, value, text in (
            ("/ground", case.ground, ground_missing),
            ("/found_on", case.found_on, day_missing),
            ("/found_evidence", case.found_evidence, evidence_missing),
        )
        if value is None
    ]
    if case.ground is None or case.found_on is None or faults:
        raise Invalid(Text("提请内容不完整", "The case is not complete"), errors=faults)
    return case.ground, case.found_on


def _recorded(context: WriteContext, rule_id: str, found: Found) -> RecordedDecision:
    return RecordedDecision(
        rule=rule_id,
        outcome=Verdict.PASS if found.found else Verdict.FAIL,
        reason=found.reason,
        evidence=found.evidence,
        decided_by=str(context.actor.known_id),
        decided_on=context.today,
    )


async def _operating(context: WriteContext, award: store.Award) -> bool:
    """As frozen at the submission, by legal form and what the office found: a profile that is edited afterwards takes
    the ground of losses from nobody."""
    application = await context.session.get(Application, award.application_id)
    if application is None:
        raise RuntimeError("an award without its application")
    facts = await eligibility_facts(context.session, application)
    return operates(facts.organisation, facts.decisions)


async def _apply(
    context: WriteContext,
    award: store.Award,
    row: revocations.Revocation,
    effects: Consequences,
    disbursement: disbursements.Disbursement | None,
    decision: Decision,
) -> None:
    if effects.recover_plaque:
        enter_recovery(context, award=award, revocation=row, item=RecoveryItem.PLAQUE, amount_fen=0)
    if effects.recover_certificate:
        enter_recovery(context, award=award, revocation=row, item=RecoveryItem.CERTIFICATE, amount_fen=0)
    if effects.prize is PrizeEffect.RECOVER:
        enter_recovery(context, award=award, revocation=row, item=RecoveryItem.PRIZE, amount_fen=effects.amount_fen)
    await context.session.flush()
    if disbursement is None:
        return
    if effects.prize is PrizeEffect.CANCEL:
        await order_disbursement.cancel_locked(context, disbursement, decision=decision.number, reason=decision.reason)
    if effects.prize is PrizeEffect.SUSPEND:
        await order_disbursement.suspend(
            context, award_id=award.id, reason=f"{decision.number}：依第二十八条撤销 / revoked, Art. 28"
        )


async def locked_case(context: WriteContext, revocation_id: UUID) -> tuple[revocations.Revocation, store.Award]:
    """The case with its award, both locked."""
    row = existing(await context.session.get(revocations.Revocation, revocation_id), "没有此撤销提请", "No such case")
    award = await _locked(context, row.award_id)
    await context.session.refresh(row, with_for_update=True)
    return row, award


async def _locked(context: WriteContext, award_id: UUID) -> store.Award:
    return existing(await store.lock(context.session, award_id), "没有此获奖记录", "No such award")


async def _parameters(context: WriteContext, award: store.Award) -> Parameters:
    row = existing(await rounds.get(context.session, award.round_id))
    return in_force.round_parameters(row)


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


def _event(case: Case) -> dict[str, object]:
    plain: dict[str, object] = {"penalised_or_proven": case.penalised_or_proven}
    if case.accident is not None:
        grade: AccidentGrade | None = case.accident.grade
        plain["accident"] = {
            "responsible": case.accident.responsible,
            "dead": case.accident.dead,
            "seriously_injured": case.accident.seriously_injured,
            "direct_loss_fen": case.accident.direct_loss_fen,
            "grade": grade.value if grade else None,
        }
    if case.net_profit_fen:
        plain["net_profit_fen"] = {str(year): amount for year, amount in case.net_profit_fen.items()}
    for name, found in (
        ("losses_serious", case.losses_serious),
        ("losses_by_mismanagement", case.losses_by_mismanagement),
    ):
        if found is not None:
            plain[name] = {"found": found.found, "reason": found.reason, "evidence": found.evidence}
    return plain


def _plain(effects: Consequences) -> dict[str, object]:
    plain = {name: plain_value(getattr(effects, name)) for name in effects.__dataclass_fields__}
    return {**plain, "prize": effects.prize.value}
