"""Closing the material review (Art. 18): ranking, pass line, the on-site list of each seat category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.measures.applicants import Applicant
from app.measures.findings import Finding
from app.measures.reviews import Stage
from app.measures.roles import Role
from app.measures.scoring import MaterialResult, Shortlist, shortlist
from app.measures.sectors import SeatCategory
from app.measures.state_machines import APPLICATION, ROUND, ApplicationState, RoundState
from app.measures.text import Text
from app.services.lifecycle import act, move
from app.services.reviewers.stage import points, rules_of
from app.services.reviews.entrants import applicants
from app.services.reviews.record_reports import counted_sheets, unbiased
from app.services.rounds.prepare_round import locked
from app.store import publicity, rounds
from app.store import reviews as store
from app.store.applications import Application
from app.store.organisations import Organisation
from app.store.reviews import reports as review_reports


@dataclass(frozen=True, slots=True)
class OnsiteList:
    """The present list of a round; `scores_shown`: whether this caller sees scores and those left out."""

    round_row: rounds.Round
    entries: Sequence[review_reports.ShortlistLine]
    scores_shown: bool


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The list that the reports make: applicant and score by application."""

    result: Shortlist
    names: Mapping[UUID, Applicant]
    scores: Mapping[UUID, Decimal]
    findings: Sequence[Finding]


async def close_material_review(context: WriteContext, *, round_id: UUID) -> rounds.Round:
    """Rank what the material reports say, once each qualified application has its own; list the best of each seat
    category for the on-site review and tell the others why they are not on it."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "issue_material_report") as doing:
        pairs = await review_reports.applications_of_round(context.session, row.id, (ApplicationState.QUALIFIED,))
        drawn = await _draw(context, row, pairs)
        scores = drawn.scores
        doing.hear(drawn.findings)
        for application, _ in pairs:
            _enter(context, application, drawn.result, drawn.names[application.id], scores[application.id])
        doing.tell(scores={str(key): score for key, score in scores.items()}, rules_hash=row.review_rules_hash)
    return row


async def material_obstacles(context: ReadContext, row: rounds.Round) -> Sequence[Finding]:
    """What stands between the round and the close of its material review now."""
    pairs = await publicity.applications_of(context.session, row.id, (ApplicationState.QUALIFIED,))
    return (await _draw(context, row, pairs)).findings


async def read_onsite_list(context: ReadContext, *, round_id: UUID) -> OnsiteList:
    """The list. Reviewers see who is on it: what the panels have thought is not for those who go there next."""
    row = await rounds.get(context.session, round_id)
    entries = [] if row is None else await review_reports.shortlist_of(context.session, round_id)
    if row is None or (
        not entries and row.state in (RoundState.DRAFT, RoundState.CALLED, RoundState.QUALIFIED, RoundState.CANCELLED)
    ):
        raise NotFound("本届尚无现场评审名单", "The round has no on-site list yet")
    scores_shown = context.actor.role is not Role.REVIEWER
    return OnsiteList(row, [item for item in entries if scores_shown or item[0].included], scores_shown)


async def _draw(context: ReadContext, row: rounds.Round, pairs: Sequence[tuple[Application, Organisation]]) -> _Drawn:
    """The list as the material reports of these applications make it; no counted sheet is by somebody with a conflict
    of interest (Art. 29)."""
    rules = rules_of(row)
    cases = {application.id: application for application, _ in pairs}
    names = applicants(pairs)
    reports = await review_reports.standing_reports(context.session, list(cases))
    scores = {item.application_id: points(item.score) for item in reports if item.stage == Stage.MATERIAL}
    result = shortlist(
        results=[
            MaterialResult(
                names[key],
                _seat_category(application),
                application.state == ApplicationState.QUALIFIED,
                scores.get(key),
            )
            for key, application in cases.items()
        ],
        rules=rules,
    )
    assigned = await counted_sheets(context, list(cases), stage=Stage.MATERIAL)
    findings = [*result.findings, *await unbiased(context, list(cases.values()), assigned, rules)]
    return _Drawn(result, names, scores, findings)


def _enter(
    context: WriteContext,
    application: Application,
    result: Shortlist,
    applicant: Applicant,
    score: Decimal,
) -> None:
    """One line of the list, and what it means for the application."""
    included = applicant in result.included
    name_of_act = "shortlist" if included else "leave_out"
    found = result.places[applicant]
    rank, tied = found.rank, found.tied
    on_it = Text(f"材料评审{score}分，列本类第{rank}", f"Material score {score}, rank {rank} of its seat category")
    reason = on_it if included else result.left_out[applicant]
    move(context, APPLICATION, application, name_of_act, result.findings)
    if not included:
        application.closed_reason, application.closed_rule = reason.zh, "art18.material"
        application.closed_at = context.now
    context.session.add(
        store.ShortlistEntry(
            created_at=context.now,
            round_id=application.round_id,
            application_id=application.id,
            seat_category=_seat_category(application),
            rank=rank,
            tied=tied,
            score=score,
            included=included,
            reason=reason.zh,
            reason_en=reason.en,
        )
    )
    audit.record(
        context,
        name_of_act,
        "application",
        application.id,
        round_id=application.round_id,
        score=score,
        rank=rank,
        tied=tied,
        reason=reason.zh,
    )


def _seat_category(application: Application) -> SeatCategory:
    """The seat category frozen at the confirmation (Art. 17)."""
    if application.seat_category is None:
        raise RuntimeError("a qualified application without its seat category")
    return SeatCategory(application.seat_category)
