"""The organisation states its side of a case, and adds to it while it is heard (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REVOCATION
from app.measures.text import Text
from app.services.applications.heard import keep, refuse_repeated
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.revocations.cases import locked_case
from app.services.revocations.statements import hearing_of, may_be_heard
from app.store import revocations as store


async def state_on_revocation(context: WriteContext, *, revocation_id: UUID, statement: str) -> store.Revocation:
    """The organisation says what it has to say; the files that it has added since it last did belong to it. What it has
    said before stays as it is."""
    row, award = await locked_case(context, revocation_id)
    text = Text("案件已提请或者已撤回", "The case is submitted or withdrawn")
    async with act(context, REVOCATION, row, "make_statement", round_id=award.round_id, message=text) as doing:
        may_be_heard(context, row)
        hearing = await hearing_of(context, row)
        refuse_repeated(hearing, statement, "submit_revocation")
        doing.hear()
        made, files = await keep(context, hearing, statement)
        store.put_first(row, made)
        doing.tell(award_id=award.id, statement_id=made.id, files=files)
        doing.rest_on(await readings(context.session, context.today), "further_statements")
    return row
