"""The government's decree of commendation (Art. 22): it confers the awards and concludes the round."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record, plain_object
from app.kernel.chinese import simplified
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound, existing
from app.kernel.stored import read_rules
from app.measures.approval import decree_valid, deferrable, nobody_waits
from app.measures.conferral import withdrawn_meanwhile
from app.measures.decree import decree_issued_by, decree_recorded
from app.measures.document_numbers import Document
from app.measures.eligibility import Gate
from app.measures.fees import published_without_fee
from app.measures.findings import Finding, FindingRecord, left_by, obstacles
from app.measures.instruments import approval_in_force, reaching_back
from app.measures.objections import open_objections_block
from app.measures.organs import decider
from app.measures.state_machines import ELIGIBILITY, ROUND, AwardState, CandidateState, RoundState
from app.measures.text import Text
from app.measures.validity import begun
from app.services.applications.run_gate import DatedRuns, run_gate_dated
from app.services.approval.confer_awards import confer, free_number, seats_of_the_day
from app.services.approval.fix_proposed_list import changed_since, publicised
from app.services.approval.stand_again import stand_again, withdrawn_since
from app.services.days import not_in_future
from app.services.instruments.in_force import instruments, round_parameters, round_readings
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import Act, act
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.reviews.entrants import Entrant, applications_of, entrants, named
from app.services.rounds.read_rounds import locked
from app.store import approval as store
from app.store import awards
from app.store.publicity import candidates_of
from app.store.rounds import Round

_RESTS_ON = (
    "conditions_at_the_decree",
    "facts_of_the_day",
    "facts_on_a_stated_day",
    "day_of_the_decree",
    "reaward_and_revoked",
    "name_of_the_day",
    "plaque",
    "transitional_approval",
    "retroactive_extension",
    "names_as_printed",
    "lists_entered_before_an_earlier_decree",
)


@dataclass(frozen=True, slots=True)
class Papers:
    """What the decree's paper says beside its number and date, as far as it is stated."""

    issuer: str | None = None
    title: str | None = None
    addressees: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deferred:
    """A name that the decree leaves to a later one, and why."""

    candidate_id: UUID
    reason: str


async def issue_decree(
    context: WriteContext,
    *,
    round_id: UUID,
    number: str,
    dated: date,
    transitional_basis: str | None = None,
    papers: Papers,
    deferred: Sequence[Deferred] = (),
) -> store.Decree:
    """Record the decree: every award that a meeting of its day or before has approved and that is not `deferred` is
    conferred on its date, one that was given up on that day or later as well, and the round is concluded, awards or
    none, once nobody is left to a later one. Seats, exclusions, the conditions and Art. 33 are asked once more on that
    day, the conditions also on the day of recording where that is later; a name that fails is withdrawn first. The
    basis after a lapse is that of the approval where the decree brings none."""
    row = await locked(context, round_id)
    approvals = await store.approvals_of(context.session, row.id)
    made = await awards.of_round(context.session, row.id)
    by_day = _approved_by(dated, approvals, made)
    async with act(context, ROUND, row, _act_on(row, approvals, by_day, deferred), recorded="issue_decree") as doing:
        not_in_future(dated, context.today, "/dated")
        approval = existing(by_day.approval)
        await of_one_document(context.session, Document.DECREE, number, dated)
        told = _dated(row, number, dated, approval)
        basis = transitional_basis or approval.transitional_basis
        lawful = await _lawful(context, dated, basis)
        known = await entrants(context, row)
        left = await _left_to_a_later_one(context, row, deferred, dated, by_day)
        named_by_it = await _commended(context, row, made, by_day, left, known, dated)
        doing.hear(
            [
                *decider(role=context.actor.role, act="issue_decree"),
                *told,
                *_papers_findings(context, row, dated, papers),
                *deferrable(deferred=left.names, waiting=left.waiting, conferred=named_by_it.applicants),
                *await _nobody_waits(context, row, by_day, left.reasons),
                *await _objected(context, row, {item.candidate_id for item in named_by_it.conferred}, dated),
                *lawful,
                *left_by(seats_of_the_day(row, _holding(made, left), known, named_by_it.again), "withdraw_award"),
                *(found for item in named_by_it.names for found in _tested(named_by_it.runs, item)),
            ],
            vacuous=() if named_by_it.conferred else ELIGIBILITY,
        )
        named_by_it.runs.keep(context)
        if last := doing.name == "issue_decree":
            row.concluded_at = context.now
        found = store.Decree(
            created_at=context.now,
            round_id=row.id,
            part=len(await store.decrees_of(context.session, row.id)) + 1,
            number=number,
            dated=dated,
            transitional_basis=basis,
            retroactive_basis=reaching_back(lawful),
            warnings=[
                *(finding_record(finding) for finding in told if finding.facts.get("malformed")),
                *changed_since(named_by_it.runs, named_by_it.names),
                *_withdrawn_meanwhile(row, dated, by_day.given_up, left.reasons),
            ],
            deferred=left.lines,
            recorded_by=context.actor.known_id,
        )
        await _keep(context, found, papers)
        await _stand_again(context, row, named_by_it, made, known)
        await confer(context, row, found, told, named_by_it.conferred, known, named_by_it.runs, last=last)
        _tell(doing, row, found, named_by_it, deferred, by_day)
    # Of those that it left to a later one, none may be there any more.
    await conclude_if_decreed(context, row)
    return found


