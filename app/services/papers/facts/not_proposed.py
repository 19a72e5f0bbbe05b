"""The names of the committee that a submission does not propose, each with its reason (Arts. 20, 21, 22): by the
article alone. What was objected, by whom, and what else stands in the files, stays there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.catalogue import CATALOGUE
from app.measures.eligibility import Gate
from app.measures.findings import obstacles
from app.measures.proposed import period_over
from app.measures.state_machines import ApplicationState, CandidateState
from app.services.applications.run_gate import run_gate
from app.services.approval.fix_proposed_list import Publicised, publicised
from app.services.organisations.names import names_of_the_day
from app.services.papers.facts.told import article
from app.services.reviews.entrants import Entrant, applications_of, entrants
from app.store import approval, deliberation
from app.store.rounds import Round

# How it is told why a name has left the list, by the rule under which it left.
_LEFT_UNDER = {
    "art03.recommendation": "自愿退出",
    "art10.proposes": "由质量强县办决定移出名单",
    "art21.objections": "异议经核实成立，移出名单",
    "art22.approval": "未予审定",
    "art26.fraud": "查实弄虚作假，移出名单",
}
_OWN_WISH, _BY_DECISION = "art03.recommendation", "art10.proposes"


async def not_proposed(context: ReadContext, row: Round) -> str:
    """A line for each name that the committee has recommended and the proposed list does not have: removed from the
    candidate list, waiting on it, or never put on it; a sentence where there is none. Each name as lists print it."""
    proposed = {candidate.id for _, candidate in await approval.proposed_of(context.session, row.id)}
    published = await publicised(context, row)
    left = [item for item in published if item.candidate.id not in proposed]
    told: list[tuple[Entrant, str, str | None]] = [
        (item.entrant, await _why(context, row, item), item.candidate.published_name) for item in left
    ]
    listed = {item.entrant.row.id for item in published}
    told += [(item, await _why_never(context, item), None) for item in await _recommended(context, row, listed)]
    if not told:
        return "评委会推荐的组织均列入拟奖名单。"
    names = await names_of_the_day(context.session, row.id, [item.row.organisation_id for item, _, _ in told])
    lines = [
        f"{place}．{names[item.row.organisation_id].printed(name)}：{why}。"
        for place, (item, why, name) in enumerate(told, 1)
    ]
    return "\n".join([f"评委会推荐的下列{len(lines)}个组织未列入拟奖名单：", *lines])


async def _why(context: ReadContext, row: Round, item: Publicised) -> str:
    """Of a name of the candidate list."""
    candidate = item.candidate
    if candidate.state == CandidateState.REMOVED:
        return _left_under(candidate.removed_rule or _BY_DECISION)
    if period_over(entry=item.entry, at=context.now):
        return f"公示期未满，期满后另行报请（{article('21')}）"
    if item.contested:
        return f"对其异议尚未办结，办结后另行报请（{article('21')}）"
    applications = await applications_of(context, [item.entrant])
    runs = await run_gate(context, row, applications, gate=Gate.PROPOSED, test_date=context.today)
    open_ = sorted({finding.rule for finding in obstacles(runs[item.entrant.row.id].findings)})
    said = "、".join(f"{article(CATALOGUE[rule].article)}{CATALOGUE[rule].zh}" for rule in open_)
    return f"申报条件待核实或者不再符合（{said}），查清后另行报请" if said else "查清后另行报请"


async def _recommended(context: ReadContext, row: Round, listed: set[UUID]) -> Sequence[Entrant]:
    """Those that the committee has recommended and the candidate list never had."""
    met = await deliberation.deliberation_of(context.session, row.id)
    known = await entrants(context, row)
    wanted = [UUID(item["application_id"]) for item in ([] if met is None else met.conclusions) if item["recommended"]]
    return [known[key] for key in wanted if key in known and key not in listed]


async def _why_never(context: ReadContext, item: Entrant) -> str:
    if item.standing:
        return f"名额以内择优，未列入候选名单（{article('6')}、{article('20')}）"
    (application,) = await applications_of(context, [item])
    own = application.state == ApplicationState.WITHDRAWN
    return _left_under(_OWN_WISH if own else application.closed_rule or _BY_DECISION)


def _left_under(rule: str) -> str:
    entry = CATALOGUE[rule]
    return f"{_LEFT_UNDER.get(rule, f'不再符合申报条件“{entry.zh}”，移出名单')}（{article(entry.article)}）"
