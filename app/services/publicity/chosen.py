"""The names that are put on the candidate list (Art. 20, 21): which may stand there, and their notice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.candidates import candidates_from_evaluation
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding
from app.measures.publicity import NoticeKind, Period, nothing_to_publicise
from app.measures.seats import seats_available, vacancies
from app.measures.state_machines import CANDIDATE
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.lifecycle import create
from app.services.notices.publish_notice import Publication, create_notice, open_period
from app.services.organisations.names import names_of_the_day
from app.services.publicity.candidates import list_body
from app.services.reviews.entrants import Entrant, conclusions_of, evaluation_report, ranking_of, seats_of
from app.store import notices
from app.store import publicity as store
from app.store.deliberation import Deliberation
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class Choice:
    """The recorded decision by which one was preferred to another that scored as high or higher (Art. 20)."""

    reason: str
    evidence: str


async def chosen_names(
    context: WriteContext,
    row: Round,
    meeting: Deliberation,
    known: Mapping[UUID, Entrant],
    names: Sequence[UUID],
    *,
    removed: Collection[UUID],
    choice: Choice | None,
) -> list[Finding]:
    """Whether these names may stand on the list beside those that do (Art. 6, 20). `removed`: applications whose name
    was taken off."""
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


async def listed_period(
    context: WriteContext, row: Round, publication: Publication | None, not_before: date, names: Sequence[str]
) -> tuple[Period | None, list[Finding]]:
    """The period in which the names are publicised, and what the measures say of it; without a publication, whether
    there is nothing to publicise."""
    if publication is None:
        return None, nothing_to_publicise(names=names, readings=round_readings(row))
    answer = await open_period(context, row, publication, not_before=not_before)
    return answer.period, answer.findings


async def put_on_the_list(
    context: WriteContext,
    row: Round,
    chosen: Sequence[Entrant],
    kind: NoticeKind,
    publication: Publication | None,
    period: Period | None,
) -> notices.Notice | None:
    """Publish the notice, and enter its names on the list; None where nothing is publicised."""
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
