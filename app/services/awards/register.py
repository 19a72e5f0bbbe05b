"""Who holds the award, since when and until when, for everybody to read and to verify (Art. 23, 31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound, existing
from app.measures.roles import Role
from app.measures.state_machines import AWARD, AwardState
from app.measures.validity import AwardFacts, CertificateAnswer, CertificateStatus, certificate_status, not_past
from app.services.instruments.in_force import round_parameters
from app.services.lifecycle import AvailableAction, available_actions
from app.store import approval, organisations, rounds
from app.store import awards as store

_INSIDE = frozenset({Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR})
_PUBLIC = frozenset({AwardState.CONFERRED, AwardState.REVOKED})


@dataclass(frozen=True, slots=True)
class Held:
    """An award with its round and decree, its status today (None before the decree), and since when its holder is no
    more (None while it is)."""

    award: store.Award
    round_row: rounds.Round
    decree: approval.Decree | None
    status: CertificateStatus | None
    holder_dissolved_on: date | None


def status_of(line: store.RegisterLine | store.Award, today: date) -> CertificateStatus:
    """The status of a line of the register on a day, by the dates that the decree has fixed."""
    if line.state == AwardState.REVOKED:
        return CertificateStatus.REVOKED
    valid = line.valid_until is not None and not_past(line.valid_until, today)
    return CertificateStatus.VALID if valid else CertificateStatus.EXPIRED


async def read_award(context: ReadContext, *, award_id: UUID) -> Held:
    """One award. Before the decree, and where it was withdrawn before it, only those who work on it find it."""
    award = await store.get(context.session, award_id)
    if award is None or (award.state not in _PUBLIC and context.actor.role not in _INSIDE):
        raise NotFound("没有此获奖记录", "No such award")
    row = await rounds.get(context.session, award.round_id)
    if row is None:
        raise RuntimeError("an award without a round")
    decree = await approval.decree_of(context.session, award.round_id) if award.decree_id else None
    status = status_of(award, context.today) if award.state in _PUBLIC else None
    holder = await organisations.organisation(context.session, award.organisation_id)
    return Held(award, row, decree, status, None if holder is None else holder.dissolved_on)


def award_actions(context: ReadContext, award: store.Award) -> list[AvailableAction]:
    """What the caller may do with the award now: it is conferred with its round, revoked in its cases."""
    return available_actions(context, AWARD, award)


async def verify_certificate(context: ReadContext, *, number: str) -> tuple[store.RegisterLine, CertificateAnswer]:
    """The certificate of this number with its status today. A revoked one is shown as revoked, never as missing."""
    line = existing(
        await store.register_line(context.session, certificate_number=number),
        "没有此编号的证书",
        "No certificate has this number",
    )
    row = await rounds.get(context.session, line.round_id)
    if row is None:
        raise RuntimeError("a certificate without a round")
    facts = AwardFacts(line.awarded_name, line.conferred_on, line.award_year, line.revoked_on)
    return line, certificate_status(award=facts, on=context.today, parameters=round_parameters(row))
