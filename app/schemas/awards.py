"""The public register on the wire."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from app.measures.sectors import SeatCategory
from app.measures.validity import CertificateStatus
from app.schemas.common import Action, Out
from app.schemas.publicity import PRINTED
from app.schemas.words import AwardState

ANNULLED = "The day on which a review annulled what had revoked it; null while a decision stands that revokes it."


class AwardLine(Out):
    """A line of the public register."""

    id: UUID
    award_year: int = Field(description="The round's year, which image publicity must name (Art. 23).")
    round_ordinal: int
    awarded_name: str = Field(description="As the decree and the certificate have it.")
    printed_name: str = Field(description=PRINTED)
    repeat_award: bool = Field(description="A repeat award (复评): certificate and title only (Art. 6).")
    status: CertificateStatus = Field(examples=["valid"])
    conferred_on: date
    valid_until: date = Field(description="Last day of validity, included (Art. 23).")
    revoked_on: date | None
    revocation_annulled_on: date | None = Field(description=ANNULLED)
    holder_dissolved_on: date | None = Field(
        description="The day on which the holder ceased to exist; null while it does. The award's dates stay."
    )
    certificate_number: str
    decree_number: str
    is_sample: bool


class AwardDetail(Out):
    """One award. Before the decree the dates and numbers are null, and only those who work on it find it."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    award_year: int
    round_ordinal: int | None
    awarded_name: str = Field(description="As the decree and the certificate have it.")
    printed_name: str = Field(description=PRINTED)
    state: AwardState
    status: CertificateStatus | None
    first_award: bool
    repeat_award: bool
    seat_category: SeatCategory | None
    prize_fen: int = Field(description="Amount in fen (Art. 8).")
    conferred_on: date | None
    valid_until: date | None
    revoked_on: date | None
    revocation_annulled_on: date | None = Field(description=ANNULLED)
    withdrawn_on: date | None
    holder_dissolved_on: date | None = Field(
        description="The day on which the holder ceased to exist; null while it does. The award's dates stay."
    )
    certificate_number: str | None
    certificate_issued_on: date | None
    plaque_number: str | None
    decree_number: str | None
    decree_date: date | None
    is_sample: bool
    version: int
    available_actions: list[Action] = Field(default_factory=list)


class CertificateOut(Out):
    """What a verification shows (Art. 31)."""

    certificate_number: str
    awarded_name: str = Field(description="As the decree and the certificate have it.")
    printed_name: str = Field(description=PRINTED)
    award_year: int
    status: CertificateStatus = Field(description="`valid`, `expired` or `revoked`, as of today.", examples=["valid"])
    issued_on: date
    valid_from: date
    valid_until: date
    revoked_on: date | None
    revocation_annulled_on: date | None = Field(description=ANNULLED)
    holder_dissolved_on: date | None = Field(
        description="The day on which the holder ceased to exist; null while it does. The award's dates stay."
    )
    message_zh: str
    message_en: str
    is_sample: bool
