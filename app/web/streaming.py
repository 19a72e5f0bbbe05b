"""Policies of routes whose body or answer is a stream: no transaction stays open while the bytes run.

context: Annotated[StreamContext, uploading(Role.APPLICANT)]
context: Annotated[StreamContext, downloading(Role.OFFICE)]
"""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote

import anyio
from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from app.kernel import audit, fair_turns
from app.kernel.context import StreamContext, WriteContext
from app.kernel.file_types import EXTENSIONS
from app.kernel.origins import network_of
from app.kernel.security.principal import PUBLIC, Principal
from app.measures.roles import Role
from app.services.applications.sent_files import SentFile
from app.services.identity.authenticate import proven
from app.services.supervision.writers import compare
from app.store.database import Database, ReadSession
from app.web.headers import NOTHING_RUNS
from app.web.idempotency import Claim, fingerprint, kept
from app.web.oauth import is_of_client
from app.web.origin import origin_of
from app.web.policy import (
    Acting,
    DryRun,
    IdempotencyKey,
    IfMatch,
    Policy,
    bearer,
    expected_version,
    no_dry_run,
    said_in,
)
from app.web.problems import request_id

BINARY = {"schema": {"type": "string", "format": "binary"}}


def declared_size(request: Request) -> int | None:
    """The size of the body in bytes as the caller declares it, None where it says nothing readable."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdigit() else None


def sent_file(request: Request, filename: str) -> SentFile:
    """The raw body as a file of this name."""
    return SentFile(filename, request.stream(), declared_size(request))


UPLOAD = {"requestBody": {"required": True, "content": {"application/octet-stream": BINARY}}}


# Any: the framework's own type.
DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file, as an attachment.", "content": dict.fromkeys(EXTENSIONS, BINARY)}
}
# Of a reading that the procedure permits in some states alone, as of a dossier (Art. 29).
OUT_OF_STATE: dict[int | str, dict[str, object]] = {409: {"description": "Another state than the reading is for."}}


@dataclass(frozen=True, slots=True)
class Downloading(Policy):
    """A route that answers with a file; the access may be put on record in a short write transaction. `proof`: as of an
    act."""

    proof: bool = False

    async def __call__(
        self, request: Request, _scheme: Annotated[object, Depends(bearer)] = None
    ) -> AsyncIterator[StreamContext]:
        async with _streaming(self, request) as context:
            yield context


@dataclass(frozen=True, slots=True)
class Uploading(Policy):
    """A route that takes a file as its raw body and records it in a short write transaction."""

    async def __call__(
        self,
        request: Request,
        dry_run: DryRun = False,
        idempotency_key: IdempotencyKey = None,
        _scheme: Annotated[object, Depends(bearer)] = None,
    ) -> AsyncIterator[StreamContext]:
        request.state.dry_run = dry_run
        async with _streaming(self, request, key=idempotency_key, dry_run=dry_run) as context:
            yield context


@dataclass(frozen=True, slots=True)
class Staging(Acting):
    """A route that writes at its end, after work for which no transaction waits: hashing a password, counting what the
    public posts. Of a plain one neither dry run nor stored answer, as with a plain act. `of_clients`: the caller may
    name its client in `Authorization` in place of a token (RFC 6749), which the route looks at."""

    of_clients: bool = False

    async def __call__(  # type: ignore[override]
        self,
        request: Request,
        dry_run: DryRun = False,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
        _scheme: Annotated[object, Depends(bearer)] = None,
    ) -> AsyncIterator[StreamContext]:
        if self.plain:
            if dry_run:
                raise no_dry_run()
            idempotency_key = None
        else:
            expected_version(if_match, required=False)
        request.state.dry_run = dry_run
        said = b"" if self.plain else await request.body()
        async with _streaming(self, request, key=idempotency_key, dry_run=dry_run, said=said) as context:
            yield context


def staging(*roles: Role, plain: bool = True, anonymous: bool = False, of_clients: bool = False) -> object:
    """A dependency that gives a `StreamContext` for an act in stages; see `Staging`, and `acting` for the rest."""
    policy = Staging(frozenset(roles), plain=plain, anonymous=anonymous, of_clients=of_clients)
    return Depends(policy, scope="function")


def downloading(*roles: Role, proof: bool = False) -> object:
    """A dependency that gives a `StreamContext` for an answer that is a file."""
    return Depends(Downloading(frozenset(roles), proof=proof), scope="function")


def uploading(*roles: Role) -> object:
    """A dependency that gives a `StreamContext` for a body that is a file."""
    return Depends(Uploading(frozenset(roles)), scope="function")


def file_response(pieces: AsyncIterator[bytes], *, filename: str, media_type: str, size: int) -> StreamingResponse:
    """A file as an attachment: never shown in place, never believed to be anything but its sniffed type."""
    stem, _, ending = filename.rpartition(".")
    endings = EXTENSIONS[media_type]
    name = filename if stem and ending.lower() in endings else f"{stem or filename}.{endings[0]}"
    return attachment(pieces, name=name, ending=endings[0], media_type=media_type, size=size)


def attachment(
    pieces: AsyncIterator[bytes], *, name: str, ending: str, media_type: str, size: int
) -> StreamingResponse:
    """Bytes as an attachment of this name; `ending`: of the name that a program takes which reads ASCII alone."""
    return StreamingResponse(
        pieces,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename=\"file.{ending}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Length": str(size),
            "Content-Security-Policy": f"{NOTHING_RUNS}; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


async def _repeat(request: Request, reader: ReadSession, claim: Claim) -> None:
    """Answer a repeated upload as the first time, whatever has become of its object since: the body is read for its
    hash alone. Returns where the key has no answer yet."""
    if not await claim.answered(reader):
        return
    digest, size = hashlib.sha256(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > request.app.state.settings.max_file_bytes:
            # No upload of that size was answered: it is another request, whatever follows.
            break
        digest.update(chunk)
    mark = await fingerprint(request, content=digest.hexdigest())
    await replace(claim, mark=mark).repeat(reader)


@contextlib.asynccontextmanager
async def _streaming(
    policy: Policy, request: Request, *, key: str | None = None, dry_run: bool = False, said: bytes | None = None
) -> AsyncIterator[StreamContext]:
    """Authenticate, then lend a transaction for writing; commit it when the route has answered. After a dry run nothing
    stays, neither a row nor a file. `said`: the body, where it is no stream."""
    state = request.app.state
    database: Database = state.database
    now = state.clock.now()
    principal = await _caller(policy, request)
    if isinstance(policy, Uploading):
        # Whoever signs in is one caller, and so are all of one network that do not.
        fair_turns.asked_by(str(principal.account_id or network_of(origin_of(request.scope))))
    spoken = "" if said is None or key is None else await fingerprint(request)
    if key is not None and not dry_run:
        claimed = Claim.of(request, principal, key=key, mark=spoken, now=now)
        async with database.reading() as reader:
            await (_repeat(request, reader, claimed) if said is None else claimed.repeat(reader))
    begun: list[WriteContext] = []
    telling: list[Callable[[], Awaitable[None]]] = []
    async with contextlib.AsyncExitStack() as stack:

        async def begin(content: str | None) -> WriteContext:
            if begun:
                return begun[0]
            mark = spoken or ("" if key is None else await fingerprint(request, content=content))
            session = await stack.enter_async_context(database.writing())
            if key is not None and not dry_run:
                claim = Claim.of(request, principal, key=key, mark=mark, now=now)
                await claim.take(session)
                request.state.claim = claim
            write = WriteContext(
                session=session,
                actor=principal,
                now=now,
                request_id=request_id(request),
                settings=state.settings,
                files=state.files,
                dry_run=dry_run,
            )
            begun.append(write)
            if said and (told := await compare(write, await said_in(request))) is not None:
                telling.append(told)
            return write

        context = StreamContext(
            database=database,
            actor=principal,
            now=now,
            request_id=request_id(request),
            settings=state.settings,
            files=state.files,
            begin=begin,
        )
        try:
            yield context
            for told in telling:
                await told()
            if dry_run:
                await _take_back(context, begun)
            elif begun:
                await audit.flush(begun[0], kept(request))
            else:
                await _discard(context)
        except BaseException:
            await _discard(context)
            raise
        if begun and not dry_run:
            # From here on the outcome may be unknown: a file too many is found by the sweep, a missing one by nobody.
            await begun[0].session.commit()  # house: commit


async def _caller(policy: Policy, request: Request) -> Principal:
    """Who calls. Nothing is known of an anonymous one; who signs in is the public still, and his address goes on
    record."""
    if isinstance(policy, Acting) and policy.anonymous:
        return PUBLIC
    if isinstance(policy, Staging) and policy.of_clients and is_of_client(request.headers):
        return replace(PUBLIC, origin=origin_of(request.scope))
    principal = await policy.principal(request)
    if isinstance(policy, Downloading) and policy.proof:
        proven(principal, request.app.state.clock.now(), seconds=request.app.state.settings.fresh_proof_seconds)
    signs_in = isinstance(policy, Acting) and policy.plain
    return replace(principal, origin=origin_of(request.scope)) if signs_in else principal


async def _take_back(context: StreamContext, begun: list[WriteContext]) -> None:
    for write in begun:
        await write.session.flush()
        await write.session.rollback()
    await _discard(context)


async def _discard(context: StreamContext) -> None:
    """What was stored has no record and must not stay; also where the caller has gone away in the middle."""
    with anyio.CancelScope(shield=True):
        for key in context.stored_keys:
            await context.files.delete(key)
