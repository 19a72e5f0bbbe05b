"""The office assigns the investigator of a report (Art. 31), or replaces him on record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.exclusivity import report_investigator_fit
from app.measures.roles import AccountKind, Role
from app.measures.state_machines import MARK_REPORT
from app.measures.text import Text
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.supervision.mark_reports import locked_report, neutrally
from app.store import identity, supervision


@dataclass(frozen=True, slots=True)
class ReportAssignment:
    """Who investigates a report; how it was looked whether he is free of interests in it; why he replaces another."""

    account_id: UUID
    conflict_check: str
    reason: str | None


async def assign_report_investigator(
    context: WriteContext, *, report_id: UUID, assignment: ReportAssignment
) -> supervision.MarkReport:
    """Assign an account of the office, or put another in its place: the former one reads the original no more."""
    row = await locked_report(context, report_id)
    async with act(context, MARK_REPORT, row, "assign_report_investigator") as doing:
        account = await identity.held(context.session, assignment.account_id)
        if account is None:
            text = Text("没有此账号", "No such account")
            raise Invalid(text, errors=[FieldError("/account_id", FieldCode.NOT_FOUND, text)])
        person = account.role == Role.OFFICE and account.kind == AccountKind.PERSON
        former = row.investigator_id
        fit = report_investigator_fit(
            of_the_office=person and not account.deactivated_at,
            recused=await supervision.has_recused(context.session, report_id=row.id, account_id=account.id),
            replaces=former not in (None, account.id),
            reason=assignment.reason,
        )
        doing.hear([*fit, *await neutrally(context, row, assignment.conflict_check, assignment.reason)])
        row.investigator_id, row.conflict_check = account.id, assignment.conflict_check
        doing.tell(investigator_id=account.id, former_investigator_id=former, reason=assignment.reason)
        doing.tell(conflict_check=assignment.conflict_check)
        doing.rest_on(await readings(context.session, context.today), "report_original")
    return row
