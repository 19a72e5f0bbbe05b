"""The proposed list (Art. 21): fixed after every name's own publicity, from publicised names that still qualify."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.audit import finding_record
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.measures.applicants import Applicant
from app.measures.conferral import stood_when_withdrawn
from app.measures.eligibility import Gate
from app.measures.findings import Finding, FindingRecord, left_by, obstacles
from app.measures.objections import ObjectionClass, ObjectionLack, ObjectionRecord, open_objections_block
from app.measures.organs import proposer
from app.measures.proposed import PublicisedEntry, period_over, proposed_allowed
from app.measures.publicity import Period
from app.measures.seats import seats_available, vacancies
from app.measures.state_machines import ELIGIBILITY, ROUND, CandidateState, RoundState
from app.services.applications.run_gate import Checked, DatedRuns, keep_runs, run_gate
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import act, out_of_order
from app.services.notices.publish_notice import period_of
from app.services.reviews.entrants import Entrant, applications_of, entrants, named, seats_of, told_of
from app.services.rounds.read_rounds import locked
from app.store import approval
from app.store import notices as notices_store
from app.store import objections as objections_store
from app.store import publicity as store
from app.store.applications import Application
from app.store.rounds import Round

FIXED_STATES = (RoundState.PROPOSED, RoundState.APPROVED, RoundState.CONCLUDED)


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
    def contested(self) -> bool:
        """An objection to it is not closed yet: it waits, and the others go on."""
        return any(item.holds for item in self.objections)

    def contested_on(self, day: date) -> bool:
        """The same on the day of a meeting or a decree, which may lie back: one that was closed since was open then."""
        return self.contested or any(item.ended_after(day) for item in self.objections)

    @property
    def entry(self) -> PublicisedEntry:
        """The name as the rules on the proposed list know it."""
        return PublicisedEntry(self.applicant, self.period, self.objections, not self.standing)

    @property
    def standing(self) -> bool:
        return self.candidate.state == CandidateState.LISTED and self.entrant.standing

    def stood_on(self, day: date) -> bool:
        """The same on the day of a meeting or a decree, which may lie back: one that withdrew at its own wish on that
        day or later stood on it (Art. 3)."""
        left_on = self.candidate.withdrawn_on
        return self.standing or (left_on is not None and stood_when_withdrawn(dated=day, withdrawn_on=left_on))

    def gone_since(self, day: date) -> bool:
        """Whether it has left the list, by whatever act, and stood on it on that day."""
        left_on = self.candidate.withdrawn_on
        if left_on is None and self.candidate.removed_at is not None:
            left_on = shanghai_day(self.candidate.removed_at)
        return not self.standing and left_on is not None and stood_when_withdrawn(dated=day, withdrawn_on=left_on)


async def fix_proposed_list(context: WriteContext, *, round_id: UUID) -> Round:
    """Propose every name that is still on the list. One that is still in its own period, with an open objection, or
    with a condition that is open or fails today, waits: it is proposed by the same act when that is over, decided or
    cured, or leaves the list by a recorded removal, never by silence. Where nobody can be proposed the act is refused
    with all findings."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "fix_proposed_list") as doing:
        listed = await _listed(context, row)
        left = await _not_proposed(context, row, listed)
        if row.state != RoundState.PUBLICITY and not left:
            raise out_of_order(ROUND, row, "fix_proposed_list", wanted=["publicity"])
        chosen, runs = await _to_propose(context, row, left)
        doing.hear(
            [*_list_findings(context, row, listed, chosen), *by_name(runs, chosen)],
            vacuous=() if chosen else ("art21.objections", *ELIGIBILITY),
        )
        keep_runs(context, runs)
        turned = [item for item in chosen if item.candidate.repeat_award != item.entrant.prize.repeat_award]
        for item in chosen:
            item.candidate.repeat_award = item.entrant.prize.repeat_award
            context.session.add(
                approval.ProposedEntry(
                    created_at=context.now, round_id=row.id, candidate_id=item.candidate.id, rank=item.candidate.rank
                )
            )
        doing.rest_on(round_readings(row), "facts_of_the_day", "letters_without_scan")
        doing.tell(candidates=[item.candidate.id for item in chosen])
        if turned:
            # First or repeat otherwise than it was published (Art. 6): as it is from now on.
            doing.tell(turned={str(item.candidate.id): item.candidate.repeat_award for item in turned})
    return row


async def proposal_obstacles(context: ReadContext, row: Round) -> list[Finding]:
    """What stands between the list and its proposal now; nothing is stored."""
    listed = await _listed(context, row)
    chosen, runs = await _to_propose(context, row, await _not_proposed(context, row, listed))
    return [*_list_findings(context, row, listed, chosen), *by_name(runs, chosen)]


async def waiting_names(context: ReadContext, row: Round) -> list[store.Candidate]:
    """The names that are listed and not proposed although the list was fixed: their period, an objection or a condition
    holds them, or did until now. None before the list was fixed."""
    if row.state not in FIXED_STATES:
        return []
    proposed = {candidate.id for _, candidate in await approval.proposed_of(context.session, row.id)}
    listed = await store.candidates_of(context.session, row.id)
    return [item for item in listed if item.state == CandidateState.LISTED and item.id not in proposed]


