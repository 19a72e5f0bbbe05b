"""The public is told of a revocation (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.findings import Finding, fails
from app.measures.publicity import NoticeKind
from app.measures.reasons import Reason
from app.measures.revocations import RevocationKind, notice_valid
from app.measures.state_machines import REVOCATION
from app.services.days import not_in_future
from app.services.lifecycle import act, check_version
from app.services.notices.publish_notice import Medium, create_notice, without_fee
from app.services.revocations.cases import locked_case
from app.store import awards as store
from app.store import revocations


async def publish_revocation(
    context: WriteContext, *, revocation_id: UUID, title: str, media: list[Medium]
) -> revocations.Revocation:
    """Tell the public that the award is revoked, through media that have published it already (Art. 26, 28)."""
    row, award = await locked_case(context, revocation_id)
    check_version(context, row)
    if row.notice_id is not None:
        raise Conflict(_published(row), code=ProblemCode.ALREADY_PUBLISHED)
    recorded = "publish_revocation_notice"
    async with act(context, REVOCATION, row, "publish_notice", recorded=recorded, round_id=award.round_id) as doing:
        for number, medium in enumerate(media):
            not_in_future(medium.published_on, context.today, f"/media/{number}/published_on")
        kind, decided_on = RevocationKind(row.basis), row.decided_on or context.today
        doing.hear(
            [
                *(
                    finding
                    for medium in media
                    for finding in notice_valid(
                        kind=kind, decided_on=decided_on, published_on=medium.published_on, channel=medium.name
                    )
                ),
                *without_fee(title=title, media=media),
            ]
        )
        told = await _told(context, row, award)
        notice = await create_notice(
            context, kind=NoticeKind.REVOCATION, round_id=award.round_id, title=title, media=media, body=told
        )
        row.notice_id = notice.id
        doing.tell(notice_id=notice.id)
    return row


def _published(row: revocations.Revocation) -> Finding:
    rule_id = RevocationKind(row.basis).rule_id
    return fails(rule_id, Reason.ALREADY_PUBLISHED, next_act=None, notice_id=str(row.notice_id))


async def _told(context: WriteContext, row: revocations.Revocation, award: store.Award) -> dict[str, object]:
    """What the public learns: whose award, by which decision, under which article, until when excluded. What was found
    on whom, and on what evidence, stays with the case."""
    exclusion = await revocations.exclusion_of(context.session, row.id)
    fraud = row.basis == RevocationKind.FRAUD.value
    return {
        "organisation": award.awarded_name,
        "award_year": award.award_year,
        "certificate_number": award.certificate_number,
        "article": "26" if fraud else "28",
        "ground": row.ground,
        "decision_number": row.decision_number,
        "decided_on": row.decided_on,
        "excluded_from": exclusion.from_day if exclusion else None,
        "excluded_through": exclusion.last_day if exclusion else None,
    }
