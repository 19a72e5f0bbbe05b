"""The government's decree of commendation (Art. 22): it confers the awards and concludes the round."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record, plain_object
from app.kernel.chinese import simplified
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
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
from app.measures.state_machines import ELIGIBILITY, ROUND, AwardState
from app.measures.text import Text
from app.services.applications.run_gate import DatedRuns, run_gate_dated
from app.services.approval.confer_awards import confer, seats_of_the_day
from app.services.approval.fix_proposed_list import changed_since, publicised, waiting_names
from app.services.days import not_in_future
from app.services.instruments.in_force import instruments, round_parameters, round_readings
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import act
from app.services.reviews.entrants import Entrant, applications_of, entrants, named
from app.services.rounds.read_rounds import locked
from app.store import approval as store
from app.store import awards
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
    """Record the decree: every approved award that is not `deferred` is conferred on its date, and the round is
    concluded, awards or none, once nobody is. Seats, exclusions, the conditions and Art. 33 are asked once more on that
    day, the conditions also on the day of recording where that is later; a name that fails is withdrawn first. The
    basis after a lapse is that of the approval where the decree brings none."""
    row = await locked(context, round_id)
    async with act(
        context, ROUND, row, "issue_decree_in_part" if deferred else "issue_decree", recorded="issue_decree"
    ) as doing:
        not_in_future(dated, context.today, "/dated")
        approval = await _approval_before(context, row, number, dated)
        told = decree_valid(
            number=number, decree_date=dated, meeting_date=approval.meeting_on, readings=round_readings(row)
        )
        basis = transitional_basis or approval.transitional_basis
        lawful = approval_in_force(day=dated, instruments=await instruments(context.session), transitional_basis=basis)
        known = await entrants(context, row)
        left = await _left_to_a_later_one(context, row, deferred, dated)
        made = await awards.of_round(context.session, row.id)
        conferred = [
            item for item in made if item.state == AwardState.APPROVED and item.candidate_id not in left.reasons
        ]
        names = [known[award.application_id] for award in conferred]
        applications = await applications_of(context, names)
        runs = await run_gate_dated(context, row, applications, gate=Gate.DECREE, dated=dated)
        doing.hear(
            [
                *decider(role=context.actor.role, act="issue_decree"),
                *told,
                *_papers_findings(context, row, dated, papers),
                *deferrable(deferred=left.names, waiting=left.waiting, conferred=[item.applicant for item in names]),
                *await decree_obstacles(context, row, without=left.reasons, dated=dated),
                *lawful,
                *left_by(seats_of_the_day(row, _holding(made, left), known), "withdraw_award"),
                *(found for item in names for found in _tested(runs, item)),
            ],
            vacuous=() if conferred else ELIGIBILITY,
        )
        runs.keep(context)
        if not deferred:
            row.concluded_at = context.now
        found = store.Decree(
            created_at=context.now,
            round_id=row.id,
            part=len(await store.decrees_of(context.session, row.id)) + 1,
            number=number,
            dated=dated,
            transitional_basis=basis,
            retroactive_basis=reaching_back(lawful),
            warnings=[*_malformed(told), *changed_since(runs, names), *_withdrawn_since(row, dated, made)],
            deferred=left.lines,
            recorded_by=context.actor.known_id,
        )
        await _keep(context, found, papers)
        await confer(context, row, found, told, conferred, known, runs, last=not deferred)
        doing.rest_on(round_readings(row), *_RESTS_ON, *(["names_left_to_a_later_decree"] if deferred else []))
        doing.tell(issuer=papers.issuer, addressees=papers.addressees, published_on=papers.published_on)
        doing.tell(number=number, dated=dated, awards=[item.id for item in conferred], transitional_basis=basis)
        doing.tell(retroactive_basis=found.retroactive_basis, deferred=found.deferred)
    return found


async def _approval_before(context: WriteContext, row: Round, number: str, dated: date) -> store.Approval:
    """The last approval, on which the decree rests; `Collision` where its number is another document's."""
    await of_one_document(context.session, Document.DECREE, number, dated)
    approvals = await store.approvals_of(context.session, row.id)
    if not approvals:
        raise RuntimeError("a round was approved without an approval")
    return approvals[-1]


def _malformed(told: Sequence[Finding]) -> list[FindingRecord]:
    return [finding_record(finding) for finding in told if finding.facts.get("malformed")]


def _withdrawn_since(row: Round, dated: date, made: Sequence[awards.Award]) -> list[FindingRecord]:
    """Who withdrew at its own wish on the decree's day or later, and is not on it only since that was entered first."""
    withdrawn = {
        item.awarded_name: item.withdrawn_on
        for item in made
        if item.withdrawn_on is not None and item.withdrawn_ground is None
    }
    told = withdrawn_meanwhile(dated=dated, withdrawn=withdrawn, readings=round_readings(row))
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


async def _left_to_a_later_one(context: WriteContext, row: Round, deferred: Sequence[Deferred], dated: date) -> _Left:
    """What is deferred; `Invalid` for a candidate that no decree of the round could name."""
    reasons = {item.candidate_id: item.reason for item in deferred}
    if not reasons:
        return _Left({}, (), [], ())
    approved = await _approved(context, row)
    waits = {item.id for item in await waiting_names(context, row)}
    open_to = {
        item.candidate.id: item
        for item in await publicised(context, row)
        if item.candidate.id in approved or item.candidate.id in waits
    }
    text = Text("该组织不在待通报的名单上", "No decree of this round could name it")
    unknown = [
        FieldError(f"/deferred/{index}/candidate_id", FieldCode.NOT_FOUND, text)
        for index, item in enumerate(deferred)
        if item.candidate_id not in open_to
    ]
    if unknown:
        raise Invalid(text, errors=unknown)
    chosen = [open_to[key] for key in reasons]
    lines: list[dict[str, object]] = [
        dict(plain_object({"candidate_id": item.candidate.id, "name": item.applicant.name, "reason": reasons[key]}))
        for key, item in zip(reasons, chosen, strict=True)
    ]
    runs = await run_gate_dated(
        context, row, await applications_of(context, [item.entrant for item in chosen]), gate=Gate.DECREE, dated=dated
    )
    waiting = [
        item.applicant
        for item in chosen
        if item.contested_on(dated)
        or item.candidate.id in waits
        or obstacles(runs.findings(item.candidate.application_id))
    ]
    return _Left(reasons, [item.applicant for item in chosen], lines, waiting)


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


async def decree_obstacles(
    context: ReadContext, row: Round, without: Collection[UUID] = (), dated: date | None = None
) -> list[Finding]:
    """What stands between the approval and its decree now, but for the candidates that it goes `without`: names on
    which nobody has decided, objections to approved ones that came in on paper and in time and were entered since.
    `dated`: the decree's day (None: today), on which every case of theirs is closed."""
    waiting = [item for item in await waiting_names(context, row) if item.id not in without]
    told = nobody_waits(names=[item.published_name for item in waiting])
    approved = await _approved(context, row) - set(without)
    for item in await publicised(context, row):
        if item.candidate.id in approved:
            told += open_objections_block(
                organisation=item.applicant, objections=item.objections, leaves_by="withdraw_award", day=dated
            )
    return told


async def _approved(context: ReadContext, row: Round) -> set[UUID]:
    """The candidates whose awards are approved and await a decree."""
    made = await awards.of_round(context.session, row.id)
    return {item.candidate_id for item in made if item.state == AwardState.APPROVED}


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
