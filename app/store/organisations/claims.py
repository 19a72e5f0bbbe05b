"""Verifications of registrations, claims to registered codes, and what moves with an organisation (Art. 13(1))."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, exists, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import (
    LIVE_APPLICATION_STATES,
    OPEN_CLAIM_STATES,
    OPEN_RECOMMENDATION_STATES,
    REGISTRATION_CLAIM,
    RegistrationClaimState,
)
from app.store.applications import Application
from app.store.base import Identified, Json, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.identity import Account
from app.store.qualification import AdverseRecord
from app.store.recommendations import Recommendation
from app.store.rounds import Round
from app.store.statements import given


class Seen(TypedDict):
    """What a document of registration says, as the registration said it."""

    name: str
    legal_form: str
    registered_address: str
    county_code: str
    established_on: str


class OrganisationVerification(Identified):
    """The document that a registration was verified against, and by whom."""

    __tablename__ = "organisation_verifications"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    document: Mapped[str]
    document_name: Mapped[str]
    document_code: Mapped[str]
    # The registration as it was then: a verification holds for this, and a field that changes opens it again.
    seen: Mapped[Seen] = mapped_column(Json)
    # The unit that has verified it; None: the office.
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"))
    verified_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class RegistrationClaim(Identified):
    """A further registration of a code that is registered: who claims it, against whom, on what evidence."""

    __tablename__ = "registration_claims"
    __table_args__ = (
        state_of(REGISTRATION_CLAIM),
        CheckConstraint("organisation_id <> against_id", name="not_against_itself"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), unique=True)
    against_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[RegistrationClaimState]
    evidence: Mapped[str | None]
    evidence_at: Mapped[datetime | None]
    # What the present holder says to it, and until when (exclusive) it is waited for.
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    reply_due_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    decision_evidence: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


async def get(session: ReadSession, claim_id: UUID) -> RegistrationClaim | None:
    """The claim with this id."""
    return await session.by_id(RegistrationClaim, claim_id)


async def lock(session: WriteSession, claim_id: UUID) -> RegistrationClaim | None:
    """The claim as it is committed, locked until the transaction ends."""
    return (await session.execute(_LOCK, {"claim_id": claim_id})).scalar_one_or_none()


_LOCK = (
    select(RegistrationClaim)
    .where(RegistrationClaim.id == given("claim_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def page(
    session: ReadSession, *, after: UUID | None, limit: int, state: str | None
) -> Sequence[RegistrationClaim]:
    """Claims, newest first, up to `limit + 1`."""
    query = page_of(
        select(RegistrationClaim),
        RegistrationClaim.id,
        after=after,
        limit=limit,
        newest_first=True,
        only=[(RegistrationClaim.state, state)],
    )
    return (await session.execute(query)).scalars().all()


async def concerning(session: ReadSession, organisation_id: UUID) -> Sequence[RegistrationClaim]:
    """The claim that an organisation came with, and those against it, the oldest first."""
    return (await session.execute(_CONCERNING, {"organisation_id": organisation_id})).scalars().all()


_CONCERNING = (
    select(RegistrationClaim)
    .where(
        (RegistrationClaim.organisation_id == given("organisation_id"))
        | (RegistrationClaim.against_id == given("organisation_id"))
    )
    .order_by(RegistrationClaim.id)
)


async def open_concerning(session: ReadSession, organisation_id: UUID) -> Sequence[RegistrationClaim]:
    """Those of them that wait for their decision."""
    return [item for item in await concerning(session, organisation_id) if item.state in OPEN_CLAIM_STATES]


async def verifications(session: ReadSession, organisation_id: UUID) -> Sequence[OrganisationVerification]:
    """How often and against what an organisation was verified, the oldest first."""
    return (await session.execute(_VERIFICATIONS, {"organisation_id": organisation_id})).scalars().all()


_VERIFICATIONS = (
    select(OrganisationVerification)
    .where(OrganisationVerification.organisation_id == given("organisation_id"))
    .order_by(OrganisationVerification.id)
)


async def asked_of_recommending_unit(session: ReadSession, *, organisation_id: UUID, unit_id: UUID) -> bool:
    """Whether the unit is asked to recommend the organisation, or has done so."""
    query = select(
        exists().where(
            Application.organisation_id == organisation_id,
            Recommendation.application_id == Application.id,
            Recommendation.unit_id == unit_id,
            Recommendation.state.in_(OPEN_RECOMMENDATION_STATES),
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def live_applications(session: ReadSession, organisation_ids: Collection[UUID]) -> Sequence[Application]:
    """The applications of these organisations of which there can be one in a round, in the order of their ids."""
    return (await session.execute(_LIVE_APPLICATIONS, {"organisation_ids": list(organisation_ids)})).scalars().all()


_LIVE_APPLICATIONS = (
    select(Application)
    .where(Application.organisation_id.in_(given("organisation_ids")), Application.state.in_(LIVE_APPLICATION_STATES))
    .order_by(Application.id)
)


async def share_rounds(session: WriteSession, round_ids: Collection[UUID]) -> dict[UUID, Round]:
    """These rounds, kept as they are until the transaction ends."""
    return {row.id: row for row in (await session.execute(_SHARE_ROUNDS, {"round_ids": list(round_ids)})).scalars()}


_SHARE_ROUNDS = select(Round).where(Round.id.in_(given("round_ids"))).order_by(Round.id).with_for_update(read=True)


async def redirect(session: WriteSession, *, from_id: UUID, to_id: UUID) -> None:
    """Claims that are still open against the one are against the other from now on."""
    await session.execute(
        update(RegistrationClaim)
        .where(
            RegistrationClaim.against_id == from_id,
            RegistrationClaim.organisation_id != to_id,
            RegistrationClaim.state.in_(OPEN_CLAIM_STATES),
        )
        .values(against_id=to_id)
    )


async def move_accounts(session: WriteSession, *, from_id: UUID, to_id: UUID) -> None:
    """Put the accounts of the one organisation into the other."""
    await session.execute(update(Account).where(Account.organisation_id == from_id).values(organisation_id=to_id))


async def move_records(session: WriteSession, *, from_id: UUID, to_id: UUID) -> None:
    """Put the adverse records of the one organisation on the other."""
    await session.execute(
        update(AdverseRecord).where(AdverseRecord.organisation_id == from_id).values(organisation_id=to_id)
    )


async def move_applications(session: WriteSession, *, from_id: UUID, to_id: UUID) -> None:
    """Put the applications of the one organisation into the other."""
    await session.execute(
        update(Application)
        .where(Application.organisation_id == from_id)
        .values(organisation_id=to_id, version=Application.version + 1)
    )
