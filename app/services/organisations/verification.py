"""What verifying a registration rests on (Art. 13(1)), and what waits for it: before it nothing binds; draft and
submission do not wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.kernel.context import ReadContext, WriteContext
from app.measures.facts import RecordedDecision
from app.measures.findings import Finding
from app.measures.interpretations import Readings
from app.measures.ownership import VERIFIED_FIELDS, next_step, verifiable, verified_before
from app.measures.roles import Role
from app.measures.state_machines import OPEN_CLAIM_STATES, ORGANISATION, OrganisationState
from app.services.lifecycle import move
from app.store import organisations as store
from app.store.organisations import claims
from app.store.organisations.claims import OrganisationVerification, RegistrationClaim, Seen
from app.store.organisations.profiles import Registration, registration_of


@dataclass(frozen=True, slots=True)
class Document:
    """A document of registration as it lies before the reader: which it is, and the name and code on it."""

    document: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a registration stands: against what it was verified, the claims that concern it, what is to be done next."""

    verifications: list[OrganisationVerification]
    claims: list[RegistrationClaim]
    next_steps: list[Finding]


def compared(row: store.Organisation, document: Document) -> list[Finding]:
    """Whether the document is the registration's: of the name that it states, where that is another since."""
    return verifiable(
        name=row.stated_name or row.name, code=row.uscc, document_name=document.name, document_code=document.code
    )


def verified(
    row: store.Organisation,
    readings: Readings,
    *,
    before: str,
    decisions: Mapping[str, RecordedDecision] | None = None,
    registration: Registration | None = None,
) -> list[Finding]:
    """Whether the registration is verified as it stands, before the act that binds. `decisions`: the office's on the
    application, where there is one; `registration`: as it stood on a day, where that is not today."""
    then = registration or registration_of(row)
    return verified_before(
        organisation=row.name,
        organisation_id=str(row.id),
        verified=then.state == OrganisationState.VERIFIED,
        before=before,
        readings=readings,
        changed=then.changed_since_verified,
        decision=(decisions or {}).get("art13.1.identity"),
    )


def reopen_where_changed(context: WriteContext, row: store.Organisation, changed: Iterable[str]) -> list[str]:
    """A verification holds for what it saw: where one of its fields has changed, the registration is to be compared
    with a document again. Answers all fields that are otherwise since the verification."""
    touched = set(changed) & set(VERIFIED_FIELDS)
    if row.state == OrganisationState.VERIFIED and touched:
        move(context, ORGANISATION, row, "reopen_verification")
    if row.state == OrganisationState.CHANGED:
        since = touched | set(row.changed_since_verified)
        row.changed_since_verified = [name for name in VERIFIED_FIELDS if name in since]
    return row.changed_since_verified


def recorded(context: WriteContext, row: store.Organisation, document: Document) -> OrganisationVerification:
    """The verification as it stays on record. A name that was stated since the last one is borne from now on: the one
    before is a former one."""
    if row.stated_name is not None:
        give_up_name(context, row, until=row.stated_name_from or context.today, evidence=row.stated_name_evidence or "")
        row.name = row.stated_name
        drop_stated_name(row)
    row.changed_since_verified = []
    verification = OrganisationVerification(
        created_at=context.now,
        organisation_id=row.id,
        document=document.document,
        document_name=document.name,
        document_code=document.code,
        seen=Seen(
            name=row.name,
            legal_form=row.legal_form,
            registered_address=row.registered_address,
            county_code=row.county_code,
            established_on=row.established_on.isoformat(),
        ),
        unit_id=context.actor.unit_id if context.actor.role is Role.RECOMMENDING_UNIT else None,
        verified_by=context.actor.known_id,
    )
    context.session.add(verification)
    return verification


def give_up_name(context: WriteContext, row: store.Organisation, *, until: date, evidence: str) -> None:
    """Keep the present name, which a document was compared with, among the former ones."""
    former = store.OrganisationName(
        created_at=context.now, organisation_id=row.id, name=row.name, until=until, evidence=evidence
    )
    context.session.add(former)


def drop_stated_name(row: store.Organisation) -> None:
    """Nothing is stated any more beside the name that the registration bears."""
    row.stated_name = row.stated_name_from = row.stated_name_evidence = None


async def standing(context: ReadContext, row: store.Organisation) -> Standing:
    """How the registration stands, for a caller who may see the organisation."""
    concerning = list(await claims.concerning(context.session, row.id))
    waiting = [item for item in concerning if item.state in OPEN_CLAIM_STATES]
    own = next((item.state for item in waiting if item.organisation_id == row.id), None)
    steps = next_step(
        verified=row.state == OrganisationState.VERIFIED,
        superseded=row.state == OrganisationState.SUPERSEDED,
        own_claim=own,
        claims_against=sum(item.against_id == row.id for item in waiting),
        changed=row.changed_since_verified,
    )
    return Standing(list(await claims.verifications(context.session, row.id)), concerning, steps)
