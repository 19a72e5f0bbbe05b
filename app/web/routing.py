"""Which route answers: found by method and path in an index, instead of asking two hundred routes in turn. A route that
has a plain answer (see `plain`) gives that where it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kernel.printing import PaperFormat
from app.reads.wire import Answer
from app.web import plain as plainly
from app.web.table_types import is_table, wanted

# A segment that is a parameter, whatever its name.
_PARAMETER = "{}"


class _Node:
    """A place in the tree of paths: what lies below it by segment, and the routes that end here, by method."""

    __slots__ = ("below", "routes")

    def __init__(self) -> None:
        self.below: dict[str, _Node] = {}
        self.routes: dict[str, list[tuple[int, APIRoute]]] = {}


class RouteIndex:
    """The routes as a tree of their paths' segments. It only proposes: a route itself says whether it matches."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._root = _Node()
        for place, route in enumerate(routes):
            if isinstance(route, APIRoute):
                self._enter(place, route)

    def _enter(self, place: int, route: APIRoute) -> None:
        node = self._root
        for segment in route.path_format.split("/"):
            node = node.below.setdefault(_PARAMETER if "{" in segment else segment, _Node())
        for method in route.methods or ():
            node.routes.setdefault(method, []).append((place, route))

    def methods(self, path: str) -> list[str]:
        """The methods that there are for this path; none where there is no such path."""
        found = {method for node in self._nodes(path) for method in node.routes}
        return sorted(found | ({"HEAD"} if "GET" in found else set()) | ({"OPTIONS"} if found else set()))

    def candidates(self, method: str, path: str) -> Iterator[APIRoute]:
        """The routes that may answer, in the order in which they were entered."""
        found = [entry for node in self._nodes(path) for entry in node.routes.get(method, ())]
        for _, route in sorted(found, key=lambda entry: entry[0]) if len(found) > 1 else found:
            yield route

    def _nodes(self, path: str) -> list[_Node]:
        nodes = [self._root]
        for segment in path.split("/"):
            found = []
            for node in nodes:
                for name in (segment, _PARAMETER):
                    if (below := node.below.get(name)) is not None:
                        found.append(below)
            nodes = found
        return nodes


# Paths of plain reads, with what they match: the same few pages are asked for all day.
_PATHS = 1024
# What was found of a request before the framework has it: its route, and what its plain answer was refused with.
_FOUND, _REFUSED, _NOT_PLAIN = "award.route", "award.refused", "award.not_plain"


class IndexedRouter(APIRouter):
    """The framework's router with an index in front. What the index does not find is the framework's to answer: 404,
    405 with the methods that there are."""

    _index: RouteIndex | None = None
    _matched: dict[tuple[str, str], tuple[APIRoute, Mapping[str, object]]] | None = None

    def index(self) -> RouteIndex:
        """The index of the routes, made at the first request: none is added later."""
        if self._index is None:
            self._index = RouteIndex(self.routes)
        return self._index

    def plain(self, scope: Scope) -> plainly.Plain | None:
        """The plain answer of the route that a request finds, where it has one."""
        route = self._find(scope)
        if route is None:
            return None
        scope[_FOUND] = route
        return None if _as_table(route, scope) else plainly.plain_of(route.endpoint)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused: Exception | None = scope.pop(_REFUSED, None)
        if refused is not None:
            raise refused
        methods = self.index().methods(scope["path"]) if scope.get("method") == "OPTIONS" else []
        if methods:
            await Response(status_code=204, headers={"Allow": ", ".join(methods)})(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: APIRoute | None = scope.pop(_FOUND, None)
        if route is None and scope["type"] == "http":
            route = self._find(scope)
        if route is None:
            await super().app(scope, receive, send)
            return
        form = _as_table(route, scope)
        plain = None if scope.pop(_NOT_PLAIN, False) else plainly.plain_of(route.endpoint)
        if form is not None:
            # Few ask for one.
            from app.web.tables import answer_table

            await answer_table(route, scope, receive, send, form)
        elif plain is None:
            await route.handle(scope, receive, send)
        else:
            asked = plainly.Asked(scope, receive)
            answer = await _answer_of(plain, asked)
            if answer is None:
                await route.handle(scope, asked.receive, send)
            else:
                await _give(answer, scope, receive, send)

    def _find(self, scope: Scope) -> APIRoute | None:
        """The route that answers; the scope then tells of it, and of what its path says."""
        # What somebody has matched or mounted before belongs to the key as well, and there is nobody.
        known = None if scope.get("root_path") or scope.get("path_params") else self._kept()
        key = (scope["method"], scope["path"])
        if known is not None and (before := known.get(key)) is not None:
            route, found = before
            scope.setdefault("router", self)
            scope.update(found)
            scope["path_params"] = dict(scope["path_params"])
            return route
        for route in self.index().candidates(*key):
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.setdefault("router", self)
                scope.update(found)
                if known is not None and plainly.plain_of(route.endpoint) is not None:
                    if len(known) >= _PATHS:
                        del known[next(iter(known))]
                    known[key] = (route, {**found, "path_params": dict(scope["path_params"])})
                return route
        return None

    def _kept(self) -> dict[tuple[str, str], tuple[APIRoute, Mapping[str, object]]]:
        if self._matched is None:
            self._matched = {}
        return self._matched


class PlainFirst:
    """Has the plain answer given before the framework prepares for whatever a route may do. What it is refused with,
    and whatever is not plain, goes on to the framework."""

    def __init__(self, app: ASGIApp, *, router: IndexedRouter) -> None:
        self._app, self._router = app, router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = self._router.plain(scope) if scope["type"] == "http" else None
        if plain is None:
            await self._app(scope, receive, send)
            return
        asked = plainly.Asked(scope, receive)
        try:
            answer = await _answer_of(plain, asked)
        except Exception as error:
            # The framework knows who makes a problem of it.
            scope[_REFUSED], answer = error, None
        if answer is None:
            scope[_NOT_PLAIN] = True
            await self._app(scope, asked.receive, send)
        else:
            await _give(answer, scope, receive, send)


async def _answer_of(plain: plainly.Plain, asked: plainly.Asked) -> Answer | Response | None:
    """The plain answer; None where there is none to this request."""
    try:
        return await plain(asked)
    except plainly.NotPlain:
        return None


async def _give(answer: Answer | Response, scope: Scope, receive: Receive, send: Send) -> None:
    if isinstance(answer, Response):
        await answer(scope, receive, send)
    else:
        await plainly.send_plain(answer, send)


def _as_table(route: APIRoute, scope: Scope) -> PaperFormat | None:
    form = wanted(scope) if scope["method"] == "GET" else None
    return form if form is not None and is_table(route) else None
