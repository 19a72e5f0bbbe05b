"""The government's decree of commendation (Art. 22): it confers the awards and concludes the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, existing
from app.kernel.stored import read_rules
from app.measures.approval import decree_valid, nobody_waits
from app.measures.decree import decree_recorded
from app.measures.eligibility import Gate
from app.measures.findings import Finding
from app.measures.instruments import approval_in_force, reaching_back
from app.measures.objections import open_objections_block
from app.measures.organs import decider
from app.measures.prize import PrizeDecision
from app.measures.seats import seats_available, seats_taken
from app.measures.state_machines import AWARD, ELIGIBILITY, ROUND, AwardState
from app.measures.text import Text
from app.measures.validity import AwardFacts, last_valid_day
from app.services.applications.run_gate import DatedRuns, run_gate_dated
from app.services.approval.fix_proposed_list import publicised, waiting_names
from app.services.days import not_in_future
from app.services.instruments.in_force import instruments, round_parameters, round_readings
from app.services.lifecycle import act, one_of_many
from app.services.organisations.names import names_of_the_day
from app.services.reviews.entrants import Entrant, applications_of, entrants, named
from app.services.rounds.prepare_round import locked
from app.store import approval as store
from app.store import awards
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Papers:
    """What the decree's paper says beside its number and date, as far as it is stated."""

    issuer: str | None = None
    title: str | None = None
    addressees: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    published_on: date | None = None


