"""Reading the candidate list: public from its publication on (Art. 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.context import ReadContext
from app.errors import NotFound
from app.measures.lives import ROUND
from app.measures.parameters import Parameters
from app.measures.roles import Role
from app.measures.seats import SeatFacts, cap
from app.measures.sectors import Bucket
from app.services.law.in_force import round_parameters
from app.services.lifecycle import AvailableAction, available_actions
from app.services.publicity.propose import proposal_obstacles
from app.store import publicity as store
from app.store import rounds

_BEFORE = frozenset({"draft", "called", "qualified", "onsite", "evaluated", "deliberated"})
_ACTS = frozenset({"add_candidate", "correct_candidate", "remove_candidate", "fix_proposed_list"})


@dataclass(frozen=True, slots=True)
class CandidateList:
    """A round's list: its names, the notices that carry them as they stand, and the seats that nobody takes."""

    row: rounds.Round
    candidates: Sequence[store.Candidate]
    notices: Mapping[UUID, store.Notice]
    vacancies: Mapping[str, int]


async def read_candidates(context: ReadContext, *, round_id: UUID) -> CandidateList:
    """The candidate list; `NotFound` before its publication."""
    row = await rounds.get(context.session, round_id)
    if row is None or row.state in _BEFORE:
        raise NotFound("尚未公示候选名单", "The candidates are not published yet")
    return await candidate_list(context, row)


async def candidate_list(context: ReadContext, row: rounds.Round) -> CandidateList:
    """The list of a round at hand."""
    candidates = await store.candidates_of(context.session, row.id)
    if row.state == "cancelled" and not candidates:
        raise NotFound("尚未公示候选名单", "The candidates are not published yet")
    notices = await store.notices_by_id(context.session, {item.notice_id for item in candidates})
    return CandidateList(row, candidates, notices, vacant(candidates, round_parameters(row)))


async def list_actions(context: ReadContext, row: rounds.Round) -> list[AvailableAction]:
    """What the caller may do with the list now; for its proposal, everything that stands in the way."""
    findings = {}
    if row.state == "publicity" and context.actor.role is Role.OFFICE:
        findings["fix_proposed_list"] = await proposal_obstacles(context, row)
    return [item for item in available_actions(context, ROUND, row, findings) if item.act in _ACTS]


def vacant(candidates: Sequence[store.Candidate], parameters: Parameters) -> dict[str, int]:
    """Seats by bucket that no listed name takes (Art. 6)."""
    taking = [Bucket(item.bucket) for item in candidates if item.state == "listed" and not item.repeated]
    facts = SeatFacts(taking.count(Bucket.MANUFACTURING), taking.count(Bucket.OTHER))
    return {bucket.value: cap(bucket, parameters) - facts.taken(bucket) for bucket in Bucket}
