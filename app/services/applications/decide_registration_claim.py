"""The office decides a claim to a registered code (Art. 13(1)): the organisation, with its applications, is moved to
its rightful owner, and whoever held it before is out at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, existing
from app.measures.findings import Finding
from app.measures.ownership import ClaimOutcome, claim_decidable
from app.measures.state_machines import (
    APPLICATION,
    EVER_VERIFIED_STATES,
    ORGANISATION,
    REGISTRATION_CLAIM,
    OrganisationState,
)
from app.measures.text import Text, same_name
from app.services.applications.content import organisation_record
from app.services.applications.endorsement import lapse_open
from app.services.applications.enter_records import enter_known_records
from app.services.applications.under_review import last_day
from app.services.identity.accounts import displace_account
from app.services.instruments import in_force
from app.services.lifecycle import act, move, one_of_many
from app.services.organisations.former_profiles import keeping_the_former
from app.services.organisations.verification import Document, compared, drop_stated_name, give_up_name, recorded
from app.store import applications as store
from app.store import identity, organisations
from app.store.base import set_fields
from app.store.organisations import Organisation, claims
from app.store.organisations.claims import RegistrationClaim
from app.store.rounds import Round

_RULE = "art13.1.identity"
_BEYOND_THE_RECORD = ("size_class", "staff", "main_products", "contact_name", "contact_phone")


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """The office's decision, and for an upheld claim the document against which the claimant was verified;
    `former_names`: those of the former holder's that documents show to have been the organisation's."""

    outcome: ClaimOutcome
    reason: str
    document: Document | None
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parties:
    """Both registrations with their applications that are in the running, all locked."""

    claimant: Organisation
    holder: Organisation
    applications: list[store.Application]
    rounds: dict[UUID, Round]

    def of(self, row: Organisation) -> list[store.Application]:
        return [item for item in self.applications if item.organisation_id == row.id]


async def decide_registration_claim(
    context: WriteContext, *, claim_id: UUID, decision: ClaimDecision
) -> RegistrationClaim:
    """Uphold: the claimant is verified. A holder that nobody had verified is superseded, as it never was anybody; a
    verified one keeps its history, and the claimant's people take it over with their applications. Dismiss: the
    claimant's registration is superseded. In one round one application goes on, the rightful owner's own, unless the
    qualified list has confirmed the other."""
    found = existing(await claims.get(context.session, claim_id), "没有此主张", "No such claim")
    parties = await _locked(context, found)
    claim = existing(await claims.lock(context.session, claim_id))
    upheld = decision.outcome is ClaimOutcome.UPHELD
    async with act(context, REGISTRATION_CLAIM, claim, "uphold_claim" if upheld else "dismiss_claim") as doing:
        doing.hear(await _findings(context, claim, parties, decision))
        claim.decision_reason, claim.decided_by, claim.decided_at = (
            decision.reason,
            context.actor.known_id,
            context.now,
        )
        doing.tell(organisation_id=claim.organisation_id, against_id=claim.against_id, reason=decision.reason)
        if decision.document is not None and upheld:
            claim.decision_evidence = decision.document.document
            doing.tell(document=decision.document.document)
    if decision.document is None or not upheld:
        await _supersede(context, parties, parties.claimant, by=parties.holder, reason=decision.reason)
    elif parties.holder.state in EVER_VERIFIED_STATES:
        await _take_over(context, parties, decision, decision.document)
    else:
        await _take_the_place(context, parties, decision.document, decision.reason)
    await context.session.flush()
    return claim


async def _findings(
    context: WriteContext, claim: RegistrationClaim, parties: _Parties, decision: ClaimDecision
) -> list[Finding]:
    upheld = decision.outcome is ClaimOutcome.UPHELD
    heard = claim_decidable(
        upheld=upheld,
        holder_verified=parties.holder.state in EVER_VERIFIED_STATES,
        replied=claim.replied_at is not None,
        reply_last_day=None if claim.reply_due_at is None else last_day(claim.reply_due_at),
        at=context.now,
        readings=await in_force.readings(context.session, context.today),
    )
    if not upheld:
        return heard
    if decision.document is None:
        text = Text("认定主张成立须写明所核对的证件", "Name the document by which the claim is upheld")
        raise Invalid(text, errors=[FieldError("/document", FieldCode.REQUIRED, text)])
    return [*heard, *compared(parties.claimant, decision.document)]


async def _take_the_place(context: WriteContext, parties: _Parties, document: Document, reason: str) -> None:
    """The claimant's registration stands, that of the holder, whom nobody has verified, does not."""
    await _displace(context, parties.holder, reason)
    await _supersede(context, parties, parties.holder, by=parties.claimant, reason=reason)
    # What the office has entered it has entered on who bears the code.
    await claims.move_records(context.session, from_id=parties.holder.id, to_id=parties.claimant.id)
    async with act(context, ORGANISATION, parties.claimant, "verify_organisation", named=False) as doing:
        with keeping_the_former(context, parties.claimant):
            doing.hear(compared(parties.claimant, document))
            recorded(context, parties.claimant, document)
        doing.tell(document=document.document)


