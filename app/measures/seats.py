"""Seats (Art. 6): two caps that never lend to each other, and vacancies that nothing fills."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.sectors import SeatCategory


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """How many names on a list take a seat, by seat category. Repeat awards are not among them."""

    manufacturing: int
    other: int

    def taken(self, seat_category: SeatCategory) -> int:
        """How many of this seat category are taken (Art. 6)."""
        return self.manufacturing if seat_category is SeatCategory.MANUFACTURING else self.other


def seats_taken(winners: Iterable[tuple[SeatCategory, bool]]) -> SeatFacts:
    """Counted from pairs (seat_category, takes a seat), see `prize.PrizeDecision.takes_seat`."""
    taking = [seat_category for seat_category, takes_seat in winners if takes_seat]
    return SeatFacts(taking.count(SeatCategory.MANUFACTURING), taking.count(SeatCategory.OTHER))


def cap(seat_category: SeatCategory, parameters: Parameters) -> int:
    """The seats of a seat category in one round (Art. 6)."""
    return parameters.seats_manufacturing if seat_category is SeatCategory.MANUFACTURING else parameters.seats_other


@rule("art06.seats")
def seats_available(*, facts: SeatFacts, parameters: Parameters, readings: Readings) -> list[Finding]:
    """One finding per seat category: the list keeps its cap, be it of candidates, proposed names or awards (Art. 6)."""
    findings: list[Finding] = []
    for seat_category in SeatCategory:
        taken, seats = facts.taken(seat_category), cap(seat_category, parameters)
        told = {
            "seat_category": seat_category.value,
            "taken": taken,
            "seats": seats,
            "reading": readings.cite("seats_at_candidate_list"),
        }
        if taken > seats:
            findings.append(fails("art06.seats", Reason.SEAT_CAP_EXCEEDED, **told))
        else:
            findings.append(passes("art06.seats", Reason.SEATS_KEPT, **told))
    return findings


def seat_free_since(
    *, held: Iterable[tuple[datetime, datetime | None]], seat_category: SeatCategory, parameters: Parameters
) -> datetime | None:
    """The instant from which a seat of the category has been free for one name more (Art. 6); None where it always
    was, or where none is free. `held`: from when to when (aware, None: still) each name of the list has had a seat of
    it."""
    spans = list(held)
    changes = sorted({instant for span in spans for instant in span if instant is not None})
    seats, since, free = cap(seat_category, parameters), None, True
    for instant in changes:
        taken = sum(1 for start, end in spans if start <= instant and (end is None or end > instant))
        if taken >= seats:
            since, free = None, False
        elif not free:
            since, free = instant, True
    return since


@rule("art06.vacancy")
def vacancies(*, facts: SeatFacts, parameters: Parameters) -> list[Finding]:
    """What stays empty, per seat category (fact `vacant`). A valid decision, an empty list included: always a pass
    (Art. 6)."""
    findings: list[Finding] = []
    for seat_category in SeatCategory:
        vacant = max(0, cap(seat_category, parameters) - facts.taken(seat_category))
        findings.append(passes("art06.vacancy", Reason.SEATS_VACANT, seat_category=seat_category.value, vacant=vacant))
    return findings
