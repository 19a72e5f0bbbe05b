"""The claimant to a registered code says by what it is its own (Art. 13(1))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REGISTRATION_CLAIM
from app.services.lifecycle import act
from app.services.organisations.access import may_bind
from app.services.organisations.claims import own_claim, put_evidence
from app.store.organisations.claims import RegistrationClaim


async def hand_in_claim_evidence(context: WriteContext, *, claim_id: UUID, evidence: str) -> RegistrationClaim:
    """The claimant says by what the organisation is its own; what it hands in later stands in place of the former, and
    the present holder has its days anew."""
    claim = await own_claim(context, claim_id, claimant=True)
    may_bind(context)
    async with act(context, REGISTRATION_CLAIM, claim, "hand_in_claim_evidence") as doing:
        doing.hear()
        put_evidence(context, claim, evidence)
        doing.tell(evidence=evidence)
    return claim
