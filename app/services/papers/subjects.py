"""Which object a paper is of, and whether the caller may have it: what is not for this caller is not found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound, existing
from app.measures.roles import Role
from app.services.applications.access import visible
from app.services.consultations.read_consultations import no_such
from app.services.papers.catalogue import GOVERNMENT, OFFICE, Collection, PaperKind
from app.services.papers.facts import of_application, of_award, of_lists, of_registers, of_round
from app.services.papers.wording import Filling
from app.services.revocations.cases import own_award, visible_case
from app.services.rounds.read_rounds import read_round
from app.store import awards, consultations, objections, rounds
from app.store.applications import Application
from app.store.consultations import Consultation
from app.store.notices import Notice
from app.store.objections import Objection
from app.store.revocations import Revocation
from app.store.rounds import Round
from app.store.supervision import Visit

Subject: TypeAlias = Round | Application | Consultation | Notice | awards.Award | Objection | Revocation | Visit

_INSIDE = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR})
_AT_WORK = frozenset({Role.OFFICE, Role.AUDITOR})


async def subject(context: ReadContext, collection: Collection, object_id: UUID) -> Subject:
    """The object, where the caller may know of it; `NotFound` otherwise."""
    return await _FOUND[collection](context, object_id)


def permitted(context: ReadContext, kind: PaperKind) -> bool:
    """Whether the caller's role may have such a paper before it is public."""
    return context.actor.role in kind.readers


async def filling(context: ReadContext, kind: PaperKind, found: Subject) -> Filling:
    """What fills the paper on today's facts; `NotYet` where it cannot be made."""
    made = await _made(context, kind.key, found)
    known: dict[str, str | None] = {"发文字号": None, "成文日期": None, "承办机关": OFFICE, "县政府": GOVERNMENT}
    return Filling({**known, **made.words}, made.tables, made.dated, made.sheets, made.further)


async def round_of(context: ReadContext, found: Subject) -> Round | None:
    """The round to which the object belongs; None for a notice of none."""
    if isinstance(found, Round):
        return found
    if isinstance(found, Revocation | Visit):
        of: UUID | None = existing(await awards.get(context.session, found.award_id)).round_id
    else:
        of = found.round_id
    return None if of is None else await rounds.get(context.session, of)


async def _made(context: ReadContext, key: str, found: Subject) -> Filling:
    """The function that is called as the paper, for the kind of object that it is of."""
    if isinstance(found, Round):
        return await _OF_ROUND[key](context, found)
    if isinstance(found, Application):
        return await _OF_APPLICATION[key](context, found)
    if isinstance(found, Objection):
        return await _OF_OBJECTION[key](context, found)
    if isinstance(found, Revocation):
        return await _OF_REVOCATION[key](context, found)
    if isinstance(found, Consultation):
        return await of_application.department_opinion(context, found)
    if isinstance(found, Notice):
        return await of_lists.publicity_change(context, found)
    if isinstance(found, Visit):
        return await of_award.visit_record(context, found)
    return await of_award.certificate(context, found)


async def _round(context: ReadContext, object_id: UUID) -> Subject:
    return await read_round(context, round_id=object_id)


async def _application(context: ReadContext, object_id: UUID) -> Subject:
    return await visible(context, application_id=object_id)


async def _consultation(context: ReadContext, object_id: UUID) -> Subject:
    row = await consultations.consultation(context.session, object_id)
    actor = context.actor
    own = actor.role is Role.DEPARTMENT and row is not None and row.department_id == actor.department_id
    if row is None or not (own or actor.role in _AT_WORK):
        raise no_such()
    return row


async def _notice(context: ReadContext, object_id: UUID) -> Subject:
    return existing(await context.session.by_id(Notice, object_id), "没有此公告", "No such notice")


async def _award(context: ReadContext, object_id: UUID) -> Subject:
    row = await awards.get(context.session, object_id)
    inside = context.actor.role in _INSIDE
    own = context.actor.role is Role.APPLICANT and row is not None and await own_award(context, row)
    if row is None or not (inside or (own and row.conferred_on is not None)):
        raise NotFound("没有此获奖记录", "No such award")
    return row


async def _objection(context: ReadContext, object_id: UUID) -> Subject:
    found = await objections.objection(context.session, object_id)
    if found is None or context.actor.role not in _AT_WORK:
        raise NotFound("没有此异议", "No such objection")
    return found[0]


async def _revocation(context: ReadContext, object_id: UUID) -> Subject:
    if context.actor.role not in _INSIDE | {Role.APPLICANT}:
        raise NotFound("没有此撤销案件", "No such case")
    row, _ = await visible_case(context, object_id)
    return row


async def _visit(context: ReadContext, object_id: UUID) -> Subject:
    row = await context.session.by_id(Visit, object_id)
    award = None if row is None else await awards.get(context.session, row.award_id)
    may = context.actor.role in _INSIDE | {Role.APPLICANT}
    if row is None or award is None or not may or not await own_award(context, award):
        raise NotFound("没有此巡访", "No such visit")
    return row


async def _template(_context: ReadContext, _object_id: UUID) -> Subject:
    # Its only paper is its preview.
    raise NotFound("没有此文件", "No such paper")


_FOUND: Mapping[Collection, Callable[[ReadContext, UUID], Awaitable[Subject]]] = {
    Collection.ROUNDS: _round,
    Collection.APPLICATIONS: _application,
    Collection.CONSULTATIONS: _consultation,
    Collection.NOTICES: _notice,
    Collection.AWARDS: _award,
    Collection.OBJECTIONS: _objection,
    Collection.REVOCATIONS: _revocation,
    Collection.VISITS: _visit,
    Collection.PAPER_TEMPLATES: _template,
}
_OF_ROUND: Mapping[str, Callable[[ReadContext, Round], Awaitable[Filling]]] = {
    "call": of_round.call,
    "application_register": of_registers.application_register,
    "undertaking": of_round.undertaking,
    "qualified_list": of_round.qualified_list,
    "evaluation_report": of_round.evaluation_report,
    "minutes": of_round.minutes,
    "ballots": of_round.ballots,
    "candidate_notice": of_lists.candidate_notice,
    "objection_register": of_registers.objection_register,
    "proposed_list": of_lists.proposed_list,
    "submission": of_lists.submission,
    "decree": of_lists.decree,
    "plaque_order": of_lists.plaque_order,
    "disbursement_list": of_lists.disbursement_list,
}
_OF_APPLICATION: Mapping[str, Callable[[ReadContext, Application], Awaitable[Filling]]] = {
    "application_form": of_application.application_form,
    "recommendation_form": of_application.recommendation_form,
    "correction_request": of_application.correction_request,
    "material_report": of_application.material_report,
    "onsite_report": of_application.onsite_report,
}
_OF_OBJECTION: Mapping[str, Callable[[ReadContext, Objection], Awaitable[Filling]]] = {
    "objection_record": of_award.objection_record,
    "objection_reply": of_award.objection_reply,
}
_OF_REVOCATION: Mapping[str, Callable[[ReadContext, Revocation], Awaitable[Filling]]] = {
    "case_notice": of_award.case_notice,
    "revocation_submission": of_award.revocation_submission,
    "revocation_notice": of_award.revocation_notice,
    "recovery_letter": of_award.recovery_letter,
}
