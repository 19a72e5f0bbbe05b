"""A name is taken off the list: this restarts nothing (Art. 21)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.organs import proposer
from app.measures.publicity import NoticeKind, NoticeMark
from app.measures.state_machines import ROUND, RoundState
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, out_of_order
from app.services.notices.publish_notice import Publication, create_notice, dated, mark_notice
from app.services.publicity.candidates import counted_from, list_body, listed_candidate, printed, take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.publicity.show_grounds import Removal, grounds_shown
from app.store import applications, approval
from app.store.rounds import Round


async def remove_candidate(
    context: WriteContext,
    *,
    candidate_id: UUID,
    reason: str,
    removal: Removal | None,
    publication: Publication | None,
) -> Round:
    """Take a name off the list, by decision or with the rule that it fails, which `removal` shows. Nothing fills its
    place by itself."""
    rule = None if removal is None else removal.ground.value
    row, candidate = await listed_candidate(context, candidate_id, "remove_candidate", rule=rule)
    if row.state != RoundState.PUBLICITY and await approval.is_proposed(context.session, candidate.id):
        raise out_of_order(ROUND, row, "remove_candidate", wanted=["publicity"], rule=rule)
    async with act(context, ROUND, row, "remove_candidate", rule=rule) as doing:
        findings = proposer(role=context.actor.role, act="remove_candidate")
        if removal is not None:
            application = existing(await applications.get(context.session, candidate.application_id))
            findings += await grounds_shown(context, application, row, removal)
            doing.tell(evidence=removal.evidence, found_on=removal.found_on)
        if publication is not None:
            findings += dated(context, publication, not_before=await counted_from(context, candidate))
        doing.hear(findings)
        await take_out(context, candidate, reason=reason, rule=rule)
        doing.about("candidate", candidate)
        doing.tell(reason=reason, rule=rule, notice_id=None)
        doing.rest_on(round_readings(row), "removed_names", *([] if rule is None else ["removal_under_a_rule"]))
        if publication is not None:
            name = await printed(context, candidate, candidate.published_name)
            named = {"name": name, "seat_category": candidate.seat_category}
            notice = await create_notice(
                context,
                kind=NoticeKind.REMOVAL,
                round_id=row.id,
                title=publication.title,
                media=publication.media,
                body=list_body(row, [named], None),
            )
            await mark_notice(context, candidate.notice_id, NoticeMark.CORRECTED, on=notice.published_on, by=notice)
            doing.tell(notice_id=notice.id)
    await conclude_if_decreed(context, row)
    return row
