"""What follows an award, as it is read: visits (Art. 27), misuses (Art. 23), sharing (Art. 25)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.instruments import Parameters
from app.measures.roles import Role
from app.measures.text import Text
from app.measures.validity import AwardFacts
from app.services.days import not_before
from app.services.instruments.in_force import round_parameters
from app.store import awards as store
from app.store import rounds, supervision

_INSIDE = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR})


async def list_followed(
    context: ReadContext, *, model: type[supervision.Followed], award_id: UUID, request: PageRequest
) -> Page[supervision.Followed]:
    """Visits or misuses of an award. A winner reads its own."""
    award, _ = await conferred_award(context, award_id)
    if context.actor.role is Role.APPLICANT and award.organisation_id != context.actor.organisation_id:
        raise NotFound("没有此获奖记录", "No such award")
    kind = model.__tablename__
    after = request.after(award_id=award_id, kind=kind)
    rows = await supervision.of_award(context.session, model, award_id=award_id, after=after, limit=request.limit)
    return request.page(rows, key=lambda row: row.id, award_id=award_id, kind=kind)


async def list_sharing(
    context: ReadContext, *, award_id: UUID, request: PageRequest
) -> Page[supervision.SharingActivity]:
    """What a winner has shared: all of it for those who work on it and the winner itself; for everybody else what was
    held and is no trade secret (Art. 25)."""
    award, _ = await conferred_award(context, award_id)
    own = context.actor.role is Role.APPLICANT and award.organisation_id == context.actor.organisation_id
    whole = own or context.actor.role in _INSIDE
    after = request.after(award_id=award_id, whole=whole)
    rows = (
        await supervision.of_award(
            context.session, supervision.SharingActivity, award_id=award_id, after=after, limit=request.limit
        )
        if whole
        else await supervision.published_sharing(context.session, award_id=award_id, after=after, limit=request.limit)
    )
    return request.page(rows, key=lambda row: row.id, award_id=award_id, whole=whole)


async def conferred_award(context: ReadContext, award_id: UUID) -> tuple[store.Award, Parameters]:
    award = await store.get(context.session, award_id)
    if award is None or award.conferred_on is None:
        raise NotFound("没有此获奖记录", "No such award")
    row = existing(await rounds.get(context.session, award.round_id))
    return award, round_parameters(row)


def since_the_decree(award: store.Award, day: date, pointer: str) -> None:
    """`Invalid`, at this JSON pointer, for a day on which there was no award yet."""
    if award.conferred_on is None:
        raise RuntimeError("an award without its decree's date")
    not_before(day, award.conferred_on, pointer, Text("日期早于通报表彰之日", "The day is before the decree"))


async def locked_visit(context: WriteContext, visit_id: UUID) -> supervision.Visit:
    return existing(
        await context.session.get(supervision.Visit, visit_id, with_for_update=True), "没有此巡访", "No such visit"
    )


def award_facts(award: store.Award) -> AwardFacts:
    if award.conferred_on is None:
        raise RuntimeError("an award without its decree's date")
    return AwardFacts(award.awarded_name, award.conferred_on, award.award_year, award.revoked_on, award.revoked_under)
