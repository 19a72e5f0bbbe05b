"""The only translator from errors to HTTP: RFC 9457 problem documents from every source, never an echo of the input."""

from __future__ import annotations

import itertools
import re
import traceback
from collections.abc import Mapping, Sequence

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic_core import ErrorDetails, ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.kernel import errors
from app.kernel.audit import finding_record
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.security.sealing import Unopened
from app.measures.findings import Finding
from app.measures.text import Text
from app.schemas.field_messages import field_fault
from app.store.database import database_away
from app.web import oauth
from app.web.refused import note_refused
from app.web.representations import VARIES

MEDIA_TYPE = "application/problem+json"


# Errors of the server framework, which have a status alone.
OF_STATUS: dict[int, ProblemCode] = {
    400: ProblemCode.BAD_REQUEST,
    401: ProblemCode.UNAUTHENTICATED,
    403: ProblemCode.FORBIDDEN,
    404: ProblemCode.NOT_FOUND,
    405: ProblemCode.METHOD_NOT_ALLOWED,
    406: ProblemCode.NOT_ACCEPTABLE,
    413: ProblemCode.TOO_LARGE,
    415: ProblemCode.UNSUPPORTED_MEDIA_TYPE,
    500: ProblemCode.INTERNAL_ERROR,
}


_log = structlog.get_logger("problems")


def english(request: Request) -> bool:
    """Whether the caller prefers English; Chinese is the default."""
    best, weight = "zh", 0.0
    for item in request.headers.get("accept-language", "").split(",")[:10]:
        tag, _, parameters = item.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        try:
            quality = float(parameters.strip().removeprefix("q=")) if parameters.strip() else 1.0
        except ValueError:
            quality = 0.0
        if language in ("zh", "en") and quality > weight:
            best, weight = language, quality
    return best == "en"


def request_id(request: Request) -> str:
    """The id that the middleware gave to this request."""
    return str(getattr(request.state, "request_id", ""))


def problem(
    request: Request,
    code: ProblemCode,
    detail: Text | None = None,
    *,
    status: int | None = None,
    field_errors: Sequence[Mapping[str, object]] | None = None,
    violations: Sequence[Mapping[str, object]] | None = None,
    headers: dict[str, str] | None = None,
    challenge: str | None = None,
) -> JSONResponse:
    """A problem document in the caller's language. Status and title are those of the code; `detail` is what there is to
    say of this case, or else what the code says of itself. `status` for a code that has none of its own."""
    in_english = english(request)
    granting = oauth.is_token_endpoint(request.scope)
    code = oauth.code_there(code) if granting else code
    # For the log's line of this request.
    request.scope.setdefault("state", {})["problem"] = code
    known = PROBLEMS[code]
    told = detail or known.whole
    answered = known.status or status or 500
    body = {
        "type": f"/problems/{code}",
        "title": known.title.en if in_english else known.title.zh,
        "status": answered,
        "detail": told.en if in_english else told.zh,
        "code": code,
        "request_id": request_id(request),
        "errors": field_errors or [],
        "violations": violations or [],
    }
    if challenge is not None:
        body["challenge"] = challenge
    if granting:
        body |= oauth.error_members(code, told)
    # Also of what is refused before a route is reached.
    language = {"Content-Language": "en" if in_english else "zh-CN", "Cache-Control": "no-store", "Vary": VARIES}
    media_type = "application/json" if granting and oauth.takes_json_alone(request.headers) else MEDIA_TYPE
    return JSONResponse(body, answered, headers={**language, **(headers or {})}, media_type=media_type)


