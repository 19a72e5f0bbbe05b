"""Between approval and decree a name is withdrawn on any ground that a gate knows, an objection that was upheld, or an
item of Art. 28 (Arts. 13, 21, 22, 26, 28); before an award nobody is excluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, WrongState, existing
from app.measures.conferral import after_the_decree
from app.measures.eligibility import Gate
from app.measures.facts import Honour, RecordedDecision, Verdict
from app.measures.findings import Finding
from app.measures.fraud import fraud_verified
from app.measures.objections import open_objections_block
from app.measures.organs import decider
from app.measures.removal import WithdrawalGround, withdrawal_grounded
from app.measures.revocations import Accident, Ground, GroundFacts, event_verified
from app.measures.state_machines import AWARD, AwardState, CandidateState, ObjectionState
from app.measures.text import Text
from app.services.applications.facts import eligibility_facts
from app.services.applications.run_gate import run_gate
from app.services.applications.under_review import any_application
from app.services.approval.confer_awards import seats_of_the_day
from app.services.approval.fix_proposed_list import publicised
from app.services.days import not_in_future
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import act, check_version
from app.services.publicity.candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.publicity.show_grounds import found_in_the_round, higher_award_won, identity
from app.services.reviews.entrants import entrants
from app.services.rounds.read_rounds import locked
from app.store import awards as store
from app.store.applications import Application
from app.store.publicity import Candidate
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class AwardWithdrawal:
    """Why an approved award does not come to be: the ground, the day on which it was found, reason, evidence.
    `honour`: the higher award won, where that is the ground; `item`, and the event as in a case of revocation: those of
    Art. 28, where it is."""

    ground: WithdrawalGround
    found_on: date
    reason: str
    evidence: str
    honour: Honour | None = None
    item: Ground | None = None
    event_on: date | None = None
    accident: Accident | None = None
    penalised_or_proven: bool = False


async def withdraw_award(context: WriteContext, *, award_id: UUID, withdrawal: AwardWithdrawal) -> store.Award:
    """Withdraw an approved award before the decree. Its seat stays empty: nothing fills it (Art. 6).
    The public list is marked, and its organisation reads why."""
    award = existing(await store.get(context.session, award_id), "没有此获奖记录", "No such award")
    # The round first, as the decree does: one of the two comes before the other.
    round_row = await locked(context, award.round_id)
    await context.session.refresh(award, with_for_update=True)
    if award.state == AwardState.CONFERRED:
        raise _after_the_decree(context, award, withdrawal)
    async with act(context, AWARD, award, "withdraw_award", rule=withdrawal.ground.value) as doing:
        application = await any_application(context, award.application_id)
        found_in_the_round(context, application, withdrawal.found_on)
        _item_named(withdrawal)
        if withdrawal.event_on is not None:
            not_in_future(withdrawal.event_on, context.today, "/event_on")
        tested = await _tested(context, round_row, award, application, withdrawal)
        told = withdrawal_grounded(ground=withdrawal.ground, tested=tested)
        doing.hear([*decider(role=context.actor.role, act="withdraw_award"), *told])
        award.withdrawn_on, award.withdrawn_reason = context.today, withdrawal.reason
        award.withdrawn_ground = withdrawal.ground.value
        award.withdrawn_item = None if withdrawal.item is None else int(withdrawal.item.value)
        doing.tell(ground=withdrawal.ground.value, item=award.withdrawn_item, found_on=withdrawal.found_on)
        doing.tell(event_on=withdrawal.event_on)
        doing.tell(reason=withdrawal.reason, evidence=withdrawal.evidence)
        doing.rest_on(round_readings(round_row), "names_before_the_decree", "facts_of_the_day")
        if withdrawal.item is not None:
            doing.rest_on(round_readings(round_row), "events_before_the_decree")
    candidate = existing(await context.session.by_id(Candidate, award.candidate_id))
    # An upheld objection has taken it off before.
    if candidate.state == CandidateState.LISTED:
        await take_out(context, candidate, reason=withdrawal.reason, rule=withdrawal.ground.value)
    await conclude_if_decreed(context, round_row)
    return award


async def _tested(
    context: WriteContext,
    round_row: Round,
    award: store.Award,
    application: Application,
    withdrawal: AwardWithdrawal,
) -> Sequence[Finding]:
    ground = withdrawal.ground
    if ground in (WithdrawalGround.FRAUD, WithdrawalGround.GROUNDS):
        return await _verified(context, round_row, award, application, withdrawal)
    if ground is WithdrawalGround.SEATS:
        return await _too_many(context, round_row, award)
    if ground is WithdrawalGround.OBJECTION:
        return await _upheld(context, round_row, award)
    if ground is WithdrawalGround.HIGHER_AWARD and withdrawal.honour is not None:
        return higher_award_won(context, withdrawal.honour)
    runs = await run_gate(context, round_row, [application], gate=Gate.DECREE, test_date=context.today)
    tested = runs[application.id].findings
    # Nobody can verify it any more, or another registration has taken its place.
    return [*tested, *await identity(context, application)] if ground is WithdrawalGround.IDENTITY else tested


async def _verified(
    context: WriteContext,
    round_row: Round,
    award: store.Award,
    application: Application,
    withdrawal: AwardWithdrawal,
) -> list[Finding]:
    """What a person found: fraud, or an event of Art. 28 with what its item asks."""
    name, found_on = award.awarded_name, withdrawal.found_on
    decision = RecordedDecision(
        rule=withdrawal.ground.value,
        outcome=Verdict.PASS,
        reason=withdrawal.reason,
        evidence=withdrawal.evidence,
        decided_by=str(context.actor.known_id),
        decided_on=context.today,
    )
    if withdrawal.item is None:
        return fraud_verified(organisation=name, found_on=found_on, award=None, decision=decision)
    event = GroundFacts(
        ground=withdrawal.item,
        event_on=withdrawal.event_on,
        found_on=found_on,
        accident=withdrawal.accident,
        penalised_or_proven=withdrawal.penalised_or_proven,
    )
    known = await eligibility_facts(context.session, application)
    return event_verified(
        organisation=name,
        facts=event,
        records=known.records,
        decision=decision,
        test_date=context.today,
        parameters=round_parameters(round_row),
        readings=round_readings(round_row),
    )


async def _too_many(context: WriteContext, round_row: Round, award: store.Award) -> list[Finding]:
    """Whether the seats of the award's category are fewer than the awards that take one today; one that takes none is
    not too many."""
    known = await entrants(context, round_row)
    entrant = known[award.application_id]
    told = seats_of_the_day(round_row, await store.of_round(context.session, round_row.id), known)
    own = entrant.seat_category.value if entrant.prize.takes_seat else None
    return [item for item in told if item.facts["seat_category"] == own]


async def _upheld(context: WriteContext, round_row: Round, award: store.Award) -> list[Finding]:
    """What upheld objections say against the name; one that is open has to be closed first."""
    listed = await publicised(context, round_row)
    found = next(item for item in listed if item.candidate.id == award.candidate_id)
    upheld = [item for item in found.objections if item.state == ObjectionState.UPHELD]
    return open_objections_block(organisation=found.applicant, objections=upheld)


def _after_the_decree(context: WriteContext, award: store.Award, withdrawal: AwardWithdrawal) -> WrongState:
    """What takes the place of the withdrawal of an award that has been conferred, by its ground and the day of the
    event."""
    check_version(context, award)
    (found,) = after_the_decree(
        ground=withdrawal.ground,
        event_on=withdrawal.event_on,
        conferred_on=award.conferred_on or context.today,
        state=AwardState(award.state),
    )
    return WrongState(found, message=found.message)


def _item_named(withdrawal: AwardWithdrawal) -> None:
    """`Invalid` unless the item of Art. 28 is named where that is the ground, with the day of its event, and only
    there."""
    of_art28 = withdrawal.ground is WithdrawalGround.GROUNDS
    missing = Text("须指明第二十八条的具体情形", "Name the item of Art. 28")
    undated = Text("须填写情形发生的日期", "State the day of the event")
    dated = withdrawal.event_on is not None or withdrawal.item is Ground.LOSSES
    if of_art28:
        faults = [
            FieldError(pointer, FieldCode.REQUIRED, text)
            for pointer, there, text in (
                ("/item", withdrawal.item is not None, missing),
                ("/event_on", dated, undated),
            )
            if not there
        ]
    else:
        text = Text("仅第二十八条的情形须填写", "Only a ground of Art. 28 has it")
        faults = [
            FieldError(pointer, FieldCode.NOT_APPLICABLE, text)
            for pointer, given in (
                ("/item", withdrawal.item is not None),
                ("/event_on", withdrawal.event_on is not None),
                ("/accident", withdrawal.accident is not None),
                ("/penalised_or_proven", withdrawal.penalised_or_proven),
            )
            if given
        ]
    if faults:
        raise Invalid(faults[0].message, errors=faults)
