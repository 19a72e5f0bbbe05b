"""What a decree does to each award (Arts. 6, 8, 22, 23): it is what the facts of the day make it, first or repeat, with
a seat or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.findings import Finding
from app.measures.organs import decider
from app.measures.seats import cap, seats_available, seats_taken
from app.measures.sectors import SeatCategory
from app.measures.state_machines import AWARD, AwardState
from app.measures.validity import AwardFacts, last_valid_day
from app.services.applications.run_gate import DatedRuns
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import one_of_many
from app.services.organisations.names import names_of_the_day
from app.services.publicity.candidates import close_names
from app.services.reviews.entrants import Entrant
from app.store import approval as store
from app.store import awards
from app.store.rounds import Round

_CONFERRED = (AwardState.CONFERRED, AwardState.REVOKED)


def seats_of_the_day(
    row: Round, made: Sequence[awards.Award], known: Mapping[UUID, Entrant], again: Sequence[awards.Award] = ()
) -> list[Finding]:
    """Whether the round's awards keep its seats (Art. 6): one that has been conferred holds its own; of one that is to
    be, the facts of today say whether it takes one. A withdrawn one holds none, but for those that stand `again`."""
    taken = [
        (SeatCategory(item.seat_category), True)
        for item in made
        if item.state in _CONFERRED and item.seat_category is not None
    ]
    coming = [known[item.application_id] for item in made if item.state == AwardState.APPROVED or item in again]
    taken += [(item.seat_category, item.prize.takes_seat) for item in coming]
    return seats_available(facts=seats_taken(taken), parameters=round_parameters(row), readings=round_readings(row))


async def confer(
    context: WriteContext,
    row: Round,
    decree: store.Decree,
    told: Sequence[Finding],
    conferred: Sequence[awards.Award],
    known: Mapping[UUID, Entrant],
    runs: DatedRuns,
    *,
    last: bool,
) -> None:
    """Certificate to all, plaque to first winners only (Art. 6, 8); validity from the decree's date (Art. 23). `last`:
    no other decree of the round follows, and its candidate list is closed."""
    made = await awards.of_round(context.session, row.id)
    before = sum(1 for item in made if item.state in _CONFERRED)
    await _as_of_today(context, row, made, conferred, known)
    names = await names_of_the_day(context.session, row.id, [award.organisation_id for award in conferred])
    for number, award in enumerate(conferred, before + 1):
        prize = known[award.application_id].prize
        with one_of_many(context, AWARD, award, "confer") as doing:
            doing.hear([*decider(role=context.actor.role, act="confer"), *prize.findings, *told])
            name = names[award.organisation_id]
            award.awarded_name, award.former_names = name.legal, list(name.former)
            award.decreed_name = name.printed()
            award.operating = runs.operating(award.application_id)
            award.decree_id, award.conferred_on, award.certificate_issued_on = decree.id, decree.dated, decree.dated
            award.valid_until = last_valid_day(
                award=AwardFacts(award.awarded_name, decree.dated, award.award_year), parameters=round_parameters(row)
            )
            award.certificate_number = f"HCDH-{award.award_year}-{number:02d}"
            award.plaque_number = f"HCDH-{award.award_year}-P{number:02d}" if award.first_award else None
            doing.tell(decree=decree.number, certificate=award.certificate_number)
            doing.tell(valid_until=award.valid_until, prize_fen=award.prize_fen, seat_number=award.seat_number)
    await context.session.flush()
    if last:
        await close_names(context, row)


async def _as_of_today(
    context: WriteContext,
    row: Round,
    made: Sequence[awards.Award],
    conferred: Sequence[awards.Award],
    known: Mapping[UUID, Entrant],
) -> None:
    """First or repeat, prize and seat, as the facts of today have them and not those of the approval (Art. 6, 8): a
    successor link may have shown an earlier award, a revocation may have taken the last one away. Those that take no
    seat any more give theirs up before others are given one."""
    rising = []
    for award in conferred:
        prize = known[award.application_id].prize
        award.first_award, award.prize_fen = prize.first, prize.prize_fen
        if prize.repeat_award:
            award.repeat_award, award.seat_category, award.seat_number = True, None, None
        elif award.repeat_award:
            rising.append(award)
    await context.session.flush()
    for award in rising:
        category = known[award.application_id].seat_category
        number = await free_number(context, row, made, category)
        award.repeat_award, award.seat_category, award.seat_number = False, category, number
        await context.session.flush()


async def free_number(context: WriteContext, row: Round, made: Sequence[awards.Award], category: SeatCategory) -> int:
    """The lowest number of the category that no award bears; where there is none, that of a withdrawn one, which holds
    no seat and gives it up. That a seat is free has been asked."""
    holders = {
        item.seat_number: item for item in made if item.seat_category == category and item.seat_number is not None
    }
    for number in range(1, cap(category, round_parameters(row)) + 1):
        if number not in holders:
            return number
    number, withdrawn = next((key, item) for key, item in holders.items() if item.state == AwardState.WITHDRAWN)
    withdrawn.seat_category = withdrawn.seat_number = None
    await context.session.flush()
    return number
