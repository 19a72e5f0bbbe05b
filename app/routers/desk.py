"""The desk: a page for whoever is signed in, which knows nothing but the contract."""

from functools import cache, partial
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from app.kernel.errors import NotFound
from app.web.frozen import Frozen, once
from app.web.policy import Route

router = APIRouter(route_class=Route, include_in_schema=False)

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
# Our files and our addresses alone; what is handed out as a file is made in the page itself.
_RUNS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


@router.get("/desk")
async def desk(request: Request) -> Response:
    """The page."""
    return await _answer("index.html", request)


@router.get("/desk/{name}")
async def desk_file(name: str, request: Request) -> Response:
    """One of the page's files."""
    if name not in _names():
        raise NotFound()
    return await _answer(name, request)


async def _answer(name: str, request: Request) -> Response:
    answer = (await once(_names()[name])).answer(request)
    answer.headers["Content-Security-Policy"] = _RUNS
    return answer


@cache
def _names() -> dict[str, partial[Frozen]]:
    folder = files("app").joinpath("static", "desk")
    return {
        item.name: partial(Frozen, item.read_bytes(), _MEDIA_TYPES[ending])
        for item in folder.iterdir()
        if (ending := item.name[item.name.rfind(".") :]) in _MEDIA_TYPES
    }
