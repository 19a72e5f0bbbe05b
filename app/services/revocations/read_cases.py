"""Reading cases of revocation, and telling the public of what was decided (Art. 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding, Outcome, fails
from app.measures.interpretations import resting_on
from app.measures.publicity import NoticeKind
from app.measures.reasons import Reason
from app.measures.revocation_cases import organisation_heard
from app.measures.revocations import RevocationKind, notice_valid
from app.measures.roles import Role
from app.measures.state_machines import REVOCATION
from app.services.applications.under_review import last_day
from app.services.days import not_in_future
from app.services.instruments.in_force import readings
from app.services.lifecycle import AvailableAction, act, available_actions, check_version
from app.services.notices.publish_notice import Medium, create_notice
from app.services.revocations.cases import locked_case, own_organisations, visible_case
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
    """Cases of revocation; an applicant's own."""
    own = context.actor.organisation_id if context.actor.role is Role.APPLICANT else None
    after, limit = request.after(state=state, own=own), request.limit
    rows = await revocations.revocations_page(
        context.session, after=after, limit=limit, state=state, organisations=await own_organisations(context)
    )
    return request.page(rows, key=lambda row: row.id, state=state, own=own)


async def read_revocation(context: ReadContext, *, revocation_id: UUID) -> revocations.Revocation:
    """One case; another organisation's is not found."""
    row, _ = await visible_case(context, revocation_id)
    return row


async def files_of(context: ReadContext, row: revocations.Revocation) -> Sequence[revocations.StatementFile]:
    """The files of the organisation's statement."""
    return await revocations.files_of(context.session, row.id)


async def revocation_actions(context: ReadContext, row: revocations.Revocation) -> Sequence[AvailableAction]:
    """What the caller may do with the case now, and what stands in the way: one notice is enough, one statement, and
    nothing is submitted unheard."""
    kind = RevocationKind(row.basis)
    told: list[Finding] = []
    if row.notice_id is not None:
        told = [fails(kind.rule_id, Reason.ALREADY_PUBLISHED, notice_id=str(row.notice_id))]
    again: list[Finding] = []
    if row.annulment_notice_id is not None:
        again = [fails(kind.rule_id, Reason.ALREADY_PUBLISHED, notice_id=str(row.annulment_notice_id))]
    last = last_day(row.reply_due_at)
    heard = organisation_heard(kind=kind, stated=row.stated_at is not None, reply_last_day=last, at=context.now)
    heard = resting_on(heard, await readings(context.session, context.today), "hearing_before_revocation")
    # What lets the office submit is what keeps the organisation from speaking again.
    over = [fails(item.rule, item.reason, **item.facts) for item in heard if item.outcome is Outcome.PASS]
    findings = {"publish_notice": told, "publish_annulment": again, "submit_revocation": heard, "make_statement": over}
    return available_actions(context, REVOCATION, row, findings)


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
