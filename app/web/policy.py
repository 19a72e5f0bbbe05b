"""A route's signature is its policy: who may call it, whether it writes, what it must name.

    context: Annotated[WriteContext, acting(Role.OFFICE)]
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]

The dependencies have function scope: the transaction is committed before the response is sent.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Never

from fastapi import Depends, Header, Query, Request, Response
from fastapi.security import HTTPBearer

from app.kernel import audit
from app.kernel.clock import Clock
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import (
    FieldError,
    Forbidden,
    Invalid,
    PreconditionMissing,
    Unauthenticated,
    Unparsable,
    UnsupportedMedia,
)
from app.kernel.field_formats import Format
from app.kernel.paging import MAX_CURSOR, MAX_LIMIT, PageRequest
from app.kernel.security.principal import PUBLIC, Principal
from app.kernel.security.tokens import TokenIssuer
from app.measures.findings import Finding, fails
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.text import Text
from app.schemas.common import speak
from app.services.identity.authenticate import principal_of, proven
from app.services.supervision.writers import compare
from app.store.database import Database
from app.store.readers import Reader
from app.web.idempotency import Claim, Replay, Still, fingerprint, keep, kept
from app.web.late_route import LateRoute
from app.web.links import locate
from app.web.origin import origin_of
from app.web.problems import english, request_id
from app.web.queries import as_json_writes_it, query_names, refuse_twice, single_queries, typed_queries, unknown_query
from app.web.versions import tell_of_the_end

EVERYONE = tuple(role for role in Role if role is not Role.PUBLIC)


DryRun = Annotated[bool, Query(description="Answer what would happen, and write nothing.")]


IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=8,
        max_length=128,
        pattern=Format.PRINTABLE_ASCII.value,
        description="Repeat safely with the same key.",
    ),
]


IfMatch = Annotated[str | None, Header(description="The ETag of the version that the caller has seen.", max_length=64)]


bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    bearerFormat="JWT",
    description="A JWT of one algorithm, checked as RFC8725 advises.",
)


# A version alone, or with what was sent of it (see `representations`).
_VERSION_TAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:-[0-9a-f]{32}(?:-gz)?)?"$')
# Anybody may keep what anybody may read, and asks each time whether it still holds (decision 31).
_ANYBODYS = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call. `rule`: the rule that refuses the others, cited in the 403."""

    roles: frozenset[Role]
    rule: str | None = None

    @property
    def public(self) -> bool:
        return Role.PUBLIC in self.roles

    async def principal(self, request: Request) -> Principal:
        """The caller, if he may; `Unauthenticated` or `Forbidden` otherwise. Known before a transaction begins: who may
        not waits for none."""
        token = _token(request)
        if token is None:
            if self.public:
                return PUBLIC
            raise Unauthenticated(Text("请先登录", "Sign in first"))
        issuer: TokenIssuer = request.app.state.tokens
        clock: Clock = request.app.state.clock
        claims = issuer.verify(token, now=clock.now())
        principal = await principal_of(_reader_of(request), claims=claims, origin=origin_of(request.scope))
        # For the record of what is refused from here on.
        request.state.claims = claims
        if principal.role not in self.roles and not self.public:
            raise Forbidden(
                Text("您的角色不能执行此操作", "Your role may not do this"), findings=self._findings(principal)
            )
        return principal

    def _findings(self, principal: Principal) -> list[Finding]:
        if self.rule is None:
            return []
        return [
            fails(
                self.rule,
                Reason.ROLE_NOT_PERMITTED,
                role=principal.role.value,
                permitted=sorted(role.value for role in self.roles),
            )
        ]


@dataclass(frozen=True, slots=True)
class Reading(Policy):
    """A route that reads, in a read-only transaction."""

    async def __call__(
        self, request: Request, _scheme: Annotated[object, Depends(bearer)] = None
    ) -> AsyncIterator[ReadContext]:
        database: Database = request.app.state.database
        principal = await self.principal(request)
        async with database.reading() as session:
            yield ReadContext(
                session=session,
                actor=principal,
                now=request.app.state.clock.now(),
                request_id=request_id(request),
                settings=request.app.state.settings,
                files=request.app.state.files,
            )


@dataclass(frozen=True, slots=True)
class Recording(Policy):
    """A route that reads and puts its reading on record. It takes nothing that a write takes: an answer stored for it
    would be read again without a record, and a dry run would be a reading that leaves none."""

    async def __call__(
        self, request: Request, _scheme: Annotated[object, Depends(bearer)] = None
    ) -> AsyncIterator[WriteContext]:
        database: Database = request.app.state.database
        principal = await self.principal(request)
        async with database.writing() as session:
            context = WriteContext(
                session=session,
                actor=principal,
                now=request.app.state.clock.now(),
                request_id=request_id(request),
                settings=request.app.state.settings,
                files=request.app.state.files,
            )
            yield context
            await audit.flush(context)
            await session.commit()


