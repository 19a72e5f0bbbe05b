"""The office makes an account of a unit or a department."""

from __future__ import annotations

from app.kernel.context import WriteContext
from app.kernel.errors import Forbidden
from app.kernel.security.sealing import Keyring
from app.measures.findings import fails
from app.measures.reasons import Reason
from app.measures.text import Text
from app.services.identity.accounts import OFFICE_MAKES, NewAccount, open_account
from app.services.identity.invitations import Invited
from app.store import identity as store


async def create_account(
    context: WriteContext, *, new: NewAccount, keyring: Keyring
) -> tuple[store.Account, Invited | None]:
    """The office makes an account of a unit or a department; answers it with the invitation of a person."""
    if new.role not in OFFICE_MAKES:
        raise Forbidden(
            Text(
                "该角色的账号由系统管理员在命令行建立",
                "Accounts of this role are made by the operator on the command line",
            ),
            findings=[
                fails(
                    "art02.decider",
                    Reason.ROLE_MADE_BY_OPERATOR,
                    role=new.role.value,
                )
            ],
        )
    return await open_account(context, new=new, keyring=keyring)
