"""The proposed list (Art. 21): fixed after every name's own publicity, from publicised names that still qualify."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.measures.applicants import Applicant
from app.measures.eligibility import Gate
from app.measures.findings import Finding
from app.measures.organs import proposer
from app.measures.publicity import ObjectionRecord, Period, PublicisedEntry, proposed_allowed
from app.measures.seats import seats_available, vacancies
from app.measures.state_machines import ELIGIBILITY, ROUND
from app.services.applications.run_gate import Checked, keep_runs, run_gate
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import act
from app.services.notices.publish_notice import period_of
from app.services.reviews.entrants import Entrant, entrants, named, seats_of
from app.services.rounds.prepare_round import locked
from app.store import approval
from app.store import notices as notices_store
from app.store import objections as objections_store
from app.store import publicity as store
from app.store.applications import Application
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Publicised:
    """A name of the list with what has become of it: its period, the objections to it, who stands behind it."""

    candidate: store.Candidate
    entrant: Entrant
    period: Period | None
    objections: tuple[ObjectionRecord, ...]

    @property
    def applicant(self) -> Applicant:
        return self.entrant.applicant

    @property
    def standing(self) -> bool:
        return self.candidate.state == "listed" and self.entrant.standing


async def fix_proposed_list(context: WriteContext, *, round_id: UUID) -> Round:
    """Propose every name that is still on the list. Whoever cannot be proposed is refused here with all findings, and
    leaves the list by a recorded removal, never by silence."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "fix_proposed_list") as doing:
        listed = [item for item in await publicised(context, row) if item.candidate.state == "listed"]
        runs = await run_gate(context, row, _applications(listed), gate=Gate.PROPOSED, test_date=context.today)
        doing.hear(
            [*_list_findings(context, row, listed), *by_name(runs, listed)],
            vacuous=() if listed else ("art21.objections", *ELIGIBILITY),
        )
        keep_runs(context, runs)
        for item in listed:
            item.candidate.repeat_award = item.entrant.prize.repeat_award
            context.session.add(
                approval.ProposedEntry(
                    created_at=context.now, round_id=row.id, candidate_id=item.candidate.id, rank=item.candidate.rank
                )
            )
        doing.tell(candidates=[item.candidate.id for item in listed])
    return row


async def proposal_obstacles(context: ReadContext, row: Round) -> list[Finding]:
    """What stands between the list and its proposal now; nothing is stored."""
    listed = [item for item in await publicised(context, row) if item.candidate.state == "listed"]
    runs = await run_gate(context, row, _applications(listed), gate=Gate.PROPOSED, test_date=context.today)
    return [*_list_findings(context, row, listed), *by_name(runs, listed)]


def _list_findings(context: ReadContext, row: Round, listed: Sequence[Publicised]) -> list[Finding]:
    parameters, readings = round_parameters(row), round_readings(row)
    entries = [PublicisedEntry(item.applicant, item.period, item.objections, not item.standing) for item in listed]
    seats = seats_of(item.entrant for item in listed)
    return [
        *proposer(role=context.actor.role, act="fix_proposed_list"),
        *proposed_allowed(names=[item.applicant for item in listed], entries=entries, at=context.now),
        *seats_available(facts=seats, parameters=parameters, readings=readings),
        *vacancies(facts=seats, parameters=parameters),
    ]


async def publicised(context: ReadContext, row: Round) -> list[Publicised]:
    """Every name of the round's candidate list, the removed ones too; a bounded number of queries."""
    candidates = await store.candidates_of(context.session, row.id)
    notices = await notices_store.notices_by_id(context.session, {item.notice_id for item in candidates})
    known = await entrants(context, row)
    objections = _by_candidate(await objections_store.objections_of(context.session, row.id), candidates, known)
    return [
        Publicised(item, known[item.application_id], period_of(notices[item.notice_id]), tuple(objections[item.id]))
        for item in candidates
    ]


def by_name(runs: Mapping[UUID, Checked], names: Sequence[Publicised]) -> list[Finding]:
    """The gate's findings on all of these names, each refusal saying whom it is about."""
    return [finding for item in names for finding in named(runs[item.entrant.application.id].findings, item.applicant)]


def _applications(names: Sequence[Publicised]) -> list[Application]:
    return [item.entrant.application for item in names]


async def read_proposed(context: ReadContext, *, round_id: UUID) -> tuple[Round, list[store.Candidate]]:
    """The proposed list, once it is fixed."""
    row = await context.session.get(Round, round_id)
    if row is None or row.state not in ("proposed", "approved", "concluded"):
        raise NotFound("尚未确定拟奖名单", "There is no proposed list yet")
    return row, [candidate for _, candidate in await approval.proposed_of(context.session, round_id)]


def _by_candidate(
    rows: Iterable[objections_store.ObjectionLine], candidates: Sequence[store.Candidate], known: Mapping[UUID, Entrant]
) -> defaultdict[UUID, list[ObjectionRecord]]:
    of = {item.id: known[item.application_id].applicant for item in candidates}
    found: defaultdict[UUID, list[ObjectionRecord]] = defaultdict(list)
    for row in rows:
        found[row.candidate_id].append(
            ObjectionRecord(str(row.id), of[row.candidate_id], row.state, row.outcome_reason or "")
        )
    return found