@dataclass(frozen=True, slots=True)
class Acting(Policy):
    """A route that writes: one transaction, committed here, before the response goes out. `before`: what takes long, a
    hash, is done before it begins."""

    needs_version: bool = False
    plain: bool = False
    anonymous: bool = False
    still: Still | None = None
    before: Callable[[Request], Awaitable[None]] | None = None
    proof: bool = False

    async def __call__(
        self,
        request: Request,
        dry_run: DryRun = False,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
        _scheme: Annotated[object, Depends(bearer)] = None,
    ) -> AsyncIterator[WriteContext]:
        database: Database = request.app.state.database
        now = request.app.state.clock.now()
        principal = PUBLIC if self.anonymous else await self.principal(request)
        if self.proof and not dry_run:
            proven(principal, now, seconds=request.app.state.settings.fresh_proof_seconds)
        version = expected_version(if_match, required=self.needs_version)
        if self.plain and dry_run:
            raise no_dry_run()
        request.state.dry_run = dry_run
        keyed = idempotency_key is not None and not dry_run and not self.plain
        mark = await fingerprint(request) if keyed else ""
        if self.before is not None:
            await self.before(request)
        async with database.writing() as session:
            context = WriteContext(
                session=session,
                actor=principal,
                now=now,
                request_id=request_id(request),
                settings=request.app.state.settings,
                files=request.app.state.files,
                if_match=version,
                dry_run=dry_run,
            )
            if idempotency_key is not None and keyed:
                claim = Claim.of(request, principal, key=idempotency_key, mark=mark, now=now)
                try:
                    await claim.take(session)
                except Replay:
                    if self.still is not None:
                        await self.still(context, request.path_params)
                    raise
                request.state.claim = claim
            telling = await compare(context, await said_in(request))
            yield context
            if telling is not None:
                await telling()
            if dry_run:
                await session.flush()
                await session.rollback()
            else:
                await audit.flush(context, kept(request))
                await session.commit()


def reading(*roles: Role, rule: str | None = None) -> object:
    """A dependency that gives a `ReadContext` to these roles; `Role.PUBLIC` opens it to anybody."""
    return Depends(Reading(frozenset(roles), rule), scope="function")


def recording(*roles: Role, rule: str | None = None) -> object:
    """A dependency that gives a `WriteContext` to these roles for a reading that is put on record."""
    return Depends(Recording(frozenset(roles), rule), scope="function")


def acting(
    *roles: Role,
    rule: str | None = None,
    needs_version: bool = False,
    plain: bool = False,
    anonymous: bool = False,
    still: Still | None = None,
    before: Callable[[Request], Awaitable[None]] | None = None,
    proof: bool = False,
) -> object:
    """A dependency that gives a `WriteContext` to these roles. `needs_version`: 428 without `If-Match`. `plain`: the
    answer itself is the effect, so that none is stored for an `Idempotency-Key` and none given for a dry run.
    `anonymous`: a token is not looked at, so that nothing on record tells which account came. `still`: refuses to
    give a stored answer again to a caller who has lost his access to what it shows. `before`: is awaited while no
    transaction is open, of whatever comes: the body is not validated yet. `proof`: the caller has shown his secret not
    long ago; a dry run does without."""
    policy = Acting(frozenset(roles), rule, needs_version, plain, anonymous, still, before, proof)
    return Depends(policy, scope="function")


def no_dry_run() -> Invalid:
    """The refusal of a dry run where there is none."""
    text = Text("此操作不支持 dry_run", "This act has no dry run")
    fault = FieldError("/query/dry_run", FieldCode.DRY_RUN_NOT_SUPPORTED, text)
    return Invalid(text, code=ProblemCode.DRY_RUN_NOT_SUPPORTED, errors=[fault])


# A plain function would be called in a thread.
async def _page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="At most this many items.")] = 20,
    cursor: Annotated[
        str | None,
        Query(max_length=MAX_CURSOR, description="`next_cursor` of the page before, with the same filters."),
    ] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor)


Paging = Annotated[PageRequest, Depends(_page_request)]


def _reader_of(request: Request) -> Reader:
    reader: Reader = request.app.state.database.reader
    return reader


# A plain function would be called in a thread.
async def _reader(request: Request) -> Reader:
    return _reader_of(request)


# For a route whose answer is made by `app/reads`.
Reads = Annotated[Reader, Depends(_reader)]


def promised_code(request: Request) -> str | None:
    """The tracking code that a page of ours has promised to what it sends on."""
    promised: str | None = getattr(request.state, "tracking_code", None)
    return promised


