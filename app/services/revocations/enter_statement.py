"""The office enters what the organisation says on paper in a case of revocation (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REVOCATION
from app.services.applications.heard import Letter, keep, letter_findings
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.revocations.cases import locked_case
from app.services.revocations.statements import entering, hearing_of, not_now
from app.store import revocations as store


async def enter_statement(
    context: WriteContext, *, revocation_id: UUID, statement: str, letter: Letter
) -> store.Revocation:
    """Enter a letter with the scans that the office has added for it. It counts by its day of receipt: in time it is
    taken also after the hearing and after the submission, until the government has decided. Once it has, a letter that
    says so is kept with the case, and changes nothing."""
    row, award = await locked_case(context, revocation_id)
    late = letter.after_decision
    name, told, of_round = entering(after_decision=late), not_now(row, after_decision=late), award.round_id
    async with act(
        context, REVOCATION, row, name, recorded="enter_statement", round_id=of_round, message=told
    ) as doing:
        hearing = await hearing_of(context, row)
        doing.hear(await letter_findings(context, hearing, letter, decided_on=row.decided_on if late else None))
        made, files = await keep(context, hearing, statement, letter)
        if not late:
            store.put_first(row, made)
        doing.tell(award_id=award.id, statement_id=made.id, files=files, after_decision=late)
        doing.tell(received_on=letter.received_on, letter_reference=letter.reference)
        doing.rest_on(await readings(context.session, context.today), "statements_on_paper", "further_statements")
    return row
