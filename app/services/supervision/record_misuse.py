"""A misuse of the title, with the correction that is ordered (Art. 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Conflict, FieldError, Invalid, refuse
from app.measures.findings import Outcome, fails
from app.measures.reasons import Reason
from app.measures.state_machines import TITLE_MISUSE
from app.measures.text import Text
from app.measures.title_use import TitleUse, TitleUseKind, misuse_recorded, title_use_allowed
from app.services.days import not_in_future
from app.services.lifecycle import create
from app.services.supervision.followed_award import award_facts, conferred_award, since_the_decree
from app.store import supervision


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


async def record_misuse(context: WriteContext, *, award_id: UUID, misuse: Misuse) -> supervision.TitleMisuse:
    """Record a misuse with its correction order. A use that the measures allow is no misuse and is refused here."""
    award, parameters = await conferred_award(context, award_id)
    not_in_future(misuse.used_on, context.today, "/used_on")
    since_the_decree(award, misuse.used_on, "/used_on")
    if misuse.correct_by < context.today:
        text = Text("改正期限不能早于今日", "The day for the correction is over already")
        raise Invalid(text, errors=[FieldError("/correct_by", FieldCode.DATE_IN_PAST, text)])
    refuse(
        misuse_recorded(description=misuse.description, correction_order=misuse.order_text, due_on=misuse.correct_by)
    )
    use = TitleUse(kind=misuse.use, used_on=misuse.used_on, year_named=misuse.year_named)
    answers = title_use_allowed(use=use, award=award_facts(award), parameters=parameters)
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
