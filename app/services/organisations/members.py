"""The members of an organisation: how they come in and are read."""

from __future__ import annotations

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
        login=newcomer.login,
        role=Role.APPLICANT,
        display_name=newcomer.display_name,
        secret_hash=newcomer.secret_hash,
        organisation_id=organisation_id,
        membership=newcomer.membership,
    )
    return await open_account(context, new=new, keyring=keyring)
