"""The candidate list (Art. 20): published through news media (Art. 21) within the seats (Art. 6), and added to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.organs import proposer
from app.measures.publicity import NoticeKind
from app.measures.state_machines import ROUND
from app.services.deliberation.record_deliberation import read_deliberation
from app.services.lifecycle import act
from app.services.notices.publish_notice import Publication
from app.services.publicity.chosen import Choice, _applicants, chosen_names, listed_period, put_on_the_list
from app.services.reviews.entrants import entrants
from app.services.reviews.reports import judged_unbiased
from app.services.rounds.read_rounds import locked
from app.store.rounds import Round


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
            *await chosen_names(context, row, meeting, known, application_ids, removed=(), choice=choice),
            *await judged_unbiased(context, row),
        ]
        period, told = await listed_period(
            context, row, publication, meeting.meeting_on, _applicants(application_ids, known)
        )
        doing.hear([*findings, *told])
        chosen = [known[item] for item in application_ids]
        notice = await put_on_the_list(context, row, chosen, NoticeKind.CANDIDATES, publication, period)
        doing.tell(applications=application_ids, choice=choice.reason if choice else None)
        doing.tell(notice_id=notice.id if notice else None, notice_hash=notice.body_hash if notice else None)
    return row
