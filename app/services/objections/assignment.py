"""An investigator is assigned, or replaced on record: of an objection (Art. 21, 29) as of a report (Art. 31)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.roles import AccountKind, Role
from app.measures.text import Text
from app.services.lifecycle import Act
from app.store import identity
from app.store.objections import Objection
from app.store.supervision import MarkReport


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who investigates; how it was looked whether he is free of interests in the matter; why he replaces another."""

    account_id: UUID
    conflict_check: str
    reason: str | None


async def of_the_office(context: WriteContext, account_id: UUID) -> bool:
    """Whether the account is a person's in the office; `Invalid` where there is none."""
    account = await identity.held(context.session, account_id)
    if account is None:
        text = Text("没有此账号", "No such account")
        raise Invalid(text, errors=[FieldError("/account_id", FieldCode.NOT_FOUND, text)])
    return account.role == Role.OFFICE and account.kind == AccountKind.PERSON and not account.deactivated_at


def replaces(row: Objection | MarkReport, assignment: Assignment) -> bool:
    """Whether another had the matter before."""
    return row.investigator_id not in (None, assignment.account_id)


def put_in_place(doing: Act, row: Objection | MarkReport, assignment: Assignment) -> None:
    """From now on this account alone reads the matter as it came, the former one no more."""
    former, row.investigator_id = row.investigator_id, assignment.account_id
    row.conflict_check = assignment.conflict_check
    doing.tell(investigator_id=assignment.account_id, former_investigator_id=former, reason=assignment.reason)
    doing.tell(conflict_check=assignment.conflict_check)
