"""The candidate list (Art. 20): published through news media (Art. 21) within the seats (Art. 6), and added to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.candidates import candidates_from_evaluation
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, fails
from app.measures.organs import proposer
from app.measures.publicity import NoticeKind, Period, nothing_to_publicise
from app.measures.reasons import Reason
from app.measures.seats import seat_free_since, seats_available, vacancies
from app.measures.state_machines import CANDIDATE, ROUND, CandidateState
from app.services.deliberation.record_deliberation import read_deliberation
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import act, create
from app.services.notices.publish_notice import Publication, create_notice, open_period
from app.services.organisations.names import names_of_the_day
from app.services.publicity.change_candidates import list_body
from app.services.reviews.entrants import Entrant, conclusions_of, entrants, evaluation_report, ranking_of, seats_of
from app.services.reviews.record_reports import judged_unbiased
from app.services.rounds.prepare_round import locked
from app.store import notices
from app.store import publicity as store
from app.store.deliberation import Deliberation
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Choice:
    """The recorded decision by which one was preferred to another that scored as high or higher (Art. 20)."""

    reason: str
    evidence: str


async def publish_candidates(
    context: WriteContext,
    *,
    round_id: UUID,
    application_ids: Sequence[UUID],
    publication: Publication | None,
    choice: Choice | None,
) -> Round:
    """Fix and publish the candidate list. An empty list is valid, and needs no publication (Art. 6)."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "publish_candidates") as doing:
        meeting = await read_deliberation(context, round_id=round_id)
        known = await entrants(context, row)
        findings = [
            *proposer(role=context.actor.role, act="publish_candidates"),
            *await _chosen(context, row, meeting, known, application_ids, removed=(), choice=choice),
            *await judged_unbiased(context, row),
        ]
        period, told = await _period(context, row, publication, meeting.meeting_on, _applicants(application_ids, known))
        doing.hear([*findings, *told])
        chosen = [known[item] for item in application_ids]
        notice = await _list(context, row, chosen, NoticeKind.CANDIDATES, publication, period)
        doing.rest_on(round_readings(row), "register_of_media", "name_of_the_day")
        doing.tell(applications=application_ids, choice=choice.reason if choice else None)
        doing.tell(notice_id=notice.id if notice else None, notice_hash=notice.body_hash if notice else None)
    return row


