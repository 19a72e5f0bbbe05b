"""The office assigns the investigator of an objection (Art. 21, 29), or replaces him on record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.objections import investigator_fit
from app.measures.roles import AccountKind, Role
from app.measures.state_machines import OBJECTION
from app.measures.text import Text
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.objections.investigator import neutrally
from app.services.objections.read_objections import Told, locked
from app.store import identity, objections


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who investigates; how it was looked whether he is free of interests in the organisation; why he replaces
    another."""

    account_id: UUID
    conflict_check: str
    reason: str | None


async def assign_investigator(context: WriteContext, *, objection_id: UUID, assignment: Assignment) -> Told:
    """Assign an account of the office, or put another in its place: the former one reads the original no more."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "assign_investigator") as doing:
        account = await identity.held(context.session, assignment.account_id)
        if account is None:
            text = Text("没有此账号", "No such account")
            raise Invalid(text, errors=[FieldError("/account_id", FieldCode.NOT_FOUND, text)])
        organisation_id = await objections.organisation_objected_to(context.session, row.candidate_id)
        former = row.investigator_id
        fit = investigator_fit(
            of_the_office=account.role == Role.OFFICE
            and account.kind == AccountKind.PERSON
            and not account.deactivated_at,
            recused=await objections.has_recused(
                context.session, account_id=account.id, organisation_id=organisation_id
            ),
            replaces=former not in (None, account.id),
            reason=assignment.reason,
        )
        doing.hear([*fit, *await neutrally(context, row, assignment.conflict_check, assignment.reason)])
        row.investigator_id, row.conflict_check = account.id, assignment.conflict_check
        doing.tell(investigator_id=account.id, former_investigator_id=former, reason=assignment.reason)
        doing.tell(conflict_check=assignment.conflict_check)
        doing.rest_on(await readings(context.session, context.today), "objection_original")
    return told
