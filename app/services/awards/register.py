"""Who holds the award, since when and until when, and under which name it is printed (Art. 21, 23, 31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.text import printed_name
from app.measures.validity import CertificateStatus, status_on
from app.services.organisations.names import NameOfTheDay, names_of_the_day
from app.store import awards as store


class Dated(Protocol):
    """An award with the dates that its decree has fixed."""

    @property
    def conferred_on(self) -> date | None: ...

    @property
    def valid_until(self) -> date | None: ...

    @property
    def revoked_on(self) -> date | None: ...


class Registered(Protocol):
    """An award beside the name and the code that its holder has today."""

    @property
    def awarded_name(self) -> str: ...

    @property
    def former_names(self) -> list[str]: ...

    @property
    def holder_name(self) -> str: ...

    @property
    def holder_code(self) -> str: ...

    @property
    def name_shared(self) -> bool: ...


def status_of(line: Dated, today: date) -> CertificateStatus:
    """The status of a conferred award on a day, by the dates that the decree has fixed."""
    if line.conferred_on is None or line.valid_until is None:
        raise RuntimeError("a conferred award without its days")
    return status_on(first_day=line.conferred_on, last_day=line.valid_until, revoked_on=line.revoked_on, on=today)


@dataclass(frozen=True, slots=True)
class NamedToday:
    """The holder's legal name of today, and how it is printed."""

    legal: str
    printed: str


async def printed_names(context: ReadContext, awards: Sequence[store.Award]) -> dict[UUID, NamedToday]:
    """By award of one round, how its holder's name is printed today."""
    if not awards:
        return {}
    names = await names_of_the_day(context.session, awards[0].round_id, {item.organisation_id for item in awards})
    found = {item.id: (names[item.organisation_id], item) for item in awards}
    return {
        key: NamedToday(name.legal, printed_name(name.legal, former=_borne(name, item), code=name.code))
        for key, (name, item) in found.items()
    }


def printed_in_register(line: Registered, former: Sequence[str] | None = None) -> str:
    """How the holder's name is printed today beside a conferred award. `former`: the names under which the public would
    look for it; None for those that the decree has fixed."""
    code = line.holder_code if line.name_shared else None
    looked_for = (*line.former_names, line.awarded_name) if former is None else former
    return printed_name(line.holder_name, former=looked_for, code=code)


def _borne(name: NameOfTheDay, award: store.Award) -> Sequence[str]:
    """The names under which the public would look for it: those since the submission, until the decree has fixed
    them."""
    if award.state in store.HELD:
        return (*award.former_names, award.awarded_name)
    return name.former
