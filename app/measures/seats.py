"""Seats (Art. 6): two caps that never lend to each other, and vacancies that nothing fills."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.parameters import Parameters
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.sectors import Bucket


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """How many names on a list take a seat, by bucket. Repeated awards are not among them."""

    manufacturing: int
    other: int

    def taken(self, bucket: Bucket) -> int:
        return self.manufacturing if bucket is Bucket.MANUFACTURING else self.other


def seats_taken(winners: Iterable[tuple[Bucket, bool]]) -> SeatFacts:
    """Counted from pairs (bucket, takes a seat), see `prize.PrizeDecision.takes_seat`."""
    taking = [bucket for bucket, takes_seat in winners if takes_seat]
    return SeatFacts(taking.count(Bucket.MANUFACTURING), taking.count(Bucket.OTHER))


def cap(bucket: Bucket, parameters: Parameters) -> int:
    """The seats of a bucket in one round."""
    return parameters.seats_manufacturing if bucket is Bucket.MANUFACTURING else parameters.seats_other


@rule("art06.seats")
def seats_available(*, facts: SeatFacts, parameters: Parameters, readings: Readings) -> list[Finding]:
    """One finding per bucket: the list keeps its cap, be it of candidates, proposed names or awards (Art. 6)."""
    findings: list[Finding] = []
    for bucket in Bucket:
        taken, seats = facts.taken(bucket), cap(bucket, parameters)
        told = {
            "bucket": bucket.value,
            "taken": taken,
            "seats": seats,
            "reading": readings.cite("seats_at_candidate_list"),
        }
        if taken > seats:
            findings.append(fails("art06.seats", Reason.SEAT_CAP_EXCEEDED, **told))
        else:
            findings.append(passes("art06.seats", Reason.SEATS_KEPT, **told))
    return findings


@rule("art06.vacancy")
def vacancies(*, facts: SeatFacts, parameters: Parameters) -> list[Finding]:
    """What stays empty, per bucket (fact `vacant`). A valid decision, an empty list included: always a pass."""
    findings: list[Finding] = []
    for bucket in Bucket:
        vacant = max(0, cap(bucket, parameters) - facts.taken(bucket))
        findings.append(passes("art06.vacancy", Reason.SEATS_VACANT, bucket=bucket.value, vacant=vacant))
    return findings
