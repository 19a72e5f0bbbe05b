"""How an award of the register stands on a day (Art. 23, 31)."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from app.measures.state_machines import AwardState
from app.measures.validity import CertificateStatus, not_past


class Dated(Protocol):
    """An award with the dates that its decree has fixed."""

    @property
    def state(self) -> AwardState: ...

    @property
    def valid_until(self) -> date | None: ...


def status_of(line: Dated, today: date) -> CertificateStatus:
    """The status of a line of the register on a day, by the dates that the decree has fixed."""
    if line.state == AwardState.REVOKED:
        return CertificateStatus.REVOKED
    valid = line.valid_until is not None and not_past(line.valid_until, today)
    return CertificateStatus.VALID if valid else CertificateStatus.EXPIRED
