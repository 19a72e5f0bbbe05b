"""The office enters what an organisation says on paper to an adverse record (Art. 13(6))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.facts import RecordFinding
from app.measures.state_machines import ADVERSE_RECORD
from app.services.applications.heard import Letter, keep, letter_findings
from app.services.applications.under_review import in_the_round
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.qualification.adverse_records import hearing_of, locked_record
from app.store.qualification import AdverseRecord


async def enter_reply(context: WriteContext, *, record_id: UUID, reply: str, letter: Letter) -> AdverseRecord:
    """Enter a letter with the scans that the office has added for it. It counts by its day of receipt: in time it is
    taken also after the hearing and after the decision, which it does not change by itself."""
    row, place = await locked_record(context, record_id)
    if place is not None:
        in_the_round(place[0], "enter_reply", rule="art13.6.record")
    name = "enter_reply" if row.finding == RecordFinding.OPEN else "enter_reply_late"
    of_round = None if place is None else place[0].round_id
    async with act(context, ADVERSE_RECORD, row, name, recorded="enter_reply", round_id=of_round) as doing:
        hearing = await hearing_of(context, row)
        doing.hear(await letter_findings(context, hearing, letter))
        made, files = await keep(context, hearing, reply, letter)
        row.put_first(made.statement, made.stated_at)
        doing.tell(application_id=row.application_id, statement_id=made.id, files=files)
        doing.tell(received_on=letter.received_on, letter_reference=letter.reference)
        doing.rest_on(await readings(context.session, context.today), "statements_on_paper", "further_statements")
    return row