@dataclass(frozen=True, slots=True)
class _Commended:
    """Whom the decree commends: the awards, who stands behind each, the runs of the gate; those of them that stand
    `again`."""

    conferred: Sequence[awards.Award]
    again: Sequence[awards.Award]
    names: Sequence[Entrant]
    runs: DatedRuns

    @property
    def applicants(self) -> list[str]:
        return [item.applicant for item in self.names]


async def _commended(
    context: WriteContext,
    row: Round,
    made: Sequence[awards.Award],
    by_day: _ByDay,
    left: _Left,
    known: Mapping[UUID, Entrant],
    dated: date,
) -> _Commended:
    again = [item for item in by_day.given_up if item.candidate_id not in left.reasons]
    conferred = [
        item for item in made if item in again or (item in by_day.approved and item.candidate_id not in left.reasons)
    ]
    names = [known[award.application_id] for award in conferred]
    applications = await applications_of(context, names)
    runs = await run_gate_dated(context, row, applications, gate=Gate.DECREE, dated=dated)
    return _Commended(conferred, again, names, runs)


def _tell(
    doing: Act, row: Round, found: store.Decree, named: _Commended, deferred: Sequence[Deferred], by_day: _ByDay
) -> None:
    doing.rest_on(round_readings(row), *_RESTS_ON, *(["names_left_to_a_later_decree"] if deferred else []))
    doing.tell(issuer=found.issuer, addressees=found.addressees, published_on=found.published_on)
    doing.tell(number=found.number, dated=found.dated, awards=[item.id for item in named.conferred])
    doing.tell(transitional_basis=found.transitional_basis)
    doing.tell(retroactive_basis=found.retroactive_basis, deferred=found.deferred)
    if by_day.given_up:
        doing.rest_on(round_readings(row), "decree_entered_after_a_withdrawal")
        doing.tell(stand_again=[item.id for item in named.again])


@dataclass(frozen=True, slots=True)
class _ByDay:
    """What a decree of a day rests on, in whichever order meetings and decrees are entered: the last `approval` of a
    meeting of that day or before, or where there is none the first; the awards that await a decree and were approved by
    then, and those that were and have been given up on the day or later; the candidates on whom such a meeting has
    decided, and those whom a later one has approved."""

    approval: store.Approval | None
    approved: Sequence[awards.Award]
    given_up: Sequence[awards.Award]
    decided: AbstractSet[UUID]
    decided_since: AbstractSet[UUID]


def _approved_by(dated: date, approvals: Sequence[store.Approval], made: Sequence[awards.Award]) -> _ByDay:
    held = [item for item in approvals if begun(item.meeting_on, dated)]
    held = held or sorted(approvals, key=lambda item: item.meeting_on)[:1]
    ids = {item.id for item in held}
    own = [item for item in made if item.approval_id in ids]
    left_out = {UUID(str(line["candidate_id"])) for item in held for line in item.not_approved}
    return _ByDay(
        max(held, key=lambda item: (item.meeting_on, item.number), default=None),
        [item for item in own if item.state == AwardState.APPROVED],
        withdrawn_since(own, dated),
        left_out | {item.candidate_id for item in own},
        {item.candidate_id for item in made if item.approval_id not in ids},
    )


