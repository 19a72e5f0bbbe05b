"""The members of an organisation: how they come in and are read."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.security.sealing import Keyring
from app.measures.roles import Membership, Role
from app.services.identity.accounts import NewAccount, open_account
from app.services.identity.invitations import Invited
from app.services.organisations.access import visible
from app.store import identity

# Of a login, and what is drawn for one: nothing that is read as something else.
_LONGEST = 80
_SUFFIX = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who gets an account of an organisation. `membership`: "edit" or "submit"; `secret_hash`: of the password
    that whoever registers has chosen, None for one who is invited to choose."""

    login: str
    display_name: str
    membership: Membership
    secret_hash: str | None = None


async def list_members(context: ReadContext, *, organisation_id: UUID) -> Sequence[identity.Account]:
    """Every account of the organisation, the first one first."""
    row = await visible(context, organisation_id=organisation_id)
    return await identity.of_organisation(context.session, row.id)


async def admit(
    context: WriteContext, organisation_id: UUID, newcomer: Newcomer, keyring: Keyring
) -> tuple[identity.Account, Invited | None]:
    """Make the newcomer's account in the organisation, with the invitation of one who has not chosen a password."""
    new = NewAccount(
        login=await _login(context, newcomer.login),
        role=Role.APPLICANT,
        display_name=newcomer.display_name,
        secret_hash=newcomer.secret_hash,
        organisation_id=organisation_id,
        membership=newcomer.membership,
    )
    return await open_account(context, new=new, keyring=keyring)


async def _login(context: WriteContext, wanted: str) -> str:
    """The login that was wanted, with something drawn behind it in any case: who may register could otherwise ask which
    logins there are. Of a sample they are published anyway."""
    if context.settings.marks_samples:
        return wanted
    while True:
        drawn = "".join(secrets.choice(_SUFFIX) for _ in range(4))
        login = f"{wanted[: _LONGEST - 5]}-{drawn}"
        if await identity.by_login(context.session, login) is None:
            return login
