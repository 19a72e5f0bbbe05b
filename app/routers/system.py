"""Health, metrics, the documentation page."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Annotated

import anyio
from fastapi import APIRouter, Path, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.errors import NotFound, Unauthenticated, Unavailable
from app.kernel.files import FileStore, takes_writes
from app.kernel.settings import LOOPBACK, Settings
from app.measures.text import Text
from app.schemas.system import Health, ProblemKindOut
from app.store.database import Database
from app.store.migrations import hindrance
from app.web import reference
from app.web.frozen import Frozen, once
from app.web.policy import Route

router = APIRouter(route_class=Route, tags=["system"])

# Whoever asks will not wait longer either.
_READY_SECONDS = 3


def _asset(name: str, media_type: str) -> Frozen:
    content = files("app").joinpath("static", "reference", name).read_bytes()
    return Frozen(content, media_type)


_ASSETS = {
    name: partial(_asset, name, media_type)
    for name, media_type in (
        ("reader.js", "text/javascript; charset=utf-8"),
        ("reader.css", "text/css; charset=utf-8"),
    )
}
# What the page may load and run: our files.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@router.get("/livez", summary="The process runs")
async def livez() -> Health:
    """Answers while the process runs, whatever its database does."""
    return Health(status="ok")  # house: kinds


@router.get("/readyz", summary="The service can work")
async def readyz(request: Request) -> Health:
    """Answers when the database answers, its schema is the service's, and it and the files' storage take writes; 503
    otherwise."""
    database: Database = request.app.state.database
    storage: FileStore = request.app.state.files
    try:
        with anyio.fail_after(_READY_SECONDS):
            why_not = hindrance(await database.revision())
            folder = database.folder
            writable = not await database.is_replica() and (
                folder is None or await anyio.to_thread.run_sync(takes_writes, folder)
            )
            stores = await storage.takes_writes()
    except (SQLAlchemyError, OSError) as error:
        raise Unavailable(Text("数据库无响应", "The database does not answer")) from error
    if why_not is not None:
        raise Unavailable(why_not)
    if not writable:
        raise Unavailable(Text("数据库不能写入，请检查磁盘", "The database takes no writes; look at its disk"))
    if not stores:
        raise Unavailable(Text("文件存储不能写入，请检查磁盘", "The files' storage takes no writes; look at its disk"))
    return Health(status="ok")  # house: kinds


def _for_operators(request: Request) -> None:
    """Whoever has the operator's token, or is on this machine where none is set; for others there is nothing here."""
    settings: Settings = request.app.state.settings
    if settings.operator_token is None:
        allowed = request.client is not None and request.client.host in LOOPBACK
    else:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        allowed = secrets.compare_digest(given.encode(), settings.operator_token.get_secret_value().encode())
    if not allowed:
        raise NotFound()


def _for_readers_of_the_contract(request: Request) -> None:
    """Everybody where it is open; whoever is signed in, as the desk works by it; operators."""
    settings: Settings = request.app.state.settings
    if not settings.contract_open and not _signed_in(request):
        _for_operators(request)


def _signed_in(request: Request) -> bool:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        request.app.state.tokens.verify(token, now=request.app.state.clock.now())
    except Unauthenticated:
        return False
    return kind.lower() == "bearer"


@router.get("/metrics", summary="Metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """Counts and durations by route, in the text format of Prometheus: of all workers of this start, whichever answers.
    Each replica is a target of its own. Answered to the operator's token, or on loopback where none is set."""
    _for_operators(request)
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/problems/{code}", summary="A kind of problem")
async def read_problem_kind(code: Annotated[str, Path(max_length=80)], response: Response) -> ProblemKindOut:
    """What the `type` of a problem document leads to: its title and what to do next, in Chinese and English. The whole
    list is in `docs/errors.md`."""
    try:
        known = ProblemCode(code)
    except ValueError:
        raise NotFound("没有此类问题", "No such kind of problem") from None
    text = PROBLEMS[known]
    response.headers["Cache-Control"] = "public, max-age=86400"
    return ProblemKindOut(
        code=known,
        status=text.status,
        title_zh=text.title.zh,
        title_en=text.title.en,
        remedy_zh=text.remedy.zh,
        remedy_en=text.remedy.en,
    )


@router.get("/openapi.json", include_in_schema=False)
async def contract(request: Request) -> Response:
    """The contract, as the release has it."""
    _for_readers_of_the_contract(request)
    return (await once(_Contract(reference.Publisher.of(request.app.state.settings)))).answer(request)


@dataclass(frozen=True, slots=True)
class _Contract:
    """The contract as this publisher serves it."""

    publisher: reference.Publisher

    def __call__(self) -> Frozen:
        # It is laid out for people; whoever fetches it is spared the spaces.
        return _told(self.publisher.signed(reference.contract()))


def _told(part: Mapping[str, object]) -> Frozen:
    return Frozen(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


@router.get("/docs", include_in_schema=False)
async def documentation(request: Request) -> Response:
    """The contract as a page, from our own files: government networks reach no CDN."""
    _for_readers_of_the_contract(request)
    answer = (await once(_page)).answer(request)
    answer.headers["Content-Security-Policy"] = _PAGE_POLICY
    return answer


def _page() -> Frozen:
    return Frozen(reference.page().encode(), "text/html; charset=utf-8")


@router.get("/docs/assets/{name}", include_in_schema=False)
async def documentation_asset(name: str, request: Request) -> Response:
    """One of the files of the page."""
    if name not in _ASSETS:
        raise NotFound()
    return (await once(_ASSETS[name])).answer(request)


@router.get("/docs/operations/{operation_id}", include_in_schema=False)
async def documentation_operation(operation_id: str, request: Request) -> Response:
    """What the page shows of an operation that is opened."""
    return _part(request, reference.details(operation_id))


@router.get("/docs/schemas/{name}", include_in_schema=False)
async def documentation_schema(name: str, request: Request) -> Response:
    """A schema that is opened on the page."""
    return _part(request, reference.schema(name))


def _part(request: Request, found: Mapping[str, object] | None) -> Response:
    _for_readers_of_the_contract(request)
    if found is None:
        raise NotFound()
    return _told(found).answer(request)
