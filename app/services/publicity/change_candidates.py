"""Changes during the publicity: a name corrected has its own full period, a removal restarts nothing (Art. 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.measures.findings import Finding
from app.measures.organs import proposer
from app.measures.publicity import NoticeKind, NoticeMark, Period, corrected_to_its_name
from app.measures.state_machines import CANDIDATE, ROUND, CandidateState, RoundState
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act, check_version, move, out_of_order, require
from app.services.notices.publish_notice import Publication, create_notice, dated, mark_notice, open_period
from app.services.organisations.names import names_of_the_day
from app.services.publicity.conclude_round import conclude_if_decreed
from app.services.publicity.show_grounds import Removal, grounds_shown
from app.services.rounds.prepare_round import locked
from app.store import applications, approval, notices, organisations
from app.store import publicity as store
from app.store.rounds import Round


async def correct_candidate(
    context: WriteContext,
    *,
    candidate_id: UUID,
    published_name: str,
    reason: str,
    publication: Publication,
    found_on: date | None = None,
) -> Round:
    """Publish a name in its corrected form, its legal name or a former one: this name's period begins anew, the others'
    go on. `found_on`: the day (Shanghai) on which the fault was found, today where none is named; nothing was
    corrected before it."""
    row, candidate = await _listed(context, candidate_id, "correct_candidate")
    if published_name == candidate.published_name:
        text = Text("更正后的名称与原名称相同", "The corrected name is the same as before")
        raise Invalid(text, errors=[FieldError("/published_name", FieldCode.NAME_UNCHANGED, text)])
    found_on = found_on or context.today
    not_in_future(found_on, context.today, "/found_on")
    not_before = max(await _published_on(context, candidate), found_on)
    answer = await open_period(context, row, publication, not_before=not_before)
    async with act(context, ROUND, row, "correct_candidate") as doing:
        its_name = await _its_name(context, candidate, published_name)
        doing.hear([*proposer(role=context.actor.role, act="correct_candidate"), *its_name, *answer.findings])
        if answer.period is None:
            raise RuntimeError("a correction passed without a period")
        named = {
            "name": await _printed(context, candidate, published_name),
            "before": candidate.published_name,
            "seat_category": candidate.seat_category,
            "repeat_award": candidate.repeat_award,
        }
        notice = await create_notice(
            context,
            kind=NoticeKind.CORRECTION,
            round_id=row.id,
            title=publication.title,
            media=publication.media,
            period=answer.period,
            body=list_body(row, [named], answer.period),
        )
        await mark_notice(context, candidate.notice_id, NoticeMark.CORRECTED, on=notice.published_on, by=notice)
        candidate.published_name, candidate.notice_id = published_name, notice.id
        doing.about("candidate", candidate)
        doing.rest_on(round_readings(row), "name_of_the_day")
        doing.tell(published_name=published_name, notice_id=notice.id, reason=reason, found_on=found_on)
    return row


async def remove_candidate(
    context: WriteContext,
    *,
    candidate_id: UUID,
    reason: str,
    removal: Removal | None,
    publication: Publication | None,
) -> Round:
    """Take a name off the list, by decision or with the rule that it fails, which `removal` shows. Nothing fills its
    place by itself."""
    row, candidate = await _listed(context, candidate_id, "remove_candidate")
    rule = None if removal is None else removal.ground.value
    if row.state != RoundState.PUBLICITY and await approval.is_proposed(context.session, candidate.id):
        raise out_of_order(context, ROUND, row, "remove_candidate", wanted=["publicity"])
    async with act(context, ROUND, row, "remove_candidate") as doing:
        findings = proposer(role=context.actor.role, act="remove_candidate")
        if removal is not None:
            application = existing(await applications.get(context.session, candidate.application_id))
            findings += await grounds_shown(context, application, row, removal)
            doing.tell(evidence=removal.evidence, found_on=removal.found_on)
        if publication is not None:
            findings += dated(context, publication, not_before=await _published_on(context, candidate))
        doing.hear(findings)
        await take_out(context, candidate, reason=reason, rule=rule)
        doing.about("candidate", candidate)
        doing.tell(reason=reason, rule=rule, notice_id=None)
        doing.rest_on(round_readings(row), "removed_names", *([] if rule is None else ["removal_under_a_rule"]))
        if publication is not None:
            name = await _printed(context, candidate, candidate.published_name)
            named = {"name": name, "seat_category": candidate.seat_category}
            notice = await create_notice(
                context,
                kind=NoticeKind.REMOVAL,
                round_id=row.id,
                title=publication.title,
                media=publication.media,
                body=list_body(row, [named], None),
            )
            await mark_notice(context, candidate.notice_id, NoticeMark.CORRECTED, on=notice.published_on, by=notice)
            doing.tell(notice_id=notice.id)
    await conclude_if_decreed(context, row)
    return row


# Any: the body of a notice is JSON.
def list_body(row: Round, names: Sequence[Mapping[str, Any]], period: Period | None) -> dict[str, Any]:
    """What a notice says of names on the candidate list: the round, the names, and their period where one begins."""
    # Any: the body of a notice is JSON.
    body: dict[str, Any] = {"round": {"id": row.id, "year": row.year, "title": row.title}, "names": list(names)}
    return body if period is None else {**body, "first_day": period.first_day, "last_day": period.last_day}


async def take_out(context: WriteContext, candidate: store.Candidate, *, reason: str, rule: str | None) -> None:
    """Mark a name as removed. The caller holds the round's lock."""
    move(context, CANDIDATE, candidate, "take_off")
    candidate.removed_reason, candidate.removed_rule, candidate.removed_at = reason, rule, context.now
    await mark_notice(context, candidate.notice_id, NoticeMark.CORRECTED, on=context.today)
    await context.session.flush()


async def _printed(context: WriteContext, candidate: store.Candidate, name: str) -> str:
    """The name as a notice prints it."""
    known = await names_of_the_day(context.session, candidate.round_id, [candidate.organisation_id])
    return known[candidate.organisation_id].printed(name)


async def _its_name(context: WriteContext, candidate: store.Candidate, name: str) -> list[Finding]:
    row = existing(await organisations.organisation(context.session, candidate.organisation_id))
    former = await organisations.former_names(context.session, row.id)
    return corrected_to_its_name(published_name=name, legal_name=row.name, former=[item.name for item in former])


async def _published_on(context: WriteContext, candidate: store.Candidate) -> date:
    """The day from which the name is counted as it stands: what is said of it afterwards is not older."""
    return (await notices.notices_by_id(context.session, [candidate.notice_id]))[candidate.notice_id].published_on


async def _listed(context: WriteContext, candidate_id: UUID, name: str) -> tuple[Round, store.Candidate]:
    """Round and candidate, read again under the round's lock; refused where the name is off the list."""
    candidate = existing(await context.session.get(store.Candidate, candidate_id), "没有此候选", "No such candidate")
    row = await locked(context, candidate.round_id)
    await context.session.refresh(candidate)
    check_version(context, row)
    require(context, ROUND, row, name)
    if candidate.state != CandidateState.LISTED:
        text = Text("该候选已移出名单", "It is off the list already")
        raise out_of_order(context, CANDIDATE, candidate, "take_off", message=text)
    return row, candidate