async def issue_decree(
    context: WriteContext,
    *,
    round_id: UUID,
    number: str,
    dated: date,
    transitional_basis: str | None = None,
    papers: Papers,
) -> store.Decree:
    """Record the decree: every approved award is conferred on its date, the round is concluded, awards or none. Seats,
    exclusions, the conditions and Art. 33 are asked once more on that day, the conditions also on the day of recording
    where that is later; a name that fails is withdrawn first. The basis after a lapse is that of the approval where the
    decree brings none."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "issue_decree") as doing:
        not_in_future(dated, context.today, "/dated")
        if await store.decree_by_number(context.session, number) is not None:
            text = Text("该文号已登记", "A decree with this number is recorded already")
            raise Collision(text, code=ProblemCode.NUMBER_TAKEN)
        approvals = await store.approvals_of(context.session, round_id)
        if not approvals:
            raise RuntimeError("a round was approved without an approval")
        told = decree_valid(
            number=number, decree_date=dated, meeting_date=approvals[-1].meeting_on, readings=round_readings(row)
        )
        basis = transitional_basis or approvals[-1].transitional_basis
        lawful = approval_in_force(day=dated, instruments=await instruments(context.session), transitional_basis=basis)
        known = await entrants(context, row)
        waiting = [item for item in await awards.of_round(context.session, row.id) if item.state == AwardState.APPROVED]
        names = [known[award.application_id] for award in waiting]
        applications = await applications_of(context, names)
        runs = await run_gate_dated(context, row, applications, gate=Gate.DECREE, dated=dated)
        doing.hear(
            [
                *decider(role=context.actor.role, act="issue_decree"),
                *told,
                *_papers_findings(context, row, dated, papers),
                *await decree_obstacles(context, row),
                *lawful,
                *seats_available(
                    facts=seats_taken(
                        (known[award.application_id].seat_category, _seated(award, known)) for award in waiting
                    ),
                    parameters=round_parameters(row),
                    readings=round_readings(row),
                ),
                *(found for item in names for found in named(runs.findings(item.row.id), item.applicant)),
            ],
            vacuous=() if waiting else ELIGIBILITY,
        )
        runs.keep(context)
        row.concluded_at = context.now
        found = store.Decree(
            created_at=context.now,
            round_id=row.id,
            number=number,
            dated=dated,
            transitional_basis=basis,
            retroactive_basis=reaching_back(lawful),
            warnings=[finding_record(finding) for finding in told if finding.facts.get("malformed")],
            recorded_by=context.actor.known_id,
        )
        _write(found, papers)
        context.session.add(found)
        await context.session.flush()
        await _confer(context, row, found, told, waiting, known, runs)
        doing.tell(issuer=papers.issuer, addressees=papers.addressees, published_on=papers.published_on)
        doing.tell(number=number, dated=dated, awards=[item.id for item in waiting], transitional_basis=basis)
        doing.tell(retroactive_basis=found.retroactive_basis)
    return found


def _papers_findings(context: ReadContext, row: Round, dated: date, papers: Papers) -> list[Finding]:
    """Whether the paper says what the round asks; `Invalid` for a publication of a day to come."""
    if papers.published_on is not None:
        not_in_future(papers.published_on, context.today, "/published_on")
    return decree_recorded(
        dated=dated,
        published_on=papers.published_on,
        given={item.name for item in fields(papers) if getattr(papers, item.name)},
        rules=read_rules(row.review_rules),
    )


def _write(row: store.Decree, papers: Papers) -> None:
    row.issuer, row.title, row.published_on = papers.issuer, papers.title, papers.published_on
    row.addressees, row.copies_to = list(papers.addressees), list(papers.copies_to)
    row.attachments = list(papers.attachments)


async def decree_obstacles(context: ReadContext, row: Round) -> list[Finding]:
    """What stands between the approval and its decree now: names on which nobody has decided, objections to approved
    ones that came in on paper and in time and were entered since."""
    told = nobody_waits(names=[item.published_name for item in await waiting_names(context, row)])
    approved = {
        item.candidate_id
        for item in await awards.of_round(context.session, row.id)
        if item.state == AwardState.APPROVED
    }
    for item in await publicised(context, row):
        if item.candidate.id in approved:
            told += open_objections_block(organisation=item.applicant, objections=item.objections)
    return told


async def read_decree(context: ReadContext, *, round_id: UUID) -> tuple[store.Decree, Sequence[awards.Award]]:
    """The decree of a round with the awards that it conferred; public, as the decree is."""
    found = existing(await store.decree_of(context.session, round_id), "尚未通报表彰", "There is no decree yet")
    made = await awards.of_round(context.session, round_id)
    return found, [item for item in made if item.decree_id == found.id]


async def _confer(
    context: WriteContext,
    row: Round,
    decree: store.Decree,
    told: Sequence[Finding],
    waiting: Sequence[awards.Award],
    known: Mapping[UUID, Entrant],
    runs: DatedRuns,
) -> None:
    """Certificate to all, plaque to first winners only (Art. 6, 8); validity from the decree's date (Art. 23)."""
    names = await names_of_the_day(context.session, row.id, [award.organisation_id for award in waiting])
    for number, award in enumerate(waiting, 1):
        prize = known[award.application_id].prize
        with one_of_many(context, AWARD, award, "confer") as doing:
            doing.hear([*decider(role=context.actor.role, act="confer"), *prize.findings, *told])
            _as_of_today(award, prize)
            name = names[award.organisation_id]
            award.awarded_name, award.former_names = name.legal, list(name.former)
            award.operating = runs.operating(award.application_id)
            award.decree_id, award.conferred_on, award.certificate_issued_on = decree.id, decree.dated, decree.dated
            award.valid_until = last_valid_day(
                award=AwardFacts(award.awarded_name, decree.dated, award.award_year), parameters=round_parameters(row)
            )
            award.certificate_number = f"HCDH-{award.award_year}-{number:02d}"
            award.plaque_number = f"HCDH-{award.award_year}-P{number:02d}" if award.first_award else None
            doing.tell(decree=decree.number, certificate=award.certificate_number)
            doing.tell(valid_until=award.valid_until, prize_fen=award.prize_fen)
    await context.session.flush()


def _seated(award: awards.Award, known: Mapping[UUID, Entrant]) -> bool:
    """Whether the award will take a seat: as approved, unless an earlier award has come to light since (Art. 6)."""
    return award.seat_number is not None and known[award.application_id].prize.takes_seat


def _as_of_today(award: awards.Award, prize: PrizeDecision) -> None:
    """A successor link recorded since the approval may show an earlier award (Art. 6, 8). It takes away what was due to
    a first winner, and gives nothing that was not approved."""
    if award.first_award and not prize.first:
        award.first_award, award.prize_fen = False, 0
    if prize.repeat_award and not award.repeat_award:
        award.repeat_award, award.seat_category, award.seat_number = True, None, None
