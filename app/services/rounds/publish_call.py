"""The published call (Art. 16): it opens the round and freezes what applies to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from urllib.parse import unquote
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.names import medium_key
from app.kernel.stored import read_rules
from app.measures.call import CallFacts, call_complete
from app.measures.fees import materials_without_fee, payments_explained, published_without_fee
from app.measures.findings import Finding
from app.measures.instruments import Instrument, Parameters, call_in_force, instrument_on
from app.measures.interpretations import Readings
from app.measures.interval import CycleFacts, round_may_open
from app.measures.review_rules import review_rules_complete
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ROUND
from app.services.instruments import in_force
from app.services.lifecycle import act
from app.services.rounds.read_rounds import locked
from app.store import notices
from app.store import rounds as store


@dataclass(frozen=True, slots=True)
class Call:
    """Where the call is published, how it is titled, and the last day for applications; by the code of a material that
    shows a payment, why it is no fee of the review."""

    channels: tuple[str, ...]
    deadline: date
    title: str
    url: str | None = None
    explained_payments: Mapping[str, str] = field(default_factory=dict)


async def publish_call(context: WriteContext, *, round_id: UUID, call: Call) -> store.Round:
    """Open the round: freeze parameters, readings and review rules; give it its ordinal and its numbered seats."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "publish_call") as doing:
        registered = await notices.registered_media(context.session)
        media = [item.name for item in registered if item.ended_on is None or item.ended_on >= context.today]
        told = call_complete(call=CallFacts(context.now, call.channels, call.deadline), media=media, key=medium_key)
        last = await store.last_concluded(context.session)
        found = instrument_on(context.today, await in_force.instruments(context.session))
        readings = await in_force.readings(context.session, context.today)
        free = [
            *published_without_fee(texts=_texts(row, call)),
            *payments_explained(rules=read_rules(row.review_rules), decided=call.explained_payments, readings=readings),
        ]
        doing.hear([*await call_obstacles(context, row), *told, *free])
        parameters = _freeze(row, found, readings)
        row.ordinal = (last.ordinal or 0) + 1 if last else 1
        row.called_at, row.deadline = context.now, call.deadline
        row.call = {"title": call.title, "channels": list(call.channels), "url": call.url}
        _make_seats(context, row, parameters)
        doing.rest_on(readings, "round_asks", "retroactive_extension")
        doing.tell(ordinal=row.ordinal, deadline=call.deadline, instrument=row.instrument_number)
        doing.tell(
            rules_hash=row.review_rules_hash, readings=row.readings, explained_payments=dict(call.explained_payments)
        )
    return row


def _texts(row: store.Round, call: Call) -> list[str]:
    """What the public reads of a round in its call, but for the materials, of which a rule of their own says more."""
    return [row.title, call.title, *call.channels, unquote(call.url or "")]


async def call_obstacles(context: ReadContext, row: store.Round) -> list[Finding]:
    """What the measures say of a call today, apart from its own text."""
    instruments = await in_force.instruments(context.session)
    last = await store.last_concluded(context.session)
    running = await store.running(context.session)
    found = instrument_on(context.today, instruments)
    in_force_now = call_in_force(day=context.today, instruments=instruments)
    if found is None or found.parameters is None:
        return in_force_now
    facts = CycleFacts(
        year=row.year,
        called_on=context.today,
        last_concluded_year=last.year if last else None,
        live_round=running.title if running and running.id != row.id else None,
    )
    readings = await in_force.readings(context.session, context.today)
    return [
        *in_force_now,
        *round_may_open(facts=facts, parameters=found.parameters, readings=readings),
        *review_rules_complete(rules=read_rules(row.review_rules)),
        *materials_without_fee(rules=read_rules(row.review_rules)),
    ]


def _freeze(row: store.Round, found: Instrument | None, readings: Readings) -> Parameters:
    if found is None or found.parameters is None:
        raise RuntimeError("a call passed without an instrument in force")
    row.instrument_number = found.number
    row.parameters = asdict(found.parameters)
    row.readings = {"values": dict(readings.values), "documents": dict(readings.documents)}
    return found.parameters


def _make_seats(context: WriteContext, row: store.Round, parameters: Parameters) -> None:
    caps: Sequence[tuple[SeatCategory, int]] = (
        (SeatCategory.MANUFACTURING, parameters.seats_manufacturing),
        (SeatCategory.OTHER, parameters.seats_other),
    )
    for seat_category, cap in caps:
        for number in range(1, cap + 1):
            context.session.add(store.RoundSeat(round_id=row.id, seat_category=seat_category, number=number))
