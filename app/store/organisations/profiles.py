"""What the registration of an organisation said until an act changed it: facts as they stood on a day (Art. 13(1))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.state_machines import ORGANISATION, OrganisationState
from app.store.base import Identified, Json, state_of
from app.store.database import ReadSession
from app.store.organisations import Organisation
from app.store.statements import given


class FormerProfile(Identified):
    """A registration as it was until `created_at`. Only what a gate reads anew is kept."""

    __tablename__ = "former_profiles"
    __table_args__ = (
        state_of(ORGANISATION),
        Index("ix_former_profiles_organisation", "organisation_id", "id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    county_code: Mapped[str]
    registered_address: Mapped[str]
    legal_form: Mapped[str]
    established_on: Mapped[date]
    dissolved_on: Mapped[date | None]
    # How it stood with its verification, and what was otherwise since the last one.
    state: Mapped[OrganisationState]
    changed_since_verified: Mapped[list[str]] = mapped_column(Json)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a gate reads of an organisation, whether it says so today or did on a day."""

    county_code: str
    registered_address: str
    legal_form: str
    established_on: date
    dissolved_on: date | None
    state: OrganisationState
    changed_since_verified: tuple[str, ...]


def registration_of(row: Organisation | FormerProfile) -> Registration:
    """The part of the row that a gate reads."""
    return Registration(
        county_code=row.county_code,
        registered_address=row.registered_address,
        legal_form=row.legal_form,
        established_on=row.established_on,
        dissolved_on=row.dissolved_on,
        state=OrganisationState(row.state),
        changed_since_verified=tuple(row.changed_since_verified),
    )


async def former_profiles(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Sequence[FormerProfile]]:
    """What these registrations said before, each in the order in which it was changed."""
    found: defaultdict[UUID, list[FormerProfile]] = defaultdict(list)
    for row in (await session.execute(_FORMER_PROFILES, {"ids": list(ids)})).scalars():
        found[row.organisation_id].append(row)
    return dict(found)


_FORMER_PROFILES = (
    select(FormerProfile).where(FormerProfile.organisation_id.in_(given("ids"))).order_by(FormerProfile.id)
)
