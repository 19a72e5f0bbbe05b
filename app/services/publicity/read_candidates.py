"""Reading the candidate list: public from its publication on (Art. 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound
from app.measures.instruments import Parameters
from app.measures.seats import SeatFacts, cap
from app.measures.sectors import SeatCategory
from app.measures.state_machines import CandidateState, RoundState
from app.services.instruments.in_force import round_parameters
from app.store import notices as notices_store
from app.store import publicity as store
from app.store import rounds

# Before them a round has no list that anybody may see.
BEFORE_PUBLICATION = frozenset(
    {
        RoundState.DRAFT,
        RoundState.CALLED,
        RoundState.QUALIFIED,
        RoundState.ONSITE,
        RoundState.EVALUATED,
        RoundState.DELIBERATED,
    }
)


@dataclass(frozen=True, slots=True)
class CandidateList:
    """A round's list: its names, the notices that carry them as they stand, and the seats that nobody takes."""

    row: rounds.Round
    candidates: Sequence[store.Candidate]
    notices: Mapping[UUID, notices_store.Notice]
    vacancies: Mapping[str, int]


async def read_candidates(context: ReadContext, *, round_id: UUID) -> CandidateList:
    """The candidate list; `NotFound` before its publication."""
    row = await rounds.get(context.session, round_id)
    if row is None or row.state in BEFORE_PUBLICATION:
        raise NotFound("尚未公示候选名单", "The candidates are not published yet")
    return await candidate_list(context, row)


async def candidate_list(context: ReadContext, row: rounds.Round) -> CandidateList:
    """The list of a round at hand."""
    candidates = await store.candidates_of(context.session, row.id)
    if row.state == RoundState.CANCELLED and not candidates:
        raise NotFound("尚未公示候选名单", "The candidates are not published yet")
    notices = await notices_store.notices_by_id(context.session, {item.notice_id for item in candidates})
    return CandidateList(row, candidates, notices, vacant(candidates, round_parameters(row)))


class Named(Protocol):
    """What of a listed name takes a seat or does not."""

    @property
    def seat_category(self) -> SeatCategory: ...

    @property
    def state(self) -> CandidateState: ...

    @property
    def repeat_award(self) -> bool: ...


def vacant(candidates: Sequence[Named], parameters: Parameters) -> dict[str, int]:
    """Seats by seat category that no listed name takes (Art. 6)."""
    taking = [
        SeatCategory(item.seat_category)
        for item in candidates
        if item.state == CandidateState.LISTED and not item.repeat_award
    ]
    facts = SeatFacts(taking.count(SeatCategory.MANUFACTURING), taking.count(SeatCategory.OTHER))
    return {
        seat_category.value: cap(seat_category, parameters) - facts.taken(seat_category)
        for seat_category in SeatCategory
    }
