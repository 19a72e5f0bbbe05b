"""A name is published in its corrected form: it has its own full period (Art. 21)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.measures.findings import Finding
from app.measures.organs import proposer
from app.measures.publicity import NoticeKind, NoticeMark, corrected_to_its_name, found_in_the_name
from app.measures.state_machines import ROUND
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import act
from app.services.notices.publish_notice import Publication, create_notice, mark_notice, open_period
from app.services.publicity.candidates import counted_from, list_body, listed_candidate, printed, stands_since
from app.store import organisations
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
    corrected before it, and nothing found in a name before it stood on the list as it stands."""
    row, candidate = await listed_candidate(context, candidate_id, "correct_candidate")
    if published_name == candidate.published_name:
        text = Text("更正后的名称与原名称相同", "The corrected name is the same as before")
        raise Invalid(text, errors=[FieldError("/published_name", FieldCode.NAME_UNCHANGED, text)])
    found_on = found_on or context.today
    not_in_future(found_on, context.today, "/found_on")
    since = max(await counted_from(context, candidate), found_on)
    answer = await open_period(context, row, publication, not_before=since)
    async with act(context, ROUND, row, "correct_candidate") as doing:
        its_name = await _its_name(context, candidate, published_name)
        found = found_in_the_name(found_on=found_on, listed_on=await stands_since(context, candidate))
        proposes = proposer(role=context.actor.role, act="correct_candidate")
        doing.hear([*proposes, *its_name, *found, *answer.findings])
        if answer.period is None:
            raise RuntimeError("a correction passed without a period")
        named = {
            "name": await printed(context, candidate, published_name),
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


async def _its_name(context: WriteContext, candidate: store.Candidate, name: str) -> list[Finding]:
    row = existing(await organisations.organisation(context.session, candidate.organisation_id))
    former = await organisations.former_names(context.session, row.id)
    return corrected_to_its_name(published_name=name, legal_name=row.name, former=[item.name for item in former])