def _act_on(row: Round, approvals: Sequence[store.Approval], by_day: _ByDay, deferred: Sequence[Deferred]) -> str:
    """Which act of the round it is: the whole decree, unless it leaves somebody to a later one or is of an earlier day
    than what the round has come to since."""
    if row.state == RoundState.CONCLUDED and by_day.given_up:
        return "issue_decree_afterwards"
    return "issue_decree_in_part" if deferred or (row.state == RoundState.PROPOSED and approvals) else "issue_decree"


async def _lawful(context: ReadContext, dated: date, basis: str | None) -> list[Finding]:
    law = await instruments(context.session)
    return approval_in_force(day=dated, instruments=law, transitional_basis=basis)


async def _stand_again(
    context: WriteContext,
    row: Round,
    named: _Commended,
    made: Sequence[awards.Award],
    known: Mapping[UUID, Entrant],
) -> None:
    for award in named.again:
        entrant = known[award.application_id]
        lost = award.seat_category is None and not award.repeat_award
        number = await free_number(context, row, made, entrant.seat_category) if lost else None
        await stand_again(context, row, award, entrant, free_number=number)


def _dated(row: Round, number: str, dated: date, approval: store.Approval) -> list[Finding]:
    held_on = approval.meeting_on
    return decree_valid(number=number, decree_date=dated, meeting_date=held_on, readings=round_readings(row))


def _withdrawn_meanwhile(
    row: Round, dated: date, given_up: Sequence[awards.Award], left: Collection[UUID]
) -> list[FindingRecord]:
    """Who withdrew at its own wish on the decree's day or later, and was entered before it: commended all the same, or
    left out by the decree itself."""
    told = withdrawn_meanwhile(
        dated=dated,
        withdrawn={item.awarded_name: item.withdrawn_on for item in given_up if item.withdrawn_on is not None},
        left_out={item.awarded_name for item in given_up if item.candidate_id in left},
        readings=round_readings(row),
    )
    return [finding_record(finding) for finding in told]


def _tested(runs: DatedRuns, item: Entrant) -> list[Finding]:
    """The gate's findings on a name: one that fails is withdrawn, and the others are commended."""
    return left_by(named(runs.findings(item.row.id), item.applicant), "withdraw_award")


@dataclass(frozen=True, slots=True)
class _Left:
    """The names that the decree leaves to a later one: reason by candidate, as people read them, as the record tells
    them; `waiting`: those of them that something holds."""

    reasons: Mapping[UUID, str]
    names: Sequence[str]
    lines: list[dict[str, object]]
    waiting: Collection[str]


async def _left_to_a_later_one(
    context: WriteContext, row: Round, deferred: Sequence[Deferred], dated: date, by_day: _ByDay
) -> _Left:
    """What is deferred; `Invalid` for a candidate that no decree of that day could name. One that has been given up
    since can be left out as well: the decree itself says whom it names."""
    reasons = {item.candidate_id: item.reason for item in deferred}
    if not reasons:
        return _Left({}, (), [], ())
    listed = await publicised(context, row)
    waits = {
        item.candidate.id
        for item in listed
        if item.candidate.id not in by_day.decided and (item.standing or item.gone_since(dated))
    }
    given_up = {item.candidate_id for item in by_day.given_up}
    could = waits | given_up | {item.candidate_id for item in by_day.approved}
    open_to = {item.candidate.id: item for item in listed if item.candidate.id in could}
    text = Text("该组织不在待通报的名单上", "No decree of this round could name it")
    unknown = [
        FieldError(f"/deferred/{index}/candidate_id", FieldCode.NOT_FOUND, text)
        for index, item in enumerate(deferred)
        if item.candidate_id not in open_to
    ]
    if unknown:
        raise Invalid(text, errors=unknown)
    chosen = [open_to[key] for key in reasons]
    runs = await run_gate_dated(
        context, row, await applications_of(context, [item.entrant for item in chosen]), gate=Gate.DECREE, dated=dated
    )
    waiting = [
        item
        for item in chosen
        if item.contested_on(dated)
        or item.candidate.id in waits
        or obstacles(runs.findings(item.candidate.application_id))
    ]
    lines: list[dict[str, object]] = [
        dict(
            plain_object(
                {
                    "candidate_id": item.candidate.id,
                    "name": item.applicant.name,
                    "reason": reasons[item.candidate.id],
                }
            )
        )
        for item in waiting
    ]
    left = [item.applicant for item in chosen if item in waiting or item.candidate.id not in given_up]
    return _Left(reasons, left, lines, [item.applicant for item in waiting])


