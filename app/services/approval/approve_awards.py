"""The government's approval (Art. 22): it approves or leaves out proposed names, never adds; each seat is a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record, plain_value
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
from app.measures.approval import ApprovalFacts, approval_valid
from app.measures.document_numbers import Document, meeting_of_its_own, meetings_in_order
from app.measures.eligibility import Gate
from app.measures.findings import Finding, left_by, obstacles
from app.measures.instruments import approval_in_force, reaching_back
from app.measures.objections import open_objections_block
from app.measures.organs import decider
from app.measures.seats import seats_available, seats_taken, vacancies
from app.measures.sectors import SeatCategory
from app.measures.state_machines import AWARD, ELIGIBILITY, ROUND, CandidateState
from app.measures.text import Text
from app.measures.validity import begun
from app.services.applications.run_gate import DatedRuns, run_gate_dated
from app.services.approval.fix_proposed_list import Publicised, changed_since, publicised
from app.services.days import not_in_future
from app.services.instruments import in_force
from app.services.instruments.in_force import round_readings
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import act, create, one_of_many
from app.services.publicity.candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.reviews.entrants import applications_of, named
from app.services.rounds.read_rounds import locked
from app.store import approval as store
from app.store import awards
from app.store.rounds import Round

_RESTS_ON = (
    "day_of_conditions_at_approval",
    "facts_of_the_day",
    "facts_on_a_stated_day",
    "reaward_and_revoked",
    "transitional_approval",
    "retroactive_extension",
    "one_approval_a_meeting",
    "order_of_meetings",
    "lists_entered_before_an_earlier_decree",
)


@dataclass(frozen=True, slots=True)
class NotApproved:
    """A proposed name that the meeting did not approve, and why."""

    candidate_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ExecutiveMeeting:
    """The meeting's number and day (Shanghai), what it did not approve, the basis where the measures have lapsed (Art.
    33)."""

    number: str
    meeting_on: date
    not_approved: tuple[NotApproved, ...] = ()
    transitional_basis: str | None = None


async def approve_awards(context: WriteContext, *, round_id: UUID, meeting: ExecutiveMeeting) -> store.Approval:
    """Approve every name that was proposed by the end of its day and is not left out; an empty list is a valid decision
    (Art. 6). One that had left the list by then, at its own wish or removed, is not decided on (Art. 3); one that
    withdrew on that day or later is, and gives its award up. One with an objection that was open on the
    meeting's day, or a condition that is open or fails, goes off the list and waits: proposed again when that is over,
    it is decided on by a meeting of its own."""
    row = await locked(context, round_id)
    earlier, made = (
        await store.approvals_of(context.session, row.id),
        await awards.of_round(context.session, row.id),
    )
    undecided = await _undecided(context, row, earlier, made)
    pending, proposed_on = _on_the_list_by(meeting.meeting_on, undecided)
    # Names that came on the list after the meeting wait for one of their own.
    name = "approve_awards" if len(pending) == len(undecided) else "approve_awards_in_part"
    async with act(context, ROUND, row, name, recorded="approve_awards") as doing:
        not_in_future(meeting.meeting_on, context.today, "/meeting_on")
        await of_one_document(context.session, Document.MINUTES, meeting.number, meeting.meeting_on)
        awaiting, left = _still_listed(pending, meeting.meeting_on)
        left_out = _not_approved(meeting, awaiting, left)
        proposed, approved, waiting, runs = await _sorted_out(context, row, meeting, awaiting, left_out)
        findings = await _findings(context, row, meeting, _Names(proposed, proposed_on, approved, left, made, earlier))
        in_order = meetings_in_order(
            number=meeting.number,
            held_on=meeting.meeting_on,
            recorded=await store.meetings_told(context.session),
            readings=round_readings(row),
        )
        told = [*findings, *in_order, *_tested(runs, approved)]
        doing.hear(told, vacuous=() if approved else ELIGIBILITY)
        runs.keep(context)
        found = store.Approval(
            created_at=context.now,
            round_id=row.id,
            number=len(earlier) + 1,
            meeting_number=meeting.number,
            meeting_on=meeting.meeting_on,
            transitional_basis=meeting.transitional_basis,
            retroactive_basis=reaching_back(findings),
            not_approved=[
                _line(item, left_out[item.candidate.id]) for item in proposed if item.candidate.id in left_out
            ],
            warnings=[*map(finding_record, in_order), *changed_since(runs, [item.entrant for item in approved])],
            recorded_by=context.actor.known_id,
        )
        context.session.add(found)
        await context.session.flush()
        given = _confer_seats(context, row, found, approved, made, runs)
        await _give_up(context, approved, given)
        for item in proposed:
            if item.candidate.id in left_out and item.candidate.state == CandidateState.LISTED:
                reason = left_out[item.candidate.id]
                await take_out(context, item.candidate, reason=reason, rule="art22.approval")
        if waiting:
            await store.take_off_proposed(context.session, [item.candidate.id for item in waiting])
            doing.tell(waiting=[item.applicant.name for item in waiting])
            doing.rest_on(round_readings(row), "names_left_to_a_later_decree")
        if left:
            doing.tell(left=[item.applicant.name for item in left])
        doing.tell(
            meeting=meeting.number, meeting_on=meeting.meeting_on, approved=[item.applicant.name for item in approved]
        )
        doing.rest_on(round_readings(row), *_RESTS_ON)
        if any(not item.standing for item in approved):
            doing.rest_on(round_readings(row), "decree_entered_after_a_withdrawal")
        doing.tell(not_approved=found.not_approved, transitional_basis=meeting.transitional_basis)
        doing.tell(retroactive_basis=found.retroactive_basis)
    await conclude_if_decreed(context, row)
    return found


async def read_approval(
    context: ReadContext, *, round_id: UUID
) -> tuple[Sequence[store.Approval], Sequence[awards.Award]]:
    """The approvals of a round in their order, at least one, with its awards."""
    found = await store.approvals_of(context.session, round_id)
    if not found:
        raise NotFound("县政府尚未审定", "The government has not decided yet")
    return found, await awards.of_round(context.session, round_id)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the meeting decides on, fixed on `proposed_on`; what it approves of it; what has left the list since; the
    awards of an earlier one, and the approvals themselves."""

    proposed: Sequence[Publicised]
    proposed_on: date | None
    approved: Sequence[Publicised]
    left: Sequence[Publicised]
    made: Sequence[awards.Award]
    earlier: Sequence[store.Approval]


