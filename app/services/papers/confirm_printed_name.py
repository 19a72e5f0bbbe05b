"""A winner confirms how its name is printed on certificate and plaque (Art. 22), or says what is wrong with it."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.state_machines import AWARD, AwardState
from app.measures.text import Text
from app.services.lifecycle import enter, require_state
from app.services.papers.catalogue import Collection
from app.services.papers.drafts import no_such_paper
from app.services.papers.subjects import subject
from app.store import papers as store
from app.store.awards import Award


async def confirm_printed_name(
    context: WriteContext, *, award_id: UUID, confirmed: bool, remark: str | None
) -> store.NameConfirmation:
    """Put the winner's word on record: its own, or as the office has it on paper. The last one counts. `WrongState` for
    an award that does not stand: nothing is printed of it any more (Art. 26, 28)."""
    award = await subject(context, Collection.AWARDS, award_id)
    if not isinstance(award, Award) or award.conferred_on is None:
        raise no_such_paper()
    text = Text(
        "该奖项已被撤销，不再制作证书和奖牌，无须确认名称",
        "The award is revoked: there is neither certificate nor plaque any more, and no name to confirm",
    )
    wanted = [AwardState.CONFERRED]
    require_state(AWARD, award, "confirm_printed_name", wanted, rule="art22.approval", message=text)
    row = store.NameConfirmation(
        created_at=context.now,
        award_id=award.id,
        printed_name=award.awarded_name,
        confirmed=confirmed,
        remark=remark,
        confirmed_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "confirm_printed_name",
        "award",
        subject=award,
        round_id=award.round_id,
        printed_name=row.printed_name,
        confirmed=confirmed,
        remark=remark,
    )
    return row


async def name_confirmed(context: ReadContext, award: Award) -> None:
    """`Collision` unless the winner's last word is that the name is right as it stands."""
    last = await store.last_confirmation(context.session, award.id)
    if last is None or not last.confirmed or last.printed_name != award.awarded_name:
        raise Collision(
            Text(
                "获奖组织尚未确认名称的写法，或者对写法有意见", "The winner has not confirmed how its name is printed"
            ),
            code=ProblemCode.CONFLICT,
        )