async def why_waiting(
    context: ReadContext, row: Round, waiting: Sequence[store.Candidate]
) -> dict[UUID, list[Finding]]:
    """What holds each of these names now, by the candidate: its period, its objections, and the conditions that are
    open or fail. Nothing, where it can be proposed now."""
    if not waiting:
        return {}
    ids = {item.id for item in waiting}
    held = [item for item in await publicised(context, row) if item.candidate.id in ids]
    runs = await run_gate(context, row, await _applications(context, held), gate=Gate.PROPOSED, test_date=context.today)
    return {
        item.candidate.id: obstacles(
            [
                *period_over(entry=item.entry, at=context.now),
                *open_objections_block(organisation=item.applicant, objections=item.objections),
                *by_name(runs, [item]),
            ]
        )
        for item in held
    }


async def _listed(context: ReadContext, row: Round) -> list[Publicised]:
    return [item for item in await publicised(context, row) if item.candidate.state == CandidateState.LISTED]


async def _not_proposed(context: ReadContext, row: Round, listed: Sequence[Publicised]) -> list[Publicised]:
    proposed = {candidate.id for _, candidate in await approval.proposed_of(context.session, row.id)}
    return [item for item in listed if item.candidate.id not in proposed]


async def _to_propose(
    context: ReadContext, row: Round, left: Sequence[Publicised]
) -> tuple[list[Publicised], dict[UUID, Checked]]:
    """Those of these names that nothing holds, with their runs of the gate. A condition that is open or fails holds its
    own name (Art. 13); where something holds all of them, all: the refusal says so of each."""
    free = _free(context, left)
    runs = await run_gate(context, row, await _applications(context, free), gate=Gate.PROPOSED, test_date=context.today)
    chosen = [item for item in free if not obstacles(runs[item.entrant.row.id].findings)] or free
    return chosen, {item.entrant.row.id: runs[item.entrant.row.id] for item in chosen}


def _free(context: ReadContext, left: Sequence[Publicised]) -> list[Publicised]:
    """Those that have had their period and that no open objection holds. Where that holds all of them, all: the refusal
    says so of each."""
    free = [item for item in left if not item.contested and not period_over(entry=item.entry, at=context.now)]
    return free or list(left)


def _list_findings(
    context: ReadContext, row: Round, listed: Sequence[Publicised], chosen: Sequence[Publicised]
) -> list[Finding]:
    parameters, readings = round_parameters(row), round_readings(row)
    entries = [item.entry for item in listed]
    seats = seats_of(item.entrant for item in listed)
    return [
        *proposer(role=context.actor.role, act="fix_proposed_list"),
        *proposed_allowed(names=[item.applicant for item in chosen], entries=entries, at=context.now),
        *left_by(seats_available(facts=seats, parameters=parameters, readings=readings), "remove_candidate"),
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
    return [
        finding
        for item in names
        for finding in left_by(named(runs[item.entrant.row.id].findings, item.applicant), "remove")
    ]


def changed_since(runs: DatedRuns, names: Sequence[Entrant]) -> list[FindingRecord]:
    """What of these names' registrations has changed since the day of a meeting or a decree that is dated back, as it
    is stored and shown: it is told, and stops nothing (Arts. 13, 22)."""
    return [
        finding_record(found) for item in names for found in told_of(runs.changed_since(item.row.id), item.applicant)
    ]


async def _applications(context: ReadContext, names: Sequence[Publicised]) -> list[Application]:
    return await applications_of(context, [item.entrant for item in names])


async def read_proposed(context: ReadContext, *, round_id: UUID) -> tuple[Round, list[store.Candidate]]:
    """The proposed list, once it is fixed."""
    row = await context.session.by_id(Round, round_id)
    if row is None or row.state not in FIXED_STATES:
        raise NotFound("尚未确定拟奖名单", "There is no proposed list yet")
    return row, [candidate for _, candidate in await approval.proposed_of(context.session, round_id)]


def _by_candidate(
    rows: Iterable[objections_store.ObjectionLine], candidates: Sequence[store.Candidate], known: Mapping[UUID, Entrant]
) -> defaultdict[UUID, list[ObjectionRecord]]:
    of = {item.id: known[item.application_id].applicant for item in candidates}
    found: defaultdict[UUID, list[ObjectionRecord]] = defaultdict(list)
    for row in rows:
        found[row.candidate_id].append(
            ObjectionRecord(
                str(row.id),
                of[row.candidate_id],
                row.state,
                row.outcome_reason or "",
                awaits_scan=row.classified_because == ObjectionLack.SCAN,
                ended_on=_ended_on(row),
            )
        )
    return found


def _ended_on(row: objections_store.ObjectionLine) -> date | None:
    """The day on which a formal one was closed, or judged an informal one, and a letter that awaited its scan was
    answered; that another informal one was answered changes nothing."""
    held = row.classification is ObjectionClass.FORMAL or row.classified_because == ObjectionLack.SCAN
    ended_at = row.closed_at if held else row.judged_informal_at
    return None if ended_at is None else shanghai_day(ended_at)