async def add_candidate(
    context: WriteContext, *, round_id: UUID, application_id: UUID, publication: Publication, choice: Choice | None
) -> Round:
    """Add a name during the publicity: it has its own full period; the others' go on (Art. 21)."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "add_candidate") as doing:
        listed = await store.candidates_of(context.session, row.id)
        if any(item.application_id == application_id for item in listed):
            there = fails("art21.publicity", Reason.ALREADY_CANDIDATE, next_act=None)
            raise Conflict(there, code=ProblemCode.ALREADY_CANDIDATE)
        meeting = await read_deliberation(context, round_id=round_id)
        known = await entrants(context, row)
        names = [*(item.application_id for item in listed if item.state == CandidateState.LISTED), application_id]
        # One that was taken off under no rule has not failed: whoever is put in its place was preferred to it.
        removed = {
            item.application_id
            for item in listed
            if item.state == CandidateState.REMOVED and item.removed_rule is not None
        }
        since = await store.list_published_on(context.session, row.id)
        not_before = max(since or meeting.meeting_on, _seat_free_on(row, listed, known.get(application_id)))
        chosen = await _chosen(context, row, meeting, known, names, removed=removed, choice=choice)
        period, told = await _period(context, row, publication, not_before, _applicants([application_id], known))
        doing.hear([*proposer(role=context.actor.role, act="add_candidate"), *chosen, *told])
        notice = await _list(context, row, [known[application_id]], NoticeKind.ADDITION, publication, period)
        doing.rest_on(round_readings(row), "register_of_media", "name_of_the_day", "removed_names")
        doing.tell(application_id=application_id, choice=choice.reason if choice else None)
        doing.tell(notice_id=notice.id if notice else None)
    return row


async def _chosen(
    context: WriteContext,
    row: Round,
    meeting: Deliberation,
    known: Mapping[UUID, Entrant],
    names: Sequence[UUID],
    *,
    removed: Collection[UUID],
    choice: Choice | None,
) -> list[Finding]:
    parameters, readings = round_parameters(row), round_readings(row)
    report = await evaluation_report(context, row)
    decision = None
    if choice is not None:
        decision = RecordedDecision(
            rule="art20.evaluation",
            outcome=Verdict.PASS,
            reason=choice.reason,
            evidence=choice.evidence,
            decided_by=str(context.actor.known_id),
            decided_on=context.today,
        )
    seats = seats_of(known[item] for item in names if item in known)
    return [
        *candidates_from_evaluation(
            names=_applicants(names, known),
            evaluation=ranking_of(row, report, known),
            conclusions=conclusions_of(meeting, known),
            readings=readings,
            removed={item.applicant for key, item in known.items() if not item.standing or key in removed},
            decision=decision,
        ),
        *seats_available(facts=seats, parameters=parameters, readings=readings),
        *vacancies(facts=seats, parameters=parameters),
    ]


def _seat_free_on(row: Round, listed: Sequence[store.Candidate], added: Entrant | None) -> date:
    """The day (Shanghai) on which a seat became free for a name, the earliest of days where it needs none: nobody can
    have been published for a seat that another name still held."""
    if added is None or not added.prize.takes_seat:
        return date.min
    free = seat_free_since(
        held=[
            (item.created_at, item.removed_at)
            for item in listed
            if item.seat_category == added.seat_category.value and not item.repeat_award
        ],
        seat_category=added.seat_category,
        parameters=round_parameters(row),
    )
    return date.min if free is None else shanghai_day(free)


async def _period(
    context: WriteContext, row: Round, publication: Publication | None, not_before: date, names: Sequence[str]
) -> tuple[Period | None, list[Finding]]:
    if publication is None:
        return None, nothing_to_publicise(names=names, readings=round_readings(row))
    answer = await open_period(context, row, publication, not_before=not_before)
    return answer.period, answer.findings


async def _list(
    context: WriteContext,
    row: Round,
    chosen: Sequence[Entrant],
    kind: NoticeKind,
    publication: Publication | None,
    period: Period | None,
) -> notices.Notice | None:
    if publication is None or period is None:
        return None
    report = await evaluation_report(context, row)
    ranks = {UUID(line["application_id"]): line["rank"] for line in report.ranking}
    known = await names_of_the_day(context.session, row.id, [item.row.organisation_id for item in chosen])
    names = [
        {
            "name": known[item.row.organisation_id].printed(),
            "seat_category": item.seat_category.value,
            "repeat_award": item.prize.repeat_award,
        }
        for item in chosen
    ]
    notice = await create_notice(
        context,
        kind=kind,
        round_id=row.id,
        title=publication.title,
        media=publication.media,
        period=period,
        body=list_body(row, names, period),
    )
    for item in chosen:
        context.session.add(
            store.Candidate(
                created_at=context.now,
                round_id=row.id,
                application_id=item.row.id,
                organisation_id=item.row.organisation_id,
                notice_id=notice.id,
                published_name=item.row.organisation_name,
                seat_category=item.seat_category,
                repeat_award=item.prize.repeat_award,
                rank=ranks[item.row.id],
                state=create(CANDIDATE),
            )
        )
    await context.session.flush()
    return notice


def _applicants(names: Sequence[UUID], known: Mapping[UUID, Entrant]) -> list[str]:
    # An id that is none of the round's evaluated applications stands for itself: the rule says what it lacks.
    return [known[item].applicant if item in known else str(item) for item in names]
