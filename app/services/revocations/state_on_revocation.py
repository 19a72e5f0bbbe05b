"""The organisation states its side of a case, once (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REVOCATION
from app.measures.text import Text
from app.services.lifecycle import act
from app.services.revocations.cases import locked_case
from app.services.revocations.statements import may_be_heard
from app.store import revocations as store


async def state_on_revocation(context: WriteContext, *, revocation_id: UUID, statement: str) -> store.Revocation:
    """The organisation says what it has to say; the files that it has added belong to it."""
    row, award = await locked_case(context, revocation_id)
    text = Text("已陈述意见，或者案件已提请、已撤回", "The statement is made, or the case is submitted or withdrawn")
    async with act(context, REVOCATION, row, "make_statement", round_id=award.round_id, message=text) as doing:
        may_be_heard(context, row)
        files = await store.files_of(context.session, row.id)
        doing.hear()
        row.statement, row.stated_at, row.stated_by = statement, context.now, context.actor.known_id
        doing.tell(award_id=award.id, files=[item.id for item in files])
    return row
