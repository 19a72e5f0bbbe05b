"""Which organisation a caller may see or change. What is not his is not found."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Forbidden, NotFound
from app.measures.roles import Membership, Role
from app.measures.text import Text
from app.services.lifecycle import check_version
from app.store import organisations as store

SEES_ALL = frozenset({Role.OFFICE, Role.AUDITOR})


async def visible(context: ReadContext, *, organisation_id: UUID) -> store.Organisation:
    """The organisation, for its own people, the office and the auditor."""
    if context.actor.role in SEES_ALL:
        row = await store.organisation(context.session, organisation_id)
        if row is None:
            raise unknown()
        return row
    return await own(context, organisation_id=organisation_id)


async def own(context: ReadContext, *, organisation_id: UUID) -> store.Organisation:
    """The caller's own organisation."""
    if context.actor.role is not Role.APPLICANT or context.actor.organisation_id != organisation_id:
        raise unknown()
    row = await store.organisation(context.session, organisation_id)
    if row is None:
        raise unknown()
    return row


async def own_organisations(context: ReadContext) -> frozenset[UUID] | None:
    """An applicant's organisation with all that it continues: whoever continues a legal person answers for its awards.
    None for everybody else, who sees all."""
    if context.actor.role is not Role.APPLICANT:
        return None
    if context.actor.organisation_id is None:
        return frozenset()
    return await store.with_predecessors(context.session, context.actor.organisation_id)


def may_bind(context: ReadContext) -> None:
    """`Forbidden` for a member who may only edit: the act binds the organisation."""
    if context.actor.role is Role.APPLICANT and context.actor.membership != Membership.SUBMIT:
        raise Forbidden(
            Text("只有具有提交权限的成员可以执行此操作", "Only a member who may submit can do this"),
            code=ProblemCode.SUBMIT_MEMBERSHIP_REQUIRED,
        )


def unknown() -> NotFound:
    """There is none, or none for this caller."""
    return NotFound("没有此组织", "No such organisation")


async def held(context: WriteContext, organisation_id: UUID) -> store.Organisation:
    """The organisation, locked for an act that binds it."""
    found = await visible(context, organisation_id=organisation_id)
    may_bind(context)
    row = (await store.lock(context.session, [found.id]))[found.id]
    check_version(context, row)
    return row
