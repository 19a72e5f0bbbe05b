"""The review committee's deliberation, between evaluation and publicity (Art. 11(5))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.kernel.stored import read_rules
from app.measures.deliberation import Ballots, Conclusion, DeliberationFacts, deliberation_complete
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding
from app.measures.office_duties import BEFORE_CANDIDATES, recorded_before_candidates
from app.measures.state_machines import ROUND, RoundState
from app.services.days import not_in_future
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act
from app.services.reviews.entrants import Entrant, entrants, evaluation_report
from app.services.reviews.reports import judged_unbiased
from app.services.rounds.read_rounds import locked
from app.store import deliberation, reviews
from app.store import rounds as store
from app.store.qualification import ConditionDecision

_MERIT = "art04.merit"
_BEFORE = frozenset(
    {RoundState.DRAFT, RoundState.CALLED, RoundState.QUALIFIED, RoundState.ONSITE, RoundState.EVALUATED}
)


@dataclass(frozen=True, slots=True)
class Concluded:
    """The committee's conclusion on one application, its vote, its finding of merit (Art. 4), and the members present
    who withdrew from it (Art. 29)."""

    application_id: UUID
    recommended: bool
    reason: str
    votes_for: int
    votes_against: int
    abstentions: int
    merit: Verdict
    merit_reason: str
    merit_evidence: str
    recused: tuple[str, ...] = ()
    ballots: Ballots | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The committee's meeting: day (Shanghai), members and those present by name, minutes, conclusions, its chair, and
    who holds another office of it."""

    meeting_on: date
    members: tuple[str, ...]
    present: tuple[str, ...]
    minutes: str
    conclusions: tuple[Concluded, ...]
    chair: str | None = None
    offices: tuple[deliberation.OfficeRecord, ...] = ()


async def record_deliberation(context: WriteContext, *, round_id: UUID, meeting: Meeting) -> deliberation.Deliberation:
    """Put the meeting on record. Whoever is recommended has been verified (Art. 11(4)) and has merit (Art. 4)."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "record_deliberation") as doing:
        not_in_future(meeting.meeting_on, context.today, "/meeting_on")
        report = await evaluation_report(context, row)
        known = {key: item for key, item in (await entrants(context, row)).items() if item.standing}
        rules = read_rules(row.review_rules)
        findings = [
            *deliberation_complete(facts=_facts(meeting, report, known), rules=rules),
            *await _recorded(context, meeting, known),
            *await judged_unbiased(context, row),
        ]
        nobody = not any(item.recommended for item in meeting.conclusions)
        doing.hear(findings, vacuous=BEFORE_CANDIDATES if nobody else ())
        found = await _put(context, row, meeting)
        context.session.add_all(_merit(context, item) for item in meeting.conclusions)
        doing.rest_on(round_readings(row), "committee", "ballots", "quorum_after_withdrawals")
        doing.tell(meeting_on=meeting.meeting_on, members=meeting.members, present=meeting.present)
        doing.tell(chair=meeting.chair, offices=meeting.offices)
        doing.tell(minutes=meeting.minutes, conclusions=found.conclusions)
    return found


def _merit(context: WriteContext, item: Concluded) -> ConditionDecision:
    return ConditionDecision(
        created_at=context.now,
        application_id=item.application_id,
        rule=_MERIT,
        outcome=item.merit,
        reason=item.merit_reason,
        evidence=item.merit_evidence,
        decided_by=context.actor.known_id,
    )


async def read_deliberation(context: ReadContext, *, round_id: UUID) -> deliberation.Deliberation:
    """The round's deliberation; none where the review was opened again after it (Art. 30)."""
    found = await deliberation.deliberation_of(context.session, round_id)
    row = await store.get(context.session, round_id)
    if found is None or row is None or row.state in _BEFORE:
        raise NotFound("评委会尚未审议", "The committee has not met")
    return found


async def _put(context: WriteContext, row: store.Round, meeting: Meeting) -> deliberation.Deliberation:
    """The meeting's row. One that met before the review was opened again gives way; the audit keeps what it said."""
    found = await deliberation.deliberation_of(context.session, row.id)
    if found is None:
        found = deliberation.Deliberation(round_id=row.id)
        context.session.add(found)
    found.created_at, found.recorded_by = context.now, context.actor.known_id
    found.meeting_on, found.minutes = meeting.meeting_on, meeting.minutes
    found.members, found.present = list(meeting.members), list(meeting.present)
    found.chair, found.offices = meeting.chair, list(meeting.offices)
    found.conclusions = [_plain(item) for item in meeting.conclusions]
    return found


def _facts(meeting: Meeting, report: reviews.Evaluation, known: Mapping[UUID, Entrant]) -> DeliberationFacts:
    return DeliberationFacts(
        held_on=meeting.meeting_on,
        evaluated_on=shanghai_day(report.created_at),
        # Whoever is written in traditional characters is nobody else.
        members=tuple(map(simplified, meeting.members)),
        present=tuple(map(simplified, meeting.present)),
        evaluated=tuple(item.applicant for item in known.values()),
        conclusions=tuple(
            Conclusion(
                _applicant(item.application_id, known),
                item.recommended,
                item.reason,
                item.votes_for,
                item.votes_against,
                item.abstentions,
                item.recused,
                item.ballots,
            )
            for item in meeting.conclusions
        ),
        chair=None if meeting.chair is None else simplified(meeting.chair),
        offices=tuple(simplified(item["name"]) for item in meeting.offices),
        presided=tuple(simplified(item["name"]) for item in meeting.offices if item.get("presided", False)),
    )


async def _recorded(context: ReadContext, meeting: Meeting, known: Mapping[UUID, Entrant]) -> Sequence[Finding]:
    recommended = [item for item in meeting.conclusions if item.recommended]
    verified = await deliberation.verifications_of(context.session, [item.application_id for item in recommended])
    decisions: dict[str, dict[str, RecordedDecision]] = {}
    for item in recommended:
        merit = RecordedDecision(
            rule=_MERIT,
            outcome=item.merit,
            reason=item.merit_reason,
            evidence=item.merit_evidence,
            decided_by=str(context.actor.known_id),
            decided_on=meeting.meeting_on,
        )
        decisions[_applicant(item.application_id, known)] = {_MERIT: merit}
        record = verified.get(item.application_id)
        if record is not None:
            decisions[_applicant(item.application_id, known)]["art11.verification"] = RecordedDecision(
                rule="art11.verification",
                outcome=Verdict(record.outcome),
                reason=record.reason,
                evidence=record.evidence,
                decided_by=str(record.recorded_by),
                decided_on=shanghai_day(record.created_at),
            )
    return recorded_before_candidates(organisations=list(decisions), decisions=decisions)


def _applicant(application_id: UUID, known: Mapping[UUID, Entrant]) -> str:
    # An id that is none of the round's evaluated applications has no name: the rule says what it lacks.
    return known[application_id].applicant if application_id in known else str(application_id)


def _plain(item: Concluded) -> deliberation.ConclusionRecord:
    return {
        "application_id": str(item.application_id),
        "recommended": item.recommended,
        "reason": item.reason,
        "votes_for": item.votes_for,
        "votes_against": item.votes_against,
        "abstentions": item.abstentions,
        "recused": list(item.recused),
        "ballots": None
        if item.ballots is None
        else {"issued": item.ballots.issued, "returned": item.ballots.returned, "invalid": item.ballots.invalid},
        "merit": {"outcome": item.merit.value, "reason": item.merit_reason, "evidence": item.merit_evidence},
    }
