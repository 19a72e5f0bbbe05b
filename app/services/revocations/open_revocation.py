"""The office opens a case of revocation (Art. 26, 28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid, existing, refuse
from app.measures import order
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, fails
from app.measures.fraud import fraud_verified
from app.measures.interpretations import resting_on
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.revocations import (
    Accident,
    Ground,
    GroundFacts,
    RevocationKind,
    ground_met,
    prevailing_kind,
    revocation_admissible,
)
from app.measures.state_machines import AWARD, OPEN_REVOCATION_STATES, REVOCATION, AwardState, RevocationState
from app.measures.text import Text
from app.measures.validity import AwardFacts
from app.services.applications.under_review import hearing_ends_at, rules_of
from app.services.days import not_in_future
from app.services.disbursements import hold_prize
from app.services.instruments import in_force
from app.services.instruments.in_force import cited
from app.services.lifecycle import act, create, enter
from app.services.revocations.cases import ended_by, locked_award, parameters_of
from app.store import awards as store
from app.store import revocations, rounds


@dataclass(frozen=True, slots=True)
class Found:
    """What a person found, with reason and evidence."""

    found: bool
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Case:
    """What the office brings forward. `summary`: what the organisation is told, without any third party's identity.
    `ground` and the event's facts belong to Art. 28; fraud has none of them. `found_on`: the day on which it was found,
    with its evidence; for fraud the day of the opening where none is stated. `net_profits`: year and amount in fen."""

    kind: RevocationKind
    facts: str
    evidence: str
    summary: str
    ground: Ground | None = None
    event_on: date | None = None
    accident: Accident | None = None
    penalised_or_proven: bool = False
    net_profits: tuple[tuple[int, int], ...] = ()
    found_on: date | None = None
    found_evidence: str | None = None
    losses_serious: Found | None = None
    losses_by_mismanagement: Found | None = None


_LOSSES = ("net_profits", "losses_serious", "losses_by_mismanagement")
# A case of fraud has its day of finding too.
_OF_ART_28 = ("ground", "event_on", "accident", "penalised_or_proven", *_LOSSES)


async def open_revocation(context: WriteContext, *, award_id: UUID, case: Case) -> revocations.Revocation:
    """Open a case on a conferred award, or a supplementary one for fraud on a revoked award; the organisation has its
    days for a statement. A case of fraud takes over one under Art. 28 that is open. An unpaid prize is held."""
    for pointer, day in (("/event_on", case.event_on), ("/found_on", case.found_on)):
        if day is not None:
            not_in_future(day, context.today, pointer)
    if case.kind is RevocationKind.FRAUD:
        _nothing_of_art_28(case)
    award = await locked_award(context, award_id)
    earlier = await revocations.revocations_of(context.session, award_id)
    pending = [item for item in earlier if item.state in OPEN_REVOCATION_STATES]
    for item in pending:
        _gives_way(item, case.kind)
    decided = [item for item in earlier if item.state == RevocationState.DECIDED]
    findings = [
        *revocation_admissible(kind=case.kind, earlier=await ended_by(context, award_id)),
        *await _findings(context, award, case),
    ]
    refuse(findings)
    rules = rules_of(existing(await rounds.get(context.session, award.round_id)))
    row = revocations.Revocation(
        created_at=context.now,
        award_id=award.id,
        basis=case.kind.value,
        ground=int(case.ground.value) if case.ground else None,
        event_on=case.event_on,
        found_on=case.found_on,
        found_evidence=case.found_evidence,
        event=_event(case),
        facts=case.facts,
        evidence=case.evidence,
        summary=case.summary,
        state=create(REVOCATION),
        reply_due_at=hearing_ends_at(context.today, rules),
        supplementary_to=decided[0].id if decided else None,
        submitted_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"award_id": award.id, "basis": row.basis, "ground": row.ground}
    told["readings"] = await cited(
        context.session, context.today, "hearing_before_revocation", "unpaid_prize_in_a_case"
    )
    await enter(context, row, "open_revocation", "revocation", round_id=award.round_id, findings=findings, **told)
    for item in pending:
        async with act(context, REVOCATION, item, "take_over", named=False, round_id=award.round_id) as doing:
            doing.hear(findings)
            item.taken_over_by = row.id
            doing.tell(taken_over_by=row.id, readings=await cited(context.session, context.today, "case_taken_over"))
    await hold_prize.suspend(context, award_id=award.id, reason="撤销案件待决定 / a case of revocation is open")
    return row


def _gives_way(pending: revocations.Revocation, kind: RevocationKind) -> None:
    """`Conflict` unless the open case is taken over: where fraud and a ground of Art. 28 are found together, Art. 26
    prevails; otherwise the second waits, under the article of the first."""
    here = RevocationKind(pending.basis)
    if here is not kind and prevailing_kind(kinds=[here, kind]) is kind:
        return
    ahead = order.name_ahead(REVOCATION, pending.state)
    facts: Facts = {"kind": here.value, "revocation_id": str(pending.id)}
    raise Conflict(
        fails(here.rule_id, Reason.REVOCATION_PENDING, next_act=ahead, **facts), code=ProblemCode.REVOCATION_PENDING
    )


def _unconferred(award: store.Award, case: Case) -> Finding:
    """Before the decree the name is withdrawn, where that has not been done."""
    withdrawn = award.state == AwardState.WITHDRAWN
    reason, ahead = (Reason.AWARD_WITHDRAWN, None) if withdrawn else (Reason.NOT_CONFERRED_YET, "withdraw_award")
    facts: Facts = {"object": AWARD.name, "act": "revoke", "state": award.state}
    return fails(case.kind.rule_id, reason, next_act=ahead, **facts)


async def _findings(context: WriteContext, award: store.Award, case: Case) -> list[Finding]:
    if award.conferred_on is None:
        raise Conflict(_unconferred(award, case), code=ProblemCode.NOT_CONFERRED)
    facts = AwardFacts(award.awarded_name, award.conferred_on, award.award_year, award.revoked_on, award.revoked_under)
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
        # As found at the decree: a profile that is edited afterwards takes the ground of losses from nobody.
        operating=award.operating,
        net_profit_fen=dict(case.net_profits),
        losses_serious=_recorded(context, rule_id, case.losses_serious) if case.losses_serious else None,
        losses_by_mismanagement=(
            _recorded(context, rule_id, case.losses_by_mismanagement) if case.losses_by_mismanagement else None
        ),
    )
    readings = await in_force.readings(context.session, context.today)
    parameters = await parameters_of(context, award)
    met = ground_met(facts=event, award=facts, decision=verified, parameters=parameters, readings=readings)
    return resting_on(met, readings, "day_of_finding")


def _nothing_of_art_28(case: Case) -> None:
    """`Invalid` where a case under Art. 26 states a ground of Art. 28 or its event: the notice would tell both."""
    text = Text("弄虚作假案件不填写第二十八条的情形", "A case of fraud states nothing of Art. 28")
    faults = [FieldError(f"/{name}", FieldCode.NOT_APPLICABLE, text) for name in _OF_ART_28 if getattr(case, name)]
    if faults:
        raise Invalid(text, errors=faults)


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


def _event(case: Case) -> dict[str, object]:
    plain: dict[str, object] = {"penalised_or_proven": case.penalised_or_proven}
    if case.accident is not None:
        plain["accident"] = {
            "responsible": case.accident.responsible,
            "dead": case.accident.dead,
            "seriously_injured": case.accident.seriously_injured,
            "direct_loss_fen": case.accident.direct_loss_fen,
            "grade": case.accident.grade.value if case.accident.grade else None,
        }
    if case.net_profits:
        plain["net_profit_fen"] = {str(year): amount for year, amount in case.net_profits}
    for name, found in (
        ("losses_serious", case.losses_serious),
        ("losses_by_mismanagement", case.losses_by_mismanagement),
    ):
        if found is not None:
            plain[name] = {"found": found.found, "reason": found.reason, "evidence": found.evidence}
    return plain