def domain_problem(request: Request, error: errors.DomainError) -> JSONResponse:
    """A domain error as a problem."""
    in_english = english(request)
    violations = [_violation(finding, in_english=in_english) for finding in error.findings]
    faults = [
        _fault(item.pointer, item.code, item.message, in_english=in_english, rule=item.rule) for item in error.errors
    ]
    if isinstance(error, errors.Misshapen):
        faults = _field_faults(request, error.found)
    headers = {}
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = error.challenge
    if isinstance(error, errors.TooMany | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    next_step = error.next_step if isinstance(error, errors.CodeWanted) else None
    return problem(
        request,
        error.code,
        error.message,
        field_errors=faults,
        violations=violations,
        headers=headers,
        challenge=next_step,
    )


def _violation(finding: Finding, *, in_english: bool) -> dict[str, object]:
    plain = finding_record(finding)
    return {**plain, "message": plain["message_en"] if in_english else plain["message_zh"]}


def _fault(
    pointer: str, code: FieldCode, text: Text, *, in_english: bool, rule: str | None = None
) -> dict[str, object]:
    return {"pointer": pointer, "code": code, "message": text.en if in_english else text.zh, "rule": rule}


def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem(request, ProblemCode.MALFORMED_JSON)
    faults = _field_faults(request, found)
    if oauth.is_token_endpoint(request.scope) and any(_is_of_no_grant(item) for item in found):
        return problem(request, ProblemCode.UNSUPPORTED_GRANT_TYPE, field_errors=faults)
    return problem(request, ProblemCode.INVALID, PROBLEMS[ProblemCode.INVALID].remedy, field_errors=faults)


def _is_of_no_grant(fault: ErrorDetails) -> bool:
    return fault["loc"] == ("body", "grant_type") and fault["type"] == "string_pattern_mismatch"


def _field_faults(request: Request, found: Sequence[ErrorDetails]) -> list[dict[str, object]]:
    in_english = english(request)
    return [_fault(_pointer(item["loc"]), *field_fault(item), in_english=in_english) for item in found[:_MAX_FAULTS]]


_MAX_FAULTS = 100


_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def _pointer(location: tuple[int | str, ...]) -> str:
    """Where the fault is. A name that the caller made up and that looks like no field of ours is not given back to him:
    the pointer ends at what holds it."""
    parts = [str(part) for part in (location[1:] if location[:1] == ("body",) else location)]
    known = list(itertools.takewhile(_NAME.fullmatch, parts))
    return "".join(f"/{part}" for part in known)


def install(app: FastAPI) -> None:
    """Register the translators."""

    @app.exception_handler(errors.DomainError)
    async def on_domain_error(request: Request, error: errors.DomainError) -> JSONResponse:
        note_refused(request, error)
        return domain_problem(request, error)

    @app.exception_handler(Unopened)
    async def on_closed(request: Request, error: Unopened) -> JSONResponse:
        return _closed(request, str(error))

    @app.exception_handler(ValidationError)
    async def on_answer(request: Request, error: ValidationError) -> JSONResponse:
        # A schema that asks a row for its text wraps what the row has raised.
        asked = [str(item.get("ctx", {}).get("error", "")) for item in error.errors(include_input=False)]
        closed = next((told for told in asked if told.startswith(Unopened.__name__)), None)
        return unexpected(request, error) if closed is None else _closed(request, closed)

    @app.exception_handler(RequestValidationError)
    async def on_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return _validation(request, error)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        code = OF_STATUS.get(error.status_code, ProblemCode.HTTP_ERROR)
        headers = {"Allow": _methods(request)} if error.status_code == 405 else dict(error.headers or {})
        return problem(request, code, status=error.status_code, headers=headers)

    @app.exception_handler(ClientDisconnect)
    async def on_disconnect(request: Request, _error: ClientDisconnect) -> JSONResponse:
        # Nobody is there to read it, and it is no defect of ours.
        return problem(request, ProblemCode.BAD_REQUEST)

    @app.exception_handler(IntegrityError)
    async def on_integrity(request: Request, error: IntegrityError) -> JSONResponse:
        _log.warning("integrity_error", cause=_cause(error), request_id=request_id(request))
        text = Text("与已有记录冲突，请重新读取后再试", "It collides with what is recorded; read it again and retry")
        return domain_problem(request, errors.Collision(text))

    @app.exception_handler(StaleDataError)
    async def on_stale(request: Request, error: StaleDataError) -> JSONResponse:
        text = Text("内容刚被他人更新，请重新读取后再试", "Somebody else has just changed it; read it again and retry")
        return domain_problem(request, errors.Collision(text, code=ProblemCode.CONCURRENT_CHANGE))

    @app.exception_handler(SQLAlchemyError)
    async def on_database(request: Request, error: SQLAlchemyError) -> JSONResponse:
        return _unavailable(request, error) if database_away(error) else unexpected(request, error)

    @app.exception_handler(Exception)
    async def on_anything(request: Request, error: Exception) -> JSONResponse:
        return unexpected(request, error)


def _closed(request: Request, cause: str) -> JSONResponse:
    _log.error("sealed_value_does_not_open", cause=cause, request_id=request_id(request))
    text = Text(
        "所需内容的加密密钥不在本服务，请联系管理员",
        "What is needed is sealed with a key that this service does not have: tell its operator",
    )
    return domain_problem(request, errors.Unavailable(text))


def _methods(request: Request) -> str:
    # The framework names those of the first route of this path only.
    routes = [route for route in iter_route_contexts(request.app.routes) if route.path_regex.match(request.url.path)]
    methods = {method for route in routes for method in route.methods or ()}
    # Every read has these beside it (see `routing`).
    return ", ".join(sorted({*methods, "OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))


def _unavailable(request: Request, error: SQLAlchemyError) -> JSONResponse:
    _log.error("database_unavailable", cause=_cause(error), request_id=request_id(request))
    text = Text("数据库暂时繁忙，请稍后重试", "The database is busy or away; try again shortly")
    return domain_problem(request, errors.Unavailable(text))


def _cause(error: BaseException) -> str:
    """What a log may say of an error: kinds, states and names of ours. Its text may quote what somebody sent."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    # What the library makes of the driver's error has no names; the driver's own has.
    diagnosis = original.__cause__ if isinstance(error, DBAPIError) and original.__cause__ is not None else original
    parts = [
        type(original).__name__,
        getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None),
        getattr(diagnosis, "table_name", None),
        getattr(diagnosis, "constraint_name", None),
    ]
    return " ".join(str(part) for part in parts if part)


def unexpected(request: Request, error: BaseException) -> JSONResponse:
    """A defect of ours: logged with where it happened, told in one sentence."""
    log_defect(request_id(request), error)
    return problem(request, ProblemCode.INTERNAL_ERROR)


def log_defect(request_id: str, error: BaseException) -> None:
    """Where it happened and through what, not the texts of the errors: those quote what people sent."""
    chain: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in chain and len(chain) < 5:
        chain.append(step)
        step = step.__cause__ or step.__context__
    _log.error(
        "internal_error",
        causes=[_cause(item) for item in chain],
        trace=[line.strip() for item in chain for line in traceback.format_tb(item.__traceback__)],
        request_id=request_id,
    )
