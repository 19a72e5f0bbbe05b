"""Conflict declarations (Art. 29): declared by the reviewer or recorded by the office. They bar at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, absent
from app.kernel.errors import FieldError, Invalid
from app.measures.reviewers import ConflictKind, ConflictOrigin
from app.measures.roles import Role
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.lifecycle import enter
from app.services.reviewers.read_reviewers import locked_reviewer
from app.services.reviewers.set_aside_scores import Recused, recuse_biased, running_locked
from app.services.reviewers.sign_undertaking import own_entry
from app.store import recommendations, reviewers
from app.store import reviewers as store

# What the audit log says of a declaration.
_NOTED = ("reviewer_id", "kind", "uscc", "unit_id", "started_on", "ended_on", "origin")


@dataclass(frozen=True, slots=True)
class NewConflict:
    """A conflict of interest in a legal person (`uscc`) or, for its staff, in a recommending unit. `ended_on` is its
    last day, None while it lasts."""

    kind: ConflictKind
    uscc: str | None
    unit_id: UUID | None
    started_on: date | None
    ended_on: date | None
    description: str


async def declare_conflict(
    context: WriteContext, *, reviewer_id: UUID | None, new: NewConflict
) -> tuple[store.ConflictOfInterest, Recused]:
    """Put a conflict of interest on record; work in hand that it bars from ends. A reviewer declares his own
    (`reviewer_id` None or his own), the office records anybody's."""
    subject = await _subject(context, reviewer_id)
    await _check(context, new)
    round_row = await running_locked(context)
    entry = await locked_reviewer(context, subject)
    row = store.ConflictOfInterest(
        created_at=context.now,
        reviewer_id=entry.id,
        kind=new.kind,
        uscc=new.uscc,
        unit_id=new.unit_id,
        origin=ConflictOrigin.DECLARED if context.actor.role is Role.REVIEWER else ConflictOrigin.RECORDED,
        started_on=new.started_on,
        ended_on=new.ended_on,
        description=new.description,
        recorded_by=context.actor.known_id,
    )
    told = {name: getattr(row, name) for name in _NOTED}
    await enter(context, row, "declare_conflict", "conflict_declaration", **told)
    return row, await recuse_biased(context, round_row, entry)


async def _subject(context: WriteContext, reviewer_id: UUID | None) -> UUID:
    if context.actor.role is Role.REVIEWER:
        own = await own_entry(context)
        if reviewer_id in (None, own.id):
            return own.id
    elif reviewer_id is not None and await reviewers.get(context.session, reviewer_id) is not None:
        return reviewer_id
    text = Text("须指明专家库中的评审员", "Name a reviewer of the pool")
    raise Invalid(text, errors=[FieldError("/reviewer_id", absent(reviewer_id), text)])


async def _check(context: WriteContext, new: NewConflict) -> None:
    of_unit = new.kind is ConflictKind.RECOMMENDING_UNIT_STAFF
    if of_unit != (new.unit_id is not None) or of_unit == (new.uscc is not None):
        text = Text(
            "推荐单位人员须指明推荐单位，其他情形须指明组织的统一社会信用代码",
            "Staff of a unit name the unit, everything else the organisation's code",
        )
        raise Invalid(text, errors=[FieldError("/unit_id" if of_unit else "/uscc", FieldCode.INCONSISTENT, text)])
    if new.unit_id is not None and await recommendations.unit(context.session, new.unit_id) is None:
        text = Text("没有此推荐单位", "No such recommending unit")
        raise Invalid(text, errors=[FieldError("/unit_id", FieldCode.NOT_FOUND, text)])
    for day, pointer in ((new.started_on, "/started_on"), (new.ended_on, "/ended_on")):
        if day is not None:
            not_in_future(day, context.today, pointer)
    if new.started_on is not None and new.ended_on is not None and new.ended_on < new.started_on:
        text = Text("结束日早于开始日", "It ends before it begins")
        raise Invalid(text, errors=[FieldError("/ended_on", FieldCode.END_BEFORE_START, text)])
