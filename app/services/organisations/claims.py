"""Claims to a code that is registered already (Art. 13(1)): who registers first neither owns a code nor bars others
from it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.measures.dates import end_of_day
from app.measures.review_rules import default_review_rules
from app.measures.roles import Role
from app.measures.state_machines import REGISTRATION_CLAIM, RegistrationClaimState
from app.services.lifecycle import AvailableAction, available_actions, create, enter
from app.services.organisations.access import SEES_ALL
from app.store import numbers
from app.store import organisations as store
from app.store.organisations import claims as claim_store
from app.store.organisations.claims import RegistrationClaim


async def holder_before(context: WriteContext, uscc: str) -> store.Organisation | None:
    """The registration of the code that stands already, asked one after the other where several come at once."""
    await numbers.next_number(context.session, f"registrations-{uscc}")
    return await store.holder_of(context.session, uscc)


async def enter_claim(
    context: WriteContext, row: store.Organisation, holder: store.Organisation, evidence: str | None
) -> RegistrationClaim:
    """The registration `row` is a claim to the code of `holder`."""
    claim = RegistrationClaim(
        created_at=context.now,
        organisation_id=row.id,
        against_id=holder.id,
        state=create(
            REGISTRATION_CLAIM, RegistrationClaimState.OPEN if evidence is None else RegistrationClaimState.EVIDENCED
        ),
    )
    if evidence is not None:
        put_evidence(context, claim, evidence)
    await enter(
        context, claim, "claim_registration", "registration_claim", organisation_id=row.id, against_id=holder.id
    )
    return claim


async def list_claims(context: ReadContext, *, request: PageRequest, state: str | None) -> Page[RegistrationClaim]:
    """Claims, newest first, for the office and the auditor."""
    rows = await claim_store.page(context.session, after=request.after(state=state), limit=request.limit, state=state)
    return request.page(rows, key=lambda row: row.id, state=state)


async def read_claim(context: ReadContext, *, claim_id: UUID) -> RegistrationClaim:
    """One claim, for both parties, the office and the auditor."""
    claim = await claim_store.get(context.session, claim_id)
    parties = () if claim is None else (claim.organisation_id, claim.against_id)
    if context.actor.role not in SEES_ALL and context.actor.organisation_id not in parties:
        claim = None
    return existing(claim, *_NONE)


def claim_actions(context: ReadContext, row: RegistrationClaim) -> list[AvailableAction]:
    """What this caller may do with a claim: evidence is the claimant's, the reply its holder's."""
    others = {"hand_in_claim_evidence": row.organisation_id, "reply_to_claim": row.against_id}
    actions = available_actions(context, REGISTRATION_CLAIM, row)
    return [item for item in actions if others.get(item.act) in (None, context.actor.organisation_id)]


_NONE = ("没有此主张", "No such claim")


async def own_claim(context: WriteContext, claim_id: UUID, *, claimant: bool) -> RegistrationClaim:
    """The claim, locked: of the caller as the claimant, or against it."""
    claim = existing(await claim_store.lock(context.session, claim_id), *_NONE)
    party = claim.organisation_id if claimant else claim.against_id
    stranger = context.actor.role is not Role.APPLICANT or context.actor.organisation_id != party
    return existing(None if stranger else claim, *_NONE)


def put_evidence(context: WriteContext, claim: RegistrationClaim, evidence: str) -> None:
    """Write the evidence down, and from when on the claim may be decided: the holder has its days for a reply."""
    days = default_review_rules().correction_days
    claim.evidence, claim.evidence_at = evidence, context.now
    claim.reply_due_at = end_of_day(context.today + timedelta(days=days))
