"""The public that has read of a revocation reads that it was annulled on review (Arts. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.kernel.names import medium_key
from app.measures.findings import Finding, fails
from app.measures.interpretations import resting_on
from app.measures.publicity import NoticeKind, NoticeMark
from app.measures.reasons import Reason
from app.measures.revocation_cases import annulment_published
from app.measures.revocations import RevocationKind
from app.measures.state_machines import REVOCATION, AwardState
from app.services.days import not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import act, check_version
from app.services.notices.publish_notice import Medium, create_notice, mark_notice, without_fee
from app.services.revocations.cases import locked_case
from app.store import awards as store
from app.store import notices, revocations


async def publish_annulment(
    context: WriteContext, *, revocation_id: UUID, title: str, media: list[Medium]
) -> revocations.Revocation:
    """Tell the public that the decision was annulled, in the media that told of the revocation; the notice of the
    revocation refers to this one from then on."""
    row, award = await locked_case(context, revocation_id)
    check_version(context, row)
    if row.annulment_notice_id is not None:
        raise Conflict(_published(row), code=ProblemCode.ALREADY_PUBLISHED)
    async with act(context, REVOCATION, row, "publish_annulment", round_id=award.round_id) as doing:
        for number, medium in enumerate(media):
            not_in_future(medium.published_on, context.today, f"/media/{number}/published_on")
        before = None if row.notice_id is None else await context.session.by_id(notices.Notice, row.notice_id)
        registered = await notices.registered_media(context.session)
        # The latest entry of a name counts: one that has ended may have been entered anew.
        latest = {medium_key(item.name): item for item in registered}
        ended = [item.name for item in latest.values() if item.ended_on is not None]
        annulled_on = row.annulled_on or context.today
        found = annulment_published(
            kind=RevocationKind(row.basis),
            annulled_on=annulled_on,
            published={medium.name: medium.published_on for medium in media},
            told_in=[] if before is None else [medium["name"] for medium in before.media],
            ended=ended,
            key=medium_key,
        )
        rested = resting_on(found, await readings(context.session, context.today), "annulment_published")
        doing.hear([*rested, *without_fee(title=title, media=media)])
        told = _told(row, award)
        notice = await create_notice(
            context, kind=NoticeKind.ANNULMENT, round_id=award.round_id, title=title, media=media, body=told
        )
        row.annulment_notice_id = notice.id
        doing.tell(notice_id=notice.id)
        basis = row.annulled_number
        await mark_notice(context, row.notice_id, NoticeMark.WITHDRAWN, on=annulled_on, basis=basis, by=notice)
    return row


def _published(row: revocations.Revocation) -> Finding:
    rule_id = RevocationKind(row.basis).rule_id
    return fails(rule_id, Reason.ALREADY_PUBLISHED, next_act=None, notice_id=str(row.annulment_notice_id))


def _told(row: revocations.Revocation, award: store.Award) -> dict[str, object]:
    """What the public learns: whose award, which decision was annulled by whom, and whether the award stands again."""
    return {
        "organisation": award.awarded_name,
        "award_year": award.award_year,
        "certificate_number": award.certificate_number,
        "article": "26" if row.basis == RevocationKind.FRAUD else "28",
        "decision_number": row.decision_number,
        "decided_on": row.decided_on,
        "annulled_by": row.annulled_by_body,
        "annulment_number": row.annulled_number,
        "annulled_on": row.annulled_on,
        "award_stands": award.state == AwardState.CONFERRED,
        "revocation_notice_id": row.notice_id,
    }
