"""The routes of the pages: each address in two languages, errors as pages, what anybody may read from memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError

from app.kernel.error_codes import ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.pages.asking import Declined, Told, translated
from app.pages.rendering import ENGLISH, HEADERS, is_english, page
from app.reads.wire import Answer
from app.web.frozen import Frozen
from app.web.late_route import LateRoute
from app.web.plain import Asked
from app.web.public_pages import PublicPages

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
# Told with the page as with the problem.
_KEPT = ("allow", "retry-after")
HTML = "text/html; charset=utf-8"


class PageRoute(LateRoute):
    """A page's route: messages in the language of the address, whatever is refused told on a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        handle = super().get_route_handler()

        async def answer(plain_request: Request) -> Response:
            request = in_its_language(plain_request)
            try:
                return await handle(request)
            except RequestValidationError:
                # An id that is none leads nowhere, as one of nothing.
                return problem_page(request, _nowhere(request))
            except Declined as refused:
                return problem_page(request, refused.told)
            except Exception as error:
                return problem_page(request, await translated(_without_wishes(request), error))

        return answer


class Pages(APIRouter):
    """Where pages enter their addresses."""

    def __init__(self) -> None:
        super().__init__(route_class=PageRoute)

    def page(self, path: str, *, posted: bool = False, languages: bool = True) -> Callable[[Endpoint], Endpoint]:
        """Enter a page under its address and, where it is told in both `languages`, below `/en` as well."""

        def enter(endpoint: Endpoint) -> Endpoint:
            addresses = [path, f"{ENGLISH}{path}".removesuffix("/")] if languages else [path]
            # As people type it.
            addresses += [f"{ENGLISH}/"] if languages and path == "/" else []
            for address in addresses:
                method = "POST" if posted else "GET"
                self.add_api_route(address, endpoint, methods=[method], include_in_schema=False, response_model=None)
            return endpoint

        return enter


def in_its_language(request: Request) -> Request:
    """The same request, asking for messages in the language of its address."""
    wanted = b"en" if is_english(request) else b"zh-CN"
    others = [item for item in request.scope["headers"] if item[0] != b"accept-language"]
    return Request({**request.scope, "headers": [*others, (b"accept-language", wanted)]}, request.receive)


def problem_page(request: Request, told: Told) -> Response:
    """What was refused, as a page with the status of the refusal."""
    answer = page(request, "problem.html", status=told.status, problem=told.body)
    answer.headers.update({name: told.headers[name] for name in _KEPT if name in told.headers})
    return answer


async def kept(request: Request, make: Callable[[], Awaitable[str]], *, media_type: str = HTML) -> Response:
    """What `make` writes for anybody, from memory as long as nothing is decided and the day is the same."""
    asked = Asked(request.scope, request.receive)

    async def made() -> Answer:
        return Answer((await make()).encode())

    pages = asked.kept(_KINDS[media_type])
    wanted = (request.scope["path"], request.scope["query_string"], asked.today)
    answer = (await pages.page(asked.reader, wanted, made)).answer(request)
    answer.headers.update(HEADERS)
    answer.headers["Content-Language"] = "en" if is_english(request) else "zh-CN"
    return answer


def _pages_of(media_type: str) -> Callable[[], PublicPages]:
    return lambda: PublicPages(lambda answer: Frozen(answer.body, media_type))


ATOM, CALENDAR, SITEMAP = "application/atom+xml", "text/calendar; charset=utf-8", "application/xml"
CSV = "text/csv; charset=utf-8"
# One memory for each, kept by the function that makes it.
_KINDS = {kind: _pages_of(kind) for kind in (HTML, ATOM, CALENDAR, SITEMAP, CSV)}


def _nowhere(request: Request) -> Told:
    known, english = PROBLEMS[ProblemCode.NOT_FOUND], is_english(request)
    title, detail = (known.title.en, known.whole.en) if english else (known.title.zh, known.whole.zh)
    return Told(404, {}, {"title": title, "detail": detail})


def _without_wishes(request: Request) -> Request:
    """The same for the translators of errors, which answer a browser otherwise."""
    headers = [item for item in request.scope["headers"] if item[0] != b"accept"]
    return Request({**request.scope, "headers": headers}, request.receive)