def show_once(request: Request, *fields: str) -> None:
    """These fields of the answer are secrets: an answer stored with an `Idempotency-Key` leaves them out."""
    request.state.shown_once = fields


def tagged(response: Response, version: int) -> None:
    """Give the version as the ETag that `If-Match` takes."""
    response.headers["ETag"] = f'"{version}"'


class StrictRequest(Request):
    """A request whose JSON is JSON: UTF-8, no NaN or Infinity, no name twice. Of two values for one name, a proxy that
    looks may see the one and we the other."""

    # Any: what a caller sends, as the framework declares it.
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = strict_json(await self.body())
        return self._json


def strict_json(body: bytes) -> object:
    """A body as `StrictRequest` reads it; `json.JSONDecodeError` where it is none."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise json.JSONDecodeError("not UTF-8", "", 0) from error
    return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise json.JSONDecodeError("a name twice", "", 0)
    return found


def _no_constant(_name: str) -> Never:
    raise json.JSONDecodeError("not a number of JSON", "", 0)


class Route(LateRoute):
    """The service's route: media type and query checked, idempotent answers stored and replayed. Its name is the
    contract's `operationId`."""

    # Any: the framework's own type.
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_form = _takes_form(self)
        takes_json = self.body_field is not None and not takes_form
        fields = {parameter.alias for parameter in self.dependant.body_params} if takes_form else set()
        # A probe or a browser may add what it likes to the few addresses beside the contract's own.
        strict = self.path.startswith("/v1/")
        known = set(query_names(self.dependant))
        typed = dict(typed_queries(self.dependant))
        single = set(single_queries(self.dependant))
        for_all = any(isinstance(item.call, Reading) and item.call.public for item in self.dependant.dependencies)

        async def answer(plain_request: Request) -> Response:
            request = StrictRequest(plain_request.scope, plain_request.receive)
            if takes_json and not _is_of(request, ("application/json",)):
                raise UnsupportedMedia(Text("请求体须为 application/json", "The body must be application/json"))
            if takes_form and not _is_of(request, _FORMS):
                raise UnsupportedMedia(Text(f"请求体须为 {_FORMS[0]}", f"The body must be {_FORMS[0]}"))
            unknown = request.query_params.keys() - known
            if "dry_run" in unknown:
                raise no_dry_run()
            if strict and unknown:
                raise unknown_query(known)
            refuse_twice(request.query_params.multi_items(), single, "/query/")
            if takes_form:
                # The framework takes the last of two; what it is given is kept for it.
                refuse_twice((await request.form()).multi_items(), fields, "/")
            as_json_writes_it(request, typed)
            speak(english=english(request))
            try:
                response = await handle(request)
            except Replay as replay:
                return replay.response
            dry = getattr(request.state, "dry_run", False)
            if dry:
                response.headers["Dry-Run"] = "true"
            else:
                locate(self.name, request, response)
            tell_of_the_end(self.name, response)
            keep(request, response)
            if for_all and "authorization" not in request.headers:
                response.headers.setdefault("Cache-Control", _ANYBODYS)
            return response

        return answer


_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _takes_form(route: Route) -> bool:
    return any(type(parameter.field_info).__name__ == "Form" for parameter in route.dependant.body_params)


def _is_of(request: Request, types: tuple[str, ...]) -> bool:
    if request.headers.get("content-length", "") == "0" or "content-type" not in request.headers:
        # Nothing sent: the missing body is the schema's to refuse, or to accept.
        return "content-type" in request.headers or request.headers.get("content-length", "0") == "0"
    return request.headers["content-type"].partition(";")[0].strip().lower() in types


async def said_in(request: Request) -> object:
    """What the caller has written, where it is JSON; `Unparsable` where it is none and an act without a body has it."""
    if not _is_of(request, ("application/json",)) or not await request.body():
        return None
    try:
        return await request.json()
    except (ValueError, RecursionError):
        raise Unparsable() from None


def _token(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > 4096:
        raise Unauthenticated(Text("Authorization 须为 Bearer 令牌", "Authorization must be a bearer token"))
    return token.strip()


def expected_version(if_match: str | None, *, required: bool) -> int | None:
    if if_match is None:
        if required:
            raise PreconditionMissing(
                Text("请在 If-Match 中给出所读取版本的 ETag", "Name the ETag of the version you read in `If-Match`")
            )
        return None
    match = _VERSION_TAG.match(if_match.strip())
    if match is None:
        raise Invalid(
            Text("If-Match 格式不正确", "If-Match is not an ETag of this service"), code=ProblemCode.INVALID_IF_MATCH
        )
    return int(match.group(1))
