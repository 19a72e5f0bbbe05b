"""What a caller may do with a registration now (Art. 13(1))."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.context import ReadContext
from app.measures.findings import Finding
from app.measures.ownership import claims_met
from app.measures.roles import Role
from app.measures.state_machines import OPEN_CLAIM_STATES, ORGANISATION, RegistrationClaimState
from app.services.instruments.in_force import readings
from app.services.lifecycle import AvailableAction, available_actions
from app.store.organisations import Organisation
from app.store.organisations.claims import RegistrationClaim


async def organisation_actions(
    context: ReadContext, row: Organisation, concerning: Sequence[RegistrationClaim]
) -> list[AvailableAction]:
    """The acts of the caller's role in the present state; for the verification, the claims that stand in its way."""
    met = {"verify_organisation": await _claims_in_the_way(context, row, concerning)}
    # What a claim brings about is done by its decision.
    return [item for item in available_actions(context, ORGANISATION, row, met) if item.act != "supersede_organisation"]


async def _claims_in_the_way(
    context: ReadContext, row: Organisation, concerning: Sequence[RegistrationClaim]
) -> list[Finding]:
    """Those with evidence the office answers as it verifies; a unit cannot, and nobody verifies what is itself one."""
    waiting = [item for item in concerning if item.state in OPEN_CLAIM_STATES]
    if not waiting:
        return []
    evidenced = [
        item for item in waiting if item.against_id == row.id and item.state == RegistrationClaimState.EVIDENCED
    ]
    return claims_met(
        own=sum(item.organisation_id == row.id for item in waiting),
        evidenced=len(evidenced),
        decided=context.actor.role is Role.OFFICE,
        readings=await readings(context.session, context.today),
    )