async def _take_over(context: WriteContext, parties: _Parties, decision: ClaimDecision, document: Document) -> None:
    """The verified organisation keeps its history (awards, records, exclusions); the claimant's people, profile and
    applications come in the place of the holder's, and what that has stated is set aside."""
    kept, came, reason = parties.holder, parties.claimant, decision.reason
    await _displace(context, kept, reason)
    confirmed = {item.round_id for item in parties.of(kept) if not _may_give_way(item)}
    theirs = {item.round_id for item in parties.of(came)}
    for item in parties.of(kept):
        if item.round_id in theirs - confirmed:
            await _give_way(context, item, reason)
    moving = [item.id for item in parties.of(came) if item.round_id not in confirmed]
    # Numbered and tested as it was handed in: only who it belongs to changes.
    await _supersede(context, parties, came, by=kept, reason=reason, sparing=moving)
    await claims.move_accounts(context.session, from_id=came.id, to_id=kept.id)
    await claims.move_records(context.session, from_id=came.id, to_id=kept.id)
    await claims.move_applications(context.session, from_id=came.id, to_id=kept.id)
    with keeping_the_former(context, kept):
        await _profile(context, kept, came, decision.former_names)
        if kept.state == OrganisationState.CHANGED:
            move(context, ORGANISATION, kept, "verify_organisation", compared(kept, document))
        recorded(context, kept, document)
    await context.session.flush()
    for row in await store.lock(context.session, moving):
        if row.submitted_at is not None:
            await enter_known_records(context, row, parties.rounds[row.round_id])


async def _locked(context: WriteContext, claim: RegistrationClaim) -> _Parties:
    """Rounds, organisations and applications, locked in the order that every act keeps."""
    ids = [claim.organisation_id, claim.against_id]
    running = await claims.live_applications(context.session, ids)
    rounds = await claims.share_rounds(context.session, {row.round_id for row in running})
    found = await organisations.lock(context.session, ids)
    rows = await store.lock(context.session, [row.id for row in running])
    return _Parties(found[claim.organisation_id], found[claim.against_id], list(rows), rounds)


def _may_give_way(row: store.Application) -> bool:
    return row.state in APPLICATION.transition("give_way").sources


async def _give_way(context: WriteContext, row: store.Application, reason: str) -> None:
    with one_of_many(context, APPLICATION, row, "give_way") as doing:
        doing.hear()
        row.closed_at, row.closed_rule, row.closed_reason = context.now, _RULE, reason
        doing.tell(reason=reason)
        found = await in_force.readings(context.session, context.today)
        doing.rest_on(found, "applications_of_two_registrations")
    await lapse_open(context, row)


async def _supersede(
    context: WriteContext,
    parties: _Parties,
    row: Organisation,
    *,
    by: Organisation,
    reason: str,
    sparing: list[UUID] | None = None,
) -> None:
    """Another registration stands in its place: its applications give way, claims against it are against the other."""
    for item in parties.of(row):
        if item.id not in (sparing or []):
            await _give_way(context, item, reason)
    async with act(context, ORGANISATION, row, "supersede_organisation", named=False) as doing:
        with keeping_the_former(context, row):
            doing.hear()
            row.superseded_by = by.id
        doing.tell(superseded_by=by.id, reason=reason)
    await claims.redirect(context.session, from_id=row.id, to_id=by.id)


async def _displace(context: WriteContext, row: Organisation, reason: str) -> None:
    for account in await identity.of_organisation(context.session, row.id):
        await displace_account(context, account, reason=reason)


async def _profile(
    context: WriteContext, kept: Organisation, came: Organisation, shown_by_documents: Sequence[str]
) -> None:
    """The profile is the owner's. Of the names that the former holder has brought in, those stay among the former ones
    which documents show; the public looks for no other under a name that it never bore (Art. 31). `Invalid` for one
    that the holder never stated."""
    before = await organisations.former_names(context.session, kept.id)
    stated = [kept.name, *(item.name for item in before)]
    for index, name in enumerate(shown_by_documents):
        if not any(same_name(name, one) for one in stated):
            text = Text("该登记从未使用此名称", "The registration never had this name")
            raise Invalid(text, errors=[FieldError(f"/former_names/{index}", FieldCode.NOT_FOUND, text)])
    for item in before:
        if not any(same_name(item.name, name) for name in shown_by_documents):
            item.set_aside_on = context.today
    drop_stated_name(kept)
    if any(same_name(kept.name, name) for name in shown_by_documents):
        give_up_name(context, kept, until=context.today, evidence="、".join(shown_by_documents))
    owned = (*organisation_record(came), *_BEYOND_THE_RECORD)
    set_fields(kept, {name: getattr(came, name) for name in owned})
