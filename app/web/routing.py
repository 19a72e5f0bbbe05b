"""Which route answers: found by method and path in an index, instead of asking two hundred routes in turn. A route that
has a plain answer (see `plain`) gives that where it can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

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
            nodes = [
                below for node in nodes for name in (segment, _PARAMETER) if (below := node.below.get(name)) is not None
            ]
        return nodes


class IndexedRouter(APIRouter):
    """The framework's router with an index in front. What the index does not find is the framework's to answer: 404,
    405 with the methods that there are."""

    _index: RouteIndex | None = None

    def index(self) -> RouteIndex:
        """The index of the routes, made at the first request: none is added later."""
        if self._index is None:
            self._index = RouteIndex(self.routes)
        return self._index

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = self.index().methods(scope["path"]) if scope.get("method") == "OPTIONS" else []
        if methods:
            await Response(status_code=204, headers={"Allow": ", ".join(methods)})(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self.index().candidates(scope["method"], scope["path"]):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.setdefault("router", self)
                    scope.update(found)
                    form = wanted(scope) if scope["method"] == "GET" else None
                    plain = plainly.plain_of(route.endpoint)
                    if form is not None and is_table(route):
                        # Few ask for one.
                        from app.web.tables import answer_table

                        await answer_table(route, scope, receive, send, form)
                    elif plain is None:
                        await route.handle(scope, receive, send)
                    else:
                        await _plainly(plain, route, scope, receive, send)
                    return
        await super().app(scope, receive, send)


async def _plainly(plain: plainly.Plain, route: APIRoute, scope: Scope, receive: Receive, send: Send) -> None:
    asked = plainly.Asked(scope, receive)
    try:
        answer = await plain(asked)
    except plainly.NotPlain:
        answer = None
    if answer is None:
        await route.handle(scope, asked.receive, send)
    elif isinstance(answer, Response):
        await answer(scope, receive, send)
    else:
        await plainly.send_plain(answer, send)
