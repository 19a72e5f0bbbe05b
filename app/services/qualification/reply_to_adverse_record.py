"""The applicant is heard on an adverse record (Art. 13(6))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import ADVERSE_RECORD
from app.measures.text import Text
from app.services.applications.heard import Term, keep, refuse_late, refuse_repeated
from app.services.applications.under_review import in_the_round
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.organisations.access import may_bind
from app.services.qualification.adverse_records import hearing_of, locked_record, of_the_caller
from app.store.qualification import AdverseRecord


async def reply_to_adverse_record(context: WriteContext, *, record_id: UUID, reply: str) -> AdverseRecord:
    """The applicant states its view, and adds to it, until the end of its time and before the decision."""
    row, place = await locked_record(context, record_id)
    await of_the_caller(context, row)
    may_bind(context)
    if place is not None:
        in_the_round(place[0], "reply_to_adverse_record", rule="art13.6.record")
    text = Text("该记录已认定", "It is decided already")
    of_round = None if place is None else place[0].round_id
    async with act(context, ADVERSE_RECORD, row, "reply_to_adverse_record", round_id=of_round, message=text) as doing:
        refuse_late(context, Term("art13.6.record", row.reply_due_at), None)
        hearing = await hearing_of(context, row)
        refuse_repeated(hearing, reply, None)
        doing.hear()
        made, files = await keep(context, hearing, reply)
        row.put_first(made.statement, made.stated_at)
        doing.tell(application_id=row.application_id, statement_id=made.id, files=files)
        doing.rest_on(await readings(context.session, context.today), "further_statements")
    return row