async def _undecided(
    context: WriteContext, row: Round, earlier: Sequence[store.Approval], made: Sequence[awards.Award]
) -> list[tuple[Publicised, date]]:
    """The names on the proposed list that no meeting has decided on, each with the day on which it came on it."""
    decided = {str(award.candidate_id) for award in made}
    decided |= {str(line["candidate_id"]) for found in earlier for line in found.not_approved}
    every = [entry for entry, _ in await store.proposed_of(context.session, row.id)]
    entries = [entry for entry in every if str(entry.candidate_id) not in decided]
    fixed_on = {entry.candidate_id: shanghai_day(entry.created_at) for entry in entries}
    listed = await publicised(context, row)
    return [(item, fixed_on[item.candidate.id]) for item in listed if item.candidate.id in fixed_on]


def _on_the_list_by(day: date, undecided: Sequence[tuple[Publicised, date]]) -> tuple[list[Publicised], date | None]:
    """What a meeting of that day decides on, in whichever order lists and meetings are entered: the names that were on
    the list by its end, and the day on which they were last added to; None where there is none. Where none was, all:
    the refusal says that the list is later than the meeting."""
    chosen = [(item, fixed_on) for item, fixed_on in undecided if begun(fixed_on, day)] or undecided
    return [item for item, _ in chosen], max((fixed_on for _, fixed_on in chosen), default=None)


def _line(item: Publicised, reason: str) -> object:
    named = {"candidate_id": item.candidate.id, "name": item.entrant.row.organisation_name, "reason": reason}
    return plain_value(named)


def _still_listed(pending: Sequence[Publicised], day: date) -> tuple[list[Publicised], list[Publicised]]:
    """The proposed names that a meeting of that day decides on, and those that had left the list: at their own wish
    before it, or removed."""
    return [item for item in pending if item.stood_on(day)], [item for item in pending if not item.stood_on(day)]


async def _sorted_out(
    context: WriteContext,
    row: Round,
    meeting: ExecutiveMeeting,
    awaiting: Sequence[Publicised],
    left_out: Mapping[UUID, str],
) -> tuple[list[Publicised], list[Publicised], list[Publicised], DatedRuns]:
    """What the meeting decides on, what it approves of that, what waits, and the runs of the gate. Where there is
    nothing else to decide nothing waits: the refusal says what stands open."""
    waiting = [item for item in awaiting if item.contested_on(meeting.meeting_on) and item.candidate.id not in left_out]
    if not left_out and len(waiting) == len(awaiting):
        waiting = []
    proposed = [item for item in awaiting if item not in waiting]
    approved = [item for item in proposed if item.candidate.id not in left_out]
    applications = await applications_of(context, [item.entrant for item in approved])
    runs = await run_gate_dated(context, row, applications, gate=Gate.APPROVAL, dated=meeting.meeting_on)
    held = [item for item in approved if obstacles(runs.findings(item.candidate.application_id))]
    if left_out or len(held) < len(approved):
        waiting += held
        proposed = [item for item in proposed if item not in held]
        approved = [item for item in approved if item not in held]
    return proposed, approved, waiting, runs


def _tested(runs: DatedRuns, approved: Sequence[Publicised]) -> list[Finding]:
    """What the gate finds of each. Whoever fails is left out (`not_approved`): the same act, which then answers."""
    return [
        found
        for item in approved
        for found in left_by(named(runs.findings(item.candidate.application_id), item.applicant), "approve_awards")
    ]


