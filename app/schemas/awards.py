"""The public register on the wire."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from app.measures.sectors import SeatCategory
from app.measures.validity import CertificateStatus, RevokedUnder
from app.schemas.common import Action, Day, In, Name, Out, Worded
from app.schemas.publicity import PRINTED
from app.schemas.words import AwardState, PlaqueState

UNDER = (
    "What revoked it: `fraud` (Art. 26) or `grounds` (Art. 28); or `taken_back`: its decree should not have named it, "
    "and the government has taken the conferral back (Art. 22). Null while it stands."
)
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
    revoked_under: RevokedUnder | None = Field(description=UNDER)
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
    revoked_under: RevokedUnder | None = Field(description=UNDER)
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
    revoked_under: RevokedUnder | None = Field(description=UNDER)
    revocation_annulled_on: date | None = Field(description=ANNULLED)
    holder_dissolved_on: date | None = Field(
        description="The day on which the holder ceased to exist; null while it does. The award's dates stay."
    )
    message_zh: str
    message_en: str
    is_sample: bool


class PlaqueIn(In):
    """The order of a plaque (Art. 8, 22)."""

    ordered_on: Day
    maker: Name | None = Field(None, description="Who makes it.")


class PlaqueDeliveryIn(In):
    """A plaque has come, and is as it was ordered (Art. 22)."""

    delivered_on: Day


class PlaqueHandoverIn(In):
    """A plaque is handed over to its winner (Art. 22)."""

    handed_over_on: Day
    received_by: Name = Field(description="Who of the winner took it.", examples=["样例收件人"])
    evidence: Worded = Field(description="Where that is on paper.", examples=["样例：颁奖大会签收单。"])


class PlaqueLossIn(In):
    """A plaque is lost or destroyed (Art. 22)."""

    lost_on: Day
    reason: Worded


class PlaqueCancellationIn(In):
    """Why a plaque is not handed over (Art. 22)."""

    reason: Worded


class PlaqueRecoveryIn(In):
    """The plaque of a revoked award is handed in (Art. 28)."""

    recovered_on: Day
    evidence: Worded


class PlaqueReturnIn(In):
    """A plaque that had come back goes to its winner again (Art. 22, 28)."""

    returned_on: Day
    evidence: Worded


class PlaqueOut(Out):
    """A plaque of the inventory, from its order to its recovery (Art. 8, 22, 26, 28)."""

    id: UUID
    award_id: UUID
    award_year: int
    awarded_name: str = Field(description="As the decree and the certificate have it.")
    number: str
    inscription: str = Field(description="The name that stands on it.")
    replaces_id: UUID | None = Field(description="The lost plaque in whose place it was made.")
    state: PlaqueState
    maker: str | None
    ordered_on: date
    delivered_on: date | None
    handed_over_on: date | None
    received_by: str | None
    handover_evidence: str | None
    lost_on: date | None
    lost_reason: str | None
    recovered_on: date | None
    recovery_evidence: str | None
    returned_on: date | None
    return_evidence: str | None
    cancelled_reason: str | None
    available_actions: list[Action] = Field(default_factory=list)
