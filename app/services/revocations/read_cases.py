"""Reading cases of revocation, and telling the public of what was decided (Art. 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict, existing
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding, fails
from app.measures.publicity import NoticeKind
from app.measures.reasons import Reason
from app.measures.revocations import RevocationKind, notice_valid
from app.measures.state_machines import REVOCATION
from app.services.days import not_in_future
from app.services.lifecycle import AvailableAction, act, available_actions, check_version
from app.services.notices.publish_notice import Medium, create_notice
from app.services.revocations.decide_revocation import locked_case
from app.store import awards as store
from app.store import revocations


async def publish_notice(
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
                finding
                for medium in media
                for finding in notice_valid(
                    kind=kind, decided_on=decided_on, published_on=medium.published_on, channel=medium.name
                )
            ]
        )
        told = await _told(context, row, award)
        notice = await create_notice(
            context, kind=NoticeKind.REVOCATION, round_id=award.round_id, title=title, media=media, body=told
        )
        row.notice_id = notice.id
        doing.tell(notice_id=notice.id)
    return row


async def list_revocations(
    context: ReadContext, *, request: PageRequest, state: str | None
) -> Page[revocations.Revocation]:
    """Cases of revocation."""
    rows = await revocations.revocations_page(
        context.session, after=request.after(state=state), limit=request.limit, state=state
    )
    return request.page(rows, key=lambda row: row.id, state=state)


async def read_revocation(context: ReadContext, *, revocation_id: UUID) -> revocations.Revocation:
    """One case."""
    return existing(await context.session.get(revocations.Revocation, revocation_id), "没有此撤销提请", "No such case")


def revocation_actions(context: ReadContext, row: revocations.Revocation) -> Sequence[AvailableAction]:
    """What the caller may do with the case now; one notice is enough."""
    told: list[Finding] = []
    if row.notice_id is not None:
        told = [_published(row)]
    actions = available_actions(context, REVOCATION, row, {"publish_notice": told})
    # Taking over has no operation of its own: it follows from the submission of a case of fraud.
    return [action for action in actions if action.act != "take_over"]


def _published(row: revocations.Revocation) -> Finding:
    rule_id = RevocationKind(row.basis).rule_id
    return fails(rule_id, Reason.NOTICE_PUBLISHED, next_act=None, notice_id=str(row.notice_id))


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