def _not_approved(
    meeting: ExecutiveMeeting, proposed: Sequence[Publicised], left: Sequence[Publicised]
) -> dict[UUID, str]:
    """The reason by candidate; `Invalid` for one that is not on the list or has left it, which nobody decides on."""
    ids, gone = {item.candidate.id for item in proposed}, {item.candidate.id for item in left}
    missing = Text("该组织不在拟奖名单上", "It is not on the proposed list")
    late = Text("该组织已退出或者已移出名单，不再审定", "It has left the list: there is nothing to decide on it")
    faults = [
        FieldError(f"/not_approved/{index}/candidate_id", code, text)
        for index, item in enumerate(meeting.not_approved)
        if item.candidate_id not in ids
        for code, text in [
            (FieldCode.NOT_APPLICABLE, late) if item.candidate_id in gone else (FieldCode.NOT_FOUND, missing)
        ]
    ]
    if faults:
        raise Invalid(faults[0].message, errors=faults)
    return {item.candidate_id: item.reason for item in meeting.not_approved}


async def _findings(
    context: WriteContext,
    row: Round,
    meeting: ExecutiveMeeting,
    names: _Names,
) -> list[Finding]:
    proposed, approved = names.proposed, names.approved
    parameters, readings = in_force.round_parameters(row), in_force.round_readings(row)
    last_days = [item.period.last_day for item in proposed if item.period is not None]
    # A seat that was conferred is taken, also where its award was withdrawn: nothing fills it (Art. 6).
    held = [(SeatCategory(item.seat_category), True) for item in names.made if item.seat_category is not None]
    seats = seats_taken([*held, *((item.entrant.seat_category, item.entrant.prize.takes_seat) for item in approved)])
    facts = ApprovalFacts(
        meeting_number=meeting.number,
        meeting_date=meeting.meeting_on,
        proposed=tuple(item.applicant for item in proposed),
        approved=tuple(item.applicant for item in approved),
        publicity_last_day=max(last_days) if last_days else None,
        proposed_on=names.proposed_on,
        taken_out=tuple(item.applicant for item in names.left),
    )
    return [
        *decider(role=context.actor.role, act="approve_awards"),
        *approval_valid(facts=facts),
        *meeting_of_its_own(
            number=meeting.number,
            recorded={item.meeting_number: item.meeting_on for item in names.earlier},
            readings=readings,
        ),
        *approval_in_force(
            day=meeting.meeting_on,
            instruments=await in_force.instruments(context.session),
            transitional_basis=meeting.transitional_basis,
        ),
        # Who has no seat is left out (`not_approved`): the same act.
        *left_by(seats_available(facts=seats, parameters=parameters, readings=readings), "approve_awards"),
        *vacancies(facts=seats, parameters=parameters),
        *(
            finding
            for item in approved
            for finding in open_objections_block(
                organisation=item.applicant,
                objections=item.objections,
                leaves_by="approve_awards",
                day=meeting.meeting_on,
            )
        ),
    ]


def _confer_seats(
    context: WriteContext,
    row: Round,
    found: store.Approval,
    approved: Sequence[Publicised],
    made: Sequence[awards.Award],
    runs: DatedRuns,
) -> list[awards.Award]:
    """One award each. Those that take a seat take the next number of their seat_category: the seats are rows made at
    the call, so that a number too many is refused by the database itself."""
    given = []
    taken: dict[str, int] = {}
    for award in made:
        if award.seat_category is not None and award.seat_number is not None:
            taken[award.seat_category] = max(taken.get(award.seat_category, 0), award.seat_number)
    for item in sorted(approved, key=lambda one: (one.candidate.rank, one.candidate.id)):
        prize, seat_category = item.entrant.prize, item.entrant.seat_category
        if prize.takes_seat:
            taken[seat_category] = taken.get(seat_category, 0) + 1
        given.append(
            awards.Award(
                created_at=context.now,
                round_id=row.id,
                approval_id=found.id,
                candidate_id=item.candidate.id,
                application_id=item.candidate.application_id,
                organisation_id=item.candidate.organisation_id,
                # As it is called today; the decree says it once more.
                awarded_name=item.entrant.row.organisation_name,
                award_year=row.year,
                state=create(AWARD),
                first_award=prize.first,
                repeat_award=prize.repeat_award,
                seat_category=seat_category if prize.takes_seat else None,
                seat_number=taken[seat_category] if prize.takes_seat else None,
                prize_fen=prize.prize_fen,
                operating=runs.operating(item.candidate.application_id),
            )
        )
    context.session.add_all(given)
    return given


async def _give_up(context: WriteContext, approved: Sequence[Publicised], given: Sequence[awards.Award]) -> None:
    """Of the approved names those that have withdrawn since the meeting give their award up (Art. 3), as they would
    where the meeting had been entered first."""
    gone = {item.candidate.id: item.candidate for item in approved if not item.standing}
    await context.session.flush()
    for award in given:
        left = gone.get(award.candidate_id)
        if left is None:
            continue
        with one_of_many(context, AWARD, award, "give_up") as giving:
            giving.hear()
            award.withdrawn_on, award.withdrawn_reason = left.withdrawn_on, left.removed_reason
            giving.tell(withdrawn_on=left.withdrawn_on)
