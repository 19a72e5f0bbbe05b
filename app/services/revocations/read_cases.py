"""Cases of revocation as they are read (Art. 26, 28)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding, fails
from app.measures.hearings import scan_there
from app.measures.interpretations import resting_on
from app.measures.reasons import Reason
from app.measures.revocation_cases import organisation_heard
from app.measures.revocations import RevocationKind
from app.measures.roles import Role
from app.measures.state_machines import REVOCATION, RevocationState
from app.services.applications.under_review import last_day
from app.services.awards.plaques import left_to_do
from app.services.instruments.in_force import readings
from app.services.lifecycle import AvailableAction, available_actions
from app.services.organisations.access import own_organisations
from app.services.revocations.cases import visible_case
from app.services.revocations.statements import hearing_of
from app.store import revocations


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


async def open_duties(context: ReadContext, row: revocations.Revocation) -> Sequence[Finding]:
    """What a decision that stands leaves to the office to do: the plaque that is not back (Art. 26, 28). Nobody else
    is told."""
    if context.actor.role is Role.APPLICANT or row.state != RevocationState.DECIDED:
        return []
    return await left_to_do(context, row.award_id)


async def revocation_actions(context: ReadContext, row: revocations.Revocation) -> Sequence[AvailableAction]:
    """What the caller may do with the case now, and what stands in the way: one notice is enough, nothing is said after
    the hearing, and nothing is submitted unheard."""
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
    over: list[Finding] = []
    if context.now >= row.reply_due_at:
        over = [fails(kind.rule_id, Reason.REPLY_DEADLINE_PASSED, ended_at=row.reply_due_at.isoformat())]
    hearing = await hearing_of(context, row)
    unscanned = scan_there(rule_id=kind.rule_id, scanned=bool(hearing.waiting(scan=True)))
    findings = {
        "publish_notice": told,
        "publish_annulment": again,
        "submit_revocation": heard,
        "make_statement": over,
        "enter_statement": unscanned,
        "enter_statement_late": unscanned,
    }
    return available_actions(context, REVOCATION, row, findings)
