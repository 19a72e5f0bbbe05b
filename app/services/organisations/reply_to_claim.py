"""The present holder of a code is heard on a claim to it (Art. 13(1))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REGISTRATION_CLAIM
from app.services.lifecycle import act
from app.services.organisations.access import may_bind
from app.services.organisations.claims import own_claim
from app.store.organisations.claims import RegistrationClaim


async def reply_to_claim(context: WriteContext, *, claim_id: UUID, reply: str) -> RegistrationClaim:
    """The present holder is heard."""
    claim = await own_claim(context, claim_id, claimant=False)
    may_bind(context)
    async with act(context, REGISTRATION_CLAIM, claim, "reply_to_claim") as doing:
        doing.hear()
        claim.reply, claim.replied_at = reply, context.now
        doing.tell(reply=reply)
    return claim