def _holding(made: Sequence[awards.Award], left: _Left) -> list[awards.Award]:
    """The awards whose seats count now (Art. 6): of one that is left to a later decree the seat that was approved is
    kept, and none that it would take since."""
    return [item for item in made if item.candidate_id not in left.reasons or item.seat_category is not None]


def _papers_findings(context: ReadContext, row: Round, dated: date, papers: Papers) -> list[Finding]:
    """Whether the paper says what the round asks; `Invalid` for a publication of a day to come."""
    if papers.published_on is not None:
        not_in_future(papers.published_on, context.today, "/published_on")
    recorded = decree_recorded(
        dated=dated,
        published_on=papers.published_on,
        given={item.name for item in fields(papers) if getattr(papers, item.name)},
        rules=read_rules(row.review_rules),
    )
    issued = decree_issued_by(
        issuer=papers.issuer,
        plain=simplified(papers.issuer or ""),
        county_code=round_parameters(row).county_code,
        readings=round_readings(row),
    )
    texts = [papers.title or "", *papers.addressees, *papers.copies_to, *papers.attachments]
    return [*recorded, *issued, *obstacles(published_without_fee(texts=texts))]


async def _keep(context: WriteContext, row: store.Decree, papers: Papers) -> None:
    row.issuer, row.title, row.published_on = papers.issuer, papers.title, papers.published_on
    row.addressees, row.copies_to = list(papers.addressees), list(papers.copies_to)
    row.attachments = list(papers.attachments)
    context.session.add(row)
    await context.session.flush()


async def decree_obstacles(context: ReadContext, row: Round) -> list[Finding]:
    """What stands between the approval and its decree of today: names on which nobody has decided, objections to
    approved ones that came in on paper and in time and were entered since."""
    by_day = _approved_by(
        context.today,
        await store.approvals_of(context.session, row.id),
        await awards.of_round(context.session, row.id),
    )
    told = await _nobody_waits(context, row, by_day, ())
    return [*told, *await _objected(context, row, {item.candidate_id for item in by_day.approved}, None)]


async def _nobody_waits(context: ReadContext, row: Round, by_day: _ByDay, without: Collection[UUID]) -> list[Finding]:
    """Whether a meeting had decided on every name of the list by the day of the decree, but for those that it leaves to
    a later one; what each of the others waits for."""
    proposed = {candidate.id for _, candidate in await store.proposed_of(context.session, row.id)}
    waiting = [
        item
        for item in await candidates_of(context.session, row.id)
        if item.state == CandidateState.LISTED and item.id not in by_day.decided and item.id not in without
    ]
    return nobody_waits(
        names=[item.published_name for item in waiting if item.id not in proposed],
        proposed=[item.published_name for item in waiting if item.id in proposed - by_day.decided_since],
        approved_since=[item.published_name for item in waiting if item.id in by_day.decided_since],
    )


async def _objected(
    context: ReadContext, row: Round, candidate_ids: Collection[UUID], dated: date | None
) -> list[Finding]:
    """The objections that hold these names. `dated`: the decree's day (None: today), on which every case of theirs is
    closed."""
    return [
        found
        for item in await publicised(context, row)
        if item.candidate.id in candidate_ids
        for found in open_objections_block(
            organisation=item.applicant, objections=item.objections, leaves_by="withdraw_award", day=dated
        )
    ]


@dataclass(frozen=True, slots=True)
class Decreed:
    """A decree with the awards that it conferred."""

    decree: store.Decree
    awards: Sequence[awards.Award]


async def read_decree(context: ReadContext, *, round_id: UUID) -> list[Decreed]:
    """The decrees of a round in their order, at least one; public, as they are."""
    found = await store.decrees_of(context.session, round_id)
    if not found:
        raise NotFound("尚未通报表彰", "There is no decree yet")
    made = await awards.of_round(context.session, round_id)
    return [Decreed(one, [item for item in made if item.decree_id == one.id]) for one in found]
