"""An organisation lets another person act for it."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.security.sealing import Keyring
from app.services.identity.invitations import Invited
from app.services.organisations.access import may_bind, own
from app.services.organisations.members import Newcomer, admit
from app.store import identity


async def add_member(
    context: WriteContext, *, organisation_id: UUID, newcomer: Newcomer, keyring: Keyring
) -> tuple[identity.Account, Invited | None]:
    """Another account of the caller's organisation, with its invitation. Only one who may submit lets others in."""
    row = await own(context, organisation_id=organisation_id)
    may_bind(context)
    return await admit(context, row.id, newcomer, keyring)
