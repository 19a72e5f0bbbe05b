"""What every act gets: session, caller, the one instant of the request. Read once, so a request cannot straddle a deadline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.clock import shanghai_day
from app.files import FileStore
from app.security.principal import Principal
from app.settings import Settings
from app.store.database import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class ReadContext:
    """A request that reads. `now` is UTC; `today` the day in Shanghai."""

    session: ReadSession
    actor: Principal
    now: datetime
    request_id: str
    settings: Settings
    files: FileStore

    @property
    def today(self) -> date:
        return shanghai_day(self.now)


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An audit entry that waits for the commit: the chain is locked last, so that acts do not wait for each other."""

    act: str
    subject_type: str
    subject_id: UUID | None
    round_id: UUID | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WriteContext(ReadContext):
    """A request that writes. `if_match` is the version that the caller has seen, where it named one."""

    session: WriteSession
    if_match: int | None = None
    dry_run: bool = False
    pending_audit: list[PendingEntry] = field(default_factory=list)
