"""Following a winner: visits (Art. 27), misuse of the title (Art. 23), sharing of experience (Art. 25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid, NotFound, existing, refuse
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Outcome, fails
from app.measures.instruments import Parameters
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.state_machines import TITLE_MISUSE, VISIT
from app.measures.supervision import (
    SharingItem,
    SharingKind,
    VisitFacts,
    declining_legitimate,
    sharing_publishable,
    visit_complete,
)
from app.measures.text import Text
from app.measures.title_use import TitleUse, TitleUseKind, misuse_recorded, title_use_allowed
from app.measures.validity import AwardFacts, valid_on
from app.services.days import not_in_future
from app.services.instruments.in_force import round_parameters
from app.services.lifecycle import act, create, enter
from app.store import awards as store
from app.store import rounds, supervision

_INSIDE = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Misuse:
    """A use of the title that was found, and the correction ordered."""

    use: TitleUseKind
    used_on: date
    year_named: int | None
    description: str
    evidence: str
    order_text: str
    correct_by: date


@dataclass(frozen=True, slots=True)
class Sharing:
    """A sharing activity, or the declining of one; `trade_secret` marks what is never published."""

    kind: SharingKind
    held_on: date
    title: str
    description: str
    trade_secret: bool


async def plan_visit(
    context: WriteContext, *, award_id: UUID, planned_on: date, visitors: list[str]
) -> supervision.Visit:
    """Plan a visit to a current winner."""
    award, parameters = await _award(context, award_id)
    refuse(valid_on(award=_facts(award), on=planned_on, parameters=parameters))
    row = supervision.Visit(
        created_at=context.now,
        award_id=award.id,
        state=create(VISIT),
        planned_on=planned_on,
        visitors=visitors,
        recorded_by=context.actor.known_id,
    )
    about = award.round_id
    await enter(context, row, "plan_visit", "visit", round_id=about, award_id=award.id, planned_on=planned_on)
    return row


async def record_visit(
    context: WriteContext, *, visit_id: UUID, visited_on: date, visitors: list[str], findings: str, follow_up: str
) -> supervision.Visit:
    """Record what a planned visit found and what follows from it."""
    row = await _visit(context, visit_id)
    award, parameters = await _award(context, row.award_id)
    async with act(context, VISIT, row, "record_visit", round_id=award.round_id) as doing:
        not_in_future(visited_on, context.today, "/visited_on")
        facts = VisitFacts(
            plan=row.planned_on.isoformat(),
            visited_on=visited_on,
            visitors=tuple(visitors),
            findings=findings,
            follow_up=follow_up,
        )
        doing.hear(visit_complete(visit=facts, award=_facts(award), parameters=parameters))
        row.visited_on, row.visitors, row.findings, row.follow_up = visited_on, visitors, findings, follow_up
        doing.tell(award_id=award.id)
    return row


async def cancel_visit(context: WriteContext, *, visit_id: UUID, reason: str) -> supervision.Visit:
    """A planned visit does not take place."""
    row = await _visit(context, visit_id)
    async with act(context, VISIT, row, "cancel_visit") as doing:
        doing.hear()
        row.follow_up = reason
        doing.tell(reason=reason)
    return row


async def record_misuse(context: WriteContext, *, award_id: UUID, misuse: Misuse) -> supervision.TitleMisuse:
    """Record a misuse with its correction order. A use that the measures allow is no misuse and is refused here."""
    award, parameters = await _award(context, award_id)
    not_in_future(misuse.used_on, context.today, "/used_on")
    if misuse.correct_by < context.today:
        text = Text("改正期限不能早于今日", "The day for the correction is over already")
        raise Invalid(text, errors=[FieldError("/correct_by", FieldCode.DATE_IN_PAST, text)])
    refuse(
        misuse_recorded(description=misuse.description, correction_order=misuse.order_text, due_on=misuse.correct_by)
    )
    use = TitleUse(kind=misuse.use, used_on=misuse.used_on, year_named=misuse.year_named)
    answers = title_use_allowed(use=use, award=_facts(award), parameters=parameters)
    if all(answer.outcome == Outcome.PASS for answer in answers):
        found = fails("art23.title_use", Reason.USE_IS_NO_MISUSE, next_act=None, use=use.kind.value)
        raise Conflict(found, code=ProblemCode.USE_ALLOWED)
    row = supervision.TitleMisuse(
        created_at=context.now,
        award_id=award.id,
        use=misuse.use,
        year_named=misuse.year_named,
        used_on=misuse.used_on,
        found_on=context.today,
        description=misuse.description,
        evidence=misuse.evidence,
        order_text=misuse.order_text,
        correct_by=misuse.correct_by,
        state=create(TITLE_MISUSE),
        recorded_by=context.actor.known_id,
    )
    # What was found on the use is why it is a misuse: it refuses nothing here.
    context.session.add(row)
    await context.session.flush()
    audit.record(
        context, "record_misuse", "title_misuse", row.id, round_id=award.round_id, findings=answers, award_id=award.id
    )
    return row


async def record_correction(
    context: WriteContext, *, misuse_id: UUID, corrected_on: date, correction: str
) -> supervision.TitleMisuse:
    """The misuse has been corrected."""
    row = existing(
        await context.session.get(supervision.TitleMisuse, misuse_id, with_for_update=True),
        "没有此违规使用记录",
        "No such record of misuse",
    )
    async with act(context, TITLE_MISUSE, row, "record_correction") as doing:
        not_in_future(corrected_on, context.today, "/corrected_on")
        doing.hear()
        row.corrected_on, row.correction = corrected_on, correction
        doing.tell(corrected_on=corrected_on)
    return row


async def record_sharing(context: WriteContext, *, award_id: UUID, sharing: Sharing) -> supervision.SharingActivity:
    """A winner's sharing of experience, by the winner or the office; declining is legitimate for a trade secret
    only."""
    award, _ = await _award(context, award_id)
    if context.actor.role is Role.APPLICANT and award.organisation_id != context.actor.organisation_id:
        raise NotFound("没有此获奖记录", "No such award")
    not_in_future(sharing.held_on, context.today, "/held_on")
    if sharing.kind == SharingKind.DECLINED_TRADE_SECRET:
        answers = declining_legitimate(on_trade_secret=sharing.trade_secret, reason=sharing.description)
    else:
        published = not sharing.trade_secret
        answers = sharing_publishable(items=[SharingItem(sharing.title, sharing.trade_secret, published)])
    row = supervision.SharingActivity(
        created_at=context.now,
        award_id=award.id,
        kind=sharing.kind,
        held_on=sharing.held_on,
        title=sharing.title,
        description=sharing.description,
        trade_secret=sharing.trade_secret,
        recorded_by=context.actor.known_id,
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"award_id": award.id, "kind": row.kind}
    await enter(context, row, "record_sharing", "sharing_activity", round_id=award.round_id, findings=answers, **told)
    return row


async def list_followed(
    context: ReadContext, *, model: type[supervision.Followed], award_id: UUID, request: PageRequest
) -> Page[supervision.Followed]:
    """Visits or misuses of an award. A winner reads its own."""
    award, _ = await _award(context, award_id)
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
    award, _ = await _award(context, award_id)
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


async def _award(context: ReadContext, award_id: UUID) -> tuple[store.Award, Parameters]:
    award = await store.get(context.session, award_id)
    if award is None or award.conferred_on is None:
        raise NotFound("没有此获奖记录", "No such award")
    row = existing(await rounds.get(context.session, award.round_id))
    return award, round_parameters(row)


async def _visit(context: WriteContext, visit_id: UUID) -> supervision.Visit:
    return existing(
        await context.session.get(supervision.Visit, visit_id, with_for_update=True), "没有此巡访", "No such visit"
    )


def _facts(award: store.Award) -> AwardFacts:
    if award.conferred_on is None:
        raise RuntimeError("an award without its decree's date")
    return AwardFacts(award.awarded_name, award.conferred_on, award.award_year, award.revoked_on)
