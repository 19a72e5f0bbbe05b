"""What a page can tell of an act on a whole round before anybody tries it: counts, and the first few of those
concerned, never the act's own walk over every application. The act's dry run tells all of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.findings import Finding, obstacles
from app.measures.reviews import Stage
from app.measures.scoring import MaterialResult, shortlist
from app.measures.state_machines import ApplicationState
from app.services.reviewers.conflicts import concerned
from app.services.reviewers.stage import rules_of
from app.services.reviews.close_material_review import seat_category_of
from app.services.reviews.entrants import applicants
from app.services.reviews.issue_evaluation import tried
from app.services.reviews.reports import unbiased
from app.store.reviews import judged
from app.store.rounds import Round

# So many are named; a page has room for no more, and nobody reads them all there.
NAMED = 5
# Sheets of reviewers with an interest in the round that are looked at: more than any panel of theirs.
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The first findings that stand in an act's way; how many `further` ones do; whether everything was looked at."""

    findings: Sequence[Finding] = ()
    further: int = 0
    in_full: bool = True


def foreseen(findings: Sequence[Finding], *, total: int | None = None, in_full: bool = True) -> Foreseen:
    """The first of these findings that are obstacles. `total`: how many there are, where not all are among them."""
    standing = obstacles(findings)
    named = standing[:NAMED]
    return Foreseen(named, max(len(standing) if total is None else total, len(named)) - len(named), in_full)


async def material_foreseen(context: ReadContext, row: Round) -> Foreseen:
    """What stands between the round and the close of its material review (Art. 18): applications without their report,
    sheets by somebody with a conflict of interest (Art. 29)."""
    states = (ApplicationState.QUALIFIED,)
    lacking = await judged.lacking_reports(context.session, row.id, states, stages=(Stage.MATERIAL,), limit=NAMED)
    names, rules = applicants(lacking.first), rules_of(row)
    results = [MaterialResult(names[item.id], seat_category_of(item), True, None) for item in lacking.first]
    missing = shortlist(results=results, rules=rules).findings if results else []
    biased = await bias_foreseen(context, row, states, stage=Stage.MATERIAL)
    count = lacking.without[Stage.MATERIAL] + len(biased.findings) + biased.further
    return foreseen([*missing, *biased.findings], total=count, in_full=biased.in_full)


async def evaluation_foreseen(context: ReadContext, row: Round) -> Foreseen:
    """What stands between the round and its evaluation (Art. 20): applications without one of their reports, sheets by
    somebody with a conflict of interest (Art. 29)."""
    states = (ApplicationState.SHORTLISTED,)
    lacking = await judged.lacking_reports(context.session, row.id, states, stages=tuple(Stage), limit=NAMED)
    missing = await tried(context, row, lacking.first) if lacking.first else []
    biased = await bias_foreseen(context, row, states)
    # Without its on-site report it is not reviewed (Art. 19), and without either it is not evaluated (Art. 20).
    count = lacking.without[Stage.ONSITE] + lacking.applications + len(biased.findings) + biased.further
    return foreseen([*missing, *biased.findings], total=count, in_full=biased.in_full)


async def bias_foreseen(
    context: ReadContext, row: Round, states: Collection[ApplicationState], *, stage: Stage | None = None
) -> Foreseen:
    """Counted sheets by somebody with a conflict of interest (Art. 29): of the reviewers who have to do with anybody in
    the round at all, and of nobody else."""
    reviewers = await concerned(context, row.id)
    if not reviewers:
        return Foreseen()
    sheets = await judged.counted_by(
        context.session, row.id, states, reviewer_ids=reviewers, stage=stage, limit=_LOOKED_AT + 1
    )
    shown = sheets[:_LOOKED_AT]
    cases = await _cases(context, {item.application_id for item in shown})
    findings = await unbiased(context, cases, shown, rules_of(row)) if shown else []
    return foreseen(findings, in_full=len(sheets) <= _LOOKED_AT)


async def _cases(context: ReadContext, ids: Collection[UUID]) -> Sequence[judged.Judged]:
    return await judged.judged_by_id(context.session, ids) if ids else []
