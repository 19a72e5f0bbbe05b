"""What every act gets: session, caller, the one instant of the request. Read once, so a request cannot straddle a
deadline."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.errors import DomainError, NotFound
from app.kernel.files import FileMissing, FileStore, FileTooLarge, StoredFile, new_key
from app.kernel.security.principal import Principal
from app.kernel.settings import Settings
from app.measures.files import handed_in_under
from app.measures.findings import Finding
from app.store import privacy
from app.store.database import Database, ReadSession, WriteSession


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
    """An audit entry that waits for the commit: the chain is locked last, so that acts do not wait for each other. Its
    findings are put into words then."""

    act: str
    subject_type: str
    subject_id: UUID | None
    round_id: UUID | None
    details: dict[str, object]
    findings: tuple[Finding, ...] = ()
    # Where it is not the caller's: a sign-in begins one.
    session_id: UUID | None = None
    # Likewise: who was nobody when the request began, and has shown since to be this account, in this role.
    by: tuple[UUID, str] | None = None


@dataclass(frozen=True, slots=True)
class WriteContext(ReadContext):
    """A request that writes. `if_match` is the version that the caller has seen, where it named one."""

    session: WriteSession
    if_match: int | None = None
    dry_run: bool = False
    pending_audit: list[PendingEntry] = field(default_factory=list)


@dataclass(slots=True)
class StreamContext:
    """A request whose body or answer is a stream. No transaction is open while the bytes run: looking things up and
    writing are two short ones, and what was stored is removed again where the request does not come to its end."""

    database: Database
    actor: Principal
    now: datetime
    request_id: str
    settings: Settings
    files: FileStore
    begin: Callable[[str | None], Awaitable[WriteContext]]
    stored_keys: list[str] = field(default_factory=list)

    def reading(self) -> AbstractAsyncContextManager[ReadContext]:
        """A short read-only transaction."""
        return self._reading()

    async def writing(self, *, content: str | None = None) -> WriteContext:
        """Begin the write transaction; the policy commits it when the route has answered. `content`: the hash of what
        was sent, by which a repeated `Idempotency-Key` is told from a misused one."""
        return await self.begin(content)

    async def put(
        self, chunks: AsyncIterable[bytes], *, limit: int, declared_size: int | None, rule_id: str
    ) -> tuple[str, StoredFile]:
        """Store a stream under a new key; it is removed again if the request fails. What is refused is refused under
        the rule that the file is handed in for."""
        key = new_key()
        try:
            if declared_size is not None and declared_size > limit:
                raise FileTooLarge(limit)
            stored = await self.files.put_stream(key, chunks, limit)
        except DomainError as error:
            error.findings = tuple(handed_in_under(error.findings, rule_id))
            raise
        self.stored_keys.append(key)
        return key, stored

    async def open_file(self, key: str) -> AsyncIterator[bytes]:
        """The bytes of a stored file, piece by piece. `NotFound`, saying so, where it was removed because the time for
        which it is kept was over."""
        try:
            return await self.files.open_stream(key)
        except FileMissing:
            async with self.reading() as reading:
                if not await privacy.is_removed(reading.session, key):
                    raise
            raise NotFound("该附件已按保存期限删除", "The file was removed when its time of keeping was over") from None

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[ReadContext]:
        async with self.database.reading() as session:
            yield ReadContext(
                session=session,
                actor=self.actor,
                now=self.now,
                request_id=self.request_id,
                settings=self.settings,
                files=self.files,
            )
