"""Closing the material review (Art. 18): ranking, pass line, the on-site list of each seat category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from anyio import to_thread
from anyio.lowlevel import checkpoint

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.measures.applicants import Applicant
from app.measures.findings import Finding
from app.measures.ranking import Place
from app.measures.reviews import Stage
from app.measures.roles import Role
from app.measures.scoring import MaterialResult, Shortlist, shortlist
from app.measures.sectors import SeatCategory
from app.measures.state_machines import APPLICATION, ROUND, ApplicationState, RoundState
from app.measures.text import Text
from app.services.lifecycle import act, move_together
from app.services.reviewers.stage import points, rules_of
from app.services.reviews.entrants import applicants
from app.services.reviews.reports import counted_sheets, unbiased
from app.services.rounds.read_rounds import locked
from app.services.turns import in_slices
from app.store import reviews as store
from app.store import rounds
from app.store.reviews import judged
from app.store.reviews import reports as review_reports
from app.store.reviews.judged import Judged, SheetLine

_QUALIFIED = (ApplicationState.QUALIFIED,)


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
        qualified = await judged.lock_judged(context.session, row.id, _QUALIFIED)
        drawn = await _draw(context, row, qualified)
        doing.hear(drawn.findings)
        await _enter(context, qualified, drawn)
        doing.tell(scores={str(key): score for key, score in drawn.scores.items()}, rules_hash=row.review_rules_hash)
    return row


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


async def _draw(context: ReadContext, row: rounds.Round, cases: Sequence[Judged]) -> _Drawn:
    """The list as the material reports of these applications make it; no counted sheet is by somebody with a conflict
    of interest (Art. 29)."""
    rules = rules_of(row)
    names = applicants(cases)
    scores: dict[UUID, Decimal] = {}
    assigned: list[SheetLine] = []
    async for part in in_slices(cases):
        ids = [item.id for item in part]
        reports = await judged.reports_standing(context.session, ids)
        scores |= {item.application_id: points(item.score) for item in reports if item.stage == Stage.MATERIAL}
        await checkpoint()
        assigned += await counted_sheets(context, ids, stage=Stage.MATERIAL)
    results = [
        MaterialResult(
            names[item.id], seat_category_of(item), item.state == ApplicationState.QUALIFIED, scores.get(item.id)
        )
        for item in cases
    ]
    result = await to_thread.run_sync(lambda: shortlist(results=results, rules=rules))
    assigned.sort(key=lambda item: item.id)
    findings = [*result.findings, *await unbiased(context, cases, assigned, rules)]
    return _Drawn(result, names, scores, findings)


async def _enter(context: WriteContext, qualified: Sequence[Judged], drawn: _Drawn) -> None:
    """Every line of the list, and what it means for the application: written together, told one by one."""
    included = frozenset(drawn.result.included)
    listed = [item for item in qualified if drawn.names[item.id] in included]
    left_out = [item for item in qualified if drawn.names[item.id] not in included]
    findings = drawn.result.findings
    lines = {item.id: _line(item, drawn, on_list=drawn.names[item.id] in included) for item in qualified}
    if listed:
        state = ApplicationState(move_together(context, APPLICATION, listed, "shortlist", findings))
        async for part in in_slices(listed):
            await judged.enter_list(context.session, [item.id for item in part], state=state)
    if left_out:
        state = ApplicationState(move_together(context, APPLICATION, left_out, "leave_out", findings))
        async for part in in_slices(left_out):
            reasons = {item.id: lines[item.id].reason.zh for item in part}
            await judged.leave_out(context.session, reasons, rule="art18.material", state=state, at=context.now)
    context.session.add_all(
        store.ShortlistEntry(
            created_at=context.now,
            round_id=item.round_id,
            application_id=item.id,
            seat_category=seat_category_of(item),
            rank=line.place.rank,
            tied=line.place.tied,
            score=line.score,
            included=line.on_list,
            reason=line.reason.zh,
            reason_en=line.reason.en,
        )
        for item in qualified
        for line in (lines[item.id],)
    )
    for item in qualified:
        _tell(context, item, lines[item.id])


@dataclass(frozen=True, slots=True)
class _Line:
    score: Decimal
    place: Place
    on_list: bool
    reason: Text


def _line(item: Judged, drawn: _Drawn, *, on_list: bool) -> _Line:
    applicant, score = drawn.names[item.id], drawn.scores[item.id]
    found = drawn.result.places[applicant]
    if not on_list:
        return _Line(score, found, on_list, drawn.result.left_out[applicant])
    zh, en = (
        f"材料评审{score}分，列本类第{found.rank}",
        f"Material score {score}, rank {found.rank} of its seat category",
    )
    return _Line(score, found, on_list, Text(zh, en))


def _tell(context: WriteContext, item: Judged, line: _Line) -> None:
    audit.record(
        context,
        "shortlist" if line.on_list else "leave_out",
        "application",
        item.id,
        round_id=item.round_id,
        score=line.score,
        rank=line.place.rank,
        tied=line.place.tied,
        reason=line.reason.zh,
    )


def seat_category_of(item: Judged) -> SeatCategory:
    """The seat category frozen at the confirmation (Art. 17)."""
    if item.seat_category is None:
        raise RuntimeError("a qualified application without its seat category")
    return item.seat_category
