"""An expert comes into the pool, with an account (Art. 11(2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.security.sealing import Keyring
from app.measures.roles import Role
from app.measures.state_machines import REVIEWER
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.identity.accounts import NewAccount, open_account
from app.services.identity.invitations import Invited
from app.services.lifecycle import create, enter
from app.store import recommendations
from app.store import reviewers as store


@dataclass(frozen=True, slots=True)
class NewReviewer:
    """An expert as the office admits him, with the account that he signs in with."""

    login: str
    name: str
    expertise: str
    employer: str | None
    employer_uscc: str | None
    unit_id: UUID | None
    employed_since: date | None
    qualified_from: date
    qualified_until: date


async def admit_reviewer(
    context: WriteContext, *, new: NewReviewer, keyring: Keyring
) -> tuple[store.Reviewer, Invited | None]:
    """Into the pool, with an account and the invitation to it. The account is not named after the person: lists of
    accounts are not the pool."""
    await check_unit(context, new.unit_id)
    if new.employed_since is not None:
        not_in_future(new.employed_since, context.today, "/employed_since")
    account, invited = await open_account(
        context,
        new=NewAccount(login=new.login, role=Role.REVIEWER, display_name=f"评审员 {new.login}"),
        keyring=keyring,
    )
    row = store.Reviewer(
        created_at=context.now,
        account_id=account.id,
        name=new.name,
        expertise=new.expertise,
        employer=new.employer,
        employer_uscc=new.employer_uscc,
        unit_id=new.unit_id,
        employed_since=new.employed_since,
        qualified_from=new.qualified_from,
        qualified_until=new.qualified_until,
        state=create(REVIEWER),
    )
    # Any: keyword arguments of several types.
    told: dict[str, Any] = {"qualified_from": row.qualified_from, "qualified_until": row.qualified_until}
    await enter(
        context, row, "admit_reviewer", "reviewer", employer_uscc=row.employer_uscc, unit_id=row.unit_id, **told
    )
    return row, invited


async def check_unit(context: WriteContext, unit_id: UUID | None) -> None:
    if unit_id is not None and await recommendations.unit(context.session, unit_id) is None:
        text = Text("没有此推荐单位", "No such recommending unit")
        raise Invalid(text, errors=[FieldError("/unit_id", FieldCode.NOT_FOUND, text)])
